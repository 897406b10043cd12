package import Formula
package import SourceText

extension FieldKind {
    /// A value as people read it: `¥1,200.00`, `12%`, `2026-11-02 14:30`, 是, an option's label; blank is nothing.
    ///
    /// - Parameter title: How a record is called.
    package func display(
        _ value: Value, language: Language, zone: Zone, title: (RecordID) throws -> String
    ) rethrows -> String {
        switch (self, value) {
        case (.money(let decimals, let currency), .number(let number)):
            let amount = Self.grouped(number.magnitude, decimals: decimals)
            return (number.isNegative ? "-" : "") + Currency.sign(of: currency) + amount
        case (.percent, .number(let number)):
            return Self.percent(number)
        case (_, .number(let number)):
            return (number.isNegative ? "-" : "") + Self.grouped(number.magnitude, decimals: nil)
        case (_, .bool(let bool)):
            return (bool ? Words(zh: "是", en: "yes") : Words(zh: "否", en: "no"))[language]
        case (_, .duration(let span)):
            return span.words[language]
        case (_, .instant(let instant)):
            return Value.text(of: instant, in: zone)
        case (_, .option(let key)):
            return label(of: key, language)
        case (_, .options(let keys)):
            return keys.map { label(of: $0, language) }.joined(separator: language == .zh ? "、" : ", ")
        case (_, .link(let record)):
            return try title(record)
        case (_, .links(let records)):
            return try records.map(title).joined(separator: language == .zh ? "、" : ", ")
        case (_, .location(let location)):
            return location.description
        case (_, .list(let values)):
            return try values.map { try display($0, language: language, zone: zone, title: title) }.joined(separator: "、")
        case (_, .failure(let failure)):
            return failure.words[language]
        case (_, .text(let text)):
            return text
        case (_, .date(let day)):
            return day.description
        case (_, .blank):
            return ""
        }
    }

    /// A value as a CSV file holds it, so that `parse` reads the same value back: no thousands commas, `12%`, options by their key.
    ///
    /// - Parameter title: What stands for a record; the caller knows which field of it can be found again.
    package func plainText(_ value: Value, zone: Zone, title: (RecordID) throws -> String) rethrows -> String {
        switch (self, value) {
        case (_, .blank), (_, .failure): return ""
        case (.percent, .number(let number)): return Self.percent(number)
        case (_, .number(let number)): return number.description
        case (_, .bool(let bool)): return bool ? "yes" : "no"
        case (_, .text(let text)): return text
        case (_, .date(let day)): return day.description
        case (_, .instant(let instant)):
            let wall = zone.wallClock(instant)
            return "\(wall.day) \(wall.time(withSeconds: wall.microseconds % Microseconds.perMinute != 0))"
        case (_, .duration(let span)): return span.description
        case (_, .option(let key)): return key
        case (_, .options(let keys)): return keys.joined(separator: ";")
        case (_, .link(let record)): return try title(record)
        case (_, .links(let records)): return try records.map(title).joined(separator: ";")
        case (_, .location(let location)): return location.description
        case (_, .list(let values)): return try values.map { try plainText($0, zone: zone, title: title) }.joined(separator: ";")
        }
    }

    /// The label of an option of this field; the key where there is none, as with tags.
    package func label(of key: String, _ language: Language) -> String {
        let list: OptionList
        switch self {
        case .choice(let options), .choices(let options): list = options
        case .stage(let stages): list = stages.options
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber:
            return key
        }
        guard let option = list.options.first(where: { $0.key == key }) else { return key }
        return language == .zh ? option.labelZh : option.labelEn
    }

    /// `12.5%`.
    private static func percent(_ number: ExactDecimal) -> String {
        ((try? number.multiplied(by: ExactDecimal(100))) ?? number).description + "%"
    }

    /// `1,234,567.5`, with at least so many decimals.
    private static func grouped(_ number: ExactDecimal, decimals: Int?) -> String {
        let parts = number.description.split(separator: ".", omittingEmptySubsequences: false)
        let whole = Array(parts[0])
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { grouped.append(",") }
            grouped.append(digit)
        }
        var fraction = parts.count > 1 ? String(parts[1]) : ""
        if let decimals { fraction += String(repeating: "0", count: max(0, decimals - fraction.count)) }
        return fraction.isEmpty ? grouped : grouped + "." + fraction
    }
}
