import Definition
package import Formula
package import SourceText

/// A door to something outside. Secrets are names; their values are found when it is used.
package struct CheckedConnector: Sendable {
    package enum Kind: Sendable {
        /// A robot in a group chat of WeCom; its address is a secret.
        case wecomRobot(url: ConnectorSetting)
        case mail(MailSettings)
        case http(HTTPSettings)
        /// Our own signed message.
        case webhook(url: ConnectorSetting, secret: String)
    }

    package let name: String
    package let label: Words
    package let kind: Kind
    package let limits: ConnectorLimits
    /// Whether it may lead to addresses inside the own network.
    package let allowsPrivate: Bool
    package let declaredAt: Span

    /// The call of this name; nil for connectors without calls.
    package func call(named name: String) -> CheckedCall? {
        guard case .http(let settings) = kind else { return nil }
        return settings.calls.first { $0.name == name }
    }

    /// What is done when nobody knows whether a message arrived.
    package func onUnknown(_ call: String?) -> OnUnknown {
        switch kind {
        // Without receipts there is nobody to ask, and a group is told twice sooner than a person is called twice.
        case .wecomRobot, .mail: .assumeSent
        case .webhook: .retry
        case .http: call.flatMap { self.call(named: $0) }?.onUnknown ?? .retry
        }
    }

    /// The names of the secrets that it needs.
    package var secrets: [String] {
        switch kind {
        case .wecomRobot(let url): [url.secretName].compactMap { $0 }
        case .mail(let mail): [mail.user?.secretName, mail.password].compactMap { $0 }
        case .webhook(let url, let secret): [url.secretName, secret].compactMap { $0 }
        case .http(let settings): [settings.base.secretName].compactMap { $0 } + (settings.auth?.secrets ?? [])
        }
    }
}

package enum OnUnknown: Sendable, Hashable {
    /// Sent again, with the same key.
    case retry
    /// Asked first (`look_up`), and sent again only if it did not arrive.
    case reconcile
    /// Taken as arrived.
    case assumeSent
}

/// A value that stands in the app, or the name of a secret.
package enum ConnectorSetting: Sendable, Hashable {
    case text(String)
    case secret(String)

    package var secretName: String? {
        if case .secret(let name) = self { name } else { nil }
    }
}

package struct ConnectorLimits: Sendable, Hashable {
    /// Messages in a minute; nil without a bound.
    package let perMinute: Int?
    /// For one attempt, from the name's look-up to the last byte of the answer.
    package let timeout: TimeSpan
    /// Attempts that are under way at the same time.
    package let atOnce: Int

    package init(perMinute: Int?, timeout: TimeSpan, atOnce: Int) {
        self.perMinute = perMinute
        self.timeout = timeout
        self.atOnce = atOnce
    }

    package static let standardTimeout = TimeSpan(microseconds: 30 * Microseconds.perSecond)
    package static let longestTimeout = TimeSpan(microseconds: 5 * Microseconds.perMinute)
    package static let standardAtOnce = 4
}

package struct MailSettings: Sendable {
    package enum Security: Sendable, Hashable { case tls, startTLS, none }

    package let host: String
    package let port: Int
    package let security: Security
    package let from: String
    package let user: ConnectorSetting?
    /// The name of the secret; nil where nobody signs in.
    package let password: String?
}

package struct HTTPSettings: Sendable {
    package let base: ConnectorSetting
    package let auth: CheckedAuth?
    package let calls: [CheckedCall]
}

package enum CheckedAuth: Sendable {
    case oauth2(tokenURL: ConnectorSetting, client: ConnectorSetting, secret: String, scope: String?)
    case bearer(String)
    case basic(user: ConnectorSetting, password: String)
    case hmac(CheckedSignature)

    var secrets: [String] {
        switch self {
        case .oauth2(let url, let client, let secret, _): [url.secretName, client.secretName, secret].compactMap { $0 }
        case .bearer(let name): [name]
        case .basic(let user, let password): [user.secretName, password].compactMap { $0 }
        case .hmac(let signature): [signature.secret]
        }
    }
}

/// How a message is signed.
package struct CheckedSignature: Sendable, Hashable {
    package enum Algorithm: Sendable, Hashable { case sha1, sha256, sha512 }
    package enum Encoding: Sendable, Hashable { case hex, base64 }

    package let algorithm: Algorithm
    package let header: String
    /// The name of the secret.
    package let secret: String
    package let encoding: Encoding
    package let prefix: String
    /// The header with the seconds since 1970; what is signed is then `SECONDS.BODY`.
    package let timestamp: String?

    package init(algorithm: Algorithm, header: String, secret: String, encoding: Encoding, prefix: String, timestamp: String?) {
        self.algorithm = algorithm
        self.header = header
        self.secret = secret
        self.encoding = encoding
        self.prefix = prefix
        self.timestamp = timestamp
    }

    init(_ written: SignatureDefinition) {
        let algorithm: Algorithm =
            switch written.algorithm {
            case .sha1: .sha1
            case .sha256: .sha256
            case .sha512: .sha512
            }
        self.init(
            algorithm: algorithm, header: written.header.value, secret: written.secret.value, encoding: written.encoding == .hex ? .hex : .base64,
            prefix: written.prefix, timestamp: written.timestamp?.value)
    }
}

/// A call of an HTTP connector.
package struct CheckedCall: Sendable {
    package enum Method: String, Sendable, Hashable { case get = "GET", post = "POST", put = "PUT", patch = "PATCH", delete = "DELETE" }
    package enum Format: Sendable, Hashable { case json, form }

    package struct LookUp: Sendable {
        package let path: InputText
        /// Of the answer: whether the message had arrived.
        package let sent: CheckedExpression
    }

    package let name: String
    package let label: Words
    package let method: Method
    /// Behind the connector's base; inputs are escaped for addresses.
    package let path: InputText
    package let send: CallPayload?
    package let format: Format
    package let headers: [(name: String, value: InputText)]
    /// Of the answer to a call that the status says went well; nil takes the status's word.
    package let ok: CheckedExpression?
    /// Of the answer: what the other side calls the message.
    package let receipt: CheckedExpression?
    package let onUnknown: OnUnknown
    package let lookUp: LookUp?
    /// What whoever calls has to give, in the order of their first use; `key`, the delivery's own, is not among them.
    package let inputs: [String]
}

/// A text with the names of inputs in braces.
package struct InputText: Sendable, Hashable {
    package enum Part: Sendable, Hashable {
        case text(String)
        case input(String)
    }

    package let parts: [Part]

    package init(parts: [Part]) {
        self.parts = parts
    }

    /// The input, if the text is nothing else: its value then keeps its type.
    package var onlyInput: String? {
        guard parts.count == 1, case .input(let name)? = parts.first else { return nil }
        return name
    }

    package var inputs: [String] { parts.compactMap { if case .input(let name) = $0 { name } else { nil } } }

    /// The key of the delivery, which every call may send.
    package static let key = "key"

    /// Reads `{name}`; `{{` and `}}` are braces. Nil, with the range of what is wrong, if something else stands in braces.
    static func read(_ text: String) -> Result<InputText, WrongBraces> {
        var parts: [Part] = []
        var literal: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        func flush() {
            if !literal.isEmpty { parts.append(.text(String(decoding: literal, as: UTF8.self))) }
            literal = []
        }
        while index < bytes.count {
            let byte = bytes[index]
            let isDoubled = index + 1 < bytes.count && bytes[index + 1] == byte
            switch byte {
            case UInt8(ascii: "{") where isDoubled, UInt8(ascii: "}") where isDoubled:
                literal.append(byte)
                index += 2
            case UInt8(ascii: "{"):
                guard let end = bytes[index...].firstIndex(of: UInt8(ascii: "}")) else { return .failure(WrongBraces(range: index..<bytes.count)) }
                let name = String(decoding: bytes[(index + 1)..<end], as: UTF8.self)
                guard isName(name) else { return .failure(WrongBraces(range: index..<end + 1)) }
                flush()
                parts.append(.input(name))
                index = end + 1
            case UInt8(ascii: "}"): return .failure(WrongBraces(range: index..<index + 1))
            default:
                literal.append(byte)
                index += 1
            }
        }
        flush()
        return .success(InputText(parts: parts))
    }

    struct WrongBraces: Error {
        let range: Range<Int>
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
        return text.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.generalCategory == .decimalNumber || $0 == "_" }
    }
}

/// What a call sends.
package indirect enum CallPayload: Sendable {
    case text(InputText)
    /// `=3`, by its digits.
    case number(String)
    case bool(Bool)
    case list([CallPayload])
    case map([(name: String, value: CallPayload)])

    var inputs: [String] {
        switch self {
        case .text(let text): text.inputs
        case .number, .bool: []
        case .list(let items): items.flatMap(\.inputs)
        case .map(let members): members.flatMap(\.value.inputs)
        }
    }
}

extension AppChecker {
    /// More than an app can need, and few enough to look at.
    static let maximumConnectors = 100

    func checkConnectors() -> [CheckedConnector] {
        if definition.connectors.count > Self.maximumConnectors, let last = definition.connectors.last {
            report.report(.tooMany(Words(zh: "连接", en: "connectors"), limit: Self.maximumConnectors, at: last.name.span))
        }
        return definition.connectors.compactMap(check)
    }

    private func check(_ written: ConnectorDefinition) -> CheckedConnector? {
        let kind: CheckedConnector.Kind
        var perMinute = written.limits?.perMinute?.value
        switch written.kind.value {
        case .wecomRobot:
            guard let url = written.url else { return nil }
            kind = .wecomRobot(url: setting(url))
            if let said = written.limits?.perMinute, said.value > WeComRobotLimits.perMinute {
                report.report(.aboveProviderLimit(said.span, limit: WeComRobotLimits.perMinute))
            }
            perMinute = min(perMinute ?? WeComRobotLimits.perMinute, WeComRobotLimits.perMinute)
        case .smtp:
            guard let mail = mail(written) else { return nil }
            kind = .mail(mail)
        case .http:
            guard let base = written.base, isAddress(base) else { return nil }
            kind = .http(HTTPSettings(base: setting(base), auth: written.auth.flatMap(auth), calls: written.calls.compactMap(check)))
        case .webhook:
            guard let url = written.url, let secret = written.secret, isAddress(url) else { return nil }
            kind = .webhook(url: setting(url), secret: secret.value)
        }
        let timeout = written.limits?.timeout.flatMap { duration($0, "timeout", upTo: ConnectorLimits.longestTimeout) }
        return CheckedConnector(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), kind: kind,
            limits: ConnectorLimits(
                perMinute: perMinute, timeout: timeout ?? ConnectorLimits.standardTimeout,
                atOnce: written.limits?.atOnce?.value ?? ConnectorLimits.standardAtOnce),
            allowsPrivate: written.allowsPrivate?.value ?? false, declaredAt: written.name.span)
    }

    private func setting(_ written: SettingDefinition) -> ConnectorSetting {
        switch written {
        case .text(let text): .text(text.value)
        case .secret(let name): .secret(name.value)
        }
    }

    /// A positive length of time, at most `limit`; nil, and reported, if it is none.
    func duration(_ text: Located<String>, _ key: String, upTo limit: TimeSpan) -> TimeSpan? {
        guard case .success(.duration(let span)) = FieldKind.duration.parse(text.value, zone: zone), span > .zero else {
            report.report(.badValue(text.span, field: key, .notADuration))
            return nil
        }
        guard span <= limit else {
            report.report(.badValue(text.span, field: key, .tooLarge))
            return nil
        }
        return span
    }

    /// Whether the address is one of the web; a secret one is looked at when it is used.
    private func isAddress(_ written: SettingDefinition) -> Bool {
        guard case .text(let url) = written else { return true }
        if WebAddress(url.value) != nil { return true }
        report.report(.badAddress(url))
        return false
    }

    private func mail(_ written: ConnectorDefinition) -> MailSettings? {
        guard let host = written.host, let from = written.from else { return nil }
        guard FieldKind.email.issue(with: .text(from.value)) == nil else {
            report.report(.badValue(from.span, field: "from", .notAnEmail))
            return nil
        }
        guard WebAddress("https://\(host.value)/")?.host == host.value.lowercased() else {
            report.report(.badAddress(host))
            return nil
        }
        if let user = written.user, written.password == nil, !hasErrorsBefore { report.report(.lonelyKey(Located("user", at: user.span), needs: "password")) }
        if let password = written.password, written.user == nil, !hasErrorsBefore { report.report(.lonelyKey(Located("password", at: password.span), needs: "user")) }
        let security: MailSettings.Security =
            switch written.security?.value {
            case .tls?: .tls
            case .starttls?: .startTLS
            case ConnectorDefinition.Security.none?: .none
            case nil: written.port?.value == 587 ? .startTLS : .tls
            }
        if security == .none, let password = written.password { report.report(.openPassword(password.span)) }
        return MailSettings(
            host: host.value, port: written.port?.value ?? (security == .tls ? 465 : security == .startTLS ? 587 : 25), security: security, from: from.value,
            user: written.user.map(setting), password: written.password?.value)
    }

    private func auth(_ written: AuthDefinition) -> CheckedAuth? {
        switch written {
        case .oauth2(let url, let client, let secret, let scope):
            guard isAddress(url) else { return nil }
            return .oauth2(tokenURL: setting(url), client: setting(client), secret: secret.value, scope: scope?.value)
        case .bearer(let name): return .bearer(name.value)
        case .basic(let user, let password): return .basic(user: setting(user), password: password.value)
        case .hmac(let signature): return .hmac(CheckedSignature(signature))
        }
    }

    private func check(_ written: CallDefinition) -> CheckedCall? {
        let answer = FormulaScope(this: nil, allowsBody: true)
        let ok = written.ok.flatMap { check($0, in: answer, expecting: .bool) }
        let receipt = written.receipt.flatMap { check($0, in: answer, expecting: .text(.plain)) }
        let sent = written.lookUp.flatMap { check($0.sent, in: answer, expecting: .bool) }
        let lookUpPath = written.lookUp.flatMap { inputText($0.path) }
        if !written.path.text.hasPrefix("/") { report.report(.badPath(Located(written.path.text, at: written.path.span))) }
        let path = inputText(written.path)
        let headers = written.headers.compactMap { header in inputText(header.value).map { (name: header.name.value, value: $0) } }
        let send = written.send.flatMap(payload)
        if written.format?.value == .form, let body = written.send, !isFlat(body), let format = written.format { report.report(.formNeedsTexts(format.span)) }
        guard let path, headers.count == written.headers.count, written.send == nil || send != nil else { return nil }
        guard written.ok == nil || ok != nil, written.receipt == nil || receipt != nil else { return nil }
        var lookUp: CheckedCall.LookUp?
        if written.lookUp != nil {
            guard let sent, let lookUpPath else { return nil }
            lookUp = CheckedCall.LookUp(path: lookUpPath, sent: sent)
        }
        var inputs: [String] = []
        let mentioned = path.inputs + headers.flatMap(\.value.inputs) + (send?.inputs ?? []) + (lookUp?.path.inputs ?? [])
        for name in mentioned where name != InputText.key && !inputs.contains(name) { inputs.append(name) }
        let onUnknown: OnUnknown =
            switch written.onUnknown?.value {
            case .retry?: .retry
            case .reconcile?: .reconcile
            case .assumeSent?: .assumeSent
            case nil: lookUp == nil ? .retry : .reconcile
            }
        let method: CheckedCall.Method =
            switch written.method {
            case .get: .get
            case .post: .post
            case .put: .put
            case .patch: .patch
            case .delete: .delete
            }
        return CheckedCall(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), method: method, path: path,
            send: send, format: written.format?.value == .form ? .form : .json, headers: headers, ok: ok, receipt: receipt, onUnknown: onUnknown,
            lookUp: lookUp, inputs: inputs)
    }

    private func inputText(_ text: EmbeddedText) -> InputText? {
        switch InputText.read(text.text) {
        case .success(let read): return read
        case .failure(let wrong):
            report.report(.badPlaceholder(text.span(of: wrong.range)))
            return nil
        }
    }

    private func payload(_ written: PayloadDefinition) -> CallPayload? {
        switch written {
        case .text(let text):
            if text.text.hasPrefix("=") {
                let word = text.text.dropFirst().drop { $0 == " " }
                if word == "true" || word == "false" { return .bool(word == "true") }
                if ExactDecimal(String(word)) != nil { return .number(String(word)) }
                report.report(.badPlaceholder(text.span))
                return nil
            }
            let literal = text.text.hasPrefix("'=") ? text.dropping(firstBytes: 1) : text
            return inputText(literal).map { .text($0) }
        case .list(let items):
            let checked = items.compactMap(payload)
            return checked.count == items.count ? .list(checked) : nil
        case .map(let members):
            let checked = members.compactMap { member in payload(member.value).map { (name: member.name.value, value: $0) } }
            return checked.count == members.count ? .map(checked) : nil
        }
    }

    /// Whether it is a map of single values, as forms are.
    private func isFlat(_ payload: PayloadDefinition) -> Bool {
        guard case .map(let members) = payload else { return false }
        return members.allSatisfy { if case .text = $0.value { true } else { false } }
    }
}

/// What WeCom allows a group's robot.
package enum WeComRobotLimits {
    package static let perMinute = 20
    package static let textBytes = 2_048
    package static let markdownBytes = 4_096
}
