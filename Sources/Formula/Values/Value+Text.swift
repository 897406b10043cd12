package import SourceText

extension Value {
    /// A text, or blank if it is empty.
    package init(text: String) {
        self = text.isEmpty ? .blank : .text(text)
    }

    /// The value as it stands in a text, under `&` and in templates, in the shortest form: `1200.5`, `2026-02-12`,
    /// `2026-02-12 14:30` in the zone of `moment`, an option's label, 是 or yes; blank is nothing.
    ///
    /// - Parameters:
    ///   - type: Of the value; it knows the labels of options.
    ///   - title: How a record is called.
    package func text(
        of type: FormulaType, at moment: Moment, title: (RecordID) throws -> String
    ) rethrows -> String {
        switch self {
        case .blank: ""
        case .bool(let bool): bool ? Value.yes[moment.language] : Value.no[moment.language]
        case .number(let number): number.description
        case .text(let text): text
        case .date(let day): day.description
        case .instant(let instant): Value.text(of: instant, in: moment.zone)
        case .duration(let span): span.description
        case .option(let key): type.label(ofOption: key, in: moment.language)
        case .options(let keys): keys.map { type.label(ofOption: $0, in: moment.language) }.joined(separator: "、")
        case .link(let record): try title(record)
        case .links(let records): try records.map(title).joined(separator: "、")
        case .location(let location): location.description
        case .list(let values): try values.map { try $0.text(of: type.element, at: moment, title: title) }.joined(separator: "、")
        case .failure(let failure): failure.words[moment.language]
        }
    }

    private static let yes = Words(zh: "是", en: "yes")
    private static let no = Words(zh: "否", en: "no")

    /// `2026-02-12 14:30`.
    package static func text(of instant: Instant, in zone: Zone) -> String {
        let wall = zone.wallClock(instant)
        return "\(wall.day) \(wall.time(withSeconds: false))"
    }
}

extension FormulaType {
    /// The label of an option of this choice or of these choices; the key where there is none, as with tags.
    package func label(ofOption key: String, in language: Language) -> String {
        switch self {
        case .choice(let list), .choices(let list):
            guard let position = list.position(of: key) else { return key }
            switch language {
            case .zh: return list.options[position].labelZh
            case .en: return list.options[position].labelEn
            }
        case .list(let element): return element.label(ofOption: key, in: language)
        case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .tags, .location, .link, .links, .blank, .error: return key
        }
    }

    /// The type of what stands in a list, also in a list of lists; of anything else the type itself.
    package var leaf: FormulaType {
        if case .list(let element) = self { element.leaf } else { self }
    }

    /// Of a list, what it is a list of; of anything else itself.
    package var element: FormulaType {
        if case .list(let element) = self { element } else { self }
    }
}

extension FormulaFailure {
    /// What is shown in place of the value.
    package var words: Words {
        switch code {
        case .divisionByZero: Words(zh: "除数为零", en: "division by zero")
        case .domain: Words(zh: "参数超出允许的范围", en: "an argument is out of range")
        case .overflow: Words(zh: "数值过大", en: "the number is too large")
        case .badNumber: Words(zh: "不是数字", en: "not a number")
        case .badDate: Words(zh: "不是有效的日期", en: "not a valid date")
        case .notFound: Words(zh: "没有找到", en: "not found")
        case .noConvergence: Words(zh: "计算不收敛", en: "the calculation does not converge")
        case .custom: Words(same: text ?? "error")
        case .limit: Words(zh: "超出计算上限", en: "a limit of the calculation was reached")
        }
    }
}
