import SourceText

/// What the frame, the search, saved views and the live news say.
extension Say {
    // Search
    static let searchKeys = Words(zh: "搜索（/）", en: "Search (/)")
    static let searchExamples = Words(
        zh: "可以只写一部分，也可以写拼音或首字母：张三、zhangsan、zs", en: "A part is enough; of Chinese names also pinyin or initials: zhangsan, zs")
    static let seeMore = Words(zh: "查看更多", en: "See more")
    static let allResults = Words(zh: "查看全部结果", en: "See all results")
    static let pagesGroup = Words(zh: "页面", en: "Pages")
    static let recentlySeen = Words(zh: "最近看过", en: "Seen lately")

    // Saved views
    static let saveView = Words(zh: "保存视图", en: "Save view")
    static let viewMenu = Words(zh: "视图", en: "View")
    static let viewName = Words(zh: "视图名称", en: "Name of the view")
    static let shareView = Words(zh: "所有人可见", en: "For everybody")
    static let saveAsNew = Words(zh: "另存为新视图", en: "Save as a new view")
    static let saveChanges = Words(zh: "保存修改", en: "Save the changes")
    static let resetView = Words(zh: "还原", en: "Back to what was saved")
    static let deleteView = Words(zh: "删除视图", en: "Delete the view")
    static func deleteViewQuestion(_ name: String) -> Words { Words(zh: "删除视图“\(name)”？", en: "Delete the view “\(name)”?") }
    static let unsaved = Words(zh: "有未保存的修改", en: "changed, not saved")
    static let sharedView = Words(zh: "共享", en: "shared")
    static let notYourView = Words(zh: "这个视图是别人共享的，只有其主人和管理员可以修改", en: "this view was shared by somebody else: only its owner and administrators change it")
    static let viewNeedsName = Words(zh: "请给视图起个名字", en: "give the view a name")

    // Columns and density
    static let moveUp = Words(zh: "上移", en: "Move up")
    static let moveDown = Words(zh: "下移", en: "Move down")
    static let rememberColumns = Words(zh: "记住为我的默认列", en: "Keep as my usual columns")
    static let usualColumns = Words(zh: "恢复系统默认列", en: "Back to the app's columns")
    static let density = Words(zh: "行距", en: "Density")
    static let roomy = Words(zh: "宽松", en: "Roomy")
    static let compact = Words(zh: "紧凑", en: "Compact")

    // Empty
    static let noPermission = Words(zh: "您没有查看这些记录的权限", en: "You may not see these records")
    static func whoGrants(_ roles: Words) -> Words { Words(zh: "可以找这些角色的同事开通：\(roles.zh)", en: "Who can grant it: \(roles.en)") }
    static let adminGrants = Words(zh: "可以找管理员开通", en: "An administrator can grant it")

    // Live
    static let changedOne = Words(zh: "有 1 条记录刚刚改过", en: "1 record was changed just now")
    /// `{n}` is put in by the browser.
    static let changedMany = Words(zh: "有 {n} 条记录刚刚改过", en: "{n} records were changed just now")
    static let recordChanged = Words(zh: "这条记录刚刚被改过", en: "This record was changed just now")
    /// `{n}` are labels of fields.
    static let fieldsChanged = Words(zh: "刚刚被改过：{n}", en: "Changed just now: {n}")
    static let recordDeleted = Words(zh: "这条记录刚刚被删除了", en: "This record was deleted just now")
    static let showNew = Words(zh: "显示最新", en: "Show what is new")

    // Keyboard
    static let shortcuts = Words(zh: "键盘快捷键", en: "Keyboard shortcuts")
    static let shortcutsHint = Words(zh: "输入文字时不起作用；可以在个人设置里关闭。", en: "They rest while you type, and can be switched off in your profile.")
    static let shortcutsOn = Words(zh: "启用单键快捷键", en: "Use single-key shortcuts")
    static let key = Words(zh: "按键", en: "Key")
    static let does = Words(zh: "作用", en: "What it does")
    static let keySearch = Words(zh: "搜索全部记录", en: "Search all records")
    static let keyGoList = Words(zh: "打开某个列表", en: "Go to a list")
    static let keyGoHome = Words(zh: "回到首页", en: "Go to the home page")
    static let keyGoTasks = Words(zh: "打开待办", en: "Go to the tasks")
    static let keyNew = Words(zh: "新建", en: "New record")
    static let keyEdit = Words(zh: "编辑当前记录", en: "Edit this record")
    static let keyRow = Words(zh: "下一行、上一行", en: "Next row, previous row")
    static let keySelect = Words(zh: "选中当前行", en: "Select the row")
    static let keyOpen = Words(zh: "打开当前行", en: "Open the row")
    static let keyStage = Words(zh: "到阶段推进处", en: "Go to the stage")
    static let keySend = Words(zh: "保存表单", en: "Save the form")
    static let keyClose = Words(zh: "关闭菜单和对话框", en: "Close menus and dialogs")
    static let keyHelp = Words(zh: "显示本列表", en: "Show this list")
    static let list = Words(zh: "列表", en: "List")
    static let print = Words(zh: "打印", en: "Print")
    static func printedAt(_ moment: String) -> Words { Words(zh: "打印于 \(moment)", en: "Printed \(moment)") }
    static func onlyTheFirst(_ count: Int) -> Words { Words(zh: "只列出前 \(grouped(count)) 条", en: "Only the first \(grouped(count)) are shown") }
}
