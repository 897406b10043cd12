import SourceText

@testable import Formula

/// A formula without an app, checked and evaluated as `weir eval` does: at 2026-02-12 09:00 in Shanghai.
enum FormulaRun {
    enum Outcome {
        /// The value, and its text.
        case value(Value, String)
        /// Codes of the diagnostics.
        case refused([String])
    }

    static let moment: Moment? = Zone(name: "Asia/Shanghai").flatMap { zone in
        Instant("2026-02-12T01:00:00Z").map { Moment(now: $0, zone: zone) }
    }

    static func outcome(of formula: String, inputs: [(name: String, type: FormulaType, value: Value)] = []) throws -> Outcome {
        guard let moment else { return .refused(["no-zone"]) }
        let checker = FormulaChecker(schema: FormulaSchema(objects: [], roles: [], users: nil, currency: "CNY"))
        let scope = FormulaScope(this: nil, inputs: inputs.map { .init(name: $0.name, type: $0.type) })
        let checked = checker.checked(Self.text(formula), in: scope)
        guard let expression = checked.expression else { return .refused(checked.found.map(\.code)) }
        let value = try Evaluator(expression).value(in: Frame(this: nil, inputs: inputs.map(\.value), moment: moment, source: NoRows()))
        return .value(value, value.text(of: expression.type, at: moment) { "\($0.number)" })
    }

    static func text(_ formula: String) -> EmbeddedText {
        EmbeddedText(text: formula, span: Span(file: SourceFileID(index: 0), start: 0, end: Int32(formula.utf8.count)), segments: [])
    }

    /// The value's text, or the codes of what is wrong.
    static func text(of formula: String) throws -> String {
        switch try outcome(of: formula) {
        case .value(_, let text): text
        case .refused(let codes): "refused: \(codes.joined(separator: ", "))"
        }
    }
}
