import Formula
import SourceText

/// What an author got wrong in a test. The wording is in the extension.
enum ScenarioIssue {
    case unknownRecord(Located<String>, known: [String])
    case wrongRecord(Located<String>, is: String, wanted: [String])
    case recordNamedTwice(Located<String>)
    case unknownActor(Located<String>, known: [String])
    case notAPerson(Located<String>, is: String)
    case noRecord(Span)
    case nameTheRecord(Located<String>)
    case notWritable(Located<String>, of: String)
    case stageIsMoved(Located<String>)
    case noStages(Located<String>, of: String)
    /// `meant`: the stage whose label was written.
    case unknownStage(Located<String>, of: String, meant: String?, known: [String])
    case heldWithoutMove(Span)
    case refusedWithoutAction(Span)
    case unknownCondition(Located<String>, of: String, known: [String])
    case unknownRule(Located<String>, of: String, known: [String])
    case expectNothing(Span)
    case badTime(Located<String>)
    case badWait(Located<String>)
    case emptyScenario(Located<String>)
    case unknownApprovalState(Located<String>, known: [String])
}

extension Diagnostics {
    mutating func report(_ issue: ScenarioIssue) { report(issue.diagnostic) }
}

extension ScenarioIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .unknownRecord(let name, let known):
            Diagnostic(
                code: "unknown-record", Words(zh: "这里还没有记录 `\(name.value)`", en: "there is no record `\(name.value)` yet"), at: name.span,
                hint: guess(name.value, known) ?? Words(zh: "请先在 `given` 里写，或用 `create` 加 `name`", en: "put it under `given`, or create it with a `name`"))
        case .wrongRecord(let name, let object, let wanted):
            Diagnostic(
                code: "wrong-record", Words(zh: "`\(name.value)` 是 `\(object)` 的记录", en: "`\(name.value)` is a record of `\(object)`"), at: name.span,
                hint: Words(zh: "这里需要 \(Self.listed(wanted, "、")) 的记录", en: "a record of \(Self.listed(wanted, ", ")) is wanted"))
        case .recordNamedTwice(let name):
            Diagnostic(
                code: "duplicate-name", Words(zh: "记录 `\(name.value)` 写了两次", en: "the record `\(name.value)` is written twice"), at: name.span,
                hint: Words(zh: "请换一个名字", en: "choose another name"))
        case .unknownActor(let name, let known):
            Diagnostic(
                code: "unknown-person", Words(zh: "没有人员或角色 `\(name.value)`", en: "there is no person or role `\(name.value)`"), at: name.span,
                hint: guess(name.value, known) ?? Words(zh: "请在 `given` 的 `user` 下写这个人", en: "put the person under `given`, `user`"))
        case .notAPerson(let name, let object):
            Diagnostic(
                code: "wrong-record", Words(zh: "`\(name.value)` 是 `\(object)` 的记录，不是人员", en: "`\(name.value)` is a record of `\(object)`, not a person"),
                at: name.span, hint: Words(zh: "`as` 需要人员或角色", en: "`as` takes a person or a role"))
        case .noRecord(let span):
            Diagnostic(
                code: "no-record", Words(zh: "前面还没有记录", en: "there is no record before this"), at: span,
                hint: Words(zh: "请写 `of: 名字`，或先 `create`", en: "say `of: NAME`, or `create` one first"))
        case .nameTheRecord(let object):
            Diagnostic(
                code: "no-record", Words(zh: "说不清是哪一条 `\(object.value)`", en: "it is not clear which `\(object.value)` is meant"), at: object.span,
                hint: Words(zh: "请在 `create` 处写 `name`，这里写 `of`", en: "give the record a `name` where it is created, and say `of` here"))
        case .notWritable(let field, let object):
            Diagnostic(
                code: "not-writable", Words(zh: "`\(object).\(field.value)` 由系统计算，不能填写", en: "`\(object).\(field.value)` is computed and cannot be filled in"),
                at: field.span, hint: Words(zh: "可以在 `expect` 中检查它", en: "it can be looked at in `expect`"))
        case .stageIsMoved(let field):
            Diagnostic(
                code: "not-writable", Words(zh: "阶段 `\(field.value)` 不能直接填写", en: "the stage `\(field.value)` is not filled in"), at: field.span,
                hint: Words(zh: "请另写一步 `move: 阶段`", en: "write a step `move: STAGE`"))
        case .noStages(let stage, let object):
            Diagnostic(
                code: "no-stages", Words(zh: "`\(object)` 没有阶段字段", en: "`\(object)` has no stages"), at: stage.span,
                hint: Words(zh: "请写 `of: 名字` 指明记录", en: "say which record with `of: NAME`"))
        case .unknownStage(let stage, let object, let meant, let known):
            Diagnostic(
                code: "unknown-stage", Words(zh: "`\(object)` 没有阶段 `\(stage.value)`", en: "`\(object)` has no stage `\(stage.value)`"), at: stage.span,
                hint: meant.map { Words(zh: "是不是 `\($0)`？", en: "did you mean `\($0)`?") } ?? guess(stage.value, known))
        case .heldWithoutMove(let span):
            Diagnostic(
                code: "held-without-move", Words(zh: "`expect held` 前面没有 `move`", en: "there is no `move` before `expect held`"), at: span,
                hint: Words(zh: "请紧跟在 `move` 之后写", en: "write it right behind a `move`"))
        case .refusedWithoutAction(let span):
            Diagnostic(
                code: "refused-without-action", Words(zh: "`expect refused` 前面没有动作", en: "nothing is done before `expect refused`"), at: span,
                hint: Words(zh: "请紧跟在 `create`、`edit`、`move` 或 `delete` 之后写", en: "write it right behind a `create`, `edit`, `move` or `delete`"))
        case .unknownCondition(let name, let stage, let known):
            Diagnostic(
                code: "unknown-condition", Words(zh: "阶段 `\(stage)` 没有条件 `\(name.value)`", en: "the stage `\(stage)` has no condition `\(name.value)`"),
                at: name.span, hint: guess(name.value, known))
        case .unknownRule(let name, let object, let known):
            Diagnostic(
                code: "unknown-rule", Words(zh: "`\(object)` 没有字段或规则 `\(name.value)`", en: "`\(object)` has no field or rule `\(name.value)`"),
                at: name.span, hint: guess(name.value, known))
        case .expectNothing(let span):
            Diagnostic(
                code: "expects-nothing", Words(zh: "这里什么也没有检查", en: "nothing is expected here"), at: span,
                hint: Words(zh: "请写出要检查的内容", en: "write what is expected"))
        case .badTime(let time):
            Diagnostic(
                code: "bad-value", Words(zh: "`at`：\(ValueIssue.notADatetime.words.zh)", en: "`at`: \(ValueIssue.notADatetime.words.en)"), at: time.span)
        case .badWait(let text):
            Diagnostic(
                code: "bad-value", Words(zh: "`wait`：\(ValueIssue.notADuration.words.zh)", en: "`wait`: \(ValueIssue.notADuration.words.en)"), at: text.span)
        case .unknownApprovalState(let state, let known):
            Diagnostic(
                code: "unknown-level", Words(zh: "审批没有状态或级别 `\(state.value)`", en: "an approval has no state or level `\(state.value)`"), at: state.span,
                hint: guess(state.value, known) ?? Words(zh: "可以写 \(Self.listed(known, "、"))", en: "it may be \(Self.listed(known, ", "))"))
        case .emptyScenario(let name):
            Diagnostic(
                code: "expects-nothing", Words(zh: "测试“\(name.value)”什么也没有检查", en: "the test “\(name.value)” expects nothing"), at: name.span,
                hint: Words(zh: "请加上 `expect`、`expect held` 或 `expect refused`", en: "add an `expect`, `expect held` or `expect refused`"))
        }
    }

    private static func listed(_ names: [String], _ separator: String) -> String {
        names.map { "`\($0)`" }.joined(separator: separator)
    }
}
