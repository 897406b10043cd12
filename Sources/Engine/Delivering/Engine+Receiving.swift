package import Formula
package import Model
import Program
package import SourceText
package import Storage

/// What became of what came in over a channel.
package enum MessageOutcome: Sendable {
    /// It does not say what it should. Nothing was written.
    case unreadable(Words)
    /// It is kept under this id, or was before.
    case taken(Int64, isRepeated: Bool)
    /// A message of the same number but with other content came before, and stands.
    case differs
}

// What people send back over channels.
extension Engine {
    /// Keeps what came in, once for each message, and sets off the automations that listen, in one transaction. A rung of a ladder that asks
    /// whether somebody knows is answered by it.
    ///
    /// Who may send it was looked at before.
    ///
    /// - Parameters:
    ///   - digest: Of all its bytes; the same for the same bytes, and for no others.
    ///   - address: Of the sending program, for the audit.
    /// - Throws: `StoreError`; then nothing is written.
    package func receive(
        _ bytes: [UInt8], over channel: String, _ receiving: CheckedReceiving, contentType: String?, digest: String, address: String? = nil
    ) async throws -> MessageOutcome {
        guard let body = MessageBody(bytes, contentType: contentType) else { return .unreadable(.notWhatItSays) }
        let moment = app.model.moment(at: world.clock.now(), language: .zh)
        func text(_ formula: CheckedExpression) -> (text: String, trouble: Words?) {
            let value = body.value(of: formula, at: moment)
            if case .failure(let failure) = value { return ("", failure.words) }
            return (value.text(of: formula.type, at: moment) { _ in "" }, nil)
        }
        let number = receiving.once.map(text) ?? (text: digest, trouble: nil), from = text(receiving.from), said = text(receiving.text)
        if let trouble = number.trouble ?? from.trouble ?? said.trouble { return .unreadable(trouble) }
        guard !number.text.isEmpty, number.text.utf8.count <= Self.longestNumber else { return .unreadable(.noNumber) }
        guard !from.text.isEmpty, from.text.utf8.count <= Self.longestNumber else {
            return .unreadable(Words(zh: "消息没有写明来自谁，或写得太长", en: "the message does not say who sent it, or says it at too great length"))
        }
        guard said.text.unicodeScalars.count <= ValueLimits.longTextLength else { return .unreadable(Words(zh: "消息太长", en: "the message is too long")) }
        let outcome = try await store.write { [self] transaction -> MessageOutcome in
            if let known = try transaction.message(numbered: number.text, over: channel) {
                if known.digest == digest { return .taken(known.id, isRepeated: true) }
                try transaction.append(
                    AuditEntry(
                        at: world.clock.now(), by: nil, address: address, device: nil, action: "message-differs", record: nil, detail: "\(channel) \(number.text)"))
                return .differs
            }
            let reception = try Reception(engine: self, transaction: transaction, channel: channel, receiving: receiving, from: from.text)
            let message = Message(
                channel: channel, number: number.text, digest: digest, at: world.clock.now(), from: from.text.withoutControls, text: said.text.withoutControls, about: try reception.about,
                user: try reception.user)
            let id = try transaction.add(message)
            try reception.acknowledge(by: message.user)
            try reception.setOff(message)
            return .taken(id, isRepeated: false)
        }
        if case .taken(_, isRepeated: false) = outcome { store.changes.nudge() }
        return outcome
    }

    /// What came in, newest first, and how the records that it was about are called.
    package func messages(limit: Int, before id: Int64? = nil) async throws -> (messages: [Message], titles: [RecordID: String]) {
        try await store.read { [self] transaction in
            let messages = try transaction.messages(limit: limit, before: id)
            var titles: [RecordID: String] = [:]
            try RecordContext(engine: self, principal: .system, transaction: transaction)
                .addTitles(of: Set(messages.flatMap { [$0.about, $0.user].compactMap { $0 } }), to: &titles)
            return (messages, titles)
        }
    }
}

/// One message that comes in, inside its transaction.
private struct Reception {
    let engine: Engine
    let transaction: any WriteTransaction
    let channel: String
    let field: CheckedField
    let address: String
    let context: RecordContext
    /// What it answers.
    let last: (sent: Addressed, effect: Effect)?

    init(engine: Engine, transaction: any WriteTransaction, channel: String, receiving: CheckedReceiving, from: String) throws {
        self.engine = engine
        self.transaction = transaction
        self.channel = channel
        field = engine.app.model[receiving.field]
        address = from.normalAddress(in: field)
        context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: engine.app.automations.conditionNeeds)
        last = try transaction.lastAddressed(address, over: channel)
    }

    /// What the last message to the address was about, if it is still there.
    var about: RecordID? {
        get throws { try last?.sent.record.flatMap { try context.rows.row($0)?.id } }
    }

    /// To whom the last message went; else the only one whose address it is.
    var user: RecordID? {
        get throws {
            if let person = last?.sent.person, let row = try context.rows.row(person), isActive(row), self.isTheirs(row) { return person }
            let people = try transaction.rows(of: field.id.object).filter { isActive($0) && isTheirs($0) }
            return people.count == 1 ? people[0].id : nil
        }
    }

    private func isActive(_ row: Row) -> Bool { engine.activeField.map { row[$0] != .bool(false) } ?? true }

    private func isTheirs(_ row: Row) -> Bool {
        if case .text(let text) = row[field.id] { text.normalAddress(in: field) == address } else { false }
    }

    /// Whoever answers a rung knows.
    func acknowledge(by user: RecordID?) throws {
        guard let ladder = last.flatMap({ Parcel($0.effect.payload)?.ladder }), let notice = ladder.notice, let person = last?.sent.person, person == user else { return }
        try transaction.markRead(notice, of: person, at: context.moment.now)
    }

    /// What is answered within so short a time was answered by a program: it goes on with the chain of the run that sent the message, so that two
    /// that answer each other are cut off.
    private static let quick = Microseconds.perMinute

    func setOff(_ message: Message) throws {
        let now = context.moment.now
        var cause: RunCause?
        if let effect = last?.effect, now.microseconds - effect.created.microseconds < Self.quick, let id = effect.run, let run = try transaction.run(id) {
            cause = RunCause(run: run.id, process: run.process, root: run.root ?? run.id, depth: run.depth + 1)
        }
        let values: [Value] = [
            Value(text: message.text), Value(text: message.from), .instant(message.at), message.about.map(Value.link) ?? .blank,
            message.user.map(Value.link) ?? .blank,
        ]
        let me = try message.user.flatMap { try context.live.row($0) }
        for automation in engine.app.automations.automations where !automation.process.steps.instructions.isEmpty {
            guard let trigger = automation.model.triggers.first(where: { isSetOff($0, by: message) }) else { continue }
            var record: RecordID?
            if case .message(_, about: .some) = trigger, automation.model.object != nil { record = message.about }
            let knows = automation.model.triggers.allSatisfy { if case .message = $0 { true } else { false } }
            let inputs = knows ? values : []
            if let condition = automation.condition {
                let this = try automation.process.object == nil ? nil : record.flatMap { try context.live.row($0) }
                guard try condition.holds(in: Frame(this: this, me: me, inputs: inputs, moment: context.moment, source: context.live)) else { continue }
            }
            var run = AutomationRun(
                of: automation.process, in: engine, record: automation.process.object == nil ? nil : record, cause: cause, by: message.user, at: now)
            run.variables = RunText.text(of: inputs, in: engine.app)
            _ = try transaction.add(run)
        }
    }

    private func isSetOff(_ trigger: CheckedAutomation.Trigger, by message: Message) -> Bool {
        guard case .message(channel, let object) = trigger else { return false }
        return object == nil || message.about?.object == object
    }
}

extension String {
    /// Without what cannot be seen, so that it can be put into any field.
    fileprivate var withoutControls: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F || $0 == "\n" || $0 == "\r" || $0 == "\t" }))
    }

    /// The form in which addresses are compared: that of a phone number without blanks and its own country's code, else without capitals.
    func normalAddress(in field: CheckedField) -> String {
        if case .phone(let region) = field.kind { return Cleaning.phone(self, region: region) }
        return String(trimmedText).lowercased()
    }
}

extension CompiledChannel {
    /// Under which address answers of the person come in; nil where none come in, or there is no address.
    func answers(of person: Row, in app: CompiledApp) -> String? {
        guard let receives = model.receives, case .text(let text) = person[receives.field], !text.isEmpty else { return nil }
        return text.normalAddress(in: app.model[receives.field])
    }
}

extension Words {
    static let notWhatItSays = Words(zh: "消息的内容与它的类型不符", en: "the message is not what its type says")
    static let noNumber = Words(zh: "消息没有编号，或编号太长", en: "the message has no number, or too long a one")
}
