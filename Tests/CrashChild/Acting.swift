import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import TestKit

/// A story of people who are asked, of words that come and go and of messages, which may be begun again wherever it was cut off.
struct Acting {
    let folder: String
    let deals: Int
    let world: World

    func run(_ say: (String) -> Void) async throws {
        let app = CrashWork.acting
        let store = try await StorageSQLite.open(folder: folder, app: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        try await Automator(engine).setUp()
        try await Automator(engine).recover()
        try await Courier(engine).recover()
        let outside = Outside(path: folder + "/delivered")
        func settle(_ engine: Engine) async throws {
            repeat { try await Automator(engine).settle() } while try await Courier(engine).deliverDue(over: outside)
        }
        try await settle(engine)
        guard let user = app.model.object(named: "user"), let deal = app.model.object(named: "deal"), let name = deal.field(named: "name"),
            let phone = deal.field(named: "phone"), let ownerLink = deal.field(named: "owner"), let userName = user.field(named: "name"),
            let userPhone = user.field(named: "phone"), let (channel, receives) = app.model.receivingChannel(named: "sms")
        else { exit(3) }
        func make(_ key: String, _ object: ObjectID, _ inputs: [FieldInput]) async throws -> RecordID {
            var command = SaveCommand(.create(object, inputs), by: .system, request: SaveCommand.Request(key: key, digest: key))
            // What is told of them is told together from the sixth on.
            command.batch = "all"
            switch try await engine.save(command) {
            case .saved(let row, _): return row.id
            case .repeated(let id, _): return id
            default: exit(4)
            }
        }
        let owner = try await make("owner", user.id, [FieldInput(userName.id, .text("owner")), FieldInput(userPhone.id, .text("13900000000"))])
        for number in 1...deals {
            _ = try await make(
                "deal \(number)", deal.id,
                [FieldInput(name.id, .text("d\(number)")), FieldInput(phone.id, .text("1380000000\(number)")), FieldInput(ownerLink.id, .link(owner))])
            try await settle(engine)
        }
        for number in 1...deals {
            let body = #"{"id":\#(number),"mobile":"+86 138-0000-000\#(number)","content":"yes \#(number)"}"#
            guard case .taken = try await engine.receive(Array(body.utf8), over: channel.name, receives, contentType: "application/json", digest: body) else { exit(4) }
            try await settle(engine)
        }
        // The first is left without an answer.
        let principal = Principal(user: owner, name: "owner", roles: [])
        for question in try await engine.openQuestions(of: owner, limit: 100).reversed() where question.question.message.en != "d1?" {
            guard case .done = try await engine.answer(question.question.id, [("good", .text("yes")), ("note", .text("n"))], by: principal) else { exit(4) }
            try await settle(engine)
        }
        let late = World(clock: LaterClock(instant: Instant(microseconds: world.clock.now().microseconds + 3 * Microseconds.perDay)), entropy: world.entropy, commitPoints: world.commitPoints)
        try await settle(Engine(app: app, store: store, world: late))
        try await tell(engine, outside, say)
        await store.close()
    }

    /// All that stands, without times and without the database's own name.
    private func tell(_ engine: Engine, _ outside: Outside, _ say: (String) -> Void) async throws {
        let broken = try await Invariants.broken(in: engine)
        let lines = try await engine.store.read { transaction -> [String] in
            var lines: [String] = []
            func text(_ record: RecordID?) -> String { record.map { engine.app.text(of: $0) } ?? "-" }
            for object in engine.app.model.objects {
                for row in try transaction.rows(of: object.id) {
                    let fields = object.fields.filter { !$0.isSystem && !row[$0.id].isBlank }.map { "\($0.name)=\(row[$0.id])" }
                    lines.append("\(text(row.id)) \(row.version) \(fields.joined(separator: " "))")
                }
            }
            for run in try transaction.runs(of: nil, process: nil, states: [], limit: 10_000, before: nil) {
                lines.append("run \(run.id) \(run.process) \(run.state) \(run.position) \(text(run.record)) \(run.depth) \(run.variables)")
                for step in try transaction.runSteps(of: run.id) { lines.append("  \(step.step) \(step.isDone) \(step.words.en) \(text(step.record))") }
            }
            for notice in try transaction.notices(after: 0, limit: 10_000) {
                lines.append("notice \(notice.id) \(text(notice.user)) \(text(notice.record)) \(notice.message.en) \(notice.folded ?? 0)")
            }
            for effect in try transaction.effects(after: 0, limit: 10_000) {
                lines.append("effect \(effect.id) \(Outside.plain(effect.key)) \(effect.target) \(effect.state) \(effect.payload)")
            }
            for message in try transaction.messages(limit: 10_000, before: nil) {
                lines.append("message \(message.id) \(message.number) \(message.from) \(message.text) \(text(message.about)) \(text(message.user))")
            }
            return lines
        }
        for line in lines + outside.delivered.sorted() + broken.map({ "broken: \($0)" }) { say(line.replacing("\n", with: " ")) }
    }
}

private struct LaterClock: WorldClock {
    let instant: Instant
    func now() -> Instant { instant }
}

/// Keeps what it was given in a file, so that it is known also after the process was killed.
private struct Outside: DeliverySender {
    let path: String

    /// Without the database's own name.
    static func plain(_ key: String) -> String { key.split(separator: ":").dropFirst().joined(separator: ":") }

    func send(_ delivery: Delivery) async -> DeliveryOutcome {
        let line = "sent \(Self.plain(delivery.key)) \(delivery.payload.text())\n"
        let file = open(path, O_WRONLY | O_APPEND | O_CREAT, 0o600)
        guard file >= 0 else { exit(5) }
        defer { close(file) }
        guard line.utf8.withContiguousStorageIfAvailable({ write(file, $0.baseAddress, $0.count) }) == line.utf8.count else { exit(5) }
        return .ok(receipt: nil)
    }

    func tellsTogether(_ connector: String) -> Bool { false }

    func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for delivery in deliveries { outcomes.append(await send(delivery)) }
        return outcomes
    }

    /// Each once: what was under way when the process was killed may have been sent again under the same key.
    var delivered: Set<String> {
        Set(((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n").map(String.init))
    }
}
