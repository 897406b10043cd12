import SourceText
import LocatedYAML

/// What an author got wrong in the keys and shapes of an app. The wording is in the extension.
enum DefinitionIssue {
    /// The forms in which something may be written.
    enum Shape {
        case value, formula, list, map, listOrMap, fieldType

        var words: Words {
            switch self {
            case .value: Words(zh: "一个值", en: "a single value")
            case .formula: Words(zh: "一个公式", en: "a formula")
            case .list: Words(zh: "一个列表", en: "a list")
            case .map: Words(zh: "带键的映射", en: "keys with values")
            case .listOrMap: Words(zh: "列表或映射", en: "a list or keys with values")
            case .fieldType: Words(zh: "一个类型或带键的映射", en: "a type or keys with values")
            }
        }
    }

    enum Later {
        case key
    }

    enum NameFault {
        case empty, startsWithDigit, tooLong
        case character(Unicode.Scalar)
    }

    case missingApp(at: Span)
    case unknownKey(Located<String>, in: Construct)
    case wrongWord(Located<String>, right: String, in: Construct)
    case notYet(Located<String>, Later)
    case missingKey(String, owner: Located<String>)
    case wrongTopLevel(Construct, got: YAMLNode)
    case wrongShape(Located<String>, wants: Shape, got: YAMLNode, example: String?)
    case mapWhereText(Located<String>, content: String, at: Span)
    case noValue(Located<String>, at: Span)
    /// The text without its quotes.
    case curlyQuotes(Located<String>, key: String)
    case badSwitch(Located<String>, key: String)
    case badNumber(Located<String>, key: String, ClosedRange<Int>)
    case unknownWord(Located<String>, key: String, known: [String])
    case badName(Located<String>, Name.Kind, NameFault)
    case keywordName(Located<String>, Name.Kind)
    case reservedName(Located<String>, Name.Kind)
    case nameDiffersInCase(Located<String>, Name.Kind, first: Located<String>)
    case duplicateName(Located<String>, Name.Kind, first: Span)
    case unknownType(Located<String>, known: [String])
    case wrongType(Located<String>, right: String)
    case badType(Located<String>, form: String)
    case keyDoesNotFit(Located<String>, with: String, fits: [String])
    case saidTwice(Located<String>, String)
    case unknownStep(Located<String>)
    case badStep(Located<String>)
    case stepAction([Located<String>], of: Construct, at: Span)
    case badVersion(Located<String>)
    case languageVersion(Located<String>)
    /// The key, at the place of what should have been the name of a secret.
    case literalSecret(Located<String>)
    case badHeader(Located<String>)
}

extension Diagnostics {
    mutating func report(_ issue: DefinitionIssue) {
        // What seems to be missing may stand in the part that could not be read.
        if case .noValue = issue, hasUnreadParts { return }
        report(issue.diagnostic)
    }
}

extension DefinitionIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .missingApp(let span):
            Diagnostic(
                code: "missing-app", Words(zh: "没有文件写明 `app`", en: "no file says `app`"), at: span,
                hint: Words(zh: "请在一个文件里写 `app: { name: my_app }`", en: "write `app: { name: my_app }` in one of the files"))
        case .unknownKey(let key, let construct):
            unknownKey(key, construct)
        case .wrongWord(let key, let right, let construct):
            Diagnostic(
                code: "wrong-word",
                Words(zh: "\(construct.words.zh)里没有 `\(key.value)`", en: "`\(key.value)` is not a key of \(construct.words.en)"), at: key.span,
                hint: construct.later.contains(right)
                    ? Words(zh: "这里叫 `\(right)`，当前版本还不能运行", en: "the word is `\(right)`, which this version does not run yet")
                    : Words(zh: "请写 `\(right)`", en: "write `\(right)`"))
        case .notYet(let word, let later):
            notYet(word, later)
        case .missingKey(let key, let owner):
            Diagnostic(
                code: "missing-key", Words(zh: "`\(owner.value)` 缺少 `\(key)`", en: "`\(owner.value)` lacks `\(key)`"), at: owner.span,
                hint: Self.example(of: key).map { Words(zh: "例如 `\($0)`", en: "for example `\($0)`") })
        case .wrongTopLevel(let construct, let node):
            Diagnostic(
                code: "wrong-shape",
                Words(
                    zh: "\(construct.words.zh)应写成带键的映射，这里是\(Self.words(for: node).zh)",
                    en: "\(construct.words.en) is keys with values, and here stands \(Self.words(for: node).en)"),
                at: node.span,
                hint: construct.keys.first.map { Words(zh: "例如 `\($0): …`", en: "for example `\($0): …`") })
        case .wrongShape(let key, let wants, let node, let example):
            Diagnostic(
                code: "wrong-shape",
                Words(
                    zh: "`\(key.value)` 应是\(wants.words.zh)，这里是\(Self.words(for: node).zh)",
                    en: "`\(key.value)` takes \(wants.words.en), and here stands \(Self.words(for: node).en)"),
                at: node.span, hint: Self.hint(for: wants, node, example))
        case .mapWhereText(let key, let content, let span):
            Diagnostic(
                code: "map-where-text",
                Words(zh: "`\(key.value)` 应是文字，花括号在 YAML 里成了映射", en: "`\(key.value)` takes a text, and braces make a map in YAML"), at: span,
                hint: Words(zh: "请加引号：`\(key.value): \"{\(content)}\"`", en: "put it in quotes: `\(key.value): \"{\(content)}\"`"))
        case .curlyQuotes(let text, let key):
            Diagnostic(
                .warning, code: "curly-quotes",
                Words(zh: "中文引号会原样显示出来", en: "quotes of this form are part of the text, and people see them"), at: text.span,
                hint: Words(zh: "请写 `\(key): \"\(text.value)\"`", en: "write `\(key): \"\(text.value)\"`"))
        case .noValue(let key, let span):
            Diagnostic(
                code: "no-value", Words(zh: "`\(key.value)` 后面没有内容", en: "`\(key.value)` has no value"), at: span,
                hint: Words(zh: "请写上内容，或删去这一行", en: "write one, or leave the key out"))
        case .badSwitch(let word, let key):
            Diagnostic(
                code: "bad-switch", Words(zh: "`\(key)` 只能是 yes 或 no，不能是 `\(word.value)`", en: "`\(key)` is yes or no, not `\(word.value)`"),
                at: word.span, hint: Words(zh: "请写 `yes`、`no`、`是` 或 `否`", en: "write `yes` or `no`"))
        case .badNumber(let word, let key, let range):
            Diagnostic(
                code: "bad-number",
                Words(zh: "`\(key)` 应是 \(range.lowerBound) 到 \(range.upperBound) 的整数", en: "`\(key)` is a whole number from \(range.lowerBound) to \(range.upperBound)"),
                at: word.span, hint: Words(zh: "例如 `\(key): 2`", en: "for example `\(key): 2`"))
        case .unknownWord(let word, let key, let known):
            Diagnostic(
                code: "unknown-word", Words(zh: "`\(key)` 不能是 `\(word.value)`", en: "`\(key)` cannot be `\(word.value)`"), at: word.span,
                hint: Self.guess(word.value, known))
        case .badName(let name, let kind, let fault):
            badName(name, kind, fault)
        case .keywordName(let name, let kind):
            Diagnostic(
                code: "keyword-name",
                Words(zh: "`\(name.value)` 是公式里的词，不能作\(kind.words.zh)名", en: "`\(name.value)` is a word of formulas and cannot name \(kind.article) \(kind.words.en)"),
                at: name.span,
                hint: Words(zh: "请换一个名字，例如 `\(name.value)_1`；页面上显示的文字写在 `label`", en: "choose another name, such as `\(name.value)_1`; what people see is its `label`"))
        case .reservedName(let name, let kind):
            Diagnostic(
                code: "reserved-name",
                Words(zh: "每条记录本来就有 `\(name.value)`，不能再作\(kind.words.zh)名", en: "every record has `\(name.value)` already; it cannot name \(kind.article) \(kind.words.en)"),
                at: name.span,
                hint: Words(zh: "请换一个名字", en: "choose another name"))
        case .nameDiffersInCase(let name, let kind, let first):
            Diagnostic(
                code: "name-differs-in-case",
                Words(
                    zh: "\(kind.words.zh) `\(name.value)` 与 `\(first.value)` 只有大小写不同",
                    en: "the \(kind.words.en) `\(name.value)` differs from `\(first.value)` in case alone"),
                at: name.span, hint: Words(zh: "请换一个名字", en: "choose another name"),
                notes: [.init(Words(zh: "`\(first.value)` 在这里", en: "`\(first.value)` stands here"), at: first.span)])
        case .duplicateName(let name, let kind, let first):
            Diagnostic(
                code: "duplicate-name",
                Words(zh: "\(kind.words.zh) `\(name.value)` 写了两次", en: "the \(kind.words.en) `\(name.value)` is written twice"), at: name.span,
                hint: Words(zh: "请删去一个，或改名", en: "remove one, or give it another name"),
                notes: [.init(Words(zh: "第一次在这里", en: "the first stands here"), at: first)])
        case .unknownType(let word, let known):
            Diagnostic(
                code: "unknown-type", Words(zh: "没有类型 `\(word.value)`", en: "there is no type `\(word.value)`"), at: word.span,
                hint: Self.guess(word.value, known))
        case .wrongType(let word, let right):
            Diagnostic(
                code: "wrong-word", Words(zh: "没有类型 `\(word.value)`", en: "there is no type `\(word.value)`"), at: word.span,
                hint: Self.typeHint(right))
        case .badType(let text, let form):
            Diagnostic(
                code: "bad-type", Words(zh: "看不懂类型 `\(text.value)`", en: "the type `\(text.value)` cannot be read"), at: text.span,
                hint: Words(zh: "请写 `\(form)`", en: "write `\(form)`"))
        case .keyDoesNotFit(let key, let with, let fits):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "`\(key.value)` 不能与 `\(with)` 一起用", en: "`\(key.value)` does not go with `\(with)`"),
                at: key.span,
                hint: fits.isEmpty
                    ? Words(zh: "请删去 `\(key.value)`", en: "leave `\(key.value)` out")
                    : Words(zh: "它用于：\(fits.joined(separator: "、"))", en: "it goes with \(fits.joined(separator: ", "))"))
        case .saidTwice(let key, let other):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "`\(other)` 已经说明了，`\(key.value)` 多余", en: "`\(other)` says it already; `\(key.value)` is one too many"),
                at: key.span, hint: Words(zh: "请删去一个", en: "leave one of them out"))
        case .unknownStep(let word):
            Diagnostic(
                code: "unknown-clean-step", Words(zh: "没有清洗步骤 `\(word.value)`", en: "there is no cleaning step `\(word.value)`"), at: word.span,
                hint: Self.guess(word.value, CleanStepDefinition.Name.allCases.map(\.rawValue) + ["split"]))
        case .badStep(let text):
            Diagnostic(
                code: "bad-clean-step", Words(zh: "看不懂清洗步骤 `\(text.value)`", en: "the cleaning step `\(text.value)` cannot be read"), at: text.span,
                hint: Words(zh: "只有 `honorific → 字段` 带箭头", en: "only `honorific → FIELD` takes an arrow"))
        case .stepAction(let verbs, let construct, let span):
            stepAction(verbs, construct, span)
        case .badVersion(let version):
            Diagnostic(
                code: "bad-version", Words(zh: "`\(version.value)` 不是版本号", en: "`\(version.value)` is not a version"), at: version.span,
                hint: Words(zh: "请写成 `1.0.0`", en: "write it like `1.0.0`"))
        case .languageVersion(let word):
            Diagnostic(
                code: "language-version", Words(zh: "不认识语言版本 `\(word.value)`", en: "the language version `\(word.value)` is not known here"),
                at: word.span,
                hint: Words(zh: "请写 `language: \(HeaderDefinition.languageVersion)`", en: "write `language: \(HeaderDefinition.languageVersion)`"))
        case .literalSecret(let key):
            Diagnostic(
                code: "literal-secret",
                Words(zh: "`\(key.value)` 是机密，不能写在应用里", en: "`\(key.value)` is a secret and does not stand in the app"), at: key.span,
                hint: Words(
                    zh: "请写 `\(key.value): $NAME`，值放在环境变量 NAME 或 `secrets.env` 里",
                    en: "write `\(key.value): $NAME`, and put its value into the environment as NAME, or into `secrets.env`"))
        case .badHeader(let name):
            Diagnostic(
                code: "bad-header", Words(zh: "`\(name.value)` 不能作请求头", en: "`\(name.value)` cannot be a header here"), at: name.span,
                hint: Words(zh: "请写字母、数字和连字符，例如 `X-Signature`", en: "write letters, digits and dashes, such as `X-Signature`"))
        }
    }

    private func unknownKey(_ key: Located<String>, _ construct: Construct) -> Diagnostic {
        Diagnostic(
            code: "unknown-key", Words(zh: "\(construct.words.zh)里没有 `\(key.value)`", en: "`\(key.value)` is not a key of \(construct.words.en)"),
            at: key.span, hint: Self.guess(key.value, construct.keys))
    }

    private func notYet(_ word: Located<String>, _ later: Later) -> Diagnostic {
        let what: Words =
            switch later {
            case .key: Words(zh: "`\(word.value)` ", en: "`\(word.value)`")
            }
        return Diagnostic(
            code: "not-yet", Words(zh: "\(what.zh)属于本语言，但当前版本还不能运行", en: "\(what.en) is part of the language, but this version does not run it"),
            at: word.span,
            hint: Words(zh: "请先删去：不会生效的内容一概拒绝", en: "leave it out for now: what would have no effect is refused"))
    }

    private func badName(_ name: Located<String>, _ kind: Name.Kind, _ fault: NameFault) -> Diagnostic {
        let reason: Words =
            switch fault {
            case .empty: Words(zh: "名字是空的", en: "a name cannot be empty")
            case .startsWithDigit: Words(zh: "`\(name.value)` 以数字开头", en: "`\(name.value)` starts with a digit")
            case .tooLong: Words(zh: "名字超过 \(Name.maximumLength) 个字符", en: "the name has more than \(Name.maximumLength) characters")
            case .character(let scalar):
                scalar == " "
                    ? Words(zh: "名字 `\(name.value)` 里不能有空格", en: "the name `\(name.value)` cannot hold a space")
                    : Words(zh: "名字 `\(name.value)` 里不能有 `\(Self.visible(scalar))`", en: "the name `\(name.value)` cannot hold `\(Self.visible(scalar))`")
            }
        let better = Self.betterName(for: name.value)
        return Diagnostic(
            code: "bad-name", reason, at: name.span,
            hint: Words(
                zh: (better.map { "请写 `\($0)`；" } ?? "")
                    + "\(kind.words.zh)的名字由文字、数字和下划线组成，不以数字开头；显示的文字写在 `label`",
                en: (better.map { "write `\($0)`: " } ?? "")
                    + "names are letters, digits and underscores, and do not start with a digit; what people see is the `label`"))
    }

    /// The name with an underscore for all that cannot stand in one; nil if little is left of it.
    private static func betterName(for name: String) -> String? {
        var better = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            let fits = scalar.properties.isAlphabetic || scalar.properties.generalCategory == .decimalNumber
            if fits { better.append(scalar) } else if better.last.map({ $0 != "_" }) ?? false { better.append("_") }
        }
        while better.last == "_" { better.removeLast() }
        guard let first = better.first, first.properties.generalCategory != .decimalNumber, better.count <= Name.maximumLength else { return nil }
        return String(better)
    }

    private func stepAction(_ verbs: [Located<String>], _ construct: Construct, _ span: Span) -> Diagnostic {
        let actions = (construct == .action ? StepDefinition.verbs : ScenarioDefinition.Step.actions).map { "`\($0)`" }
        if verbs.count > 1 {
            return Diagnostic(
                code: "step-action",
                Words(zh: "一个步骤只做一件事，`\(verbs[0].value)` 与 `\(verbs[1].value)` 要分开", en: "a step does one thing; `\(verbs[0].value)` and `\(verbs[1].value)` are two"),
                at: verbs[1].span, hint: Words(zh: "请另起一个 `- `", en: "begin another `- `"))
        }
        return Diagnostic(
            code: "step-action", Words(zh: "步骤没有说要做什么", en: "the step does not say what is done"), at: span,
            hint: Words(zh: "请写 \(actions.joined(separator: "、")) 之一", en: "write one of \(actions.joined(separator: ", "))"))
    }

    /// A guess, if one is near; else what there is.
    private static func guess(_ word: String, _ known: [String]) -> Words {
        if let match = closestMatch(to: word, among: known) {
            return Words(zh: "是不是 `\(match)`？", en: "did you mean `\(match)`?")
        }
        let all = known.map { "`\($0)`" }
        return Words(zh: "可以写：\(all.joined(separator: "、"))", en: "there \(all.count == 1 ? "is" : "are") \(all.joined(separator: ", "))")
    }

    private static func typeHint(_ type: String) -> Words {
        switch type {
        case "link": Words(zh: "请写 `link to 对象`", en: "write `link to OBJECT`")
        case "choice", "choices": Words(zh: "请写 `\(type) of 选项表`，或 `\(type)` 加 `options`", en: "write `\(type) of LIST`, or `\(type)` with `options`")
        case "stage": Words(zh: "请写 `type: stage` 加 `stages`", en: "write `type: stage` with `stages`")
        default: Words(zh: "请写 `\(type)`", en: "write `\(type)`")
        }
    }

    private static func hint(for wants: Shape, _ node: YAMLNode, _ example: String?) -> Words? {
        if let example { return Words(zh: "例如 `\(example)`", en: "for example `\(example)`") }
        switch (wants, node.content) {
        case (.value, .mapping), (.formula, .mapping), (.formula, .sequence):
            return Words(zh: "花括号或方括号开头的内容要加引号", en: "put what begins with a brace or bracket in quotes")
        case (.list, _):
            return Words(zh: "每一项前面写 `- `", en: "begin each item with `- `")
        case (.map, .sequence):
            return Words(zh: "请去掉每项前面的 `- `，写成 `名字: …`", en: "write `NAME: …` in place of `- …`")
        case (.map, _), (.value, _), (.formula, _), (.listOrMap, _), (.fieldType, _):
            return nil
        }
    }

    private static func example(of key: String) -> String? {
        switch key {
        case "name": "name: crm"
        case "week": "week: { mon-fri: 09:00-18:00 }"
        case "options": "options: { new: 新建, done: 完成 }"
        case "to": "to: user"
        case "stages": "stages: { new: {}, won: { end: won } }"
        case "must": "must: amount > 0"
        case "steps": "steps: [ { create: lead } ]"
        case "split": "split: '/'"
        case "into": "into: [name, role]"
        case "with": "with: { amount: 1200 }"
        case "kind": "kind: http"
        case "url": "url: $ROBOT_URL"
        case "host": "host: smtp.example.com"
        case "from": "from: crm@example.com"
        case "base": "base: https://api.example.com"
        case "calls": "calls: { ring: { post: /v1/calls, send: { to: '{to}' } } }"
        case "connector": "connector: sales_robot"
        case "post": "post: /v1/calls"
        case "get": "get: /v1/calls/{key}"
        case "sent": "sent: body.status = 'accepted'"
        case "look_up": "look_up: { get: '/v1/calls/{key}', sent: body.status = 'accepted' }"
        case "secret": "secret: $SECRET"
        case "header": "header: X-Signature"
        case "oauth2": "bearer: $TOKEN"
        case "verify": "verify: { hmac: sha256, header: X-Signature, secret: $SECRET }"
        case "hmac": "hmac: sha256"
        case "creates": "creates: lead"
        case "map": "map: { name: body.name }"
        case "body": "body: { name: 张三 }"
        case "token_url": "token_url: https://api.example.com/token"
        case "client": "client: $CLIENT"
        case "user": "user: $USER"
        case "password": "password: $PASSWORD"
        default: nil
        }
    }

    private static func words(for node: YAMLNode) -> Words {
        switch node.content {
        case .scalar(let scalar): scalar.isNoValue ? Words(zh: "空的", en: "nothing") : Words(zh: "一个值", en: "a single value")
        case .sequence: Words(zh: "一个列表", en: "a list")
        case .mapping: Words(zh: "带键的映射", en: "keys with values")
        }
    }

    private static func visible(_ scalar: Unicode.Scalar) -> String {
        scalar.value < 0x20 || scalar.properties.isWhitespace
            ? "U+" + String(scalar.value, radix: 16, uppercase: true) : String(scalar)
    }
}
