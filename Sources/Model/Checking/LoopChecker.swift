import Formula
import SourceText

/// Finds automations that set each other off in a circle.
struct LoopChecker {
    private let automations: [CheckedAutomation]
    /// By assignment: the field that it sets.
    private let assigned: [FieldID]

    /// What a step does that may set another off.
    private enum Write {
        case create(ObjectID)
        case delete(ObjectID)
        /// A value that is always the same makes no difference the second time.
        case set(FieldID, constant: Value?, readsItself: Bool)
        case move(ObjectID?, String)
    }

    private struct Edge {
        let to: Int
        /// Whether nothing stands in the way: it comes again and again.
        let isCertain: Bool
    }

    init(_ automations: [CheckedAutomation], assigned: [FieldID]) {
        self.automations = automations
        self.assigned = assigned
    }

    /// Each circle once, with whether it goes on for ever.
    func circles() -> [(members: [CheckedAutomation], isEndless: Bool)] {
        let edges = automations.map { self.edges(from: $0) }
        var found: [(members: [CheckedAutomation], isEndless: Bool)] = []
        var told: Set<Set<Int>> = []
        for start in automations.indices {
            var way: [Int] = []
            var certain: [Bool] = []
            func visit(_ node: Int) {
                guard way.count < 12 else { return }
                way.append(node)
                defer { way.removeLast() }
                for edge in edges[node] {
                    certain.append(edge.isCertain)
                    defer { certain.removeLast() }
                    // The smallest member begins, so that each circle is met once.
                    if edge.to == start, told.insert(Set(way)).inserted {
                        found.append((way.map { automations[$0] }, certain.allSatisfy { $0 }))
                    } else if edge.to > start, !way.contains(edge.to) {
                        visit(edge.to)
                    }
                }
            }
            visit(start)
        }
        return found
    }

    private func edges(from automation: CheckedAutomation) -> [Edge] {
        let writes = writes(of: automation.body.steps, automation.object, isCertain: automation.condition == nil)
        return automations.indices.compactMap { index in
            let other = automations[index]
            var isCertain: Bool?
            for (write, certain) in writes where other.triggers.contains(where: { sets(write, off: $0, of: other) }) {
                let repeats: Bool
                switch write {
                case .create: repeats = true
                case .set(_, _, let readsItself): repeats = readsItself
                case .delete, .move: repeats = false
                }
                isCertain = (isCertain ?? false) || (certain && repeats && other.condition == nil && !other.firesOnSequence)
            }
            return isCertain.map { Edge(to: index, isCertain: $0) }
        }
    }

    private func sets(_ write: Write, off trigger: CheckedAutomation.Trigger, of automation: CheckedAutomation) -> Bool {
        switch (write, trigger) {
        case (.create(let object), .created): return automation.object == object
        case (.create(let object), .changed): return automation.object == object && automation.firesOnBecoming
        case (.delete(let object), .deleted): return automation.object == object
        case (.set(let field, _, _), .fieldChanges(let other)): return field == other
        case (.set(let field, _, _), .changed): return automation.object == field.object
        case (.set(let field, let constant, _), .becomes(let other, let value)): return field == other && (constant == nil || constant == value)
        case (.move(let object, let stage), .enters(let other)): return (object ?? automation.object) == automation.object && stage == other
        case (.move(let object, _), .leaves): return (object ?? automation.object) == automation.object
        // One event is never enough: whether more come, nobody knows.
        case (.create(let object), .sequence(_, let rows)): return object == rows
        case (.set(let field, _, _), .sequence(_, let rows)): return field.object == rows
        case (.move(let object, _), .changed): return (object ?? automation.object) == automation.object
        default: return false
        }
    }

    private func writes(of steps: [CheckedStep], _ object: ObjectID?, isCertain: Bool) -> [(Write, isCertain: Bool)] {
        steps.flatMap { step -> [(Write, isCertain: Bool)] in
            var found: [(Write, isCertain: Bool)] = []
            func settings(_ settings: [CheckedSetting], certain: Bool) {
                for setting in settings {
                    switch setting.source {
                    case .value(let value): found.append((.set(setting.field, constant: value, readsItself: false), certain))
                    case .formula(let formula):
                        found.append((.set(setting.field, constant: nil, readsItself: formula.fieldsMentioned.contains(setting.field)), certain))
                    }
                }
            }
            switch step.verb {
            case .set(let values): settings(values, certain: isCertain)
            case .create(let object, _, _): found.append((.create(object), isCertain))
            case .update(_, _, let values): settings(values, certain: false)
            case .delete(let records):
                for object in records.type.elementObjects { found.append((.delete(object), false)) }
            case .tag(let tagging):
                // What is there already makes no difference the second time.
                found.append((.set(tagging.field, constant: nil, readsItself: false), isCertain && tagging.records == nil))
            case .move(let stage, let records): found.append((.move(records?.type.elementObjects.first ?? object, stage), isCertain))
            case .choose(_, let then): found += writes(of: then, object, isCertain: false)
            case .forEach(_, _, let steps): found += writes(of: steps, object, isCertain: false)
            case .assign(let index): found.append((.set(assigned[index], constant: nil, readsItself: false), isCertain))
            case .approve(_, let then), .ask(_, let then): found += writes(of: then, object, isCertain: false)
            case .notify, .suggest, .report, .send, .call, .wait, .waitUntil, .waitFor, .stop, .demote: break
            }
            if let otherwise = step.otherwise { found += writes(of: otherwise, object, isCertain: false) }
            return found
        }
    }
}

extension FormulaType {
    /// The objects of a link, of links, or of a list of them.
    var elementObjects: [ObjectID] {
        if case .list(let element) = self { element.linkedObjects } else { linkedObjects }
    }
}

extension AppChecker {
    func checkLoops(_ automations: [CheckedAutomation]) {
        for circle in LoopChecker(automations, assigned: checkedAssignments.map(\.field)).circles() {
            guard let first = circle.members.first else { continue }
            let names = circle.members.map(\.name) + [first.name]
            report.report(circle.isEndless ? .neverEnds(names, at: first.declaredAt) : .mayLoop(names, at: first.declaredAt))
        }
    }
}
