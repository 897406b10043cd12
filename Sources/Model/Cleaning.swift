import Definition
import Formula
import SourceText

extension AppChecker {
    func checkedClean(_ steps: [Located<CleanStepDefinition>], of field: FieldDraft, on object: ObjectDraft) -> [CleanStep] {
        guard let kind = field.kind else { return [] }
        return steps.compactMap { step in
            switch step.value {
            case .named(let name):
                return named(name, step.span, kind)
            case .honorific(let target):
                guard fits("honorific", kind, step.span) else { return nil }
                return self.target(target, on: object).map { .honorific(into: $0) }
            case .split(let separator, let targets):
                guard fits("split", kind, step.span) else { return nil }
                let fields = targets.compactMap { self.target($0, on: object) }
                return fields.count == targets.count ? .split(by: separator, into: fields) : nil
            }
        }
    }

    private func named(_ name: CleanStepDefinition.Name, _ span: Span, _ kind: FieldKind) -> CleanStep? {
        switch name {
        case .trim: return .trim
        case .collapse: return .collapse
        case .halfwidth: return .halfwidth
        case .upper: return .upper
        case .lower: return .lower
        case .honorific: return fits("honorific", kind, span) ? .honorific(into: nil) : nil
        case .phone:
            if case .phone = kind { return .phone }
            return fits("phone", kind, span) ? .phone : nil
        }
    }

    /// Taking a text apart makes sense for a text alone.
    private func fits(_ step: String, _ kind: FieldKind, _ span: Span) -> Bool {
        if case .text = kind { return true }
        report.report(.cleanDoesNotFit(span, step: step, type: kind.words))
        return false
    }

    private func target(_ name: Located<String>, on object: ObjectDraft) -> FieldID? {
        guard let field = object.field(named: name.value) else {
            report.report(.unknownName(name, .field, of: object.name, known: object.fields.map(\.name)))
            return nil
        }
        switch field.kind {
        case .text?, .longText?:
            if !field.isComputed { return field.id }
        case .number?, .money?, .percent?, .bool?, .date?, .datetime?, .duration?, .choice?, .choices?, .tags?, .email?, .url?, .phone?, .link?, .links?, .file?,
            .files?, .address?, .uscc?, .cnID?, .location?, .autonumber?, .stage?:
            break
        case nil:
            return nil
        }
        report.report(.cleanTarget(name))
        return nil
    }
}
