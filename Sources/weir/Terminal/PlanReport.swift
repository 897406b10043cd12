import Engine
import Formula
import JSON
import Model
import Program
import SchemaPlan
import SourceText
import StorageSQLite

/// What `weir plan` prints.
struct PlanReport {
    let trial: PlanTrial
    /// What the records would break; nil where the plan was not rehearsed.
    let inspection: Inspection?
    /// Runs on their way on steps that will not be there any more.
    let earlier: [EarlierRuns]
    let app: CompiledApp

    /// Of a step, for whoever decides: `safe`, `backfill`, `destructive` or `refused`.
    static func name(of step: PlanTrial.Step) -> String {
        if step.refusal != nil { return "refused" }
        return switch step.change.class {
        case .safe, .checked: "safe"
        case .backfill: "backfill"
        case .retire: "destructive"
        case .refused: "refused"
        }
    }

    private static let words = [
        "safe": Words(zh: "安全", en: "safe"), "backfill": Words(zh: "补算", en: "backfill"),
        "destructive": Words(zh: "破坏性", en: "destructive"), "refused": Words(zh: "拒绝", en: "refused"),
    ]

    // MARK: Text

    func text(_ language: Language) -> String {
        var text = ""
        if trial.steps.isEmpty { text += Words(zh: "数据库结构没有变化\n", en: "nothing changes in the database\n")[language] }
        for step in trial.steps {
            let name = Self.name(of: step)
            text += "\(Self.words[name, default: Words(same: name)][language]): \((step.refusal ?? step.change.words)[language])"
            let notes = notes(on: step)
            if !notes.isEmpty { text += Words(zh: "（" + notes.map(\.zh).joined(separator: "，") + "）", en: " (" + notes.map(\.en).joined(separator: ", ") + ")")[language] }
            text += "\n"
        }
        for breach in inspection?.breaches ?? [] {
            let examples = breach.examples.map { app.text(of: $0) }.joined(separator: ", ")
            let place = place(of: breach)
            text += Words(
                zh: "不合规则: \(place) 有 \(breach.count) 条记录不满足：\(breach.words.zh)（如 \(examples)）\n",
                en: "breaks a rule: \(breach.count) records do not satisfy \(place): \(breach.words.en) (such as \(examples))\n")[language]
        }
        for runs in earlier { text += runs.words[language] + "\n" }
        text += summary[language] + "\n"
        return text
    }

    private func notes(on step: PlanTrial.Step) -> [Words] {
        var notes: [Words] = []
        if step.records > 0 { notes.append(Words(zh: "\(step.records) 条记录", en: "\(step.records) records")) }
        if let changed = step.changedValues { notes.append(Words(zh: "其中 \(changed) 条的值会变", en: "the value of \(changed) changes")) }
        return notes
    }

    private func place(of breach: Inspection.Breach) -> String {
        let object = app.model[breach.object].name
        if let rule = breach.rule { return "`\(object).rules.\(rule)`" }
        return breach.field.map { "`\(object).\(app.model[$0].name)`" } ?? "`\(object)`"
    }

    private var summary: Words {
        let counts = Dictionary(grouping: trial.steps, by: Self.name).mapValues(\.count)
        let order = ["safe", "backfill", "destructive", "refused"]
        let breaches = inspection?.breaches.reduce(0) { $0 + $1.count } ?? 0
        let zh = order.compactMap { name in counts[name].map { "\(Self.words[name]?.zh ?? name) \($0) 步" } }
        let en = order.compactMap { name in counts[name].map { "\($0) \(name)" } }
        let none = trial.steps.isEmpty
        return Words(
            zh: "合计：" + (none ? "没有步骤" : zh.joined(separator: "，")) + (breaches > 0 ? "；\(breaches) 条记录不合规则（照常保留，下次编辑时要改正）" : ""),
            en: "in all: " + (none ? "no steps" : en.joined(separator: ", "))
                + (breaches > 0 ? "; \(breaches) records break rules (they stay, and must be put right at their next edit)" : ""))
    }

    // MARK: JSON

    func json(_ language: Language) -> JSONValue {
        .object([
            .init("ok", .bool(trial.refusals.isEmpty)),
            .init("steps", .array(trial.steps.map { json($0, language) })),
            .init("breaches", .array((inspection?.breaches ?? []).map { json($0, language) })),
            .init("runs", .array(earlier.map { runs in
                .object([.init("rule", .string(runs.name)), .init("count", .int(runs.count)), .init("trouble", .string(orNull: runs.trouble?[language]))])
            })),
        ])
    }

    private func json(_ step: PlanTrial.Step, _ language: Language) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("class", .string(Self.name(of: step))), .init("change", .string(step.change.code)),
            .init("object", .string(step.change.object.name)), .init("field", .string(orNull: step.change.field?.name)),
            .init("message", .string((step.refusal ?? step.change.words)[language])), .init("rows", .int(step.records)),
        ]
        if step.obstacles > 0 { members.append(.init("obstacles", .int(step.obstacles))) }
        if let changed = step.changedValues { members.append(.init("changed_values", .int(changed))) }
        return .object(members)
    }

    private func json(_ breach: Inspection.Breach, _ language: Language) -> JSONValue {
        .object([
            .init("object", .string(app.model[breach.object].name)), .init("rule", .string(orNull: breach.rule)),
            .init("field", .string(orNull: breach.field.map { app.model[$0].name })), .init("message", .string(breach.words[language])),
            .init("rows", .int(breach.count)), .init("examples", .array(breach.examples.map { .string(app.text(of: $0)) })),
        ])
    }
}
