import Formula
import SourceText

/// What an author got wrong in sequences and decays. The wording is in the extension.
enum EventIssue {
    case eventsLink(Located<String>, of: String)
    case eventsOwner(Located<String>, link: String, known: [String])
    case eventsKind(Located<String>, of: String)
    case eventsTime(Located<String>, of: String)
    case eventsCondition(Span)
    case eventsCollection(Located<String>, of: String)
    case sequenceLength(Located<String>, most: Int)
    case sequenceBothWays(Located<String>)
    case decayNumber(Located<String>)
    case decayShare(Located<String>)
    case decayRises(Located<String>)
    case decayEmpty(Located<String>)
}

extension Diagnostics {
    mutating func report(_ issue: EventIssue) { report(issue.diagnostic) }
}

extension EventIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .eventsLink(let name, let object):
            Diagnostic(
                code: "events-link", Words(zh: "`\(object).\(name.value)` 不是指向一条记录的关联", en: "`\(object).\(name.value)` is no link to one record"), at: name.span,
                hint: Words(zh: "`by` 写明行为属于谁，例如 `by: account`", en: "`by` says whose event it is, as in `by: account`"))
        case .eventsOwner(let name, let link, let known):
            Diagnostic(
                code: "events-link",
                Words(zh: "`\(link)` 可以指向多个对象：\(known.joined(separator: "、"))", en: "`\(link)` leads to one of several objects: \(known.joined(separator: ", "))"), at: name.span,
                hint: Words(zh: "请写明是哪一个：`on: \(known.first ?? "")`", en: "say which one: `on: \(known.first ?? "")`"))
        case .eventsKind(let name, let object):
            Diagnostic(
                code: "events-field", Words(zh: "`\(object).\(name.value)` 不是单选字段，分不出行为的种类", en: "`\(object).\(name.value)` is no choice, and cannot tell events apart"),
                at: name.span, hint: Words(zh: "请用 `kind` 指明单选字段", en: "name a choice: `kind: FIELD`"))
        case .eventsTime(let name, let object):
            Diagnostic(
                code: "events-field", Words(zh: "`\(object).\(name.value)` 不是行为发生的时间", en: "`\(object).\(name.value)` does not say when it happened"), at: name.span,
                hint: Words(zh: "请写一个 `datetime` 字段，或删去：默认是 `at`，没有则是记录的时间", en: "name a `datetime`, or leave it out: then it is `at`, or when it was recorded"))
        case .eventsCondition(let span):
            Diagnostic(
                code: "events-condition",
                Words(zh: "这里的条件只能读行为记录自己的字段，不能读时钟、`me`、`this` 或别的记录", en: "this condition can read fields of the event alone: not the clock, `me`, `this` or other records"),
                at: span, hint: Words(zh: "请先在行为记录上写一个公式字段", en: "give the event a formula field that says so, and ask for that"))
        case .eventsCollection(let name, let object):
            Diagnostic(
                code: "events-collection",
                Words(zh: "`\(object).\(name.value)` 没有写 `as`，对方无法汇总这些记录", en: "`\(object).\(name.value)` has no `as`, so that nothing can be summed up over it"), at: name.span,
                hint: Words(zh: "例如 `\(name.value): { type: link, to: account, as: visits }`", en: "for example `\(name.value): { type: link, to: account, as: visits }`"))
        case .sequenceLength(let name, let most):
            Diagnostic(
                code: "sequence-steps", Words(zh: "`\(name.value)` 的 `steps` 要有 2 到 \(most) 项", en: "the `steps` of `\(name.value)` must be 2 to \(most)"), at: name.span,
                hint: Words(zh: "只有一种行为时，请写自动化", en: "for one kind of event write an automation"))
        case .sequenceBothWays(let word):
            Diagnostic(
                code: "sequence-steps", Words(zh: "`\(word.value)` 既在 `steps` 里，又在 `unless` 里", en: "`\(word.value)` stands under `steps` and under `unless`"), at: word.span,
                hint: Words(zh: "请删去其中一处", en: "leave it out of one of them"))
        case .decayNumber(let word):
            Diagnostic(
                code: "decay-number", Words(zh: "`\(word.value)` 不是大于 0 的数", en: "`\(word.value)` is no number above 0"), at: word.span,
                hint: Words(zh: "例如 `add: { demo: 30 }`、`below: { 40: … }`", en: "write one as in `add: { demo: 30 }`, `below: { 40: … }`"))
        case .decayShare(let word):
            Diagnostic(
                code: "decay-curve", Words(zh: "`\(word.value)` 不是 0% 到 100% 之间的比例", en: "`\(word.value)` is no share between 0% and 100%"), at: word.span,
                hint: Words(zh: "例如 `curve: { 90 days: 100%, 180 days: 30% }`", en: "write one as in `curve: { 90 days: 100%, 180 days: 30% }`"))
        case .decayRises(let word):
            Diagnostic(
                code: "decay-curve", Words(zh: "`\(word.value)`：天数要越来越大，比例不能变大", en: "`\(word.value)`: ages go up, and shares never do"), at: word.span,
                hint: Words(zh: "例如 `curve: { 90 days: 100%, 180 days: 30% }`", en: "write them as in `curve: { 90 days: 100%, 180 days: 30% }`"))
        case .decayEmpty(let name):
            Diagnostic(
                code: "decay-curve", Words(zh: "`\(name.value)` 的 `add` 和 `curve` 至少各要一项", en: "`\(name.value)` needs an entry under `add` and one under `curve`"), at: name.span,
                hint: Words(zh: "例如 `add: { demo: 30 }` 和 `curve: { 90 days: 100%, 180 days: 30% }`", en: "such as `add: { demo: 30 }` and `curve: { 90 days: 100%, 180 days: 30% }`"))
        }
    }
}
