package import SourceText

/// How the values of a field lie in the database. Two kinds of field with the same storage may be exchanged without touching data.
package enum ColumnStorage: Sendable, Hashable {
    /// INTEGER, the number times ten to the power of its decimals.
    case number(decimals: Int)
    case money(decimals: Int, currency: String)
    case percent(decimals: Int)
    /// INTEGER 0 or 1.
    case bool
    /// INTEGER, days since 1970-01-01.
    case date
    /// INTEGER, UTC microseconds since 1970-01-01.
    case datetime
    /// INTEGER, microseconds.
    case duration
    /// TEXT.
    case text
    /// TEXT, the option's key.
    case choice
    /// TEXT, the keys in one text (`ValueList`), and a row per key in the side table.
    case choices
    /// As `choices`, with the words themselves.
    case tags
    /// INTEGER, the number of a record of the object of this name.
    case link(object: String)
    /// Two INTEGER columns: the object's number in the catalogue and the record's number.
    case linkAny
    /// TEXT, the numbers of records of the object of this name in one text, and a row per record in the side table.
    case links(object: String)
    /// TEXT, `latitude,longitude` in degrees.
    case location

    /// How the catalogue writes it down; `init(code:)` reads it back.
    package var code: String {
        switch self {
        case .number(let decimals): "number:\(decimals)"
        case .money(let decimals, let currency): "money:\(decimals):\(currency)"
        case .percent(let decimals): "percent:\(decimals)"
        case .bool: "bool"
        case .date: "date"
        case .datetime: "datetime"
        case .duration: "duration"
        case .text: "text"
        case .choice: "choice"
        case .choices: "choices"
        case .tags: "tags"
        case .link(let object): "link:\(object)"
        case .linkAny: "links"
        case .links(let object): "linkset:\(object)"
        case .location: "location"
        }
    }

    /// Nil for a code that this Weir does not know.
    package init?(code: String) {
        let parts = code.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch (parts.first, parts.count) {
        case ("number", 2): guard let decimals = Int(parts[1]) else { return nil }; self = .number(decimals: decimals)
        case ("money", 3): guard let decimals = Int(parts[1]) else { return nil }; self = .money(decimals: decimals, currency: parts[2])
        case ("percent", 2): guard let decimals = Int(parts[1]) else { return nil }; self = .percent(decimals: decimals)
        case ("bool", 1): self = .bool
        case ("date", 1): self = .date
        case ("datetime", 1): self = .datetime
        case ("duration", 1): self = .duration
        case ("text", 1): self = .text
        case ("choice", 1): self = .choice
        case ("choices", 1): self = .choices
        case ("tags", 1): self = .tags
        case ("link", 2...): self = .link(object: parts.dropFirst().joined(separator: ":"))
        case ("links", 1): self = .linkAny
        case ("linkset", 2...): self = .links(object: parts.dropFirst().joined(separator: ":"))
        case ("location", 1): self = .location
        default: return nil
        }
    }

    /// The column's type in a STRICT table.
    package var sqlType: String {
        switch self {
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .link, .linkAny: "INTEGER"
        case .text, .choice, .choices, .tags, .links, .location: "TEXT"
        }
    }

    package var hasSideTable: Bool {
        switch self {
        case .choices, .tags, .links: true
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .text, .choice, .link, .linkAny, .location: false
        }
    }

    /// A link of one record to one; one to several lies in its side table.
    package var isLink: Bool {
        switch self {
        case .link, .linkAny: true
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .text, .choice, .choices, .tags, .links, .location: false
        }
    }

    /// As people call it.
    package var words: Words {
        switch self {
        case .number(let decimals): Words(zh: "数字（\(decimals) 位小数）", en: "a number with \(decimals) decimals")
        case .money(let decimals, let currency):
            Words(zh: "金额（\(currency)，\(decimals) 位小数）", en: "money in \(currency) with \(decimals) decimals")
        case .percent(let decimals): Words(zh: "百分比（\(decimals) 位小数）", en: "a percent with \(decimals) decimals")
        case .bool: Words(zh: "是否", en: "yes or no")
        case .date: Words(zh: "日期", en: "a date")
        case .datetime: Words(zh: "日期时间", en: "a date with time")
        case .duration: Words(zh: "时长", en: "a duration")
        case .text: Words(zh: "文本", en: "a text")
        case .choice: Words(zh: "单选", en: "a choice")
        case .choices: Words(zh: "多选", en: "several choices")
        case .tags: Words(zh: "标签", en: "tags")
        case .link(let object): Words(zh: "到 `\(object)` 的关联", en: "a link to `\(object)`")
        case .linkAny: Words(zh: "到多种对象的关联", en: "a link to several objects")
        case .links(let object): Words(zh: "到多条 `\(object)` 的关联", en: "links to several `\(object)`")
        case .location: Words(zh: "位置", en: "a location")
        }
    }
}
