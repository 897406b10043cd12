import SourceText

/// What an author got wrong about connectors, channels and what comes in. The wording is in the extension.
enum ConnectorIssue {
    case badAddress(Located<String>)
    case badPath(Located<String>)
    case badPlaceholder(Span)
    case formNeedsTexts(Span)
    case aboveProviderLimit(Span, limit: Int)
    case lonelyKey(Located<String>, needs: String)
    case openPassword(Span)
    case ladderInLadder(Located<String>)
    case rungTwice(Located<String>)
    case missingCall(Located<String>, known: [String])
    case missingInput(String, of: String, at: Span)
    case keyWithoutEffect(Located<String>, with: String)
    case messageTooLong(Span, bytes: Int, limit: Int)
    case onceIsAlwaysTheSame(Span)
    case inboundMakesPeople(Located<String>)
    case holdsNoAddress(Located<String>)
    case cannotReceive(Located<String>, rungs: [String])
    case addressTaken(Located<String>, first: Span)
    case nobodyListens(Located<String>)
}

extension Diagnostics {
    mutating func report(_ issue: ConnectorIssue) { report(issue.diagnostic) }
}

extension ConnectorIssue {
    var diagnostic: Diagnostic {
        switch self {
        case .badAddress(let text):
            Diagnostic(
                code: "bad-address", Words(zh: "`\(text.value)` 不是可以连接的地址", en: "`\(text.value)` is no address that can be called"), at: text.span,
                hint: Words(zh: "请写成 `https://api.example.com` 这样，不带用户名和 `#`", en: "write one like `https://api.example.com`, without a user name and `#`"))
        case .badPath(let text):
            Diagnostic(
                code: "bad-path", Words(zh: "路径 `\(text.value)` 要以 `/` 开头", en: "the path `\(text.value)` has to begin with `/`"), at: text.span,
                hint: Words(zh: "它接在 `base` 后面，例如 `post: /v1/calls`", en: "it follows the `base`, as in `post: /v1/calls`"))
        case .badPlaceholder(let span):
            Diagnostic(
                code: "bad-placeholder", Words(zh: "花括号里只能写一个输入的名字", en: "the name of an input stands in braces here, and nothing else"), at: span,
                hint: Words(
                    zh: "请写 `{to}` 这样；字面的花括号写两次 `{{`，数字写 `=3`；要计算的内容写在 `with` 里",
                    en: "write one like `{to}`; a brace itself is `{{`, a number `=3`; what is computed stands in `with`"))
        case .formNeedsTexts(let span):
            Diagnostic(
                code: "form-needs-texts", Words(zh: "`as: form` 只能发送一层名字和文字", en: "`as: form` sends names with texts, and nothing deeper"), at: span,
                hint: Words(zh: "请把 `send` 写成 `{ 名字: 文字 }`，或改用 `as: json`", en: "make `send` a map of texts, or write `as: json`"))
        case .aboveProviderLimit(let span, let limit):
            Diagnostic(
                .warning, code: "above-provider-limit",
                Words(zh: "对方每分钟只接受 \(limit) 条，超出的部分不起作用", en: "the other side takes \(limit) messages a minute; more has no effect"), at: span,
                hint: Words(zh: "请写 `per_minute: \(limit)` 或更小", en: "write `per_minute: \(limit)` or less"))
        case .lonelyKey(let key, let needs):
            Diagnostic(
                code: "lonely-key", Words(zh: "有 `\(key.value)` 就要有 `\(needs)`", en: "`\(key.value)` goes with `\(needs)`, which is missing"), at: key.span,
                hint: Words(zh: "请补上 `\(needs)`，或删去 `\(key.value)`", en: "add `\(needs)`, or leave `\(key.value)` out"))
        case .openPassword(let span):
            Diagnostic(
                code: "open-password", Words(zh: "没有加密的连接会泄露密码", en: "over a connection without encryption everybody reads the password"), at: span,
                hint: Words(zh: "请写 `security: tls` 或 `starttls`，或删去 `user` 和 `password`", en: "write `security: tls` or `starttls`, or leave `user` and `password` out"))
        case .ladderInLadder(let rung):
            Diagnostic(
                code: "ladder-in-ladder", Words(zh: "`\(rung.value)` 本身也是阶梯，不能放进 `try`", en: "`\(rung.value)` is a ladder itself and cannot be a rung"),
                at: rung.span, hint: Words(zh: "请直接写出它的各个渠道", en: "write its channels here"))
        case .rungTwice(let rung):
            Diagnostic(
                code: "rung-twice", Words(zh: "`\(rung.value)` 在 `try` 里写了两次", en: "`\(rung.value)` stands in `try` twice"), at: rung.span,
                hint: Words(zh: "请删去一个；同一渠道不会试两次", en: "leave one out; a channel is tried once"))
        case .missingCall(let connector, let known):
            Diagnostic(
                code: "missing-call", Words(zh: "`\(connector.value)` 有几个调用，没有写用哪个", en: "`\(connector.value)` has several calls, and none is chosen"),
                at: connector.span,
                hint: Words(
                    zh: "请写 `call`：\(known.map { "`\($0)`" }.joined(separator: "、"))", en: "write `call`: \(known.map { "`\($0)`" }.joined(separator: ", "))"))
        case .missingInput(let input, let call, let span):
            Diagnostic(
                code: "missing-input", Words(zh: "调用 `\(call)` 需要 `\(input)`", en: "the call `\(call)` needs `\(input)`"), at: span,
                hint: Words(zh: "请写 `with: { \(input): \"{message}\" }` 这样", en: "write something like `with: { \(input): \"{message}\" }`"))
        case .keyWithoutEffect(let key, let kind):
            Diagnostic(
                code: "key-does-not-fit", Words(zh: "`\(key.value)` 不能与 `\(kind)` 一起用", en: "`\(key.value)` does not go with `\(kind)`"), at: key.span,
                hint: Words(zh: "请删去 `\(key.value)`", en: "leave `\(key.value)` out"))
        case .onceIsAlwaysTheSame(let span):
            Diagnostic(
                code: "once-without-body", Words(zh: "`once` 没有用到 `body`，所有消息都会被当作同一条", en: "`once` does not read `body`, so all messages would be one"),
                at: span, hint: Words(zh: "请写消息自己的编号，例如 `once: body.id`", en: "write what numbers the messages, for example `once: body.id`"))
        case .inboundMakesPeople(let object):
            Diagnostic(
                code: "inbound-user", Words(zh: "外来消息不能新建用户", en: "messages from outside do not make users"), at: object.span,
                hint: Words(zh: "请先存成别的对象，再由人添加用户", en: "keep them as another object; people add users"))
        case .holdsNoAddress(let field):
            Diagnostic(
                code: "no-address", Words(zh: "`user.\(field.value)` 里没有地址", en: "`user.\(field.value)` holds no address"), at: field.span,
                hint: Words(zh: "请写类型为 phone、email 或 text 的字段", en: "name a field of the type phone, email or text"))
        case .cannotReceive(let channel, let rungs):
            Diagnostic(
                code: "cannot-receive", Words(zh: "渠道 `\(channel.value)` 收不到消息", en: "nothing comes in over the channel `\(channel.value)`"), at: channel.span,
                hint: rungs.isEmpty
                    ? Words(zh: "请在渠道上写 `receives`", en: "give the channel `receives`")
                    : Words(zh: "请写阶梯里的 \(rungs.map { "`\($0)`" }.joined(separator: "、"))", en: "name the rung: \(rungs.map { "`\($0)`" }.joined(separator: ", "))"))
        case .addressTaken(let channel, let first):
            Diagnostic(
                code: "address-taken", Words(zh: "地址 `/in/\(channel.value)` 已属于 `inbound` 里的同名项", en: "the address `/in/\(channel.value)` belongs to an entry of `inbound`"),
                at: channel.span, hint: Words(zh: "请给其中一个改名", en: "rename one of them"), notes: [Diagnostic.Note(Words(zh: "在这里", en: "here"), at: first)])
        case .nobodyListens(let channel):
            Diagnostic(
                .warning, code: "nobody-listens", Words(zh: "渠道 `\(channel.value)` 收到的消息没有人听", en: "nothing listens to what comes in over `\(channel.value)`"),
                at: channel.span, hint: Words(zh: "请写一个 `when: message in \(channel.value)` 的自动化，或删去 `receives`", en: "write an automation with `when: message in \(channel.value)`, or leave `receives` out"))
        case .messageTooLong(let span, let bytes, let limit):
            Diagnostic(
                code: "message-too-long",
                Words(zh: "固定文字有 \(bytes) 字节，企业微信最多收 \(limit) 字节", en: "the fixed words take \(bytes) bytes, and WeCom takes \(limit) at most"), at: span,
                hint: Words(zh: "请缩短；一个汉字占 3 字节", en: "shorten it; a Chinese character takes 3 bytes"))
        }
    }
}
