package import Program
import Model
package import SourceText
import Synchronization

/// What of an app has been asked or done: filled while its tests run.
package final class Coverage: Sendable {
    /// Something that a test should reach.
    package enum Item: Sendable, Hashable {
        /// A rule whose `if` held, so that it was asked.
        case rule(object: String, name: String)
        /// A condition of a stage that was asked when a record was to enter.
        case gate(object: String, stage: String, name: String)
        /// What an automation fills in while a record is being saved.
        case before(String)
        /// A step, by its process and its place among the instructions.
        case step(process: String, position: Int)
    }

    package enum Kind: String, Sendable, CaseIterable {
        case rules, gates, rungs, steps

        package var words: Words {
            switch self {
            case .rules: Words(zh: "规则", en: "rules")
            case .gates: Words(zh: "阶段条件", en: "gates")
            case .rungs: Words(zh: "计时", en: "rungs")
            case .steps: Words(zh: "步骤", en: "steps")
            }
        }
    }

    /// Something of the app, and where it stands in its files.
    package struct Place: Sendable {
        package let item: Item
        package let kind: Kind
        package let words: Words
        package let declaredAt: Span
    }

    private let reached = Mutex<Set<Item>>([])

    package init() {}

    func reach(_ item: Item) {
        _ = reached.withLock { $0.insert(item) }
    }

    package func hasReached(_ item: Item) -> Bool { reached.withLock { $0.contains(item) } }

    /// All that tests could reach, in the order of the definition.
    package static func places(in app: CompiledApp) -> [Place] {
        var places: [Place] = []
        for object in app.objects {
            let model = app.model[object.id]
            for rule in object.rules {
                places.append(
                    Place(
                        item: .rule(object: model.name, name: rule.rule.name), kind: .rules,
                        words: Words(zh: "`\(model.name)` 的规则 `\(rule.rule.name)`", en: "rule `\(rule.rule.name)` of `\(model.name)`"), declaredAt: rule.rule.declaredAt))
            }
            for (stage, rules) in object.gates.sorted(by: { $0.key < $1.key }) {
                for rule in rules {
                    places.append(
                        Place(
                            item: .gate(object: model.name, stage: stage, name: rule.rule.name), kind: .gates,
                            words: Words(
                                zh: "`\(model.name)` 进入 `\(stage)` 的条件 `\(rule.rule.name)`", en: "condition `\(rule.rule.name)` of `\(model.name)` entering `\(stage)`"),
                            declaredAt: rule.rule.declaredAt))
                }
            }
        }
        for automation in app.automations.automations {
            if !automation.before.isEmpty {
                places.append(
                    Place(
                        item: .before(automation.model.name), kind: .steps,
                        words: Words(zh: "自动化 `\(automation.model.name)` 的 `before`", en: "`before` of `\(automation.model.name)`"), declaredAt: automation.model.declaredAt))
            }
            places += steps(of: automation.process, kind: .steps, name: automation.model.name)
        }
        for watch in app.automations.watches {
            for (rung, process) in zip(watch.model.rungs, watch.processes) {
                let name = "\(watch.model.name) \(rung.name)"
                places.append(
                    Place(
                        item: .step(process: process.key, position: 0), kind: .rungs,
                        words: Words(zh: "`\(watch.model.name)` 的 `\(rung.name)`", en: "`\(rung.name)` of `\(watch.model.name)`"), declaredAt: rung.declaredAt))
                places += steps(of: process, kind: .steps, name: name)
            }
        }
        return places
    }

    private static func steps(of process: Process, kind: Kind, name: String) -> [Place] {
        var seen: Set<String> = []
        return process.steps.instructions.enumerated().compactMap { position, instruction in
            switch instruction.operation {
            case .jump, .nextEach: return nil
            case .set, .create, .update, .delete, .tag, .move, .notify, .suggest, .report, .send, .call, .wait, .waitUntil, .waitFor, .branch, .beginEach, .stop, .demote, .assign, .dispatch, .approve, .ask: break
            }
            guard seen.insert(instruction.step).inserted else { return nil }
            return Place(
                item: .step(process: process.key, position: position), kind: kind,
                words: Words(zh: "`\(name)` 的第 \(instruction.step) 步", en: "step \(instruction.step) of `\(name)`"), declaredAt: instruction.span)
        }
    }
}
