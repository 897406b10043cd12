import Formula
import SourceText

/// What an author got wrong in automations and watches. The wording is in the extension.
enum AutomationIssue {
    case badTrigger(Located<String>)
    case badSchedule(Located<String>)
    case otherObject(Located<String>, is: String, first: String)
    case needsRecord(Span, key: String)
    case needsObject(EmbeddedText)
    case badDelay(Located<String>)
    case sameDelay(Located<String>, as: String)
    case literalLink(EmbeddedText, field: String)
    case computedTarget(Located<String>, of: String)
    case stageTarget(Located<String>)
    case variableShadows(Located<String>, of: String)
    case unsolvableClock(Span)
    case notCalled(Located<String>)
    case callGivesNothing(Located<String>, String)
    case listForInput(Span)
    case approvesOther(Located<String>, of: String, here: String)
    case approvalAtStart(Located<String>, String)
    case badNeed(Located<String>)
    case badLate(Located<String>)
    case missedWithoutSchedule(Located<String>)
    case beforeWithoutSave(Span)
    case notAnInstant(Span)
    case keepsNothing(Located<String>)
    case hollowTaken(Located<String>)
    case keepLooksElsewhere(Span)
    case cannotFallBack(Located<String>)
    case demoteUnless(Span)
    case assignmentTarget(Located<String>)
    case answerName(Located<String>, reserved: [String])
    case answerKey(Located<String>, key: String)
    case answerType(Located<String>, at: Span)
    case noTags(Span, of: String, known: [String])
    case notTags(Located<String>, of: String, known: [String])
    case assignsOther(Located<String>, of: String, here: String)
    case messageWithoutPeople(Span)
    case neverEnds([String], at: Span)
    case mayLoop([String], at: Span)
    case reportPart(String, without: String, at: Span)
    case reportKey(Span)
    case reportValue(Span, show: String?)
}

extension Diagnostics {
    mutating func report(_ issue: AutomationIssue) { report(issue.diagnostic) }
}

extension AutomationIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .reportPart(let part, let missing, let span):
            Diagnostic(
                code: "report-part", Words(zh: "没有 `\(missing)`，`\(part)` 不起作用", en: "`\(part)` means nothing without `\(missing)`"), at: span,
                hint: Words(zh: "补上 `\(missing)`，或删掉 `\(part)`", en: "add `\(missing)`, or leave `\(part)` out"))
        case .reportKey(let span):
            Diagnostic(
                code: "report-key", Words(zh: "不能按它分组：它不是单个值", en: "records cannot be grouped by this: it is no single value"), at: span,
                hint: Words(zh: "写一个字段或公式，例如 `owner`、`month(created)`", en: "write a field or a formula, such as `owner` or `month(created)`"))
        case .reportValue(let span, let show):
            Diagnostic(
                code: "report-value",
                show.map { Words(zh: "`show: \($0)` 要画数字，这里不是数字", en: "`show: \($0)` draws numbers, and this is none") }
                    ?? Words(zh: "报表的值必须是单个值", en: "the value of a report must be a single value"), at: span,
                hint: Words(zh: "例如 `count()`、`sum(amount)`、`median(first_touch - created)`", en: "write one like `count()`, `sum(amount)`, `median(first_touch - created)`"))
        case .badTrigger(let text):
            Diagnostic(
                code: "bad-trigger", Words(zh: "看不懂 `\(text.value)`", en: "`\(text.value)` is no event"), at: text.span,
                hint: Words(
                    zh: "例如 `lead is created`、`lead.status becomes 'won'`、`opportunity enters quoted`、`every workday at 08:30`",
                    en: "write one like `lead is created`, `lead.status becomes 'won'`, `opportunity enters quoted`, `every workday at 08:30`"))
        case .badSchedule(let text):
            Diagnostic(
                code: "bad-schedule", Words(zh: "看不懂时间安排 `\(text.value)`", en: "`\(text.value)` is no schedule"), at: text.span,
                hint: Words(
                    zh: "例如 `每个工作日 08:30`、`每周五 15:00`、`每月5日 09:00`、`每15分钟`",
                    en: "write one like `every workday at 08:30`, `every friday at 15:00`, `every month on day 5 at 09:00`, `every 15 min`"))
        case .otherObject(let text, let object, let first):
            Diagnostic(
                code: "several-trigger-objects",
                Words(zh: "一个自动化只看一个对象，这里有 `\(first)` 和 `\(object)`", en: "an automation looks at one object, and here are `\(first)` and `\(object)`"),
                at: text.span, hint: Words(zh: "请写成两个自动化", en: "write two automations"))
        case .needsRecord(let span, let key):
            Diagnostic(
                code: "no-trigger-record", Words(zh: "触发它的不是记录，不能用 `\(key)`", en: "what sets this off is no record, so `\(key)` means nothing here"), at: span,
                hint: Words(zh: "请用 `for each: 对象 where …` 逐条处理", en: "go over records with `for each: OBJECT where …`"))
        case .needsObject(let text):
            Diagnostic(
                code: "watch-object", Words(zh: "`while` 要以对象开头", en: "`while` begins with an object"), at: text.span,
                hint: Words(zh: "例如 `while: lead where status = 'new'`", en: "for example `while: lead where status = 'new'`"))
        case .badDelay(let text):
            Diagnostic(
                code: "bad-delay", Words(zh: "`\(text.value)` 不是一段时间", en: "`\(text.value)` is no length of time"), at: text.span,
                hint: Words(zh: "例如 `5min`、`48h`、`3 days`、`5个工作日`", en: "write one like `5min`, `48h`, `3 days`, `5 business days`"))
        case .sameDelay(let text, let other):
            Diagnostic(
                code: "duplicate-name", Words(zh: "`\(text.value)` 与 `\(other)` 是同一时间", en: "`\(text.value)` is the same time as `\(other)`"), at: text.span,
                hint: Words(zh: "请合成一项", en: "make them one"))
        case .literalLink(let text, let field):
            Diagnostic(
                code: "literal-link", Words(zh: "`\(field)` 要的是记录，`\(text.text)` 是文字", en: "`\(field)` takes a record, and `\(text.text)` is a text"), at: text.span,
                hint: Words(zh: "公式以等号开头：`=\(text.text)`", en: "a formula begins with an equals sign: `=\(text.text)`"))
        case .computedTarget(let field, let object):
            Diagnostic(
                code: "not-writable", Words(zh: "`\(object).\(field.value)` 由系统计算，不能填写", en: "`\(object).\(field.value)` is computed and cannot be filled in"),
                at: field.span, hint: Words(zh: "请改写它的公式所读的字段", en: "set the fields that its formula reads"))
        case .stageTarget(let field):
            Diagnostic(
                code: "not-writable", Words(zh: "阶段 `\(field.value)` 不能直接填写", en: "the stage `\(field.value)` is not filled in"), at: field.span,
                hint: Words(zh: "请另写一步 `move: 阶段`", en: "write a step `move: STAGE`"))
        case .variableShadows(let name, let object):
            Diagnostic(
                code: "duplicate-name", Words(zh: "变量 `\(name.value)` 与 `\(object)` 的字段同名", en: "the variable `\(name.value)` has the name of a field of `\(object)`"),
                at: name.span, hint: Words(zh: "请换一个名字", en: "choose another name"))
        case .unsolvableClock(let span):
            Diagnostic(
                code: "unsolvable-clock-condition",
                Words(zh: "算不出这个条件在哪一刻变化", en: "it cannot be worked out when this condition turns"), at: span,
                hint: Words(
                    zh: "请把 `now()` 或 `today()`（加减固定时间）直接与一个字段比较，例如 `due < today() + 3 days`",
                    en: "compare `now()` or `today()`, plus or minus a fixed time, with a field: `due < today() + 3 days`"))
        case .notCalled(let target):
            Diagnostic(
                code: "not-called", Words(zh: "`\(target.value)` 不能用 `call` 调用", en: "`\(target.value)` is nothing to call"), at: target.span,
                hint: Words(
                    zh: "`http` 连接写 `连接.调用`，`webhook` 连接只写连接名；邮件和机器人请用 `send` 或 `notify`",
                    en: "write `CONNECTOR.CALL` for `http` and the name alone for a `webhook`; mail and robots take `send` or `notify`"))
        case .callGivesNothing(let name, let target):
            Diagnostic(
                code: "call-gives-nothing",
                Words(zh: "`\(target)` 不返回内容，`\(name.value)` 总是空的", en: "`\(target)` gives nothing back, so `\(name.value)` would always be blank"),
                at: name.span, hint: Words(zh: "请在调用上写 `receipt: 公式`，或删去 `name`", en: "give the call a `receipt: FORMULA`, or leave `name` out"))
        case .listForInput(let span):
            Diagnostic(
                code: "wrong-shape", Words(zh: "一个输入只能给一个值", en: "an input takes one value"), at: span,
                hint: Words(zh: "请写文字，或 `=公式`", en: "write a text, or `=FORMULA`"))
        case .missedWithoutSchedule(let word):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "`missed` 只用于按时间触发的自动化", en: "`missed` goes with schedules only"), at: word.span,
                hint: Words(zh: "请删去", en: "leave it out"))
        case .beforeWithoutSave(let span):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "`before` 只用于新建和修改记录", en: "`before` goes with records that are created or changed only"), at: span,
                hint: Words(zh: "请把这些步骤写在 `do` 里", en: "put the steps under `do`"))
        case .notAnInstant(let span):
            Diagnostic(
                code: "type-mismatch", Words(zh: "`wait until` 需要日期或时间", en: "`wait until` takes a date or a datetime"), at: span,
                hint: Words(zh: "例如 `wait until: due - 1 day`", en: "for example `wait until: due - 1 day`"))
        case .keepsNothing(let stage):
            Diagnostic(
                code: "keeps-nothing", Words(zh: "阶段 `\(stage.value)` 没有进入条件，`keep` 无从判断", en: "the stage `\(stage.value)` has no conditions to keep"), at: stage.span,
                hint: Words(zh: "请写 `enter`，或删去 `keep`", en: "write `enter`, or leave `keep` out"))
        case .hollowTaken(let field):
            Diagnostic(
                code: "reserved-name", Words(zh: "有 `keep` 的对象自带字段 `hollow`", en: "an object with `keep` has a field `hollow` already"), at: field.span,
                hint: Words(zh: "请换一个名字", en: "choose another name"))
        case .keepLooksElsewhere(let span):
            Diagnostic(
                code: "keep-looks-elsewhere",
                Words(zh: "要一直满足的条件不能读 `me` 或 `old`", en: "a condition that is kept cannot read `me` or `old`"), at: span,
                hint: Words(zh: "它要在没有人操作时也能判断", en: "it must be decided when nobody does anything"))
        case .cannotFallBack(let stage):
            Diagnostic(
                code: "cannot-fall-back", Words(zh: "`\(stage.value)` 前面没有可以退回的阶段", en: "there is nothing that `\(stage.value)` could fall back to"),
                at: stage.span, hint: Words(zh: "`demote` 用于起点之后、结束之前的阶段", en: "`demote` goes with stages behind the first and before an end"))
        case .demoteUnless(let span):
            Diagnostic(
                code: "demote-unless", Words(zh: "`unless` 要数出记录", en: "`unless` takes records that count"), at: span,
                hint: Words(zh: "例如 `unless: exists(activities where effective)`", en: "for example `unless: exists(activities where effective)`"))
        case .assignmentTarget(let field):
            Diagnostic(
                code: "assignment-target", Words(zh: "`sets` 要写一个链接字段，`\(field.value)` 不是", en: "`sets` takes a field that links to a record, which `\(field.value)` is not"),
                at: field.span, hint: Words(zh: "例如 `owner: link to user`", en: "such as `owner: link to user`"))
        case .answerName(let name, let reserved):
            Diagnostic(
                code: "answer-field", Words(zh: "`\(name.value)` 已表示回答的人或时间", en: "`\(name.value)` is who answered, or when"), at: name.span,
                hint: Words(zh: "请换一个名字；`\(reserved.joined(separator: "`、`"))` 总在那里", en: "choose another name: `\(reserved.joined(separator: "`, `"))` are always there"))
        case .answerKey(let name, let key):
            Diagnostic(
                code: "answer-field", Words(zh: "询问的 `\(name.value)` 不能用 `\(key)`", en: "`\(name.value)` of a question takes no `\(key)`"), at: name.span,
                hint: Words(
                    zh: "可以用 `type`、`label`、`required`、`options`、`decimals`、`currency`、`region`、`help`",
                    en: "it takes `type`, `label`, `required`, `options`, `decimals`, `currency`, `region`, `help`"))
        case .answerType(let name, let span):
            Diagnostic(
                code: "answer-field", Words(zh: "询问时不能填写这种类型的 `\(name.value)`", en: "`\(name.value)` of this type cannot be asked for"), at: span,
                hint: Words(
                    zh: "可以是 `text`、`long_text`、`number`、`money`、`percent`、`bool`、`date`、`datetime`、`duration`、`choice`、`choices`、`tags`、`email`、`phone`、`url`",
                    en: "take one of `text`, `long_text`, `number`, `money`, `percent`, `bool`, `date`, `datetime`, `duration`, `choice`, `choices`, `tags`, `email`, `phone`, `url`"))
        case .noTags(let span, let object, let known):
            known.isEmpty
                ? Diagnostic(
                    code: "tag-field", Words(zh: "`\(object)` 没有标签字段", en: "`\(object)` has no field for tags"), at: span,
                    hint: Words(zh: "请在 `\(object)` 中加一个字段，例如 `labels: tags`", en: "give `\(object)` one, such as `labels: tags`"))
                : Diagnostic(
                    code: "tag-field", Words(zh: "`\(object)` 有不止一个标签字段", en: "`\(object)` has several fields for tags"), at: span,
                    hint: Words(
                        zh: "请写明是哪一个：`field: \(known[0])`（\(known.joined(separator: "、"))）",
                        en: "say which one, as `field: \(known[0])`: \(known.joined(separator: ", "))"))
        case .notTags(let name, let object, let known):
            Diagnostic(
                code: "tag-field", Words(zh: "`\(object)` 的 `\(name.value)` 不是标签字段", en: "`\(name.value)` of `\(object)` is no field for tags"), at: name.span,
                hint: known.isEmpty
                    ? Words(zh: "标签字段的类型是 `tags`", en: "such a field has the type `tags`")
                    : Words(zh: "请用 `\(known.joined(separator: "`、`"))`", en: "use `\(known.joined(separator: "`, `"))`"))
        case .assignsOther(let name, let object, let here):
            Diagnostic(
                code: "assigns-other",
                Words(zh: "`\(name.value)` 分配的是 `\(object)`，这里是 `\(here)`", en: "`\(name.value)` gives away records of `\(object)`, and here is one of `\(here)`"),
                at: name.span, hint: Words(zh: "请为 `\(here)` 另写一个分配规则", en: "write an assignment `on: \(here)`"))
        case .approvesOther(let name, let object, let here):
            Diagnostic(
                code: "approves-other",
                Words(zh: "`\(name.value)` 审批的是 `\(object)`，这里是 `\(here)`", en: "`\(name.value)` decides on records of `\(object)`, and here is one of `\(here)`"),
                at: name.span, hint: Words(zh: "请为 `\(here)` 另写一个审批", en: "write an approval `on: \(here)`"))
        case .approvalAtStart(let name, let stage):
            Diagnostic(
                code: "approval-at-start",
                Words(zh: "记录一开始就在 `\(stage)`，不会问到审批 `\(name.value)`", en: "records begin in `\(stage)`, so that `\(name.value)` is never asked for"),
                at: name.span, hint: Words(zh: "请写在后面的阶段上，或用自动化的 `approve`", en: "put it on a later stage, or use the step `approve` of an automation"))
        case .badNeed(let text):
            Diagnostic(
                code: "bad-level", Words(zh: "`need` 不认识 `\(text.value)`", en: "`need` does not take `\(text.value)`"), at: text.span,
                hint: Words(zh: "请写 `any`、`all`、`in order` 或人数", en: "write `any`, `all`, `in order` or a number of people"))
        case .badLate(let text):
            Diagnostic(
                code: "bad-level", Words(zh: "`late` 不认识 `\(text.value)`", en: "`late` does not take `\(text.value)`"), at: text.span,
                hint: Words(
                    zh: "请写 `remind`、`remind every 2h up to 3`、`escalate`、`approve` 或 `reject`",
                    en: "write `remind`, `remind every 2h up to 3`, `escalate`, `approve` or `reject`"))
        case .messageWithoutPeople(let span):
            Diagnostic(
                code: "lonely-key", Words(zh: "有 `message` 就要有 `notify`", en: "`message` goes with `notify`, which is missing"), at: span,
                hint: Words(zh: "请补上 `notify`，或删去 `message`", en: "add `notify`, or leave `message` out"))
        case .neverEnds(let names, let span):
            Diagnostic(
                code: "endless-loop",
                Words(
                    zh: "这些自动化会无休止地互相触发：\(names.map { "`\($0)`" }.joined(separator: " → "))",
                    en: "these set each other off for ever: \(names.map { "`\($0)`" }.joined(separator: " → "))"),
                at: span, hint: Words(zh: "请加一个会变为假的 `if`", en: "add an `if` that turns false"))
        case .mayLoop(let names, let span):
            Diagnostic(
                .warning, code: "possible-loop",
                Words(
                    zh: "这些自动化可能循环触发：\(names.map { "`\($0)`" }.joined(separator: " → "))",
                    en: "these may set each other off in a circle: \(names.map { "`\($0)`" }.joined(separator: " → "))"),
                at: span, hint: Words(zh: "请确认 `if` 最终会变为假；运行时最多 16 层", en: "make sure that an `if` turns false; at run time it stops after 16 rounds"))
        }
    }
}
