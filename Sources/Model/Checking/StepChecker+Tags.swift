import Definition
import Formula
import SourceText

// Steps that put words into a field of the type `tags`, and take them out.
extension StepChecker {
    func tag(_ written: ScalarDefinition, adds: Bool, _ name: Located<String>?, of text: EmbeddedText?, _ span: Span) -> CheckedStep.Verb? {
        var records: CheckedExpression?
        let object: ObjectID
        if let text {
            guard let found = self.records(text), let only = only(found, at: text) else { return nil }
            (records, object) = (found, only)
        } else {
            guard let found = record(for: adds ? "tag" : "untag", at: span) else { return nil }
            object = found
        }
        guard let field = field(of: object, named: name, at: span), let words = words(written, for: field) else { return nil }
        return .tag(CheckedTagging(field: field.id, words: words, adds: adds, records: records))
    }

    /// The one that was named, or the only one there is.
    private func field(of object: ObjectID, named name: Located<String>?, at span: Span) -> FieldDraft? {
        let draft = app.objects[object.index]
        let tags = draft.fields.filter { $0.kind == .tags && !$0.isComputed }
        guard let name else {
            // A field that could not be read may be the one that was meant.
            if tags.isEmpty, app.hasErrorsBefore { return nil }
            guard tags.count == 1 else {
                app.report.report(.noTags(span, of: draft.name, known: tags.map(\.name)))
                return nil
            }
            return tags.first
        }
        if let field = tags.first(where: { $0.name == name.value }) { return field }
        if draft.field(named: name.value) == nil {
            app.report.report(.unknownName(name, .field, of: draft.name, known: tags.map(\.name)))
        } else {
            app.report.report(.notTags(name, of: draft.name, known: tags.map(\.name)))
        }
        return nil
    }

    private func words(_ written: ScalarDefinition, for field: FieldDraft) -> [CheckedTagging.Word]? {
        let items: [ScalarDefinition] = if case .list(let items, _) = written { items } else { [written] }
        var words: [CheckedTagging.Word] = []
        for item in items {
            switch item {
            case .formula(let text):
                guard let formula = app.check(text, in: scope) else { return nil }
                switch formula.type {
                case .text, .tags: words.append(.formula(formula))
                case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .location, .link, .links, .list, .blank, .error:
                    app.report.report(.badValue(text.span, field: field.name, .wrongKind(wanted: FieldKind.tags.words)))
                    return nil
                }
            case .literal(let text) where text.text.contains { $0 == "{" || $0 == "}" }:
                guard let template = app.checkTemplate(text, in: scope) else { return nil }
                words.append(template.plainText.map { .text($0) } ?? .formula(template.expression))
            case .literal(let text), .noValue(let text):
                let single = if case .list = written { text.text.trimmedText } else { "" }
                words += (single.isEmpty ? text.text.listItems : [single]).map { .text($0) }
            case .list: preconditionFailure("lists hold values")
            }
        }
        let span = written.span
        guard !words.isEmpty else {
            app.report.report(.badValue(span, field: field.name, .wrongKind(wanted: FieldKind.tags.words)))
            return nil
        }
        return words
    }
}
