import Engine
import Formula
import JSON
import Model
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite
import Synchronization
import TestKit
import Testing

/// An app on a virtual clock, which a test may renew, stop and begin anew.
final class Rig {
    let clock: VirtualClock
    private(set) var engine: Engine
    private var store: SQLiteStore
    private let world: World
    private let fault: Fault?
    let outside: Outside

    /// - Parameters:
    ///   - folder: Where it is kept; nil: nowhere.
    ///   - fault: What the store does wrong; nil: nothing.
    convenience init(_ yaml: String, at start: String = "2026-03-02 09:00", in folder: String? = nil, outside: Outside = Outside()) async throws {
        try await self.init(try Rig.app(yaml), at: start, in: folder, outside: outside)
    }

    init(_ app: CompiledApp, at start: String, in folder: String? = nil, fault: Fault? = nil, outside: Outside = Outside()) async throws {
        clock = VirtualClock(at: try #require(Instant(local: start, in: app.model.zone)))
        world = World(clock: clock, entropy: SeededEntropy(seed: 1))
        store = if let folder { try SQLiteStore.open(folder: folder, app: app, world: world) } else { try SQLiteStore.inMemory(app: app, world: world) }
        self.fault = fault
        self.outside = outside
        engine = Engine(app: app, store: Rig.wrapped(store, fault), world: world)
        try await Automator(engine).setUp()
    }

    static func app(_ yaml: String) throws -> CompiledApp {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: yaml)
        let (app, report) = compile(sources)
        return try #require(app, "\(report.found.map { "\($0.code): \($0.message.en) at \(sources.description(of: $0.span))" })")
    }

    private static func wrapped(_ store: SQLiteStore, _ fault: Fault?) -> any Store { fault.map { FaultyStore(store, $0) } ?? store }

    /// The next version of the app takes over, as it does while it is served.
    func renew(_ yaml: String) async throws {
        let app = try Rig.app(yaml)
        store = try await store.advanced(to: app, world: world)
        engine = Engine(app: app, store: Rig.wrapped(store, fault), world: world)
        try await Automator(engine).setUp()
    }

    /// The process ends and begins anew on the same folder.
    func restart(in folder: String, _ yaml: String) async throws {
        await store.close()
        let app = try Rig.app(yaml)
        store = try SQLiteStore.open(folder: folder, app: app, world: world)
        engine = Engine(app: app, store: Rig.wrapped(store, fault), world: world)
        try await Automator(engine).setUp()
        try await Automator(engine).recover()
        try await Courier(engine).recover()
    }

    func close() async { await store.close() }

    // MARK: Time

    var now: Instant { clock.now() }

    func settle() async throws { try await VirtualTime(engine: engine, clock: clock, outside: outside).settle() }

    func pass(_ seconds: Int64) async throws {
        try await VirtualTime(engine: engine, clock: clock, outside: outside).pass(to: Instant(microseconds: clock.now().microseconds + seconds * Microseconds.perSecond))
    }

    /// On the clock on the wall; what is due on the way is done when it is due.
    func pass(to local: String) async throws {
        try await VirtualTime(engine: engine, clock: clock, outside: outside).pass(to: try instant(local))
    }

    /// The clock is moved, and nobody did anything meanwhile.
    func jump(_ seconds: Int64) { clock.set(to: Instant(microseconds: clock.now().microseconds + seconds * Microseconds.perSecond)) }

    func instant(_ local: String) throws -> Instant { try #require(Instant(local: local, in: engine.app.model.zone)) }

    func local(_ instant: Instant?) -> String {
        guard let instant else { return "never" }
        let wall = engine.app.model.zone.wallClock(instant)
        return "\(wall.day) \(wall.time(withSeconds: false))"
    }

    // MARK: Records

    func command(_ action: (ObjectID, [FieldInput]) -> SaveCommand.Action, _ object: String, _ json: String) async throws -> SaveCommand.Action {
        let object = try #require(engine.app.model.object(named: object), "no object \(object)")
        let read = try await engine.inputs(json: try #require(try JSONValue.parse(json).asObject), for: object.id)
        return action(object.id, read.inputs)
    }

    func make(_ object: String, _ json: String, by person: RecordID? = nil, door: SaveCommand.Door = .person) async throws -> RecordID {
        let outcome = try await engine.save(SaveCommand(try await command(SaveCommand.Action.create, object, json), by: principal(person), door: door))
        guard case .saved(let row, _) = outcome else { throw Surprise("\(outcome)") }
        return row.id
    }

    @discardableResult
    func edit(_ id: RecordID, _ json: String, by person: RecordID? = nil) async throws -> SaveOutcome {
        let action = try await command({ .edit(id, $1) }, engine.app.model[id.object].name, json)
        return try await engine.save(SaveCommand(action, by: principal(person)))
    }

    @discardableResult
    func move(_ id: RecordID, to stage: String, by person: RecordID? = nil) async throws -> SaveOutcome {
        try await engine.save(SaveCommand(.move(id, to: stage), by: principal(person)))
    }

    @discardableResult
    func delete(_ id: RecordID) async throws -> SaveOutcome { try await engine.save(SaveCommand(.delete(id), by: .system)) }

    func principal(_ person: RecordID?) -> Principal { person.map { Principal(user: $0, name: "", roles: []) } ?? .system }

    func value(_ id: RecordID, _ name: String) async throws -> Value {
        let row = try #require(try await engine.record(id, as: .system)?.rows.first, "it is gone")
        return row[try #require(engine.app.model[id.object].field(named: name), "no field \(name)").id]
    }

    func text(_ id: RecordID) -> String { engine.app.text(of: id) }

    func count(_ object: String) async throws -> Int {
        let object = try #require(engine.app.model.object(named: object), "no object \(object)")
        return try await engine.store.read { try $0.count(object.id, where: nil) }
    }

    // MARK: What it did

    /// Oldest first.
    func runs(_ process: String? = nil) async throws -> [AutomationRun] {
        try await engine.store.read { try $0.runs(of: nil, process: process, states: [], limit: 1_000_000, before: nil) }.reversed()
    }

    func notices() async throws -> [Notice] { try await engine.store.read { try $0.notices(after: 0, limit: 1_000_000) } }
    func messages() async throws -> [String] { try await notices().map(\.message.en) }
    func effects() async throws -> [Effect] { try await engine.store.read { try $0.effects(after: 0, limit: 1_000_000) } }

    func expectSound(isSettled: Bool = true, _ location: SourceLocation = #_sourceLocation) async throws {
        for line in try await Invariants.broken(in: engine, isSettled: isSettled).prefix(10) { Issue.record(Comment(rawValue: line), sourceLocation: location) }
    }
}

struct Surprise: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// Takes what is sent, and answers as the test says.
final class Outside: DeliverySender {
    private let seen = Mutex<[Delivery]>([])
    private let answer: @Sendable (Delivery) -> DeliveryOutcome

    init(_ answer: @escaping @Sendable (Delivery) -> DeliveryOutcome = { _ in .ok(receipt: nil) }) {
        self.answer = answer
    }

    var deliveries: [Delivery] { seen.withLock { $0 } }

    func send(_ delivery: Delivery) async -> DeliveryOutcome {
        seen.withLock { $0.append(delivery) }
        return answer(delivery)
    }

    func tellsTogether(_ connector: String) -> Bool { false }
    func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] { deliveries.map(answer) }
}
