import Definition
import Formula
import SourceText

extension AppChecker {
    func checkWatches() -> [CheckedWatch] {
        definition.watches.compactMap { checkWatch($0) }
    }

    private func checkWatch(_ written: WatchDefinition) -> CheckedWatch? {
        guard let (object, text) = watched(written.condition) else { return nil }
        let scope = FormulaScope(this: object)
        var clock: [ClockAtom] = []
        func condition(_ text: EmbeddedText) -> CheckedExpression? {
            guard let checked = check(text, in: scope, expecting: .bool) else { return nil }
            let solver = ClockConditionSolver(checked) { [unowned self] field in clockFormula(of: field) }
            if let range = solver.unsolved { report.report(.unsolvableClock(text.span(of: range))) }
            clock += solver.atoms
            return checked
        }
        var checked: CheckedExpression?
        if let text {
            checked = condition(text)
            guard checked != nil else { return nil }
        }
        var pause: CheckedExpression?
        if let text = written.pause {
            pause = condition(text)
            guard pause != nil else { return nil }
        }
        var rungs: [CheckedWatch.Rung] = []
        for rung in written.rungs {
            guard let after = Delay(rung.after.value) else {
                report.report(.badDelay(rung.after))
                continue
            }
            if let same = rungs.first(where: { $0.after == after }) {
                report.report(.sameDelay(rung.after, as: same.name))
                continue
            }
            var steps = StepChecker(self, object: object)
            let body = steps.check(rung.steps)
            rungs.append(.init(
                name: rung.after.value, after: after, body: CheckedSteps(steps: body, variables: steps.named), declaredAt: rung.after.span))
        }
        let restarts = written.restarts.compactMap { name -> FieldID? in
            if let field = objects[object.index].field(named: name.value) { return field.id }
            report.report(.unknownName(name, .field, of: objects[object.index].name, known: objects[object.index].fields.map(\.name)))
            return nil
        }
        return CheckedWatch(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), object: object,
            condition: checked, rungs: rungs, restarts: Set(restarts), pause: pause,
            missed: written.missed.flatMap { CheckedAutomation.Missed(rawValue: $0.value) } ?? .once, clock: clock, declaredAt: written.name.span, extent: written.extent)
    }

    /// `OBJECT where CONDITION`, or an object alone.
    func watched(_ text: EmbeddedText) -> (ObjectID, EmbeddedText?)? {
        let name = text.text.prefix { $0 != " " && $0 != "\n" }
        guard let object = objectIDs[String(name)] else {
            if name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "_" }) {
                _ = self.object(named: Located(String(name), at: text.span(of: 0..<name.utf8.count)))
            } else {
                report.report(.needsObject(text))
            }
            return nil
        }
        let rest = text.text[name.endIndex...]
        guard let word = rest.firstIndex(where: { $0 != " " && $0 != "\n" }) else { return (object, nil) }
        guard rest[word...].hasPrefix("where"), let end = rest.index(word, offsetBy: 5, limitedBy: rest.endIndex), end < rest.endIndex, rest[end].isWhitespace else {
            report.report(.needsObject(text))
            return nil
        }
        return (object, text.dropping(firstBytes: text.text.utf8.distance(from: text.text.startIndex, to: end) + 1))
    }

    /// The formula of a field whose value changes by itself, directly or by way of others; nil for all other fields.
    func clockFormula(of field: FieldID, depth: Int = 0) -> CheckedExpression? {
        guard let computed = objects[field.object.index].fields[field.index].computed, depth < Self.maximumChain else { return nil }
        return computed.expressions.first { expression in
            expression.reads.clock || expression.reads.user
                || expression.fieldsMentioned.contains { $0 != field && clockFormula(of: $0, depth: depth + 1) != nil }
        }
    }
}
