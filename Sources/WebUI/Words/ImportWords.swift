import SourceText

/// What the pages of an import say.
extension Say {
    static func importTitle(_ label: Words) -> Words { Words(zh: "导入\(label.zh)", en: "Import \(label.en.lowercased())") }
    static let importHint = Words(
        zh: "CSV（UTF-8 或 GB18030，Excel 另存的即可）或 XLSX 工作簿，最大 500 MB。第一行是列名。",
        en: "CSV (UTF-8 or GB18030, as spreadsheets save it) or an XLSX workbook, up to 500 MB. The first line names the columns.")
    static let templateCSV = Words(zh: "下载 CSV 模板", en: "Download a CSV template")
    static let templateXLSX = Words(zh: "下载 Excel 模板", en: "Download an Excel template")
    static let tableFile = Words(zh: "表格文件", en: "Table file")
    static let uploadTable = Words(zh: "上传", en: "Upload")
    static let importSteps = Words(zh: "导入步骤", en: "Steps of the import")
    static let stepUpload = Words(zh: "上传", en: "Upload")
    static let stepMap = Words(zh: "对应列", en: "Match columns")
    static let stepMatch = Words(zh: "重复记录", en: "Existing records")
    static let stepCheck = Words(zh: "检查", en: "Check")
    static let stepRun = Words(zh: "导入", en: "Import")
    static let stepResult = Words(zh: "结果", en: "Result")
    static let earlierImports = Words(zh: "最近的导入", en: "Recent imports")
    static let fileColumn = Words(zh: "文件中的列", en: "Column of the file")
    static let firstValues = Words(zh: "前三个值", en: "First values")
    static let intoField = Words(zh: "写入字段", en: "Goes into")
    static func intoFieldOf(_ column: String) -> Words { Words(zh: "“\(column)”写入字段", en: "“\(column)” goes into") }
    static let leftOut = Words(zh: "不导入", en: "Left out")
    static let onlyToFind = Words(zh: "只用于查找记录", en: "only finds records")
    static let mapHint = Words(zh: "按名称自动对应。灰色的列不会导入。", en: "Matched by name. Grey columns are left out.")
    static func encoding(_ name: String) -> Words { Words(zh: "编码 \(name)", en: "Encoding \(name)") }
    static func sheetNamed(_ name: String) -> Words { Words(zh: "工作表 \(name)", en: "Sheet \(name)") }
    static let separatedBy = Words(zh: "分隔符", en: "Separated by")
    static let encodingLabel = Words(zh: "编码", en: "Encoding")
    static let sheetLabel = Words(zh: "工作表", en: "Sheet")
    static let comma = Words(zh: "逗号", en: "commas")
    static let semicolon = Words(zh: "分号", en: "semicolons")
    static let tab = Words(zh: "制表符", en: "tabs")
    static let readOtherwise = Words(zh: "读得不对？换一种读法", en: "Not read right? Read it otherwise")
    static let readAgain = Words(zh: "重新读取", en: "Read again")
    static let nextStep = Words(zh: "下一步", en: "Next")
    static let back = Words(zh: "上一步", en: "Back")
    static let matchBy = Words(zh: "按哪个字段查找已有记录", en: "Find existing records by")
    static let matchNothing = Words(zh: "不查找，每行新建一条", en: "Nothing: every row is a new record")
    static let whenFound = Words(zh: "找到已有记录时", en: "Where a record is found")
    static let foundSkip = Words(zh: "跳过这一行", en: "Skip the row")
    static let foundUpdate = Words(zh: "用文件中的值更新", en: "Update it with the file’s values")
    static let foundFill = Words(zh: "只填补空白字段", en: "Fill in blank fields only")
    static let blankCells = Words(zh: "空单元格从不清除已有的值。", en: "Empty cells never erase a value.")
    static let checkAll = Words(zh: "检查全部行", en: "Check all rows")
    static let checking = Words(zh: "正在检查，什么都没有写入", en: "Checking; nothing is written")
    static let importingNow = Words(zh: "正在导入", en: "Importing")
    static let undoingNow = Words(zh: "正在撤销", en: "Taking it back")
    static let canLeave = Words(zh: "可以离开这一页，工作会继续。", en: "You may leave this page; the work goes on.")
    static func progress(_ percent: Int, rows: Int) -> Words { Words(zh: "\(percent)%，已处理 \(grouped(rows)) 行", en: "\(percent)%, \(grouped(rows)) rows done") }
    static func percent(_ percent: Int) -> Words { Words(zh: "\(percent)%", en: "\(percent)%") }
    static let refreshProgress = Words(zh: "刷新进度", en: "Refresh")
    static let stop = Words(zh: "停止", en: "Stop")
    static let checkReport = Words(zh: "检查结果（没有写入）", en: "Result of the check (nothing was written)")
    static let importReport = Words(zh: "导入结果", en: "Result of the import")
    static let importStopped = Words(zh: "导入已停止，可以继续", en: "The import was stopped; it can go on")
    static let importUndone = Words(zh: "导入已撤销", en: "The import was taken back")
    static func newCount(_ count: Int) -> Words { Words(zh: "新建 \(grouped(count)) 条", en: "\(grouped(count)) new") }
    static func updateCount(_ count: Int) -> Words { Words(zh: "更新 \(grouped(count)) 条", en: "\(grouped(count)) updated") }
    static func skipCount(_ count: Int) -> Words { Words(zh: "跳过 \(grouped(count)) 行", en: "\(grouped(count)) skipped") }
    static func refusedCount(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 行有问题", en: count == 1 ? "1 row with errors" : "\(grouped(count)) rows with errors") }
    static func runNow(_ count: Int) -> Words { Words(zh: "导入 \(grouped(count)) 行", en: count == 1 ? "Import 1 row" : "Import \(grouped(count)) rows") }
    static let refusedStay = Words(zh: "有问题的行不会导入，可以下载、改好后再导入。", en: "Rows with errors stay out; download them, put them right and import them again.")
    static let refusedMend = Words(
        zh: "有问题的行不会导入。可以在这里直接改，也可以下载、改好后再导入。", en: "Rows with errors stay out. Put them right here, or download them, mend the file and import it again.")
    static let checkAgain = Words(zh: "改好了，重新检查", en: "Put right: check again")
    static let importAgain = Words(zh: "改好了，再导入这些行", en: "Put right: import these rows again")
    static let correctedFile = Words(zh: "改正", en: "corrected")
    static let otherCells = Words(zh: "这一行的其他格", en: "The row’s other cells")
    static func cellOf(_ line: Int, _ label: String) -> Words { Words(zh: "第 \(line) 行 \(label)", en: "\(label) of line \(line)") }
    static let strangeValues = Words(zh: "不是已有选项的值", en: "Values that are none of the options")
    static func rowsInBrackets(_ count: Int) -> Words { Words(zh: "（\(count) 行）", en: count == 1 ? " (1 row)" : " (\(count) rows)") }
    static let leaveAsIs = Words(zh: "不替换", en: "leave as it is")
    static let asInFile = Words(zh: "原值：", en: "as it is: ")
    static let newOptionGoesTo = Words(zh: "新增选项请写进 ", en: "a new option is added in ")
    static let strangeValuesHint = Words(
        zh: "选一个已有选项，所有同样的值都按它导入。选项写在应用定义里；要新增选项，请管理员在那里加上，保存后立即生效，再重新检查。",
        en: "Choose an option, and every such value is taken as that. Options are written in the app’s definition: to have a new one, ask an administrator to add it there; it holds as soon as the file is saved, and then check again.")
    static let goOn = Words(zh: "继续导入", en: "Go on")
    static let rejectsCSV = Words(zh: "下载有问题的行（CSV）", en: "Download rows with errors (CSV)")
    static let rejectsXLSX = Words(zh: "下载有问题的行（Excel）", en: "Download rows with errors (Excel)")
    static let rowNumber = Words(zh: "行", en: "Line")
    static let columnName = Words(zh: "列", en: "Column")
    static let reason = Words(zh: "原因", en: "Reason")
    static let wholeRow = Words(zh: "整行", en: "the row")
    static let seeImported = Words(zh: "查看这些记录", en: "See these records")
    static let importedRecords = Words(zh: "这次导入的记录", en: "Records of this import")
    static let undoImport = Words(zh: "撤销这次导入", en: "Take this import back")
    static let undoQuestion = Words(
        zh: "撤销这次导入？新建的记录会删除，更新的记录恢复原值；之后有人改过的保持不变。",
        en: "Take this import back? Records it made are deleted, those it changed get their old values back; what somebody has changed since stays.")
    static let discard = Words(zh: "放弃", en: "Discard")
    static let anotherFile = Words(zh: "再导入一个文件", en: "Import another file")
    static let keptRecords = Words(zh: "没有撤销的记录", en: "Records that were left as they are")
    static func takenBack(_ count: Int) -> Words { Words(zh: "已撤销 \(grouped(count)) 条", en: "\(grouped(count)) taken back") }
    static func keptRecordCount(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条保持不变", en: "\(grouped(count)) left as they are") }
    static let wasCreated = Words(zh: "新建", en: "new")
    static let wasUpdated = Words(zh: "更新", en: "updated")
    static let exportXLSX = Words(zh: "导出 Excel", en: "Export Excel")

    static func state(_ state: ImportView.State) -> Words {
        switch state {
        case .draft: Words(zh: "未完成", en: "not finished")
        case .checked: Words(zh: "已检查", en: "checked")
        case .working: Words(zh: "进行中", en: "under way")
        case .stopped: Words(zh: "已停止", en: "stopped")
        case .done: Words(zh: "已完成", en: "done")
        case .undone: Words(zh: "已撤销", en: "taken back")
        }
    }
}
