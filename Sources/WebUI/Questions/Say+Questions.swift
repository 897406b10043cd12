import SourceText

extension Say {
    static let questions = Words(zh: "问我的", en: "Asked of me")
    static let question = Words(zh: "询问", en: "Question")
    static let sendAnswer = Words(zh: "回答", en: "Answer")
    static let sayDone = Words(zh: "知道了", en: "Done")
    static let answerBy = Words(zh: "最晚", en: "until")
    static let askedOf = Words(zh: "询问的人", en: "Asked")
    static let questionAbout = Words(zh: "关于", en: "About")
    static let questionLate = Words(zh: "已过回答时间", en: "The time to answer is up")
    static let questionVoid = Words(zh: "不再需要回答", en: "No answer is needed any more")
    static let answerOpen = Words(zh: "等待回答", en: "Waits for an answer")
    static let answerOf = Words(zh: "回答", en: "Answer")
    static func answeredBy(_ name: String) -> Words { Words(zh: "\(name) 已经回答", en: "\(name) has answered already") }
    static let questionAnswered = Words(zh: "已回答", en: "Answered")
}
