import Formula
import SourceText

/// What an author got wrong about an app as a whole: names that mean nothing, and parts that do not fit together. The wording is in the
/// extension.
enum ModelIssue {
    /// What names are looked up among.
    enum Subject {
        case object, list, role, field, stage
        case connector, call, channel, inbound, input, assignment, approval, level, report
    }

    case unknownName(Located<String>, Subject, of: String?, known: [String])
    case unknownTimezone(Located<String>)
    case badDemoDay(Located<String>)
    case unknownCalendar(Located<String>, known: [String])
    case calendarWithoutData(Located<String>, year: Int, isOwn: Bool)
    case unknownCurrency(Located<String>)
    case badRegion(Located<String>)
    case roleCycle(through: Located<String>, then: [String])
    case likeCycle(through: Located<String>, then: [String])
    /// `like` on, or to, an object that is built in.
    case likeBuiltIn(Located<String>, BuiltIn)
    case emptyChoices(Located<String>)
    case unusedChoices(Located<String>)
    case tooMany(Words, limit: Int, at: Span)
    case missingType(Located<String>)
    case builtInField(Located<String>, of: String, key: String)
    case nameTaken(Located<String>, by: Words, first: Span?)
    case nameDiffersInCase(Located<String>, from: String)
    case secondStage(Located<String>, of: String, first: Located<String>)
    case badFormat(Located<String>)
    case formulaCycle(through: Located<String>, then: [String])
    case showsCycle(object: String, then: [String], at: Span)
    case chainTooLong(Located<String>, limit: Int)
    case titleTooWide(String, limit: Int, at: Span)
    case unusableResult(Located<String>, isList: Bool)
    case decimalsDoNotFit(Span)
    case badValue(Span, field: String, ValueIssue)
    /// `default: today()`
    case formulaWithoutSign(Span, field: String, text: String)
    case defaultOfLink(Span, field: String)
    case defaultReadsFormula(Span, field: String, reads: String)
    case showsReads(Span, Words)
    case alwaysTrue(Span)
    case neverTrue(Span)
    case cleanDoesNotFit(Span, step: String, type: Words)
    case cleanTarget(Located<String>)
    case beginsAtEnd(Located<String>)
    case unreachableStage(Located<String>)
    case neverEntered(Located<String>)
    case splitPhase(Located<String>, phase: String)
    case fromAnyEverything(Located<String>)
}

extension Diagnostics {
    mutating func report(_ issue: ModelIssue) { report(issue.diagnostic) }
}

extension ModelIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .unknownName(let name, let subject, let owner, let known):
            unknownName(name, subject, owner, known)
        case .unknownTimezone(let zone):
            Diagnostic(
                code: "unknown-timezone", Words(zh: "没有时区 `\(zone.value)`", en: "there is no time zone `\(zone.value)`"), at: zone.span,
                hint: Words(zh: "例如 `Asia/Shanghai`", en: "write one like `Asia/Shanghai`"))
        case .badDemoDay(let day):
            Diagnostic(
                code: "demo-day", Words(zh: "`\(day.value)` 不是日期", en: "`\(day.value)` is no day"), at: day.span,
                hint: Words(zh: "写 `data/` 里的数据是哪一天的，例如 `2026-11-25`", en: "say for which day `data/` was written, like `2026-11-25`"))
        case .unknownCalendar(let name, let known):
            Diagnostic(
                code: "unknown-calendar", Words(zh: "没有日历 `\(name.value)`", en: "there is no calendar `\(name.value)`"), at: name.span,
                hint: Words(
                    zh: "可选：\(known.map { "`\($0)`" }.joined(separator: "、"))", en: "there are \(known.map { "`\($0)`" }.joined(separator: ", "))"))
        case .calendarWithoutData(let name, let year, let isOwn):
            Diagnostic(
                .warning, code: "calendar-without-data",
                Words(
                    zh: "日历 `\(name.value)` 没有 \(year) 年的节假日，按平常的一周计算",
                    en: "the calendar `\(name.value)` knows no holidays of \(year): every week counts as an ordinary one"),
                at: name.span,
                hint: isOwn
                    ? Words(zh: "请在 `calendars` 里补上这一年的 `holidays`", en: "add the `holidays` of that year to the calendar")
                    : Words(zh: "放假安排公布后再升级", en: "upgrade when the holidays are published"))
        case .unknownCurrency(let code):
            Diagnostic(
                code: "unknown-currency", Words(zh: "没有币种 `\(code.value)`", en: "there is no currency `\(code.value)`"), at: code.span,
                hint: Words(zh: "请写三个大写字母，例如 `CNY`", en: "write three capitals, such as `CNY`"))
        case .badRegion(let region):
            Diagnostic(
                code: "bad-region", Words(zh: "`\(region.value)` 不是地区代码", en: "`\(region.value)` is not a region"), at: region.span,
                hint: Words(zh: "请写两个大写字母，例如 `CN`", en: "write two capitals, such as `CN`"))
        case .roleCycle(let role, let others):
            Diagnostic(
                code: "role-cycle", Words(zh: "角色 `\(role.value)` 包含了自己", en: "the role `\(role.value)` includes itself"), at: role.span,
                hint: Self.way(others))
        case .likeCycle(let object, let others):
            Diagnostic(
                code: "like-cycle", Words(zh: "对象 `\(object.value)` 通过 `like` 又回到自己", en: "`like` leads from `\(object.value)` back to itself"), at: object.span,
                hint: Self.way(others))
        case .likeBuiltIn(let object, let builtIn):
            Diagnostic(
                code: "like-built-in",
                Words(zh: "`\(builtIn.rawValue)` 是内置对象，不能用 `like`", en: "`\(builtIn.rawValue)` is built in; `like` does not go with it"), at: object.span,
                hint: Words(zh: "请把共用的字段写在自己的对象里", en: "declare the fields that they share in an object of yours"))
        case .emptyChoices(let name):
            Diagnostic(
                code: "empty-choices", Words(zh: "`\(name.value)` 没有选项", en: "`\(name.value)` has no options"), at: name.span,
                hint: Words(zh: "请至少写一个选项", en: "write at least one option"))
        case .unusedChoices(let name):
            Diagnostic(
                .warning, code: "unused-choices", Words(zh: "没有字段用到选项表 `\(name.value)`", en: "no field uses the list `\(name.value)`"), at: name.span,
                hint: Words(zh: "请写 `choice of \(name.value)`，或删去它", en: "write `choice of \(name.value)`, or remove it"))
        case .tooMany(let what, let limit, let span):
            Diagnostic(
                code: "too-many", Words(zh: "\(what.zh)超过 \(limit) 个", en: "there are more than \(limit) \(what.en)"), at: span,
                hint: Words(zh: "请拆分", en: "split them up"))
        case .missingType(let field):
            Diagnostic(
                code: "missing-key", Words(zh: "`\(field.value)` 缺少 `type`", en: "`\(field.value)` lacks `type`"), at: field.span,
                hint: Words(zh: "请写 `type`，或写 `formula`", en: "write a `type`, or a `formula`"))
        case .builtInField(let field, let object, let key):
            Diagnostic(
                code: "built-in-field",
                Words(zh: "`\(object).\(field.value)` 是内置字段，不能改 `\(key)`", en: "`\(object).\(field.value)` is built in; its `\(key)` cannot be changed"),
                at: field.span,
                hint: Words(
                    zh: "可以写 `label`、`help`、`group`、`default`，`kind` 还可以加 `options`",
                    en: "`label`, `help`, `group` and `default` may be written, and with `kind` more `options`"))
        case .nameTaken(let name, let by, let first):
            Diagnostic(
                code: "duplicate-name", Words(zh: "`\(name.value)` 已经是\(by.zh)", en: "`\(name.value)` is the name of \(by.en) already"), at: name.span,
                hint: Words(zh: "请换一个名字", en: "choose another name"),
                notes: first.map { [.init(Words(zh: "第一次在这里", en: "the first stands here"), at: $0)] } ?? [])
        case .nameDiffersInCase(let name, let other):
            Diagnostic(
                code: "name-differs-in-case",
                Words(zh: "`\(name.value)` 与 `\(other)` 只有大小写不同", en: "`\(name.value)` differs from `\(other)` in case alone"), at: name.span,
                hint: Words(zh: "请换一个名字", en: "choose another name"))
        case .secondStage(let field, let object, let first):
            Diagnostic(
                code: "second-stage", Words(zh: "`\(object)` 已经有阶段字段 `\(first.value)`", en: "`\(object)` has the stage field `\(first.value)` already"),
                at: field.span, hint: Words(zh: "请改用 `type: choice`", en: "make it `type: choice`"),
                notes: [.init(Words(zh: "第一个在这里", en: "the first stands here"), at: first.span)])
        case .badFormat(let format):
            Diagnostic(
                code: "bad-format", Words(zh: "`\(format.value)` 不能作编号格式", en: "`\(format.value)` cannot number records"), at: format.span,
                hint: Words(zh: "请写一组花括号，里面是零，例如 `KH-{0000}`", en: "write one pair of braces with zeros in it, such as `KH-{0000}`"))
        case .formulaCycle(let field, let others):
            Diagnostic(
                code: "formula-cycle", Words(zh: "公式 `\(field.value)` 依赖自己", en: "the formula `\(field.value)` depends on itself"), at: field.span,
                hint: Self.way(others))
        case .showsCycle(let object, let others, let span):
            Diagnostic(
                code: "formula-cycle", Words(zh: "`\(object)` 的 `shows` 依赖自己", en: "the `shows` of `\(object)` depends on itself"), at: span,
                hint: Self.way(others))
        case .chainTooLong(let field, let limit):
            Diagnostic(
                code: "formula-chain-too-long",
                Words(zh: "公式一个接一个，超过 \(limit) 层才知道 `\(field.value)` 的类型", en: "more than \(limit) formulas wait for the type of `\(field.value)`"), at: field.span,
                hint: Words(zh: "请在 `\(field.value)` 写上 `type`", en: "write its `type`"))
        case .titleTooWide(let object, let limit, let span):
            Diagnostic(
                code: "shows-too-wide",
                Words(zh: "`\(object)` 的名称由超过 \(limit) 条其他记录的名称组成", en: "the name of a `\(object)` is made of the names of more than \(limit) other records"),
                at: span, hint: Words(zh: "请在 `shows` 里用字段，少用链接", en: "use fields in `shows`, and fewer links"))
        case .unusableResult(let field, let isList):
            Diagnostic(
                code: "unusable-result",
                isList
                    ? Words(zh: "公式 `\(field.value)` 的结果是一个列表，字段里放不下", en: "the formula `\(field.value)` gives a list, which no field holds")
                    : Words(zh: "公式 `\(field.value)` 总是空的", en: "the formula `\(field.value)` is always blank"),
                at: field.span,
                hint: isList
                    ? Words(zh: "请用 `sum`、`count`、`join` 等汇总", en: "bring it together with `sum`, `count` or `join`")
                    : Words(zh: "请写 `type`，或改写公式", en: "give it a `type`, or write another formula"))
        case .decimalsDoNotFit(let span):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "公式的结果不是数字，不能写 `decimals`", en: "the formula gives no number; `decimals` does not go with it"),
                at: span, hint: Words(zh: "请删去 `decimals`", en: "leave `decimals` out"))
        case .formulaWithoutSign(let span, let field, let text):
            Diagnostic(
                code: "bad-value", Words(zh: "`\(field)`：这里要写一个值，公式要以 `=` 开头", en: "`\(field)`: a plain value stands here; a formula begins with `=`"),
                at: span, hint: Words(zh: "请写 `=\(text)`", en: "write `=\(text)`"))
        case .badValue(let span, let field, let issue):
            Diagnostic(
                code: "bad-value", Words(zh: "`\(field)`：\(issue.words.zh)", en: "`\(field)`: \(issue.words.en)"), at: span, hint: nil)
        case .defaultOfLink(let span, let field):
            Diagnostic(
                code: "bad-value", Words(zh: "`\(field)` 是关联，默认值只能是公式", en: "`\(field)` is a link; only a formula can be its default"), at: span,
                hint: Words(zh: "例如 `default: =me` 或 `default: =account.owner`", en: "write one like `default: =me` or `default: =account.owner`"))
        case .defaultReadsFormula(let span, let field, let reads):
            Diagnostic(
                code: "default-reads-formula",
                Words(
                    zh: "`\(field)` 的默认值用到了公式字段 `\(reads)`，而公式在默认值之后才计算",
                    en: "the default of `\(field)` reads the formula `\(reads)`, and formulas are computed after defaults are filled in"),
                at: span, hint: Words(zh: "请把那个公式直接写进默认值", en: "write that formula into the default itself"))
        case .showsReads(let span, let what):
            Diagnostic(
                code: "shows-changes-alone",
                Words(zh: "`shows` 用到了\(what.zh)，记录的名称会自己变化", en: "`shows` reads \(what.en); records would change their names by themselves"), at: span,
                hint: Words(zh: "请只用记录自己的字段", en: "use fields of the record"))
        case .alwaysTrue(let span):
            Diagnostic(
                .warning, code: "always-true", Words(zh: "这个条件总是成立", en: "this always holds"), at: span,
                hint: Words(zh: "请删去它，或让它依赖某个字段", en: "remove it, or let it depend on a field"))
        case .neverTrue(let span):
            Diagnostic(
                code: "never-true", Words(zh: "这个条件永远不成立", en: "this never holds"), at: span,
                hint: Words(zh: "请让它依赖某个字段", en: "let it depend on a field"))
        case .cleanDoesNotFit(let span, let step, let type):
            Diagnostic(
                code: "clean-does-not-fit", Words(zh: "清洗步骤 `\(step)` 不适用于\(type.zh)", en: "the cleaning step `\(step)` does not go with \(type.en)"),
                at: span, hint: Words(zh: "请删去它", en: "leave it out"))
        case .cleanTarget(let field):
            Diagnostic(
                code: "clean-target", Words(zh: "清洗结果不能放进 `\(field.value)`", en: "cleaning cannot fill `\(field.value)`"), at: field.span,
                hint: Words(zh: "请写一个可以填写的文本字段", en: "name a text field that is not computed"))
        case .beginsAtEnd(let stage):
            Diagnostic(
                code: "begins-at-end", Words(zh: "第一个阶段 `\(stage.value)` 就是结束", en: "the first stage, `\(stage.value)`, is an end"), at: stage.span,
                hint: Words(zh: "记录从第一个阶段开始，请在前面加一个阶段", en: "records begin in the first stage; put one before it"))
        case .unreachableStage(let stage):
            Diagnostic(
                code: "unreachable-stage", Words(zh: "没有办法进入阶段 `\(stage.value)`", en: "nothing leads to the stage `\(stage.value)`"), at: stage.span,
                hint: Words(zh: "请把它加进 `from_any`", en: "add it to `from_any`"))
        case .neverEntered(let stage):
            Diagnostic(
                code: "never-entered",
                Words(
                    zh: "记录从 `\(stage.value)` 开始，之后再不能进入，它的条件不起作用",
                    en: "records begin in `\(stage.value)` and never enter it again; its conditions have no effect"),
                at: stage.span, hint: Words(zh: "请把条件移到下一个阶段", en: "move the conditions to the next stage"))
        case .splitPhase(let stage, let phase):
            Diagnostic(
                code: "split-phase", Words(zh: "大阶段“\(phase)”的各阶段没有排在一起", en: "the stages of the phase “\(phase)” do not stand together"),
                at: stage.span, hint: Words(zh: "请把 `\(stage.value)` 移到同一大阶段的旁边", en: "move `\(stage.value)` next to the others"))
        case .fromAnyEverything(let stage):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "记录从 `\(stage.value)` 开始，写进 `from_any` 没有作用", en: "records begin in `\(stage.value)`; with `back` it can be entered from everywhere already"),
                at: stage.span, hint: Words(zh: "请从 `from_any` 中删去", en: "leave it out of `from_any`"))
        }
    }

    private func unknownName(_ name: Located<String>, _ subject: Subject, _ owner: String?, _ known: [String]) -> Diagnostic {
        let code: String
        let words: Words
        switch subject {
        case .object: (code, words) = ("unknown-object", Words(zh: "对象", en: "object"))
        case .list: (code, words) = ("unknown-choices", Words(zh: "选项表", en: "list of options"))
        case .role: (code, words) = ("unknown-role", Words(zh: "角色", en: "role"))
        case .field: (code, words) = ("unknown-field", Words(zh: "字段", en: "field"))
        case .stage: (code, words) = ("unknown-stage", Words(zh: "阶段", en: "stage"))
        case .connector: (code, words) = ("unknown-connector", Words(zh: "连接", en: "connector"))
        case .call: (code, words) = ("unknown-call", Words(zh: "调用", en: "call"))
        case .channel: (code, words) = ("unknown-channel", Words(zh: "渠道", en: "channel"))
        case .approval: (code, words) = ("unknown-approval", Words(zh: "审批", en: "approval"))
        case .level: (code, words) = ("unknown-level", Words(zh: "审批级别", en: "level"))
        case .assignment: (code, words) = ("unknown-assignment", Words(zh: "分配规则", en: "assignment"))
        case .inbound: (code, words) = ("unknown-inbound", Words(zh: "外来消息", en: "entry of `inbound`"))
        case .report: (code, words) = ("unknown-report", Words(zh: "报表", en: "report"))
        case .input: (code, words) = ("unknown-input", Words(zh: "输入", en: "input"))
        }
        let message =
            owner.map { Words(zh: "`\($0)` 没有\(words.zh) `\(name.value)`", en: "`\($0)` has no \(words.en) `\(name.value)`") }
            ?? Words(zh: "没有\(words.zh) `\(name.value)`", en: "there is no \(words.en) `\(name.value)`")
        return Diagnostic(code: code, message, at: name.span, hint: guess(name.value, known))
    }

    /// `a`, then `b`, and back.
    static func way(_ others: [String]) -> Words? {
        guard !others.isEmpty else { return nil }
        let names = others.map { "`\($0)`" }
        return Words(zh: "经过 \(names.joined(separator: " → "))", en: "by way of \(names.joined(separator: ", "))")
    }
}

/// A guess, if one is near; else what there is, as long as that is a few words.
func guess(_ word: String, _ known: [String]) -> Words? {
    if let match = closestMatch(to: word, among: known) {
        return Words(zh: "是不是 `\(match)`？", en: "did you mean `\(match)`?")
    }
    guard !known.isEmpty, known.count <= 12 else { return nil }
    let all = known.map { "`\($0)`" }
    return Words(zh: "可以写：\(all.joined(separator: "、"))", en: "there \(all.count == 1 ? "is" : "are") \(all.joined(separator: ", "))")
}
