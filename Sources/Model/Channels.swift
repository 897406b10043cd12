import Definition
package import Formula
package import SourceText

/// A way to reach people.
package struct CheckedChannel: Sendable {
    package enum Way: Sendable {
        /// Inside the app: the bell, a board, a notice on the desktop.
        case inApp
        /// By mail, over the app's mail connector.
        case mail(connector: String, subject: LocalizedTemplate?, message: LocalizedTemplate?)
        /// To the group of a robot.
        case robot(connector: String, format: RobotFormat, message: LocalizedTemplate?)
        /// A call, each of whose inputs is given a text.
        case call(connector: String, call: String, with: [(name: String, value: CheckedTemplate)], message: LocalizedTemplate?)
        case webhook(connector: String, message: LocalizedTemplate?)
        /// Other channels one after the other.
        case ladder(ChannelLadder)
    }

    package enum RobotFormat: Sendable, Hashable {
        case text, markdown

        /// UTF-8 bytes of one message.
        package var byteLimit: Int {
            switch self {
            case .text: WeComRobotLimits.textBytes
            case .markdown: WeComRobotLimits.markdownBytes
            }
        }
    }

    package let name: String
    package let label: Words
    package let way: Way
    /// Nil: nothing comes in over it.
    package var receives: CheckedReceiving?
    /// Nil for those that every app has.
    package let declaredAt: Span?

    /// The words that texts of a channel may use beside the fields of the person: slot by slot of their formulas.
    package static let inputs = ["message", "subject", "link"]
}

/// `try: [in_app, wecom, voice]`: the next channel is taken if the one before failed, or brought no answer in time.
package struct ChannelLadder: Sendable {
    package enum Until: Sendable, Hashable {
        /// Somebody said that they know.
        case acknowledged
        /// The other side took the message.
        case delivered
    }

    /// Names of channels, none of them a ladder, in order.
    package let rungs: [String]
    package let until: Until
    /// How long a channel is given.
    package let each: TimeSpan
    /// Equal messages to the same person within this time are one; nil tells every one.
    package let merge: TimeSpan?

    package static let standardEach = TimeSpan(microseconds: 60 * Microseconds.perSecond)
    package static let longest = TimeSpan(microseconds: 30 * Microseconds.perDay)
}

extension CheckedApp {
    /// The channel of this name, among the author's and those that every app has.
    package func channel(named name: String) -> CheckedChannel? { channels.first { $0.name == name } }

    package func connector(named name: String) -> CheckedConnector? { connectors.first { $0.name == name } }
}

extension AppChecker {
    /// The channels that every app has inside itself.
    static let inAppChannels: [(name: String, label: Words)] = [
        ("in_app", Words(zh: "应用内", en: "In the app")), ("desktop", Words(zh: "桌面", en: "Desktop")), ("board", Words(zh: "看板", en: "Board")),
    ]
    static let mailChannel = "email"

    /// The names that `via:` may say.
    var channelNames: [String] { checkedChannels.map(\.name) }

    /// Those that every app has, then the author's.
    func checkChannels(_ connectors: [CheckedConnector]) -> [CheckedChannel] {
        var channels = Self.inAppChannels.map { CheckedChannel(name: $0.name, label: $0.label, way: .inApp, declaredAt: nil) }
        let mails = connectors.filter { if case .mail = $0.kind { true } else { false } }
        if let mail = mails.first {
            channels.append(
                CheckedChannel(
                    name: Self.mailChannel, label: Words(zh: "邮件", en: "E-mail"), way: .mail(connector: mail.name, subject: nil, message: nil), declaredAt: nil))
        }
        let reserved = Self.inAppChannels.map(\.name) + [Self.mailChannel]
        var own: [CheckedChannel] = []
        for written in definition.channels {
            guard !reserved.contains(written.name.value) else {
                report.report(.nameTaken(written.name, by: Words(zh: "每个应用都有的渠道", en: "a channel that every app has"), first: nil))
                continue
            }
            guard case .direct(let direct) = written.way, let way = way(direct, written.name, connectors) else { continue }
            var made = channel(written, way)
            if let receives = direct.receives, let connector = connectors.first(where: { $0.name == direct.connector.value }) { made.receives = check(receives, connector) }
            own.append(made)
        }
        let direct = channels + own
        for written in definition.channels {
            guard case .ladder(let ladder) = written.way, !reserved.contains(written.name.value) else { continue }
            own.append(channel(written, .ladder(check(ladder, direct))))
        }
        // In the order of writing.
        let order = definition.channels.map(\.name.value)
        own.sort { (order.firstIndex(of: $0.name) ?? 0) < (order.firstIndex(of: $1.name) ?? 0) }
        return channels + own
    }

    private func channel(_ written: ChannelDefinition, _ way: CheckedChannel.Way) -> CheckedChannel {
        CheckedChannel(
            name: written.name.value, label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), way: way,
            declaredAt: written.name.span)
    }

    private func check(_ ladder: ChannelDefinition.Ladder, _ direct: [CheckedChannel]) -> ChannelLadder {
        let ladders = definition.channels.filter { if case .ladder = $0.way { true } else { false } }.map(\.name.value)
        let known = direct.map(\.name)
        // A channel that could not be checked was told already.
        let written = definition.channels.map(\.name.value)
        var rungs: [String] = []
        for rung in ladder.rungs {
            if ladders.contains(rung.value) {
                report.report(.ladderInLadder(rung))
            } else if rungs.contains(rung.value) {
                report.report(.rungTwice(rung))
            } else if known.contains(rung.value) {
                rungs.append(rung.value)
            } else if !written.contains(rung.value) {
                report.report(.unknownName(rung, .channel, of: nil, known: known))
            }
        }
        let each = ladder.each.flatMap { duration($0, "each", upTo: ChannelLadder.longest) }
        return ChannelLadder(
            rungs: rungs, until: ladder.until?.value == .delivered ? .delivered : .acknowledged, each: each ?? ChannelLadder.standardEach,
            merge: ladder.merge.flatMap { duration($0, "merge", upTo: ChannelLadder.longest) })
    }

    private func way(_ direct: ChannelDefinition.Direct, _ name: Located<String>, _ connectors: [CheckedConnector]) -> CheckedChannel.Way? {
        guard let connector = connectors.first(where: { $0.name == direct.connector.value }) else {
            // One that could not be checked was told already.
            if !definition.connectors.contains(where: { $0.name.value == direct.connector.value }), !hasErrorsBefore {
                report.report(.unknownName(direct.connector, .connector, of: nil, known: connectors.map(\.name)))
            }
            return nil
        }
        let scope = FormulaScope(this: id(of: .user), inputs: CheckedChannel.inputs.map { .init(name: $0, type: .text(.plain)) })
        let message = direct.message.flatMap { localized($0, in: scope) }
        guard direct.message == nil || message != nil else { return nil }
        refuse(direct, on: connector)
        switch connector.kind {
        case .mail:
            let subject = direct.subject.flatMap { localized($0, in: scope) }
            return .mail(connector: connector.name, subject: subject, message: message)
        case .wecomRobot:
            let format: CheckedChannel.RobotFormat = direct.format?.value == .markdown ? .markdown : .text
            if let written = direct.message {
                for text in Set([written.zh, written.en]) { tellIfTooLong(text, in: scope, format) }
            }
            return .robot(connector: connector.name, format: format, message: message)
        case .webhook: return .webhook(connector: connector.name, message: message)
        case .http(let settings):
            guard let word = direct.call ?? settings.calls.first.flatMap({ settings.calls.count == 1 ? Located($0.name, at: direct.connector.span) : nil }) else {
                report.report(.missingCall(direct.connector, known: settings.calls.map(\.name)))
                return nil
            }
            guard let call = connector.call(named: word.value) else {
                let written = definition.connectors.first { $0.name.value == connector.name }?.calls.map(\.name.value) ?? []
                if !written.contains(word.value) { report.report(.unknownName(word, .call, of: connector.name, known: settings.calls.map(\.name))) }
                return nil
            }
            let with = direct.with.compactMap { input in checkTemplate(input.value, in: scope).map { (name: input.name.value, value: $0) } }
            for input in direct.with where !call.inputs.contains(input.name.value) {
                report.report(.unknownName(input.name, .input, of: "\(connector.name).\(call.name)", known: call.inputs))
            }
            for input in call.inputs where !direct.with.contains(where: { $0.name.value == input }) {
                report.report(.missingInput(input, of: "\(connector.name).\(call.name)", at: word.span))
            }
            return .call(connector: connector.name, call: call.name, with: with, message: message)
        }
    }

    /// Keys that have no effect with this kind of connector.
    private func refuse(_ direct: ChannelDefinition.Direct, on connector: CheckedConnector) {
        var isMail = false
        var isRobot = false
        var isHTTP = false
        switch connector.kind {
        case .mail: isMail = true
        case .wecomRobot: isRobot = true
        case .http: isHTTP = true
        case .webhook: break
        }
        let kind = definition.connectors.first { $0.name.value == connector.name }?.kind.value.rawValue ?? connector.name
        if let subject = direct.subject, !isMail { report.report(.keyWithoutEffect(Located("subject", at: subject.zh.span), with: kind)) }
        if let format = direct.format, !isRobot { report.report(.keyWithoutEffect(Located("format", at: format.span), with: kind)) }
        if let call = direct.call, !isHTTP { report.report(.keyWithoutEffect(Located("call", at: call.span), with: kind)) }
        if let first = direct.with.first, !isHTTP { report.report(.keyWithoutEffect(Located("with", at: first.name.span), with: kind)) }
    }

    func localized(_ written: TemplateDefinition, in scope: FormulaScope) -> LocalizedTemplate? {
        guard let zh = checkTemplate(written.zh, in: scope) else { return nil }
        if written.en == written.zh { return LocalizedTemplate(zh: zh, en: zh) }
        return checkTemplate(written.en, in: scope).map { LocalizedTemplate(zh: zh, en: $0) }
    }

    /// The fixed words of a message must leave room for the rest.
    private func tellIfTooLong(_ text: EmbeddedText, in scope: FormulaScope, _ format: CheckedChannel.RobotFormat) {
        guard let template = formulas.checkedTemplate(text, in: scope).template else { return }
        let bytes = template.parts.reduce(0) { if case .text(let fixed) = $1 { $0 + fixed.utf8.count } else { $0 } }
        if bytes > format.byteLimit { report.report(.messageTooLong(text.span, bytes: bytes, limit: format.byteLimit)) }
    }
}
