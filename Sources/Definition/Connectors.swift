package import SourceText
import LocatedYAML

/// A door to something outside, under `connectors`.
package struct ConnectorDefinition: Sendable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The webhook of a robot in a group chat of WeCom.
        case wecomRobot = "wecom_robot"
        /// Mail.
        case smtp
        /// Named calls to any HTTP interface.
        case http
        /// Our own signed message to somebody else's program.
        case webhook

        /// The keys that go with it, those that must be there first.
        var keys: (required: [String], optional: [String]) {
            switch self {
            case .wecomRobot: (["url"], [])
            case .smtp: (["host", "from"], ["port", "security", "user", "password"])
            case .http: (["base", "calls"], ["auth"])
            case .webhook: (["url", "secret"], [])
            }
        }

        static let keysOfEvery = ["kind", "label", "limits", "allow_private"]
    }

    package enum Security: String, Sendable, Hashable, CaseIterable { case tls, starttls, none }

    package var name: Located<String>
    package var kind: Located<Kind>
    package var label: LabelDefinition?
    package var url: SettingDefinition?
    package var host: Located<String>?
    package var port: Located<Int>?
    package var security: Located<Security>?
    package var from: Located<String>?
    package var user: SettingDefinition?
    package var password: Located<String>?
    package var secret: Located<String>?
    package var base: SettingDefinition?
    package var auth: AuthDefinition?
    package var calls: [CallDefinition] = []
    package var limits: LimitsDefinition?
    package var allowsPrivate: Located<Bool>?

    package init(name: Located<String>, kind: Located<Kind>) {
        self.name = name
        self.kind = kind
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ConnectorDefinition] {
        namedEntries(of: entry, as: .connector, &report).compactMap { connector in
            guard names.declare(connector.key, &report), let keys = KeyReader(connector, of: .connector, &report) else { return nil }
            return read(connector, keys, &report)
        }
    }

    private static func read(_ entry: YAMLEntry, _ keys: KeyReader, _ report: inout Diagnostics) -> ConnectorDefinition? {
        guard let word = keys.required("kind", owner: entry.key, &report)?.oneOf(Kind.allCases.map(\.rawValue), &report),
            let kind = Kind(rawValue: word.value)
        else { return nil }
        let (needed, optional) = kind.keys
        for other in keys.entries where !(Kind.keysOfEvery + needed + optional).contains(other.key.value) {
            let fits = Kind.allCases.filter { ($0.keys.required + $0.keys.optional).contains(other.key.value) }
            report.report(.keyDoesNotFit(other.key, with: kind.rawValue, fits: fits.map(\.rawValue)))
        }
        var isWhole = true
        for key in needed where keys.required(key, owner: entry.key, &report) == nil { isWhole = false }
        var connector = ConnectorDefinition(name: entry.key, kind: Located(kind, at: word.span))
        connector.label = keys["label"]?.label(&report)
        // The address of a robot holds its key: whoever knows it may write to the group.
        connector.url = kind == .wecomRobot ? keys["url"]?.secret(&report).map { .secret($0) } : keys["url"]?.setting(&report)
        connector.host = keys["host"]?.text(&report)
        connector.port = keys["port"]?.whole(in: 1...65_535, &report)
        connector.security = keys["security"]?.oneOf(Security.allCases.map(\.rawValue), &report).flatMap { word in
            Security(rawValue: word.value).map { Located($0, at: word.span) }
        }
        connector.from = keys["from"]?.text(&report)
        connector.user = keys["user"]?.setting(&report)
        connector.password = keys["password"]?.secret(&report)
        connector.secret = keys["secret"]?.secret(&report)
        connector.base = keys["base"]?.setting(&report)
        connector.auth = keys["auth"].flatMap { AuthDefinition.read($0, &report) }
        connector.calls = keys["calls"].map { CallDefinition.read($0, &report) } ?? []
        connector.limits = keys["limits"].flatMap { LimitsDefinition.read($0, &report) }
        connector.allowsPrivate = keys["allow_private"]?.switched(&report)
        return isWhole ? connector : nil
    }
}

/// How a call says who makes it.
package enum AuthDefinition: Sendable {
    case oauth2(tokenURL: SettingDefinition, client: SettingDefinition, secret: Located<String>, scope: Located<String>?)
    case bearer(Located<String>)
    case basic(user: SettingDefinition, password: Located<String>)
    case hmac(SignatureDefinition)

    /// Exactly one of these stands in it.
    static let ways = ["oauth2", "bearer", "basic", "hmac"]

    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> AuthDefinition? {
        guard let keys = KeyReader(entry, of: .auth, &report) else { return nil }
        let said = keys.entries.filter { ways.contains($0.key.value) }
        guard let way = said.first else {
            if keys.isComplete { report.report(.missingKey(ways[0], owner: entry.key)) }
            return nil
        }
        for other in keys.entries where other.key.value != way.key.value {
            if way.key.value == "hmac", SignatureDefinition.keys.contains(other.key.value) { continue }
            report.report(.keyDoesNotFit(other.key, with: way.key.value, fits: ways.contains(other.key.value) ? [] : ["hmac"]))
        }
        switch way.key.value {
        case "oauth2":
            guard let inner = KeyReader(way, of: .oauth2, &report) else { return nil }
            let url = inner.required("token_url", owner: way.key, &report)?.setting(&report)
            let client = inner.required("client", owner: way.key, &report)?.setting(&report)
            let secret = inner.required("secret", owner: way.key, &report)?.secret(&report)
            let scope = inner["scope"]?.text(&report)
            guard let url, let client, let secret else { return nil }
            return .oauth2(tokenURL: url, client: client, secret: secret, scope: scope)
        case "bearer": return way.secret(&report).map { .bearer($0) }
        case "basic":
            guard let inner = KeyReader(way, of: .basic, &report) else { return nil }
            let user = inner.required("user", owner: way.key, &report)?.setting(&report)
            let password = inner.required("password", owner: way.key, &report)?.secret(&report)
            guard let user, let password else { return nil }
            return .basic(user: user, password: password)
        default: return SignatureDefinition.read(way, keys, &report).map { .hmac($0) }
        }
    }
}

/// `{ hmac: sha256, header: X-Signature, secret: $KEY }`: how a message is signed, one that goes out or one that comes in.
package struct SignatureDefinition: Sendable {
    package enum Algorithm: String, Sendable, Hashable, CaseIterable { case sha1, sha256, sha512 }
    package enum Encoding: String, Sendable, Hashable, CaseIterable { case hex, base64 }

    package var algorithm: Algorithm
    package var header: Located<String>
    package var secret: Located<String>
    package var encoding: Encoding
    /// What stands before the signature in its header, such as `sha256=`.
    package var prefix: String
    /// The header with the time in seconds; it is signed too, before the body and a full stop.
    package var timestamp: Located<String>?

    /// The keys beside `hmac`, those that must be there first.
    static let keys = ["header", "secret", "encoding", "prefix", "timestamp"]
    static let requiredKeys = ["header", "secret"]

    static func read(_ entry: YAMLEntry, _ keys: KeyReader, _ report: inout Diagnostics) -> SignatureDefinition? {
        let algorithm = entry.oneOf(Algorithm.allCases.map(\.rawValue), &report).flatMap { Algorithm(rawValue: $0.value) }
        let header = keys.required("header", owner: entry.key, &report)?.headerName(&report)
        let secret = keys.required("secret", owner: entry.key, &report)?.secret(&report)
        let encoding = keys["encoding"]?.oneOf(Encoding.allCases.map(\.rawValue), &report).flatMap { Encoding(rawValue: $0.value) }
        let prefix = keys["prefix"]?.text(&report)
        let timestamp = keys["timestamp"]?.headerName(&report)
        guard let algorithm, let header, let secret else { return nil }
        return SignatureDefinition(
            algorithm: algorithm, header: header, secret: secret, encoding: encoding ?? .hex, prefix: prefix?.value ?? "", timestamp: timestamp)
    }
}

/// `limits: { per_minute: 60, timeout: 10s, at_once: 4 }`
package struct LimitsDefinition: Sendable {
    package var perMinute: Located<Int>?
    package var timeout: Located<String>?
    package var atOnce: Located<Int>?

    static let perMinuteRange = 1...100_000
    static let atOnceRange = 1...64

    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> LimitsDefinition? {
        guard let keys = KeyReader(entry, of: .limits, &report) else { return nil }
        return LimitsDefinition(
            perMinute: keys["per_minute"]?.whole(in: perMinuteRange, &report), timeout: keys["timeout"]?.text(&report),
            atOnce: keys["at_once"]?.whole(in: atOnceRange, &report))
    }
}

/// A call of an HTTP connector, under `calls`.
package struct CallDefinition: Sendable {
    package enum Method: String, Sendable, Hashable, CaseIterable { case get, post, put, patch, delete }
    package enum Format: String, Sendable, Hashable, CaseIterable { case json, form }
    package enum OnUnknown: String, Sendable, Hashable, CaseIterable {
        case retry, reconcile
        case assumeSent = "assume_sent"
    }

    /// What is asked before a call is made a second time.
    package struct LookUp: Sendable {
        package var path: EmbeddedText
        package var sent: EmbeddedText
    }

    package var name: Located<String>
    package var label: LabelDefinition?
    package var method: Method
    package var path: EmbeddedText
    package var send: PayloadDefinition?
    package var format: Located<Format>?
    package var headers: [(name: Located<String>, value: EmbeddedText)]
    package var ok: EmbeddedText?
    package var receipt: EmbeddedText?
    package var onUnknown: Located<OnUnknown>?
    package var lookUp: LookUp?

    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [CallDefinition] {
        var names = NameTable(.call)
        if case .mapping(let calls) = entry.value.content, calls.isEmpty { report.report(.noValue(entry.key, at: entry.key.span)) }
        return namedEntries(of: entry, as: .call, &report).compactMap { call in
            guard names.declare(call.key, &report), let keys = KeyReader(call, of: .call, &report) else { return nil }
            let methods = keys.entries.filter { Method(rawValue: $0.key.value) != nil }
            guard let verb = methods.first, let method = Method(rawValue: verb.key.value) else {
                if keys.isComplete { report.report(.missingKey("post", owner: call.key)) }
                return nil
            }
            if let other = methods.dropFirst().first { report.report(.keyDoesNotFit(other.key, with: verb.key.value, fits: [])) }
            if method == .get, let body = keys["send"] {
                report.report(.keyDoesNotFit(body.key, with: "get", fits: Method.allCases.filter { $0 != .get }.map(\.rawValue)))
            }
            let onUnknown = keys["on_unknown"]?.oneOf(OnUnknown.allCases.map(\.rawValue), &report).flatMap { word in
                OnUnknown(rawValue: word.value).map { Located($0, at: word.span) }
            }
            let lookUp = keys["look_up"].flatMap { LookUp.read($0, &report) }
            if let onUnknown, onUnknown.value == .reconcile, keys["look_up"] == nil, keys.isComplete {
                report.report(.missingKey("look_up", owner: Located("on_unknown", at: onUnknown.span)))
            }
            let headers = keys["headers"]?.entries(&report).compactMap { header -> (name: Located<String>, value: EmbeddedText)? in
                guard header.isHeaderName(&report), let value = header.embedded(&report) else { return nil }
                return (header.key, value)
            }
            guard let path = verb.embedded(&report) else { return nil }
            return CallDefinition(
                name: call.key, label: keys["label"]?.label(&report), method: method, path: path,
                send: keys["send"].flatMap { PayloadDefinition.read($0, &report) },
                format: keys["as"]?.oneOf(Format.allCases.map(\.rawValue), &report).flatMap { word in Format(rawValue: word.value).map { Located($0, at: word.span) } },
                headers: headers ?? [], ok: keys["ok"]?.formula(&report), receipt: keys["receipt"]?.formula(&report), onUnknown: onUnknown, lookUp: lookUp)
        }
    }
}

extension CallDefinition.LookUp {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard let keys = KeyReader(entry, of: .lookUp, &report) else { return nil }
        let path = keys.required("get", owner: entry.key, &report)?.embedded(&report)
        let sent = keys.required("sent", owner: entry.key, &report)?.formula(&report)
        guard let path, let sent else { return nil }
        return Self(path: path, sent: sent)
    }
}

/// What a call sends: texts with `{inputs}` in braces, in maps and lists; a leading `=` makes `=3`, `=true` a number or a yes or no.
package indirect enum PayloadDefinition: Sendable {
    case text(EmbeddedText)
    case list([PayloadDefinition])
    case map([(name: Located<String>, value: PayloadDefinition)])

    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> PayloadDefinition? {
        switch entry.value.content {
        case .scalar: return entry.embedded(&report).map { .text($0) }
        case .sequence(let items): return .list(items.compactMap { read(YAMLEntry(key: entry.key, value: $0), &report) })
        case .mapping(let entries):
            return .map(entries.compactMap { member in read(member, &report).map { (name: member.key, value: $0) } })
        }
    }
}

/// A value that may stand in the text or be kept out of it.
package enum SettingDefinition: Sendable {
    case text(Located<String>)
    /// The name behind the `$`.
    case secret(Located<String>)

    package var span: Span {
        switch self {
        case .text(let text), .secret(let text): text.span
        }
    }
}

extension YAMLEntry {
    /// `$NAME`: a secret is never written into the text.
    func secret(_ report: inout Diagnostics) -> Located<String>? {
        guard let word = text(&report) else { return nil }
        guard let name = Self.secretName(word.value) else {
            report.report(.literalSecret(Located(key.value, at: word.span)))
            return nil
        }
        return Located(name, at: word.span)
    }

    /// A text, or `$NAME`.
    func setting(_ report: inout Diagnostics) -> SettingDefinition? {
        guard let word = text(&report) else { return nil }
        guard word.value.hasPrefix("$") else { return .text(word) }
        return secret(&report).map { .secret($0) }
    }

    static let secretPattern = "^\\$[A-Za-z_][A-Za-z0-9_]*$"

    private static func secretName(_ text: String) -> String? {
        guard text.hasPrefix("$"), let first = text.utf8.dropFirst().first else { return nil }
        let isLetter = { (byte: UInt8) in byte == 0x5F || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
        guard isLetter(first), text.utf8.dropFirst().allSatisfy({ isLetter($0) || (0x30...0x39).contains($0) }) else { return nil }
        return String(text.dropFirst())
    }

    /// The name of a header, such as `X-Signature`.
    func headerName(_ report: inout Diagnostics) -> Located<String>? {
        guard let word = text(&report) else { return nil }
        guard Self.isHeaderName(word.value) else {
            report.report(.badHeader(word))
            return nil
        }
        return word
    }

    /// Whether the key is the name of a header that an author may set.
    func isHeaderName(_ report: inout Diagnostics) -> Bool {
        guard !Self.isHeaderName(key.value) else { return true }
        report.report(.badHeader(key))
        return false
    }

    static let framingHeaders = ["host", "content-length", "transfer-encoding", "connection", "upgrade", "te", "trailer", "expect"]

    /// Letters, digits and dashes; those that frame a message are ours.
    private static func isHeaderName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 100 && !framingHeaders.contains(text.lowercased())
            && text.utf8.allSatisfy { $0 == 0x2D || (0x30...0x39).contains($0) || (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
    }
}
