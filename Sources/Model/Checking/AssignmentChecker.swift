import Definition
import Formula
import SourceText

extension AppChecker {
    func checkAssignments() -> [CheckedAssignment] {
        definition.assignments.compactMap { checkAssignment($0) }
    }

    /// Its position among those that were right.
    func assignment(named name: Located<String>) -> Int? {
        if let index = checkedAssignments.firstIndex(where: { $0.name == name.value }) { return index }
        // One that could not be checked was told already.
        if !definition.assignments.contains(where: { $0.name.value == name.value }) {
            report.report(.unknownName(name, .assignment, of: nil, known: checkedAssignments.map(\.name)))
        }
        return nil
    }

    private func checkAssignment(_ written: AssignmentDefinition) -> CheckedAssignment? {
        guard let object = object(named: written.object) else { return nil }
        let draft = objects[object.index]
        guard let field = draft.field(named: written.field.value) else {
            report.report(.unknownName(written.field, .field, of: draft.name, known: draft.fields.map(\.name)))
            return nil
        }
        guard case .link(let targets)? = field.kind, !field.isComputed, field.id.index >= SystemField.allCases.count else {
            report.report(.assignmentTarget(written.field))
            return nil
        }
        let protection = written.protect.map { Delay($0.value) }
        if case .some(nil) = protection, let text = written.protect { report.report(.badDelay(text)) }
        let nobody = written.nobody.map { check($0, on: object) }
        let scope = FormulaScope(this: object)
        let (among, found) = formulas.checkedRecords(written.among, in: scope, of: targets)
        for diagnostic in found { report.report(diagnostic) }
        guard let among, let candidates = candidates(of: among), targets.contains(candidates) else {
            if let among, among.type.elementObjects.count != 1 { report.report(.needsObject(written.among)) }
            return nil
        }
        let weighing = FormulaScope(this: object, candidate: candidates)
        let preferences = written.prefer.compactMap { entry -> CheckedAssignment.Preference? in
            let (points, found) = formulas.checkedPoints(entry.entry, in: weighing)
            for diagnostic in found { report.report(diagnostic) }
            return points.map { CheckedAssignment.Preference(name: entry.name.value, points: $0) }
        }
        guard preferences.count == written.prefer.count else { return nil }
        return CheckedAssignment(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), object: object, field: field.id,
            candidates: candidates, among: among, demands: among.demands, preferences: preferences, tie: written.tie?.value == "in order" ? .inOrder : .roundRobin,
            protection: protection ?? nil, nobody: nobody, declaredAt: written.name.span, extent: written.extent)
    }

    private func candidates(of among: CheckedExpression) -> ObjectID? {
        let objects = among.type.elementObjects
        return objects.count == 1 ? objects[0] : nil
    }

    private func check(_ nobody: AssignmentDefinition.Nobody, on object: ObjectID) -> CheckedAssignment.Nobody {
        var notice: CheckedNotice?
        if !nobody.notify.isEmpty {
            var steps = StepChecker(self, object: object)
            let message = nobody.message ?? TemplateDefinition(
                zh: EmbeddedText(text: "{this} 没有合适的人选", span: nobody.span, segments: []),
                en: EmbeddedText(text: "nobody is suitable for {this}", span: nobody.span, segments: []))
            let step = StepDefinition(verb: .notify(people: nobody.notify, via: [], title: nil, message: message), span: nobody.span)
            if case .notify(let checked)? = steps.check([step]).first?.verb { notice = checked }
        } else if nobody.message != nil {
            report.report(.messageWithoutPeople(nobody.span))
        }
        return CheckedAssignment.Nobody(queue: nobody.queue?.value, notice: notice)
    }
}

extension CheckedExpression {
    /// Of `SET where A and B`: those for whom A holds, and those for whom B holds; a condition that is one whole is one demand.
    fileprivate var demands: [CheckedAssignment.Demand] {
        guard case .aggregate(let aggregate) = root.form, let condition = aggregate.condition else { return [] }
        var inner = condition
        while case .convert(.blankAsFalse, let node) = inner.form { inner = node }
        let parts = if case .and(let parts) = inner.form { parts } else { [condition] }
        return parts.map { part in
            let one = Aggregate(
                kind: aggregate.kind, set: aggregate.set, row: aggregate.row, value: aggregate.value, condition: part, order: nil)
            let bytes = source.text.utf8
            let start = bytes.index(bytes.startIndex, offsetBy: min(Int(part.range.lowerBound), bytes.count))
            let end = bytes.index(bytes.startIndex, offsetBy: min(Int(part.range.upperBound), bytes.count))
            let node = ExpressionNode(.aggregate(one), type: root.type, mayBeBlank: root.mayBeBlank, range: root.range)
            return CheckedAssignment.Demand(
                text: String(decoding: bytes[start..<end], as: UTF8.self),
                meeting: CheckedExpression(root: node, source: source, reads: reads, variableCount: variableCount))
        }
    }
}
