package import Engine
import Formula
import JSON
package import Model
import SourceText
package import Storage
import Synchronization

/// The doors of an app to the outside: sends deliveries, and says what became of each.
///
/// Every connector has its own places, rate, circuit and sign-in: one that hangs or fails delays only itself.
package final class ConnectorSet: DeliverySender {
    private let app: CheckedApp
    private let secrets: Secrets
    private let world: World
    private let names: NameLookup
    private let trusted: String?
    /// By the name of the connector.
    private let doors: [String: Door]

    /// - Parameters:
    ///   - names: How hosts are found.
    ///   - trusted: A file of certificates to trust in place of the system's; nil for the system's.
    ///   - older: The set of the version of the app that ran before: what it knows of connectors that stayed as they were goes on.
    package init(
        _ app: CheckedApp, secrets: Secrets, world: World, names: NameLookup = .system, trusted: String? = nil, succeeding older: ConnectorSet? = nil
    ) {
        self.app = app
        self.secrets = secrets
        self.world = world
        self.names = names
        self.trusted = trusted
        var doors: [String: Door] = [:]
        for connector in app.connectors {
            let known = older?.doors[connector.name].flatMap { $0.limits == connector.limits ? $0 : nil }
            doors[connector.name] = known ?? Door(connector.limits)
        }
        self.doors = doors
    }

    /// Makes one attempt. Returns when it is over, at the latest after the connector's `timeout` for each exchange it takes.
    ///
    /// May be called any number of times at once; those of one connector wait for one another, beyond its `at_once`.
    package func send(_ delivery: Delivery) async -> DeliveryOutcome {
        guard let connector = app.connector(named: delivery.connector), let door = doors[delivery.connector] else {
            return .rejected(DeliveryTrouble(.noSuchConnector, Words(zh: "没有连接 \(delivery.connector)", en: "there is no connector \(delivery.connector)")))
        }
        await door.places.enter()
        defer { door.places.leave() }
        if let trouble = door.hold(at: world.clock.now()) { return trouble }
        let outcome: DeliveryOutcome
        do {
            outcome = try await attempt(delivery, connector, door)
        } catch {
            door.forget(at: world.clock.now())
            return .rejected(error)
        }
        door.record(failed: outcome.isOutage, at: world.clock.now())
        if case .unknown = outcome, connector.onUnknown(delivery.call) == .assumeSent { return .ok(receipt: nil) }
        return outcome
    }

    /// Whether several messages over this connector may be told as one.
    package func tellsTogether(_ connector: String) -> Bool {
        guard case .wecomRobot? = app.connector(named: connector)?.kind else { return false }
        return true
    }

    /// Sends messages of one robot, of one format, as one numbered message, as many as fit: what waited because of the rate is told together.
    ///
    /// - Returns: An outcome for each. Those that did not fit are `.deferred` until now.
    package func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        guard deliveries.count > 1, let first = deliveries.first, tellsTogether(first.connector) else {
            var outcomes: [DeliveryOutcome] = []
            for delivery in deliveries { outcomes.append(await send(delivery)) }
            return outcomes
        }
        let format = first.payload["format"]?.asString ?? "text"
        let together = deliveries.prefix { $0.connector == first.connector && ($0.payload["format"]?.asString ?? "text") == format }
        let (text, count) = MessageLength.digest(
            together.map { $0.payload["text"]?.asString ?? "" },
            bytes: format == "markdown" ? WeComRobotLimits.markdownBytes : WeComRobotLimits.textBytes)
        let payload = JSONValue.object([.init("format", .string(format)), .init("text", .string(text))])
        let outcome = await send(Delivery(key: first.key, connector: first.connector, payload: payload, attempt: first.attempt))
        let waiting = DeliveryOutcome.deferred(
            DeliveryTrouble(.busy, Words(zh: "等下一条合并消息", en: "waits for the next message")), until: world.clock.now())
        return deliveries.indices.map { $0 < count ? outcome : waiting }
    }

    // MARK: Attempts

    private func attempt(_ delivery: Delivery, _ connector: CheckedConnector, _ door: Door) async throws(DeliveryTrouble) -> DeliveryOutcome {
        let now = world.clock.now()
        switch connector.kind {
        case .wecomRobot(let url):
            var exchange = jsonExchange(try WeComRobot.body(of: delivery.payload), connector)
            exchange.headers += idempotency(delivery)
            return try await robot(exchange, to: try address(url), connector)
        case .mail(let mail):
            let exchange = try mail.exchange(delivery, secrets, timeout: connector.limits.timeout, trusted: trusted, at: now)
            switch await exchange.performed(host: mail.host, port: mail.port, allowsPrivate: connector.allowsPrivate, names: names) {
            case .failure(let trouble): return Self.outcome(trouble)
            case .success(let answer): return mail.outcome(answer)
            }
        case .webhook(let url, let secret):
            var exchange = jsonExchange(delivery.payload, connector)
            let seconds = now.microseconds / Microseconds.perSecond
            let id = Self.headerText(delivery.key)
            exchange.headers += idempotency(delivery)
            exchange.headers.append((name: "webhook-id", value: id))
            exchange.headers.append((name: "webhook-timestamp", value: String(seconds)))
            exchange.headers.append((
                name: "webhook-signature",
                value: Signature.standard(id: id, seconds: seconds, body: exchange.body, secret: try secrets.value(of: secret))
            ))
            let target = try address(url)
            switch await perform(exchange, at: target, connector) {
            case .failure(let outcome): return outcome
            case .success: return .ok(receipt: nil)
            }
        case .http(let settings):
            guard let call = delivery.call.flatMap({ connector.call(named: $0) }) else {
                throw DeliveryTrouble(.badPayload, Words(zh: "没有写调用，或没有这个调用", en: "there is no call of this name"))
            }
            return try await self.call(call, settings, delivery, connector, door)
        }
    }

    private func robot(_ exchange: Exchange, to target: WebAddress, _ connector: CheckedConnector) async throws(DeliveryTrouble) -> DeliveryOutcome {
        switch await perform(exchange, at: target, connector) {
        case .failure(let outcome): return outcome
        case .success(let answer):
            guard !answer.isTooLarge, let body = MessageBody(answer.body, contentType: "application/json") else {
                return .unknown(DeliveryTrouble(.answer, Words(zh: "企业微信的回应看不懂", en: "the answer of WeCom cannot be read")))
            }
            return WeComRobot.outcome(of: body)
        }
    }

    private func call(
        _ call: CheckedCall, _ settings: HTTPSettings, _ delivery: Delivery, _ connector: CheckedConnector, _ door: Door
    ) async throws(DeliveryTrouble) -> DeliveryOutcome {
        var inputs: [String: JSONValue] = [:]
        for member in delivery.payload.asObject ?? [] { inputs[member.name] = member.value }
        let base = try secrets.value(of: settings.base)
        if delivery.attempt > 1, call.onUnknown == .reconcile, let lookUp = call.lookUp {
            var question = Exchange(url: "", timeout: connector.limits.timeout, trusted: trusted)
            question.method = "GET"
            question.headers.append((name: "Accept", value: "application/json"))
            let target = try target(base, lookUp.path, inputs, delivery)
            switch await signedIn(question, at: target, settings, connector, door) {
            case .failure(.rejected(let trouble)) where trouble.code == .status:
                // It answers that there is nothing of this name, and says so as 404; anything else leaves it open.
                guard trouble == Self.notFound(target.host) else { return .unknown(trouble) }
            case .failure(.rejected(let trouble)): return .rejected(trouble)
            case .failure(.failed(let trouble, _)), .failure(.unknown(let trouble)): return .unknown(trouble)
            case .failure(let outcome): return outcome
            case .success(let answer):
                guard !answer.isTooLarge, let body = MessageBody(answer.body, contentType: answer.header("Content-Type")) else {
                    return .unknown(DeliveryTrouble(.answer, Words(zh: "\(target.host) 的回应看不懂", en: "the answer of \(target.host) cannot be read")))
                }
                if body.value(of: lookUp.sent, at: moment) == .bool(true) { return .ok(receipt: receipt(call, body)) }
            }
        }

        var exchange = Exchange(url: "", timeout: connector.limits.timeout, trusted: trusted)
        exchange.method = call.method.rawValue
        if let send = call.send {
            let content = try send.filled(inputs, key: delivery.key)
            switch call.format {
            case .json:
                exchange.body = Array(content.text().utf8)
                exchange.headers.append((name: "Content-Type", value: "application/json; charset=utf-8"))
            case .form:
                let fields = (content.asObject ?? []).map { "\(FormEncoding.escaped($0.name))=\(FormEncoding.escaped($0.value.plainText))" }
                exchange.body = Array(fields.joined(separator: "&").utf8)
                exchange.headers.append((name: "Content-Type", value: "application/x-www-form-urlencoded"))
            }
            exchange.hasBody = true
        } else if call.method != .get && call.method != .delete {
            exchange.hasBody = true
            exchange.headers.append((name: "Content-Type", value: "application/json; charset=utf-8"))
        }
        exchange.headers.append((name: "Accept", value: "application/json"))
        exchange.headers += idempotency(delivery)
        for header in call.headers {
            let value = try header.value.filled(inputs, key: delivery.key)
            guard value.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
                throw DeliveryTrouble(.badPayload, Words(zh: "请求头 \(header.name) 里有换行", en: "a line break stands in the header \(header.name)"))
            }
            exchange.headers.append((name: header.name, value: value))
        }
        let target = try target(base, call.path, inputs, delivery)
        switch await signedIn(exchange, at: target, settings, connector, door) {
        case .failure(let outcome): return outcome
        case .success(let answer):
            if call.ok == nil, call.receipt == nil { return .ok(receipt: nil) }
            guard !answer.isTooLarge else {
                return .unknown(DeliveryTrouble(.tooLarge, Words(zh: "\(target.host) 的回应超过 1 MB", en: "the answer of \(target.host) is larger than 1 MB")))
            }
            let body = MessageBody(answer.body, contentType: answer.header("Content-Type")) ?? .text("")
            if case .text = body {
                return .unknown(DeliveryTrouble(.answer, Words(zh: "\(target.host) 的回应看不懂", en: "the answer of \(target.host) cannot be read")))
            }
            if let ok = call.ok, body.value(of: ok, at: moment) != .bool(true) {
                return .rejected(DeliveryTrouble(.answer, Words(zh: "\(target.host) 没有接受", en: "\(target.host) did not accept it")))
            }
            return .ok(receipt: receipt(call, body))
        }
    }

    private var moment: Moment { Moment(now: world.clock.now(), zone: app.zone, calendar: app.calendar) }

    private func receipt(_ call: CheckedCall, _ body: MessageBody) -> String? {
        guard let formula = call.receipt, case .text(let text) = body.value(of: formula, at: moment) else { return nil }
        return text
    }

    // MARK: Requests

    private func address(_ setting: ConnectorSetting) throws(DeliveryTrouble) -> WebAddress {
        guard let address = WebAddress(try secrets.value(of: setting)) else {
            throw DeliveryTrouble(.badAddress, Words(zh: "连接的地址无效", en: "the address of the connector is none"))
        }
        return address
    }

    /// The address of a call: what comes in as an input is escaped and never becomes a part of the path of its own.
    private func target(_ base: String, _ path: InputText, _ inputs: [String: JSONValue], _ delivery: Delivery) throws(DeliveryTrouble) -> WebAddress {
        for name in path.inputs {
            let text = try InputText.value(name, inputs, key: delivery.key).plainText
            guard !text.isEmpty, !text.allSatisfy({ $0 == "." }) else {
                throw DeliveryTrouble(.badPayload, Words(zh: "输入 \(name) 不能放进地址", en: "the input \(name) cannot stand in an address"))
            }
        }
        var start = base
        while start.hasSuffix("/") { start.removeLast() }
        let behind = try path.filled(inputs, key: delivery.key, FormEncoding.escaped)
        let whole = (start + behind).unicodeScalars.map { $0.value > 0x20 && $0.value < 0x7F ? String($0) : FormEncoding.escaped(String($0)) }.joined()
        guard let address = WebAddress(whole) else {
            throw DeliveryTrouble(.badAddress, Words(zh: "连接的地址无效", en: "the address of the connector is none"))
        }
        return address
    }

    private func jsonExchange(_ body: JSONValue, _ connector: CheckedConnector) -> Exchange {
        var exchange = Exchange(url: "", timeout: connector.limits.timeout, trusted: trusted)
        exchange.method = "POST"
        exchange.body = Array(body.text().utf8)
        exchange.hasBody = true
        exchange.headers.append((name: "Content-Type", value: "application/json; charset=utf-8"))
        return exchange
    }

    private func idempotency(_ delivery: Delivery) -> [(name: String, value: String)] {
        [(name: "Idempotency-Key", value: Self.headerText(delivery.key)), (name: "User-Agent", value: "weir")]
    }

    /// Printable ASCII stays; all else is escaped.
    private static func headerText(_ text: String) -> String {
        text.unicodeScalars.map { (0x21...0x7E).contains($0.value) ? String($0) : FormEncoding.escaped(String($0)) }.joined()
    }

    /// What a refusal before anything was sent means.
    private static func outcome(_ trouble: DeliveryTrouble) -> DeliveryOutcome {
        trouble.code == .network ? .failed(trouble, retryAfter: nil) : .rejected(trouble)
    }

    private static func notFound(_ host: String) -> DeliveryTrouble {
        DeliveryTrouble(.status, Words(zh: "\(host) 回应 404", en: "\(host) answered 404"))
    }

    private enum Performed {
        case success(Exchange.Answer)
        case failure(DeliveryOutcome)
    }

    /// The answer, if the status says that all went well.
    private func perform(_ exchange: Exchange, at target: WebAddress, _ connector: CheckedConnector) async -> Performed {
        var exchange = exchange
        exchange.url = target.text
        switch await exchange.performed(host: target.host, port: target.port, allowsPrivate: connector.allowsPrivate, names: names) {
        case .failure(let trouble): return .failure(Self.outcome(trouble))
        case .success(let answer):
            if let outcome = answer.transportOutcome(host: target.host) ?? answer.statusOutcome(host: target.host, now: world.clock.now()) {
                return .failure(outcome)
            }
            return .success(answer)
        }
    }

    /// As `perform`, with the connector's sign-in. A token that the other side does not take any more is asked for again, once.
    private func signedIn(
        _ exchange: Exchange, at target: WebAddress, _ settings: HTTPSettings, _ connector: CheckedConnector, _ door: Door
    ) async -> Performed {
        do {
            guard case .oauth2(let url, let client, let secret, let scope)? = settings.auth else {
                return await perform(try signed(exchange, settings.auth), at: target, connector)
            }
            let grant = TokenGrant(
                url: try address(url), client: try secrets.value(of: client), secret: try secrets.value(of: secret), scope: scope)
            var last: Performed?
            for _ in 0..<2 {
                let token: String
                switch await door.tokens.token(at: world.clock.now(), { await self.fetch(grant, connector) }) {
                case .failure(let refusal): return .failure(refusal.outcome)
                case .success(let text): token = text
                }
                var exchange = exchange
                exchange.headers.append((name: "Authorization", value: "Bearer \(token)"))
                let performed = await perform(exchange, at: target, connector)
                guard case .failure(.rejected(let trouble)) = performed, trouble.code == .signIn else { return performed }
                await door.tokens.forget(token)
                last = performed
            }
            return last ?? .failure(.rejected(DeliveryTrouble(.signIn, Words(zh: "对方不接受我们的登录", en: "the other side does not accept our sign-in"))))
        } catch {
            return .failure(.rejected(error))
        }
    }

    private func signed(_ exchange: Exchange, _ auth: CheckedAuth?) throws(DeliveryTrouble) -> Exchange {
        var exchange = exchange
        switch auth {
        case nil, .oauth2?: break
        case .bearer(let name)?: exchange.headers.append((name: "Authorization", value: "Bearer \(try secrets.value(of: name))"))
        case .basic(let user, let password)?:
            exchange.headers.append((name: "Authorization", value: Self.basic(try secrets.value(of: user), try secrets.value(of: password))))
        case .hmac(let signature)?:
            let seconds = world.clock.now().microseconds / Microseconds.perSecond
            let text = Signature.text(of: exchange.body, signature, secret: try secrets.value(of: signature.secret), seconds: seconds)
            exchange.headers.append((name: signature.header, value: text))
            if let name = signature.timestamp { exchange.headers.append((name: name, value: String(seconds))) }
        }
        return exchange
    }

    private static func basic(_ user: String, _ password: String) -> String { "Basic " + Base64.text(of: Array("\(user):\(password)".utf8)) }

    /// RFC 6749 §4.4: client credentials.
    private func fetch(_ grant: TokenGrant, _ connector: CheckedConnector) async -> Result<Token, TokenRefusal> {
        var exchange = Exchange(url: "", timeout: connector.limits.timeout, trusted: trusted)
        exchange.method = "POST"
        exchange.hasBody = true
        exchange.body = Array(("grant_type=client_credentials" + (grant.scope.map { "&scope=\(FormEncoding.escaped($0))" } ?? "")).utf8)
        exchange.headers = [
            (name: "Content-Type", value: "application/x-www-form-urlencoded"), (name: "Accept", value: "application/json"), (name: "User-Agent", value: "weir"),
            (name: "Authorization", value: Self.basic(FormEncoding.escaped(grant.client), FormEncoding.escaped(grant.secret))),
        ]
        switch await perform(exchange, at: grant.url, connector) {
        // Nothing was sent but the question who we are.
        case .failure(.unknown(let trouble)): return .failure(TokenRefusal(outcome: .failed(trouble, retryAfter: nil)))
        case .failure(let outcome): return .failure(TokenRefusal(outcome: outcome))
        case .success(let answer):
            guard !answer.isTooLarge, let body = try? JSONValue.parse(answer.body), let text = body["access_token"]?.asString, !text.isEmpty,
                text.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
            else {
                let trouble = DeliveryTrouble(.signIn, Words(zh: "\(grant.url.host) 没有给出令牌", en: "\(grant.url.host) gave no token"))
                return .failure(TokenRefusal(outcome: .failed(trouble, retryAfter: nil)))
            }
            let seconds = body["expires_in"]?.asInt ?? body["expires_in"]?.asString.flatMap { Int($0) } ?? 300
            let end = world.clock.now().microseconds + Int64(max(0, min(seconds, 86_400) - Token.marginSeconds)) * Microseconds.perSecond
            return .success(Token(text: text, until: Instant(microseconds: end)))
        }
    }
}

/// What is known of a connector while the app runs.
private final class Door: Sendable {
    let limits: ConnectorLimits
    let places: Places
    let tokens = TokenCache()
    private let pace: Mutex<(circuit: CircuitBreaker, rate: RateWindow?)>

    init(_ limits: ConnectorLimits) {
        self.limits = limits
        places = Places(limits.atOnce)
        pace = Mutex((circuit: CircuitBreaker(timeout: limits.timeout), rate: limits.perMinute.map { RateWindow(perMinute: $0) }))
    }

    /// Why no attempt is made now; nil, having counted it, if one may be.
    func hold(at now: Instant) -> DeliveryOutcome? {
        pace.withLock { pace in
            if let until = pace.rate?.take(at: now) {
                return .deferred(DeliveryTrouble(.busy, Words(zh: "已达每分钟上限", en: "the limit of messages a minute is reached")), until: until)
            }
            if case .wait(let until) = pace.circuit.admit(at: now) {
                pace.rate?.giveBack()
                return .deferred(DeliveryTrouble(.circuitOpen, Words(zh: "对方连续失败，暂停发送", en: "the other side keeps failing; sending pauses")), until: until)
            }
            return nil
        }
    }

    func record(failed: Bool, at now: Instant) {
        pace.withLock { $0.circuit.record(failed: failed, at: now) }
    }

    /// The attempt that was counted was not made.
    func forget(at now: Instant) {
        pace.withLock { pace in
            pace.circuit.forget(at: now)
            pace.rate?.giveBack()
        }
    }
}
