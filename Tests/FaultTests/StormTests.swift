import Engine
import Formula
import Foundation
import Model
import Program
import SourceText
import Storage
import Synchronization
import TestKit
import Testing

/// Stories by seed, through the real engine on virtual time and through the plain model: both must come to the same, at every step.
@Suite struct StormTests {
    /// `make test-storm` asks for many more: opening a database takes most of the time of a story.
    private static let seeds = max(1, ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { Int($0) } ?? 40)
    private static let share = 10

    @Test("T29 and all that comes in time: the engine does what the plain model does", arguments: Array(stride(from: 1, through: seeds, by: share)))
    func theEngineDoesWhatThePlainModelDoes(first: Int) async throws {
        for seed in first..<min(first + Self.share, Self.seeds + 1) {
            if let difference = try await Telling(Story(seed: UInt64(seed))).difference() {
                Issue.record("seed \(seed): \(difference)")
                return
            }
        }
    }

    /// So many stories at most until somebody must have noticed.
    private static let patience = 1_000

    @Test("T36: a store with a fault is found out", arguments: Fault.allCases) func aStoreWithAFaultIsFoundOut(fault: Fault) async throws {
        for seed in 1...Self.patience {
            // What the database itself refuses has been noticed too.
            do {
                if try await Telling(Story(seed: UInt64(seed)), fault).difference() != nil { return }
            } catch {
                return
            }
        }
        Issue.record("nobody noticed that it \(fault.rawValue)")
    }
}

/// A story that is told to both.
struct Telling {
    let story: Story
    let fault: Fault?

    init(_ story: Story, _ fault: Fault? = nil) {
        self.story = story
        self.fault = fault
    }

    private static let start = "2026-03-02 09:00"
    private static let apps = Mutex<[Story.Shape: CompiledApp]>([:])

    private static func app(of story: Story) throws -> CompiledApp {
        if let known = apps.withLock({ $0[story.shape] }) { return known }
        let app = try Rig.app(story.yaml)
        apps.withLock { $0[story.shape] = app }
        return app
    }

    /// The first thing in which they differ; nil: none.
    func difference() async throws -> String? {
        let rig = try await Rig(try Self.app(of: story), at: Self.start, fault: fault)
        _ = try await rig.make("user", #"{"name":"u"}"#, door: .trusted)
        let model = PlainModel(story.shape, at: Self.minutes(rig.now))
        for (number, event) in story.events.enumerated() {
            let told = try await tell(event, to: rig)
            let expected = model.take(event)
            try await rig.settle()
            model.settle()
            let place = "event \(number), \(event)"
            guard told == expected else { return "\(place): \(told), and not \(expected)" }
            if let line = Self.difference(try await account(of: rig), model.account()) { return "\(place): \(line)" }
        }
        let broken = try await Invariants.broken(in: rig.engine)
        await rig.close()
        return broken.first
    }

    private static func difference(_ real: [String], _ plain: [String]) -> String? {
        guard real != plain else { return nil }
        let place = zip(real, plain).enumerated().first { $1.0 != $1.1 }?.offset ?? min(real.count, plain.count)
        return "`\(place < real.count ? real[place] : "nothing")`, and not `\(place < plain.count ? plain[place] : "nothing")`"
    }

    private static func minutes(_ instant: Instant) -> Int { Int(instant.microseconds / Microseconds.perMinute) }

    private func tell(_ event: Story.Event, to rig: Rig) async throws -> String {
        let model = rig.engine.app.model
        func id(_ object: String, _ number: Int) throws -> RecordID {
            RecordID(object: try #require(model.object(named: object)).id, number: Int64(number))
        }
        func save(_ action: SaveCommand.Action) async throws -> String {
            switch try await rig.engine.save(SaveCommand(action, by: .system)) {
            case .saved: "saved"
            case .unchanged: "unchanged"
            case .held: "held"
            case .missing: "missing"
            case .refused(let violations) where violations.contains { $0.code == .unknownRecord }: "missing"
            case let other: "\(other)"
            }
        }
        func edit(_ item: Int, _ json: String) async throws -> String {
            let id = try id("item", item)
            return try await save(try await rig.command({ .edit(id, $1) }, "item", json))
        }
        switch event {
        case .make(let n, let state):
            let object = try #require(model.object(named: "item")).id
            let name = try await rig.engine.store.read { try Telling.last(object, $0) } + 1
            return try await save(try await rig.command(SaveCommand.Action.create, "item", #"{"name":"i\#(name)","n":\#(n),"state":"\#(state)"}"#))
        case .set(let item, let n): return try await edit(item, #"{"n":\#(n)}"#)
        case .state(let item, let state): return try await edit(item, #"{"state":"\#(state)"}"#)
        case .hold(let item, let hold): return try await edit(item, #"{"hold":\#(hold)}"#)
        case .move(let item, let stage): return try await save(.move(try id("item", item), to: stage))
        case .delete(let item): return try await save(.delete(try id("item", item)))
        case .log(let item): return try await save(try await rig.command(SaveCommand.Action.create, "log", #"{"what":"by hand","item":"item/\#(item)"}"#))
        case .forget(let log): return try await save(.delete(try id("log", log)))
        case .message(let number, let n):
            let inbound = try #require(model.inbound(named: "form"))
            let body = #"{"id":\#(number),"name":"m\#(number)","n":\#(n)}"#
            switch try await rig.engine.receive(inbound, Array(body.utf8), contentType: "application/json", digest: "\(number)") {
            case .taken(_, let isRepeated): return isRepeated ? "repeated" : "saved"
            case let other: return "\(other)"
            }
        case .wait(let minutes):
            try await rig.pass(Int64(minutes) * 60)
            return "waited"
        }
    }

    /// The number of the last record of an object, gone or not.
    private static func last(_ object: ObjectID, _ transaction: any ReadTransaction) throws -> Int {
        let standing = try transaction.rows(of: object).map(\.id.number).max() ?? 0
        let gone = try transaction.deleted(of: object, limit: 1_000, offset: 0).map(\.row.id.number).max() ?? 0
        return Int(max(standing, gone))
    }

    /// As `PlainModel.account`.
    private func account(of rig: Rig) async throws -> [String] {
        let model = rig.engine.app.model
        let item = try #require(model.object(named: "item")), log = try #require(model.object(named: "log"))
        return try await rig.engine.store.read { transaction in
            func minute(_ instant: Instant?) -> String { instant.map { "\($0.microseconds / Microseconds.perMinute)" } ?? "-" }
            func text(_ row: Row, _ name: String) -> String {
                guard let field = model[row.id.object].field(named: name) else { return "no field" }
                switch row[field.id] {
                case .number(let number): return "\(number)"
                case .text(let text), .option(let text): return text
                case .bool(let bool): return "\(bool)"
                case .link(let record): return "\(record.number)"
                case .blank: return "-"
                case let other: return "\(other)"
                }
            }
            var lines: [String] = []
            for row in try transaction.rows(of: item.id) {
                let values = ["name", "n", "state", "hold", "mark", "stage", "asked"].map { text(row, $0) }
                lines.append("item \(row.id.number) \(values.joined(separator: " ")) \(try transaction.visits(of: row.id).map(\.stage))")
                for state in try transaction.watchStates(of: row.id) where state.since != nil {
                    lines.append("watch \(state.watch) \(row.id.number) since \(minute(state.since)) due \(state.due.map { minute($0) } ?? "never")")
                }
            }
            for row in try transaction.rows(of: log.id) { lines.append("log \(row.id.number) \(text(row, "what")) \(text(row, "item"))") }
            for run in try transaction.runs(of: nil, process: nil, states: [], limit: 100_000, before: nil).reversed() {
                let record = run.record.flatMap { $0.object == item.id ? "\($0.number)" : nil } ?? "-"
                lines.append("run \(run.id) \(run.process) \(record) \(run.state) \(minute(run.wake))")
            }
            for notice in try transaction.notices(after: 0, limit: 100_000) { lines.append("notice \(minute(notice.at)) \(notice.message.en)") }
            for schedule in try transaction.schedules() { lines.append("daily \(minute(schedule.next))") }
            return lines
        }
    }
}
