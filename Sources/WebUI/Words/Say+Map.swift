import SourceText

/// What the map, the sources and the history say.
extension Say {
    static let objectMap = Words(zh: "对象关系图", en: "Object map")
    static let mapList = Words(zh: "对象与关联", en: "Objects and links")
    static func mapSummary(_ objects: Int, _ links: Int) -> Words { Words(zh: "\(objects) 个对象，\(links) 条关联；下面的列表说的是同样的内容", en: "\(objects) objects and \(links) links; the list below says the same") }
    static func fieldCount(_ count: Int) -> Words { Words(zh: "\(count) 个字段", en: count == 1 ? "1 field" : "\(count) fields") }
    static let betweenLinks = Words(zh: "；", en: "; ")
    static let sourceForAdmins = Words(zh: "只有管理员可以查看应用的源文件", en: "only those who look after the app may read its sources")
    static let history = Words(zh: "变更历史", en: "History")
    static let kindOfChange = Words(zh: "操作", en: "What was done")
    static let when = Words(zh: "时间", en: "When")
    static let who = Words(zh: "操作人", en: "Who")
    static let valueBefore = Words(zh: "原值", en: "Old value")
    static let valueAfter = Words(zh: "新值", en: "New value")
    static let older = Words(zh: "更早的变更", en: "Earlier changes")
}
