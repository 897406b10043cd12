import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage

/// Makes what is sent to people: notices inside the app, and effects for channels that lead out of it.
struct MessageMaking {
    let engine: Engine
    let transaction: any WriteTransaction
    let context: RecordContext
    let run: Int64
    /// What it is about.
    let record: RecordID?
    /// Of the step.
    let key: String
    /// Whether a notice inside the app is due whatever the channels are.
    var isInside = false
    /// Records that a notice leads to beside what it is about.
    var suggested: [RecordID] = []
    /// The report that is told.
    var report: Int64?
    /// Where what is told belongs together; nil: everything is told by itself.
    var folding: FoldPlace?
    /// What is told of many at once; nil: of one.
    var digest: Digest?
    /// How groups are told by this step.
    var group: Group?
    /// Whether something was told together with others.
    var isFolded = false
    /// Whether an effect was written.
    private(set) var wrote = false
    /// Texts that a group was told already: the same words reach it once, however many people are meant.
    private var told: Set<Parcel> = []

    enum Group { case single, together }

    struct Digest {
        let due: Instant
        /// Whether the effects are there, and carry something else from now on.
        let isRevised: Bool
        let notice: Int64?
        let isGroup: Bool
    }

    init(engine: Engine, transaction: any WriteTransaction, context: RecordContext, run: Int64, record: RecordID?, key: String) {
        self.engine = engine
        self.transaction = transaction
        self.context = context
        self.run = run
        self.record = record
        self.key = key
    }

    private var channels: [String: CompiledChannel] { engine.app.automations.channels }
    private var now: Instant { context.moment.now }

    mutating func tell(_ person: RecordID, by via: [String], title: Words, message: Words) throws {
        guard let row = try context.live.row(person) else { return }
        if let folding { return try tell(person, row, by: via, title: title, message: message, in: folding) }
        try tell(person, row, by: via, title: title, message: message, isInside: isInside)
    }

    /// Over these channels, and inside the app if that is wanted.
    mutating func tell(_ person: RecordID, _ row: Row, by via: [String], title: Words, message: Words, isInside: Bool) throws {
        var notice = digest?.notice
        if isInside { notice = try transaction.add(Notice(user: person, at: now, record: record, title: title, message: message, run: run, suggested: suggested, report: report)) }
        for name in via {
            guard let channel = channels[name] else { continue }
            switch channel.model.way {
            // Told already: `isInside`.
            case .inApp: break
            case .mail, .robot, .call, .webhook:
                var parcel = try parcel(channel, row, title, message, person: person.number)
                parcel.address = channel.answers(of: row, in: engine.app)
                if digest?.isGroup == true { parcel.person = nil }
                try write(parcel, to: name, key: digest?.isGroup == true ? "\(key):\(name)" : "\(key):\(name):\(person.number)")
            case .ladder(let ladder):
                try climb(ladder, name, row, title, message, person, &notice)
            }
        }
    }

    /// An address stands for somebody of whom only it is known: with an `@` a mail address, else a phone.
    mutating func tell(address: String, by name: String, title: Words, message: Words) throws {
        let users = engine.app.model.objects[BuiltIn.allCases.firstIndex(of: .user) ?? 0]
        var row = Row(id: RecordID(object: users.id, number: 0), values: Array(repeating: .blank, count: users.fields.count))
        if let field = users.field(named: address.contains("@") ? "email" : "phone") { row[field.id] = Value(text: address) }
        guard let channel = channels[name] else { return }
        switch channel.model.way {
        // Nobody is there to be told inside the app.
        case .inApp: return
        case .mail, .robot, .call, .webhook:
            var parcel = try parcel(channel, row, title, message, person: nil)
            parcel.address = answers(of: address, over: channel)
            try write(parcel, to: name, key: "\(key):\(name)")
        case .ladder(let ladder):
            var none: Int64?
            try climb(ladder, name, row, title, message, nil, &none, address: address)
        }
    }

    /// Of somebody of whom only the address is known.
    private func answers(of address: String, over channel: CompiledChannel) -> String? {
        channel.model.receives.map { address.normalAddress(in: engine.app.model[$0.field]) }
    }

    private mutating func write(_ parcel: Parcel, to target: String, key: String) throws {
        var plain = parcel
        plain.person = nil
        if case .robot? = channels[target]?.model.way, !told.insert(plain).inserted { return }
        try put(parcel, to: target, key: key)
    }

    private mutating func put(_ parcel: Parcel, to target: String, key: String) throws {
        wrote = true
        if let digest, digest.isRevised { return try transaction.revise(effect: key, payload: parcel.json, due: digest.due) }
        let effect = Effect(key: key, run: run, target: target, payload: parcel.json, created: now, due: digest?.due ?? now)
        try transaction.add(effect, carrying: parcel, about: record, in: engine)
    }

    // MARK: Ladders

    private mutating func climb(
        _ ladder: ChannelLadder, _ name: String, _ row: Row, _ title: Words, _ message: Words, _ person: RecordID?, _ notice: inout Int64?,
        address: String? = nil
    ) throws {
        var rungs: [Parcel.Rung] = []
        var staysInside = false
        for rung in ladder.rungs {
            guard let channel = channels[rung] else { continue }
            if case .inApp = channel.model.way {
                staysInside = true
                if person != nil { rungs.append(Parcel.Rung(target: rung, connector: nil, call: nil, content: .string(message.zh))) }
            } else {
                let parcel = try parcel(channel, row, title, message, person: person?.number)
                let answers = address.map { self.answers(of: $0, over: channel) } ?? channel.answers(of: row, in: engine.app)
                rungs.append(Parcel.Rung(target: rung, connector: parcel.connector, call: parcel.call, content: parcel.content, address: answers))
            }
        }
        guard let first = rungs.first else { return }
        let root = "\(key):\(name)" + (person.map { ":\($0.number)" } ?? "")
        if digest == nil, let merge = ladder.merge, try isTold(rungs, person, within: merge) { return }
        // Who is to say that they know finds it in the app, whatever the rungs are.
        let isAsked = person != nil && ladder.until == .acknowledged
        if let person, isAsked || staysInside, notice == nil {
            notice = try transaction.add(Notice(user: person, at: now, record: record, title: title, message: message, run: run, suggested: suggested, report: report))
        }
        let parcel = Parcel(
            connector: first.connector, call: first.call, content: first.content, person: person?.number, address: first.address,
            ladder: Parcel.Ladder(
                root: root, rung: 1, each: ladder.each.microseconds, isUntilAcknowledged: isAsked, notice: isAsked ? notice : nil, rest: Array(rungs.dropFirst())))
        try put(parcel, to: first.target, key: root)
    }

    /// Effects that are looked at for an equal message.
    private static let mostLooked = 1_000

    private func isTold(_ rungs: [Parcel.Rung], _ person: RecordID?, within merge: TimeSpan) throws -> Bool {
        guard let first = rungs.first else { return false }
        for effect in try transaction.effects(in: Set(Effect.State.allCases), limit: Self.mostLooked, before: nil) {
            guard effect.created.microseconds > now.microseconds - merge.microseconds else { return false }
            guard effect.target == first.target, let parcel = Parcel(effect.payload), parcel.person == person?.number, parcel.ladder?.rung == 1 else { continue }
            if parcel.content == first.content, parcel.ladder?.rest == Array(rungs.dropFirst()) { return true }
        }
        return false
    }

    // MARK: Texts

    /// To what is told about: a record, what was told together, or a report as it was sent. Names may be Chinese, which not every app that shows
    /// messages takes for a part of an address.
    private func link() throws -> String? {
        let path: String
        if let record {
            path = "/records/\(engine.app.text(of: record))"
        } else if let notice = digest?.notice {
            path = "/notices/\(notice)"
        } else if let report, let sent = try transaction.sentReport(report) {
            path = "/reports/\(sent.report)/sent/\(report)"
        } else {
            return nil
        }
        return try (transaction.setting(Engine.addressSetting) ?? "") + (path.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? path)
    }

    private func parcel(_ channel: CompiledChannel, _ person: Row, _ title: Words, _ message: Words, person number: Int64?) throws -> Parcel {
        let language = language(of: person)
        let link = try link()
        // By slot, as `CheckedChannel.inputs` names them.
        let inputs = [Value(text: message[language]), Value(text: title[language]), link.map { Value(text: $0) } ?? .blank]
        let frame = Frame(
            this: person, me: nil, inputs: inputs, moment: engine.app.model.moment(at: now, language: language), source: context.live)
        func text(_ template: LocalizedEvaluator?, or plain: String) throws -> JSONValue {
            guard let template else { return .string(plain) }
            switch language {
            case .zh: return .string(try template.zh.text(in: frame))
            case .en: return .string(try template.en.text(in: frame))
            }
        }
        switch channel.model.way {
        case .inApp, .ladder: preconditionFailure("neither leads out of the app by itself")
        case .mail(let connector, _, _):
            let address = engine.app.model[person.id.object].field(named: "email").map { person[$0.id] } ?? .blank
            var to: [JSONValue] = []
            if case .text(let text) = address { to = [.string(text)] }
            return Parcel(
                connector: connector,
                content: .object([
                    .init("to", .array(to)), .init("subject", try text(channel.subject, or: title[language])),
                    .init("text", try text(channel.message, or: message[language])),
                ]), person: number)
        case .robot(let connector, let format, _):
            return Parcel(
                connector: connector,
                content: .object([
                    .init("format", .string(format == .markdown ? "markdown" : "text")), .init("text", try text(channel.message, or: message[language])),
                ]), person: number)
        case .webhook(let connector, _):
            return Parcel(
                connector: connector,
                content: .object([
                    .init("channel", .string(channel.model.name)), .init("subject", .string(title[language])),
                    .init("message", try text(channel.message, or: message[language])), .init("link", link.map(JSONValue.string) ?? .null),
                    .init("record", record.map { .string(engine.app.text(of: $0)) } ?? .null),
                    .init("person", number.map { .string("user/\($0)") } ?? .null),
                ]), person: number)
        case .call(let connector, let call, _, _):
            // The channel's own words stand in place of the notice's.
            var frame = frame
            if case .string(let words) = try text(channel.message, or: message[language]) { frame.inputs[0] = Value(text: words) }
            let content = try channel.with.map { JSONValue.Member($0.name, .string(try $0.value.text(in: frame))) }
            return Parcel(connector: connector, call: call, content: .object(content), person: number)
        }
    }

    /// English for those whose field `language` says so; else Chinese, which is the text itself where only one was written.
    private func language(of person: Row) -> Language {
        guard let field = engine.app.model[person.id.object].field(named: "language") else { return .zh }
        switch person[field.id] {
        case .text("en"), .option("en"): return .en
        default: return .zh
        }
    }
}

extension WriteTransaction {
    /// Writes the effect, and where it goes if answers come in from there.
    func add(_ effect: Effect, carrying parcel: Parcel, about record: RecordID?, in engine: Engine) throws {
        try add(effect)
        guard let address = parcel.address else { return }
        let users = engine.app.model.objects[BuiltIn.allCases.firstIndex(of: .user) ?? 0].id
        let person = parcel.person.map { RecordID(object: users, number: $0) }
        try note(Addressed(channel: effect.target, address: address, key: effect.key, record: record, person: person))
    }
}
