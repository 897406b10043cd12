import Formula
import Model
package import Program
package import SourceText

extension CompiledApp {
    /// What a step is there to do, as people read it, the author's formulas in backticks; nil for what only the order of the steps needs.
    package func words(for operation: Instruction.Operation) -> Words? {
        func fields(_ settings: [CompiledSetting]) -> Words {
            let labels = settings.map { model[$0.field].label }
            return Words(zh: labels.map(\.zh).joined(separator: "、"), en: labels.map(\.en).joined(separator: ", "))
        }
        func quoted(_ text: String) -> String { "`\(text.split(whereSeparator: \.isWhitespace).joined(separator: " "))`" }
        func text(_ evaluator: Evaluator) -> String { quoted(evaluator.expression.source.text) }
        func stage(_ key: String) -> Words {
            for object in model.objects {
                if let id = object.stage, case .stage(let stages) = model[id].kind, let stage = stages.stage(key) { return stage.label }
            }
            return Words(same: key)
        }
        switch operation {
        case .set(let settings): return Words(zh: "修改这条记录：\(fields(settings).zh)", en: "change the record: \(fields(settings).en)")
        case .create(let object, _, let settings):
            let label = model[object].label
            return Words(zh: "新建\(label.zh)", en: "make: \(label.en)").listing(settings.isEmpty ? nil : fields(settings))
        case .update(let records, _, let settings):
            return Words(zh: "修改 \(text(records))：\(fields(settings).zh)", en: "change \(text(records)): \(fields(settings).en)")
        case .delete(let records): return Words(zh: "删除 \(text(records))", en: "delete \(text(records))")
        case .tag(let tagging):
            let words = tagging.words.map { word in
                switch word {
                case .text(let text): "“\(text)”"
                case .formula(let formula): text(formula)
                }
            }
            let of = tagging.records.map { " \(text($0))" } ?? ""
            return tagging.adds
                ? Words(zh: "给\(of.isEmpty ? "这条记录" : of) 加标签：\(words.joined(separator: "、"))", en: "tag\(of): \(words.joined(separator: ", "))")
                : Words(zh: "给\(of.isEmpty ? "这条记录" : of) 去掉标签：\(words.joined(separator: "、"))", en: "untag\(of): \(words.joined(separator: ", "))")
        case .move(let to, let of):
            let label = stage(to)
            return Words(zh: "\(of.map { text($0) + " " } ?? "")进入“\(label.zh)”", en: "move \(of.map { text($0) + " " } ?? "")to “\(label.en)”")
        case .notify(let notice):
            let people = notice.people.map(text).joined(separator: ", ")
            return Words(zh: "通知 \(people)", en: "tell \(people)")
        case .report(let name, let notice):
            let label = report(named: name)?.model.label ?? Words(same: name), people = notice.people.map(text).joined(separator: ", ")
            return Words(zh: "把报表“\(label.zh)”发给 \(people)", en: "send the report “\(label.en)” to \(people)")
        case .suggest(let records, let notice):
            let people = notice.people.map(text).joined(separator: ", ")
            return Words(zh: "向 \(people) 推荐 \(text(records))", en: "suggest \(text(records)) to \(people)")
        case .send(let message): return Words(zh: "经 \(quoted(message.channel)) 发送给 \(text(message.to))", en: "send to \(text(message.to)) by \(quoted(message.channel))")
        case .call(let call): return Words(zh: "调用 \(quoted(call.model.target))", en: "call \(quoted(call.model.target))")
        case .wait(let delay): return Words(zh: "等待 \(delay.words.zh)", en: "wait \(delay.words.en)")
        case .waitUntil(let until): return Words(zh: "等到 \(text(until))", en: "wait until \(text(until))")
        case .waitFor(let condition, let within, _):
            return Words(
                zh: "等待条件：\(text(condition))" + (within.map { "，最多 \($0.words.zh)" } ?? ""),
                en: "wait for \(text(condition))" + (within.map { ", at most \($0.words.en)" } ?? ""))
        case .branch(let condition, _): return Words(zh: "如果 \(text(condition))", en: "if \(text(condition))")
        case .beginEach(let records, _, _): return Words(zh: "对每个 \(text(records))", en: "for each of \(text(records))")
        case .stop: return Words(zh: "停止", en: "stop")
        case .demote: return Words(zh: "退回前面的阶段", en: "fall back to a stage before")
        case .assign(let index):
            let label = automations.assignments[index].model.label
            return Words(zh: "分配：\(label.zh)", en: "assign: \(label.en)")
        case .approve(let index, _):
            let label = automations.approvals.all[index].model.label
            return Words(zh: "审批：\(label.zh)", en: "approval: \(label.en)")
        case .ask(let question, _):
            let people = question.notice.people.map(text).joined(separator: ", ")
            let fields = question.model.fields.map(\.label)
            return Words(zh: "询问 \(people)", en: "ask \(people)")
                .listing(fields.isEmpty ? nil : Words(zh: fields.map(\.zh).joined(separator: "、"), en: fields.map(\.en).joined(separator: ", ")))
        case .dispatch(let index):
            let label = automations.assignments[index].model.label
            return Words(zh: "分配排队的记录：\(label.zh)", en: "give out what waits: \(label.en)")
        case .jump, .nextEach: return nil
        }
    }
}

extension Words {
    fileprivate func listing(_ fields: Words?) -> Words {
        guard let fields else { return self }
        return Words(zh: "\(zh)：\(fields.zh)", en: "\(en) (\(fields.en))")
    }
}
