import Definition
package import Formula
import SourceText

extension CheckedTemplate {
    package var expressions: [CheckedExpression] {
        parts.compactMap { if case .expression(let expression) = $0 { expression } else { nil } }
    }

    /// The text, if there are no formulas in it.
    var plainText: String? {
        var text = ""
        for part in parts {
            guard case .text(let piece) = part else { return nil }
            text += piece
        }
        return text
    }

    /// The template as one formula that gives the text.
    var expression: CheckedExpression {
        var reads = FormulaReads()
        var slots = 0
        let nodes = parts.map { part -> ExpressionNode in
            switch part {
            case .text(let text):
                return ExpressionNode(.literal(.text(text)), type: .text(.plain), mayBeBlank: false, range: 0..<0)
            case .expression(let expression):
                reads.join(expression.reads)
                slots = max(slots, expression.variableCount)
                let root = expression.root
                if case .text = root.type { return root }
                return ExpressionNode(.convert(.toText, root), type: .text(.plain), mayBeBlank: root.mayBeBlank, range: root.range)
            }
        }
        let root = ExpressionNode(.concatenate(nodes), type: .text(.plain), mayBeBlank: true, range: 0..<source.text.utf8.count)
        return CheckedExpression(root: root, source: source, reads: reads, variableCount: slots)
    }
}

extension FormulaReads {
    mutating func join(_ other: FormulaReads) {
        own.formUnion(other.own)
        related.formUnion(other.related)
        wholeObjects.formUnion(other.wholeObjects)
        clock = clock || other.clock
        user = user || other.user
        change = change || other.change
    }
}

extension AppChecker {
    /// How records are called, by `ObjectID.index`; a template that could not be checked is the record's number.
    func checkShows() -> [CheckedTemplate] {
        objects.map { object in
            let scope = FormulaScope(this: object.id)
            let written = object.definition?.shows?.zh
            let span = object.declaredAt ?? header.span
            let text = written ?? EmbeddedText(text: object.builtIn?.shows ?? defaultShows(of: object), span: span, segments: [])
            guard let template = checkTemplate(text, in: scope) else { return CheckedTemplate(parts: [], source: text) }
            for expression in template.expressions where expression.reads.clock {
                report.report(.showsReads(text.span, Words(zh: "时钟", en: "the clock")))
            }
            return template
        }
    }

    /// The field `name`, or the first that reads like a name.
    private func defaultShows(of object: ObjectDraft) -> String {
        let own = object.fields.dropFirst(SystemField.allCases.count)
        let named = own.first { field in
            guard field.name == "name" || field.name == "title" else { return false }
            if case .text? = field.kind { return true }
            return false
        }
        let speaking = own.first { field in
            switch field.kind {
            case .text?, .autonumber?, .email?, .phone?: !field.isComputed
            default: false
            }
        }
        return (named ?? speaking).map { "{\($0.name)}" } ?? "{id}"
    }
}
