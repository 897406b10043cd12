import Formula
import SourceText

extension Words {
    static func looped(_ process: String, _ cause: String, limit: Int) -> Words {
        Words(
            zh: "自动化互相触发超过 \(limit) 层，已停止：`\(name(cause))` → `\(name(process))`",
            en: "stopped: things set each other off more than \(limit) deep, last `\(name(cause))` and then `\(name(process))`")
    }

    /// Without what kind of thing it is.
    static func name(_ process: String) -> String {
        process.split(separator: "/").dropFirst().joined(separator: " / ")
    }

    static let recordIsGone = Words(zh: "记录已删除", en: "the record has been deleted")
    static let definitionIsGone = Words(zh: "定义已不存在，无法继续", en: "its definition is no more, so it cannot go on")
    static let stepsHaveChanged = Words(zh: "步骤已改写，无法从原处继续", en: "its steps were rewritten meanwhile, so it cannot go on where it stood")
    static let solvedBefore = Words(zh: "开始之前条件已不成立", en: "what it watched held no more before it began")
    static let endsTheProcess = Words(zh: "这一步多次使程序中断，已停止", en: "stopped: the program ended each time this step was begun")
    static let noTime = Words(zh: "没有时间可等，直接继续", en: "there is no time to wait for, so it goes on")
    static let timeIsUp = Words(zh: "等待超时", en: "the time was up")
    static let toldNobody = Words(zh: "没有人可通知", en: "there is nobody to tell")
    static let nothingToDo = Words(zh: "没有变化", en: "nothing was different")

    static func failedFormula(_ failure: FormulaFailure) -> Words {
        Words(zh: "公式出错：\(failure.words.zh)", en: "a formula failed: \(failure.words.en)")
    }

    static func tooMany(_ count: Int, limit: Int) -> Words {
        Words(zh: "一次处理 \(count) 条记录，超过 \(limit) 条", en: "\(count) records at once are more than \(limit)")
    }
}
