import SourceText

// Boards, moving, cells, bulk edits and the recycle bin.
extension Say {
    // Board
    static let listView = Words(zh: "列表", en: "List")
    static let boardView = Words(zh: "看板", en: "Board")
    static let viewsOf = Words(zh: "显示方式", en: "View as")
    static func boardOf(_ label: Words) -> Words { Words(zh: "\(label.zh)看板", en: "Board of \(label.en.lowercased())") }
    static let boardBy = Words(zh: "按此分列", en: "Columns by")
    static let boardSum = Words(zh: "合计", en: "Sum of")
    static let noSum = Words(zh: "不合计", en: "No sum")
    static let noValue = Words(zh: "（空）", en: "(blank)")
    static func moreCards(_ count: Int) -> Words { Words(zh: "再显示 \(count)", en: "Show \(count) more") }
    static let restInList = Words(zh: "其余在列表中查看", en: "See the rest in the list")
    static func sumIs(_ label: String, _ sum: String) -> Words { Words(zh: "\(label)合计 \(sum)", en: "\(label): \(sum) in all") }
    static func weightedShort(_ sum: String) -> Words { Words(zh: "加权 \(sum)", en: "weighted \(sum)") }
    static let fold = Words(zh: "折叠", en: "Fold")
    static let unfold = Words(zh: "展开", en: "Unfold")
    static func foldColumn(_ label: String) -> Words { Words(zh: "折叠“\(label)”", en: "Fold “\(label)”") }
    static func unfoldColumn(_ label: String) -> Words { Words(zh: "展开“\(label)”", en: "Unfold “\(label)”") }
    static let moveTo = Words(zh: "移动到…", en: "Move to…")
    static func moveNamed(_ title: String) -> Words { Words(zh: "移动“\(title)”到…", en: "Move “\(title)” to…") }
    static func daysInStage(_ days: Int) -> Words { Words(zh: "\(days) 天", en: days == 1 ? "1 day" : "\(days) days") }
    static func sinceInStage(_ moment: String) -> Words { Words(zh: "\(moment) 进入此阶段", en: "in this stage since \(moment)") }
    static func gateProgress(_ met: Int, of all: Int, _ stage: Words) -> Words {
        Words(zh: "进入「\(stage.zh)」的条件：\(met)/\(all) 已满足", en: "Conditions of “\(stage.en)”: \(met) of \(all) met")
    }
    static let noCards = Words(zh: "没有记录", en: "No records")
    static let column = Words(zh: "列", en: "Column")

    // Moving
    static func moveTitle(_ title: String, _ to: Words) -> Words { Words(zh: "\(title) → \(to.zh)", en: "\(title) → \(to.en)") }
    static let canEnter = Words(zh: "可以进入", en: "May enter")
    static func toFill(_ count: Int) -> Words { Words(zh: "需补 \(count) 项", en: count == 1 ? "1 item to fill in" : "\(count) items to fill in") }
    static let fillAndMove = Words(zh: "填写并移动", en: "Fill in and move")
    static func moveInto(_ label: Words) -> Words { Words(zh: "移动到「\(label.zh)」", en: "Move to “\(label.en)”") }
    static let addAnother = Words(zh: "再加一条", en: "Add another")
    static let stillMissing = Words(zh: "还没有移动，下列各项还缺", en: "Not moved yet: these are still missing")
    static let answered = Words(zh: "已填写", en: "filled in")
    static let chooseTarget = Words(zh: "移动到哪里？", en: "Move where?")
    static let chooseFileAgain = Words(zh: "请重新选择文件", en: "Choose the file again")
    static let movedMeanwhile = Words(zh: "有人刚刚移动过它，请再看一遍", en: "Somebody moved it just now: please look again")
    static let leaveThere = Words(zh: "不再移动", en: "Leave it there")
    static let here = Words(zh: "现在在这里", en: "it is here")
    static let undo = Words(zh: "撤销", en: "Undo")

    // Cells
    static func cellTitle(_ field: String, _ title: String) -> Words { Words(zh: "\(title)：\(field)", en: "\(title): \(field)") }
    static let cellHint = Words(zh: "双击或按 e 修改", en: "double click or press e to edit")
    static let fieldOfSystem = Words(zh: "由系统填写，不能修改", en: "set by the system, cannot be changed")
    static let fieldComputed = Words(zh: "由公式计算，不能直接修改", en: "computed by a formula, cannot be changed directly")
    static let fieldGated = Words(zh: "阶段有进入条件，请用看板或记录页推进", en: "stages have gates: move it on the board or on the record's page")
    static let fieldByUpload = Words(zh: "随文件而来，不能修改", en: "comes with the file, cannot be changed")

    // Bulk
    static let select = Words(zh: "选择", en: "Select")
    static func selectRow(_ title: String) -> Words { Words(zh: "选中 \(title)", en: "Select \(title)") }
    static func selectPage(_ count: Int) -> Words { Words(zh: "选中本页 \(count) 条", en: "Select the \(count) on this page") }
    static func selectAll(_ count: Int) -> Words { Words(zh: "全部 \(grouped(count)) 条", en: "All \(grouped(count))") }
    static let bulkEdit = Words(zh: "批量修改", en: "Edit together")
    static let selected = Words(zh: "已选", en: "Selected")
    static func bulkTitle(_ label: Words, _ count: Int) -> Words { Words(zh: "批量修改 \(grouped(count)) 条\(label.zh)", en: "Edit \(grouped(count)) of \(label.en.lowercased()) together") }
    static let nothingSelected = Words(zh: "还没有选中记录", en: "Nothing is selected")
    static let chooseField = Words(zh: "修改哪个字段", en: "Which field")
    static let newValue = Words(zh: "新的值", en: "New value")
    static let next = Words(zh: "下一步", en: "Next")
    static let preview = Words(zh: "预览", en: "Preview")
    static let oldValue = Words(zh: "原值", en: "Old")
    static let firstFive = Words(zh: "前几条会这样变", en: "The first ones would change like this")
    static func wouldChange(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条会修改", en: count == 1 ? "1 would change" : "\(grouped(count)) would change") }
    static func wouldStay(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条已经是这个值", en: count == 1 ? "1 has this value already" : "\(grouped(count)) have this value already") }
    static func wouldBeRefused(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条会被拒绝", en: count == 1 ? "1 would be refused" : "\(grouped(count)) would be refused") }
    static func onlyTried(_ count: Int) -> Words { Words(zh: "只试算了前 \(grouped(count)) 条", en: "Only the first \(grouped(count)) were tried") }
    static func runBulk(_ count: Int) -> Words { Words(zh: "修改 \(grouped(count)) 条", en: "Change \(grouped(count))") }
    static func tooManySelected(_ most: Int) -> Words { Words(zh: "一次最多 \(grouped(most)) 条，请先筛选", en: "At most \(grouped(most)) at a time: filter first") }
    static let jobRunning = Words(zh: "正在修改", en: "Working")
    static let jobDone = Words(zh: "修改完成", en: "Done")
    static let jobCancelled = Words(zh: "已取消，已经改好的保留", en: "Cancelled; what was changed stays")
    static let jobFailed = Words(zh: "中途停止", en: "Stopped half-way")
    static let jobInterrupted = Words(zh: "服务器中途重新启动，修改没有做完", en: "The server was restarted half-way; the work was not finished")
    static func interruptedHint(_ batch: Int) -> Words {
        Words(
            zh: "下面是重启前记下的结果。当时正在处理的最后一批（最多 \(batch) 条）可能已经修改而没有列出；对剩下的记录可以再做一次批量修改。",
            en: "This is what was known before. Up to \(batch) records of the batch under way may have been changed without being listed; edit the rest together once more.")
    }
    static let jobUndoing = Words(zh: "正在撤销", en: "Undoing")
    static let jobUndone = Words(zh: "已撤销", en: "Undone")
    static func progress(_ done: Int, of all: Int) -> Words { Words(zh: "\(grouped(done)) / \(grouped(all))", en: "\(grouped(done)) of \(grouped(all))") }
    static func changedCount(_ count: Int) -> Words { Words(zh: "修改了 \(grouped(count)) 条", en: count == 1 ? "1 changed" : "\(grouped(count)) changed") }
    static func unchangedCount(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条没有变化", en: "\(grouped(count)) unchanged") }
    static func refusedRecords(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条被拒绝", en: "\(grouped(count)) refused") }
    static func undoneCount(_ count: Int) -> Words { Words(zh: "撤销了 \(grouped(count)) 条", en: "\(grouped(count)) undone") }
    static func keptCount(_ count: Int) -> Words { Words(zh: "\(grouped(count)) 条之后又有人改过，保持不动", en: "\(grouped(count)) were changed since and stay") }
    static let cancelJob = Words(zh: "停止", en: "Stop")
    static let undoBatch = Words(zh: "撤销这一批", en: "Undo the batch")
    static let backToList = Words(zh: "回到列表", en: "Back to the list")
    static let refresh = Words(zh: "刷新", en: "Refresh")
    static let jobGone = Words(zh: "没有这个任务，它可能已经过期", en: "There is no such job; it may be over for long")

    // Recycle bin
    static let recycleBin = Words(zh: "回收站", en: "Recycle bin")
    static func recycleBinOf(_ label: Words) -> Words { Words(zh: "\(label.zh)回收站", en: "Recycle bin of \(label.en.lowercased())") }
    static let binEmpty = Words(zh: "回收站是空的", en: "The recycle bin is empty")
    static let binHint = Words(zh: "删除的记录会放在这里，可以恢复", en: "Deleted records lie here and can be restored")
    static let restore = Words(zh: "恢复", en: "Restore")
    static let purge = Words(zh: "彻底删除", en: "Delete for good")
    static func purgeQuestion(_ title: String) -> Words { Words(zh: "彻底删除“\(title)”？之后不能恢复。", en: "Delete “\(title)” for good? It cannot be restored afterwards.") }
    static let deletedAt = Words(zh: "删除时间", en: "Deleted")
    static let deletedBy = Words(zh: "删除人", en: "By")
    static let cannotRestore = Words(zh: "现在不能恢复", en: "It cannot be restored now")
    static let purgeByAdministrator = Words(zh: "彻底删除由应用管理员进行", en: "Deleting for good is for the app's administrators")
    static let noAdministrator = Words(zh: "这个应用没有指定管理员角色（administers: yes），不能彻底删除", en: "No role of this app administers it (administers: yes), so nothing can be deleted for good")
}
