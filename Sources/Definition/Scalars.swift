package import SourceText
import LocatedYAML

/// A value where a plain value stands: `with`, `default`, `given`, `expect`. A leading `=` made it a formula.
package enum ScalarDefinition: Sendable, Hashable {
    case literal(EmbeddedText)
    /// With its `=`.
    case formula(EmbeddedText)
    case list([ScalarDefinition], at: Span)
    /// `~`, `null` or nothing, unquoted: no value; except for a text, whose words these are.
    case noValue(EmbeddedText)

    package var span: Span {
        switch self {
        case .literal(let text), .formula(let text), .noValue(let text): text.span
        case .list(_, let span): span
        }
    }
}

extension YAMLEntry {
    /// A plain value or a list of them.
    func plainValue(_ report: inout Diagnostics) -> ScalarDefinition? {
        switch value.content {
        case .scalar(let scalar):
            let text = scalar.embedded
            if scalar.isNoValue { return .noValue(text) }
            if text.text.hasPrefix("=") { return .formula(text) }
            // As in a spreadsheet, an apostrophe says that the equals sign is meant literally.
            return .literal(text.text.hasPrefix("'=") ? text.dropping(firstBytes: 1) : text)
        case .sequence(let items):
            let values = items.compactMap { item -> ScalarDefinition? in
                guard case .scalar = item.content else {
                    report.report(.wrongShape(key, wants: .value, got: item, example: nil))
                    return nil
                }
                return YAMLEntry(key: key, value: item).plainValue(&report)
            }
            return .list(values, at: value.span)
        case .mapping:
            report.report(.wrongShape(key, wants: .value, got: value, example: nil))
            return nil
        }
    }
}
