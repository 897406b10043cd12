import SourceText

/// What the pages say. A phrase cannot be written here with a language missing. Labels of objects, fields, options and stages are the
/// author's and come with the app.
enum Say {
    // Shell
    static let skip = Words(zh: "跳到正文", en: "Skip to content")
    static let mainNavigation = Words(zh: "主导航", en: "Main navigation")
    static let shortNavigation = Words(zh: "快捷导航", en: "Quick navigation")
    static let home = Words(zh: "首页", en: "Home")
    static let tasks = Words(zh: "待办", en: "To do")
    static let new = Words(zh: "新建", en: "New")
    static let more = Words(zh: "更多", en: "More")
    static let search = Words(zh: "搜索", en: "Search")
    static let searchEverything = Words(zh: "搜索全部记录", en: "Search all records")
    static let records = Words(zh: "记录", en: "Records")
    static let admin = Words(zh: "基础数据", en: "Base data")
    static let profile = Words(zh: "个人设置", en: "Profile")
    static let signOut = Words(zh: "退出登录", en: "Sign out")
    static let otherLanguage = Words(zh: "English", en: "中文")
    static let breadcrumb = Words(zh: "当前位置", en: "You are here")
    static let messages = Words(zh: "消息", en: "Messages")

    // Modules
    static let close = Words(zh: "关闭", en: "Close")
    static let cancel = Words(zh: "取消", en: "Cancel")
    static let ok = Words(zh: "确定", en: "OK")
    static let failed = Words(zh: "没有成功", en: "That did not work")
    static let offline = Words(zh: "网络不通，您填写的内容还在", en: "No connection. What you entered is still here")
    static let uploading = Words(zh: "正在上传", en: "Uploading")
    static let uploaded = Words(zh: "已上传", en: "Uploaded")
    static let chooseFile = Words(zh: "请先选择文件", en: "Choose a file first")
    static let nothingFound = Words(zh: "没有找到", en: "Nothing found")

    // Signing in
    static let signIn = Words(zh: "登录", en: "Sign in")
    static let login = Words(zh: "账号", en: "Login")
    static let password = Words(zh: "密码", en: "Password")
    static let signInFirst = Words(zh: "请先登录，再继续刚才的操作", en: "Sign in to go on")
    static let signedOut = Words(zh: "已退出登录", en: "You are signed out")

    // Home
    static let openTasks = Words(zh: "我的待办", en: "My open tasks")
    static let noTasks = Words(zh: "没有未完成的待办", en: "No open tasks")
    static let allTasks = Words(zh: "全部待办", en: "All tasks")
    static let late = Words(zh: "超时", en: "Overdue")
    static func hello(_ name: String) -> Words { Words(zh: "\(name)，您好", en: "Hello, \(name)") }
    static let recent = Words(zh: "最近跟进", en: "Latest activities")
    static let overview = Words(zh: "数据概览", en: "At a glance")

    // List
    static let all = Words(zh: "全部", en: "All")
    static let mineOnly = Words(zh: "我负责的", en: "Mine")
    static let views = Words(zh: "视图", en: "Views")
    static let quickSearch = Words(zh: "在本列表中搜索", en: "Search this list")
    static let filter = Words(zh: "筛选", en: "Filter")
    static let addFilter = Words(zh: "添加条件", en: "Add a condition")
    static let field = Words(zh: "字段", en: "Field")
    static let comparison = Words(zh: "比较", en: "Comparison")
    static let value = Words(zh: "值", en: "Value")
    static let apply = Words(zh: "应用", en: "Apply")
    static let clearFilters = Words(zh: "清除筛选", en: "Clear filters")
    static func removeFilter(_ text: String) -> Words { Words(zh: "移除条件：\(text)", en: "Remove condition: \(text)") }
    static let formulaFilter = Words(zh: "或者写一个条件公式", en: "Or write a condition as a formula")
    static let columns = Words(zh: "显示列", en: "Columns")
    static func newFile(_ label: String) -> Words { Words(zh: "上传新文件到“\(label)”", en: "Upload a new file to “\(label)”") }
    static func newFiles(_ label: String) -> Words { Words(zh: "上传新文件到“\(label)”（可多选）", en: "Upload new files to “\(label)”") }
    static let importing = Words(zh: "导入", en: "Import")
    static let exportCSV = Words(zh: "导出 CSV", en: "Export CSV")
    static func total(_ count: Int) -> Words { Words(zh: "共 \(grouped(count)) 条", en: count == 1 ? "1 record" : "\(grouped(count)) records") }
    static let firstPage = Words(zh: "第一页", en: "First page")
    static let nextPage = Words(zh: "下一页", en: "Next page")
    static let pages = Words(zh: "翻页", en: "Pages")
    static func noneYet(_ label: Words) -> Words { Words(zh: "还没有\(label.zh)", en: "No \(label.en.lowercased()) yet") }
    static let noneYetHint = Words(zh: "新建一条，或者从表格导入", en: "Make one, or import a table")
    static let noMatch = Words(zh: "没有符合条件的记录", en: "Nothing matches")
    static let noMatchHint = Words(zh: "换个条件试试，或者清除筛选", en: "Try another condition, or clear the filters")
    static let sortAscending = Words(zh: "按此列升序", en: "sort ascending")
    static let sortDescending = Words(zh: "按此列降序", en: "sort descending")
    static let filterWrong = Words(zh: "这个条件看不懂", en: "This condition cannot be read")
    static let sortRefused = Words(zh: "不能这样筛选或排序", en: "The list cannot be filtered or sorted like this")
    static func noField(_ name: String, on label: Words) -> Words { Words(zh: "“\(label.zh)”没有字段 \(name)", en: "\(label.en) has no field \(name)") }
    static func recordsOf(_ label: Words) -> Words { Words(zh: "\(label.zh)列表", en: "List of \(label.en.lowercased())") }

    // Comparisons
    static let equals = Words(zh: "等于", en: "is")
    static let differs = Words(zh: "不等于", en: "is not")
    static let atLeast = Words(zh: "不小于", en: "at least")
    static let atMost = Words(zh: "不大于", en: "at most")
    static let above = Words(zh: "大于", en: "above")
    static let below = Words(zh: "小于", en: "below")
    static let contains = Words(zh: "包含", en: "contains")
    static let isBlank = Words(zh: "为空", en: "is blank")
    static let isNotBlank = Words(zh: "不为空", en: "is not blank")
    static let isMe = Words(zh: "是我", en: "is me")
    static let isYes = Words(zh: "为是", en: "is yes")
    static let isNo = Words(zh: "为否", en: "is no")

    // Record
    static let edit = Words(zh: "编辑", en: "Edit")
    static let delete = Words(zh: "删除", en: "Delete")
    static func deleteQuestion(_ title: String) -> Words { Words(zh: "删除“\(title)”？", en: "Delete “\(title)”?") }
    static let keyFacts = Words(zh: "要点", en: "Key facts")
    static let details = Words(zh: "详细信息", en: "Details")
    static let otherFields = Words(zh: "其他信息", en: "Other fields")
    static let computedFields = Words(zh: "自动计算", en: "Computed")
    static let stagePath = Words(zh: "阶段", en: "Stage")
    static let stageDone = Words(zh: "已完成", en: "done")
    static let stageCurrent = Words(zh: "当前阶段", en: "current stage")
    static let stageAhead = Words(zh: "查看进入条件", en: "show its conditions")
    static func gateOf(_ stage: Words) -> Words { Words(zh: "进入「\(stage.zh)」的条件", en: "Conditions for entering “\(stage.en)”") }
    static func advance(_ stage: Words) -> Words { Words(zh: "推进到「\(stage.zh)」", en: "Move to “\(stage.en)”") }
    static func missing(_ count: Int) -> Words { Words(zh: "还差 \(count) 项", en: count == 1 ? "1 item missing" : "\(count) items missing") }
    static let gateOpen = Words(zh: "条件都已满足", en: "All conditions are met")
    static let noConditions = Words(zh: "进入这个阶段没有条件", en: "This stage has no conditions")
    static let met = Words(zh: "已满足", en: "met")
    static let unmet = Words(zh: "未满足", en: "not met")
    static let cannotMove = Words(zh: "现在不能进入这个阶段", en: "This stage cannot be entered from here")
    static let fillIn = Words(zh: "保存", en: "Save")
    static func log(_ what: String) -> Words { Words(zh: "记录\(what)", en: "Log \(what.lowercased())") }
    static func upload(_ what: String) -> Words { Words(zh: "上传\(what)", en: "Upload \(what.lowercased())") }
    static func create(_ label: Words) -> Words { Words(zh: "新建\(label.zh)", en: "New \(label.en.lowercased())") }
    static let uploadFile = Words(zh: "上传文件", en: "Upload a file")
    static let file = Words(zh: "文件", en: "File")
    static let fileKind = Words(zh: "文件类型", en: "Kind of file")
    static let download = Words(zh: "下载", en: "Download")
    static let related = Words(zh: "相关记录", en: "Related records")
    static let noneHere = Words(zh: "暂无", en: "None")
    static func atLeastSo(_ count: Int) -> Words { Words(zh: "\(count)+", en: "\(count)+") }
    static let timeline = Words(zh: "动态", en: "Timeline")
    static let nothingHappened = Words(zh: "还没有动态", en: "Nothing has happened yet")
    static let composer = Words(zh: "写跟进", en: "Log an activity")
    static let addActivity = Words(zh: "添加跟进", en: "Add activity")
    static let moreFields = Words(zh: "更多字段", en: "More fields")
    static let deletedRecord = Words(zh: "（已删除）", en: "(deleted)")
    static let blank = Words(zh: "—", en: "—")
    static let yes = Words(zh: "是", en: "Yes")
    static let no = Words(zh: "否", en: "No")
    static let formula = Words(zh: "怎么算的", en: "How it is computed")
    static let stepByStep = Words(zh: "一步一步看", en: "Step by step")
    static let createdThis = Words(zh: "新建了这条记录", en: "created this record")
    static let importedThis = Words(zh: "导入了这条记录", en: "imported this record")
    static let changedThis = Words(zh: "修改了", en: "changed")
    static let recomputed = Words(zh: "关联记录变化，重新计算", en: "recomputed after a linked record changed")
    static let showRecomputed = Words(zh: "显示自动计算引起的变化", en: "Show changes made by formulas")
    static let hideRecomputed = Words(zh: "隐藏自动计算引起的变化", en: "Hide changes made by formulas")
    static let restoredThis = Words(zh: "恢复了这条记录", en: "restored this record")
    static let deletedThis = Words(zh: "删除了这条记录", en: "deleted this record")
    static func entered(_ stage: Words) -> Words { Words(zh: "进入阶段「\(stage.zh)」", en: "entered stage “\(stage.en)”") }
    static let system = Words(zh: "系统", en: "System")
    static func addTo(_ label: Words) -> Words { Words(zh: "添加到\(label.zh)", en: "Add to \(label.en.lowercased())") }
    static let stageNow = Words(zh: "当前", en: "now")

    // Forms
    static func editTitle(_ title: String) -> Words { Words(zh: "编辑 \(title)", en: "Edit \(title)") }
    static let save = Words(zh: "保存", en: "Save")
    static let required = Words(zh: "必填", en: "required")
    static let choose = Words(zh: "请选择", en: "Choose")
    static let find = Words(zh: "查找", en: "Find")
    static func findFor(_ label: String) -> Words { Words(zh: "按名称查找\(label)", en: "Find \(label.lowercased()) by name") }
    static let tagsHelp = Words(zh: "多个之间用逗号或顿号分开", en: "Separate several with commas")
    static let durationHelp = Words(zh: "例如 30 分钟、2 小时、3 天", en: "Such as 30min, 2h, 3 days")
    static let locationHelp = Words(zh: "纬度,经度，例如 30.2741,120.1551", en: "Latitude and longitude, such as 30.2741,120.1551")
    static let percentHelp = Words(zh: "例如 12%", en: "Such as 12%")
    static let defaultHelp = Words(zh: "留空则自动填写", en: "Filled in by itself if left blank")
    static func notSaved(_ count: Int) -> Words { Words(zh: "还没有保存：有 \(count) 处需要修改", en: count == 1 ? "Not saved: 1 thing to mend" : "Not saved: \(count) things to mend") }
    static func errorInTitle(_ title: String) -> Words { Words(zh: "有错误：\(title)", en: "Error: \(title)") }

    // Conflict
    static let conflictTitle = Words(zh: "有人同时修改了这条记录", en: "Somebody changed this record meanwhile")
    static let conflictHint = Words(zh: "您改的下列字段已被别人改过，请逐项选择保留哪一个。其他修改会一并保存。", en: "These fields that you changed were changed by somebody else too. Choose which to keep; your other changes are saved along.")
    static let mine = Words(zh: "我填写的", en: "Mine")
    static let theirs = Words(zh: "现在的", en: "As it stands now")
    static let original = Words(zh: "打开时的", en: "When I opened it")
    static let keepMine = Words(zh: "用我填写的", en: "Keep mine")
    static let keepTheirs = Words(zh: "保留现在的", en: "Keep what stands")

    // Profile
    static let language = Words(zh: "语言", en: "Language")
    static let theme = Words(zh: "主题", en: "Theme")
    static let light = Words(zh: "浅色", en: "Light")
    static let dark = Words(zh: "深色", en: "Dark")
    static let system2 = Words(zh: "跟随系统", en: "As the system has it")
    static let changePassword = Words(zh: "修改密码", en: "Change password")
    static let oldPassword = Words(zh: "原密码", en: "Old password")
    static let newPassword = Words(zh: "新密码", en: "New password")
    static let repeatPassword = Words(zh: "再输一次新密码", en: "New password again")
    static let passwordsDiffer = Words(zh: "两次输入的新密码不一样", en: "The two new passwords differ")
    static let passwordHelp = Words(zh: "至少 8 个字符。修改后需要重新登录。", en: "At least 8 characters. You sign in again afterwards.")
    static let mustChange = Words(zh: "首次登录，请先设置自己的密码", en: "This is your first visit: choose a password of your own")
    static let account = Words(zh: "账号信息", en: "Account")
    static let roles = Words(zh: "角色", en: "Roles")

    // Errors
    static let backHome = Words(zh: "回到首页", en: "Back to the home page")
    static let reload = Words(zh: "重新打开页面", en: "Load the page again")
    static func status(_ code: Int) -> Words { Words(zh: "错误 \(code)", en: "Error \(code)") }
    static let whatNext404 = Words(zh: "地址可能有误，或者记录已被删除。", en: "The address may be wrong, or the record was deleted.")
    static let whatNext403 = Words(zh: "如需权限，请联系管理员。", en: "Ask your administrator if you need access.")
    static let whatNext409 = Words(zh: "请重新打开页面，再试一次。", en: "Load the page again and try once more.")
    static let whatNext500 = Words(zh: "请稍后再试。如果一直出现，请告诉管理员发生的时间。", en: "Try again later. If it stays, tell your administrator when it happened.")

    // Search page
    static func resultsFor(_ text: String) -> Words { Words(zh: "“\(text)”的搜索结果", en: "Results for “\(text)”") }
    static func seeAll(_ count: Int) -> Words { Words(zh: "查看全部 \(grouped(count)) 条", en: "See all \(grouped(count))") }
    static let searchHint = Words(zh: "输入要找的文字", en: "Type what you are looking for")
}

/// `1,284`.
func grouped(_ count: Int) -> String {
    groupedDigits(String(count))
}

/// Thousands separators into the whole part of plain digits with an optional sign and point.
func groupedDigits(_ digits: String) -> String {
    let negative = digits.hasPrefix("-")
    let parts = digits.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
    guard let whole = parts.first else { return digits }
    var result = ""
    for (index, digit) in whole.enumerated() {
        if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
        result.append(digit)
    }
    return (negative ? "-" : "") + result + (parts.count > 1 ? "." + parts[1] : "")
}
