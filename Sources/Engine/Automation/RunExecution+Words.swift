import Formula
import Model
import Program
import SourceText
import Storage

// What the journal of a run says about values: those that were written, and those that a condition looked at.
extension RunExecution {
    /// Values that a line of the journal names.
    private static let namedValues = 4
    /// Characters of each.
    private static let longestValue = 60

    /// `状态＝跟进中、金额＝500`; nil if nothing was given.
    func said(_ inputs: [FieldInput]) throws -> Words? {
        var zh: [String] = [], en: [String] = []
        for input in inputs.prefix(Self.namedValues) {
            guard case .value(let value) = input.entry else { continue }
            let field = engine.app.model[input.field]
            let words = try shown(value, engine.app.model.schema.objects[input.field.object.index].fields[input.field.index].type ?? .error)
            zh.append("\(field.label.zh)＝\(words.zh)")
            en.append("\(field.label.en) = \(words.en)")
        }
        guard !zh.isEmpty else { return nil }
        if inputs.count > zh.count {
            zh.append("…")
            en.append("…")
        }
        return Words(zh: zh.joined(separator: "、"), en: en.joined(separator: ", "))
    }

    /// A condition with what it looked at.
    func said(_ condition: Evaluator, holds: Bool, _ frame: Frame) throws -> Words {
        let text = condition.expression.source.text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        let head = holds ? Words(zh: "条件成立：\(text)", en: "it holds: \(text)") : Words(zh: "条件不成立：\(text)", en: "it does not hold: \(text)")
        var known: Set<String> = []
        var zh: [String] = [], en: [String] = []
        for part in try Explanation(of: condition.expression, in: frame).looked where known.insert(part.text).inserted && zh.count < Self.namedValues {
            let words = try shown(part.value, part.type)
            zh.append("\(part.text)＝\(words.zh)")
            en.append("\(part.text) = \(words.en)")
        }
        guard !zh.isEmpty else { return head }
        return Words(zh: "\(head.zh)（\(zh.joined(separator: "、"))）", en: "\(head.en) (\(en.joined(separator: ", ")))")
    }

    private func shown(_ value: Value, _ type: FormulaType) throws -> Words {
        if value.isBlank { return Words(zh: "空", en: "blank") }
        func text(_ language: Language) throws -> String {
            let text = try value.text(of: type, at: engine.app.model.moment(at: context.moment.now, language: language)) { try title($0) }
            return text.count > Self.longestValue ? "\(text.prefix(Self.longestValue))…" : text
        }
        return Words(zh: try text(.zh), en: try text(.en))
    }
}

extension Explanation {
    /// The fields and sets that it looked at.
    fileprivate var looked: [Explanation] {
        if field != nil || rows != nil { return [self] }
        return parts.flatMap(\.looked)
    }
}

extension Words {
    /// With what was written.
    func with(_ values: Words?) -> Words {
        guard let values else { return self }
        return Words(zh: "\(zh)：\(values.zh)", en: "\(en): \(values.en)")
    }

    static func forEach(_ count: Int) -> Words {
        Words(zh: count == 0 ? "没有记录" : "\(count) 条记录，逐条执行", en: count == 0 ? "no records" : count == 1 ? "1 record" : "\(count) records, one by one")
    }
}
