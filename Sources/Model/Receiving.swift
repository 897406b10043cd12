import Definition
package import Formula
import SourceText

/// What comes in over a channel: who may send it, and what of it is read.
package struct CheckedReceiving: Sendable {
    package let verify: CheckedInbound.Verification
    /// Over `body`; nil tells messages apart by all their bytes.
    package let once: CheckedExpression?
    /// Over `body`: the address of the sender.
    package let from: CheckedExpression
    /// Over `body`: what was written.
    package let text: CheckedExpression
    /// Of people: where their address stands.
    package let field: FieldID

    /// How steps call what came in: `message.text`.
    package static let name = "message"
    package static let members = ["text", "from", "at", "about", "user"]
}

extension CheckedApp {
    /// The channel of this name, if anything comes in over it.
    package func receivingChannel(named name: String) -> (channel: CheckedChannel, receives: CheckedReceiving)? {
        channel(named: name).flatMap { channel in channel.receives.map { (channel, $0) } }
    }
}

extension AppChecker {
    /// What automations that a message sets off know of it, by slot.
    var messageInputs: [FormulaScope.Input] {
        let types: [FormulaType] = [.text(.plain), .text(.plain), .datetime, .link(objects.map(\.id)), .link([id(of: .user)])]
        return zip(CheckedReceiving.members, types).map { FormulaScope.Input(name: "\(CheckedReceiving.name).\($0)", type: $1) }
    }

    /// Nil where nothing comes in, or after saying what is wrong.
    func check(_ written: ReceivingDefinition, _ connector: CheckedConnector) -> CheckedReceiving? {
        let scope = FormulaScope(this: nil, allowsBody: true)
        let once = written.once.flatMap { check($0, in: scope) }
        let from = check(written.from, in: scope, expecting: .text(.plain)), text = check(written.text, in: scope, expecting: .text(.plain))
        if let once, let text = written.once, once.body.isEmpty { report.report(.onceIsAlwaysTheSame(text.span)) }
        var isMail = false
        switch connector.kind {
        case .mail: isMail = true
        case .wecomRobot:
            report.report(.keyWithoutEffect(written.key, with: "wecom_robot"))
            return nil
        case .http, .webhook: break
        }
        let users = objects[id(of: .user).index]
        let name = written.field ?? Located(isMail ? "email" : "phone", at: written.key.span)
        guard let field = users.field(named: name.value) else {
            report.report(.unknownName(name, .field, of: users.name, known: users.fields.map(\.name)))
            return nil
        }
        // One that could not be read was told already.
        guard let kind = field.kind else { return nil }
        guard kind.holdsAddress else {
            report.report(.holdsNoAddress(name))
            return nil
        }
        guard let from, let text, written.once == nil || once != nil else { return nil }
        let verify: CheckedInbound.Verification =
            switch written.verify {
            case .hmac(let signature): .signature(CheckedSignature(signature))
            case .bearer(let name): .bearer(name.value)
            }
        return CheckedReceiving(verify: verify, once: once, from: from, text: text, field: field.id)
    }

    /// The channel that a trigger or a test names, over which messages come in; nil after saying why there is none.
    func receivingChannel(_ name: Located<String>) -> String? {
        guard let channel = checkedChannels.first(where: { $0.name == name.value }) else {
            // One that could not be checked was told already.
            if !definition.channels.contains(where: { $0.name.value == name.value }) {
                report.report(.unknownName(name, .channel, of: nil, known: checkedChannels.filter { $0.receives != nil }.map(\.name)))
            }
            return nil
        }
        if channel.receives != nil { return channel.name }
        // What it says of it was wrong, and told.
        let isTold = definition.channels.contains { written in
            if written.name.value == channel.name, case .direct(let direct) = written.way { direct.receives != nil } else { false }
        }
        var rungs: [String] = []
        if case .ladder(let ladder) = channel.way { rungs = ladder.rungs.filter { rung in checkedChannels.contains { $0.name == rung && $0.receives != nil } } }
        if !isTold { report.report(.cannotReceive(name, rungs: rungs)) }
        return nil
    }

    /// `message in sms`, `message in sms about order`; the words behind `message in`.
    func message(in words: String, _ text: Located<String>) -> (ObjectID?, CheckedAutomation.Trigger)? {
        let parts = words.split(separator: " ").map(String.init)
        guard parts.count == 1 || (parts.count == 3 && parts[1] == "about") else {
            report.report(.badTrigger(text))
            return nil
        }
        guard let channel = receivingChannel(Located(parts[0], at: text.span)) else { return nil }
        guard parts.count == 3 else { return (nil, .message(channel, about: nil)) }
        guard let object = object(named: Located(parts[2], at: text.span)) else { return nil }
        guard objects[object.index].field(named: CheckedReceiving.name) == nil else {
            report.report(.variableShadows(Located(CheckedReceiving.name, at: text.span), of: objects[object.index].name))
            return nil
        }
        return (object, .message(channel, about: object))
    }

    /// What comes in has to have an address of its own, and somebody who listens.
    func checkReceiving(_ automations: [CheckedAutomation]) {
        for channel in checkedChannels {
            guard channel.receives != nil, let span = channel.declaredAt else { continue }
            if let other = checkedInbound.first(where: { $0.name == channel.name }) {
                report.report(.addressTaken(Located(channel.name, at: span), first: other.declaredAt))
            }
            let isHeard = automations.contains { $0.triggers.contains { if case .message(channel.name, _) = $0 { true } else { false } } }
            let acknowledges = checkedChannels.contains { other in
                if case .ladder(let ladder) = other.way { ladder.until == .acknowledged && ladder.rungs.contains(channel.name) } else { false }
            }
            // An automation that could not be checked may have listened.
            if !isHeard, !acknowledges, automations.count == definition.automations.count { report.report(.nobodyListens(Located(channel.name, at: span))) }
        }
    }
}

extension FieldKind {
    /// Whether a text stands in it under which people can be reached.
    var holdsAddress: Bool {
        switch self {
        case .text, .phone, .email: true
        case .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .url, .address, .uscc, .cnID, .location, .link,
            .links, .file, .files, .autonumber, .stage:
            false
        }
    }
}
