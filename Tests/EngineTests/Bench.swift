import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import Synchronization
import Testing

/// A running app in memory, with a clock that tests set.
struct Bench {
    let engine: Engine
    let clock: TestClock

    init(_ yaml: String, at start: String = "2026-03-02 09:00") throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: yaml)
        let (compiled, report) = compile(sources)
        let app = try #require(
            compiled, "\(report.found.map { "\($0.code): \($0.message.en) at \(sources.description(of: $0.span))" })")
        try self.init(app, at: start)
    }

    init(_ app: CompiledApp, at start: String = "2026-03-02 09:00") throws {
        clock = TestClock(try #require(Instant(local: start, in: app.model.zone)))
        let world = World(clock: clock, entropy: CountingEntropy())
        engine = Engine(app: app, store: try SQLiteStore.inMemory(app: app, world: world), world: world)
    }

    var model: CheckedApp { engine.app.model }

    func object(_ name: String) throws -> CheckedObject {
        try #require(model.object(named: name), "no object \(name)")
    }

    func field(_ object: String, _ name: String) throws -> CheckedField {
        try #require(try self.object(object).field(named: name), "no field \(object).\(name)")
    }

    /// The fields as a program sends them.
    func inputs(_ object: String, _ json: String) async throws -> ReadInputs {
        try await engine.inputs(json: try #require(try JSONValue.parse(json).asObject), for: try self.object(object).id)
    }

    @discardableResult
    func create(
        _ object: String, _ json: String, by principal: Principal = .system, door: SaveCommand.Door = .person, request: SaveCommand.Request? = nil
    ) async throws -> SaveOutcome {
        let read = try await inputs(object, json)
        var command = SaveCommand(.create(try self.object(object).id, read.inputs), by: principal, door: door, request: request)
        command.strays = read.strays
        return try await engine.save(command)
    }

    /// Creates what must go through.
    @discardableResult
    func make(_ object: String, _ json: String, by principal: Principal = .system, door: SaveCommand.Door = .person) async throws -> RecordID {
        let outcome = try await create(object, json, by: principal, door: door)
        guard case .saved(let row, _) = outcome else { throw Surprise(outcome: "\(outcome)") }
        return row.id
    }

    @discardableResult
    func edit(
        _ id: RecordID, _ json: String, by principal: Principal = .system, expecting expectation: SaveCommand.Expectation = .any
    ) async throws -> SaveOutcome {
        let read = try await inputs(model[id.object].name, json)
        var command = SaveCommand(.edit(id, read.inputs), by: principal, expecting: expectation)
        command.strays = read.strays
        return try await engine.save(command)
    }

    @discardableResult
    func move(_ id: RecordID, to stage: String, by principal: Principal = .system) async throws -> SaveOutcome {
        try await engine.save(SaveCommand(.move(id, to: stage), by: principal))
    }

    @discardableResult
    func delete(_ id: RecordID) async throws -> SaveOutcome {
        try await engine.save(SaveCommand(.delete(id), by: .system))
    }

    /// The record's fields as JSON texts, those that are named.
    func read(_ id: RecordID, _ names: String...) async throws -> [String] {
        guard let view = try await engine.record(id, as: .system), let row = view.rows.first else { return ["gone"] }
        let json = RecordJSON(app: engine.app, language: .en)
        return try names.map { name in
            let field = try #require(model[id.object].field(named: name), "no field \(name)")
            return json.value(row[field.id], of: field, titles: view.titles).text()
        }
    }

    /// Everything a refused command must leave as it was.
    func content() async throws -> String {
        let model = model
        return try await engine.store.read { transaction in
            var lines: [String] = []
            for object in model.objects {
                for row in try transaction.rows(of: object.id) {
                    lines.append("\(row)")
                    lines.append("\(try transaction.history(of: row.id, limit: 1000, before: nil))")
                    lines.append("\(try transaction.visits(of: row.id))")
                }
            }
            lines.append("\(try transaction.audit(limit: 10_000, before: nil))")
            return lines.joined(separator: "\n")
        }
    }
}

struct Surprise: Error, CustomStringConvertible {
    let outcome: String
    var description: String { outcome }
}

final class TestClock: WorldClock {
    private let instant: Mutex<Instant>

    init(_ start: Instant) { instant = Mutex(start) }

    func now() -> Instant { instant.withLock { $0 } }

    func advance(seconds: Int64) {
        instant.withLock { $0 = Instant(microseconds: $0.microseconds + seconds * Microseconds.perSecond) }
    }
}

final class CountingEntropy: Entropy {
    private let count = Mutex<UInt8>(0)

    func bytes(_ length: Int) -> [UInt8] {
        count.withLock { count in
            (0..<length).map { _ in
                count &+= 1
                return count
            }
        }
    }
}

extension SaveOutcome {
    /// `saved`, `refused required:name rule:cheap`, `held a b`, `conflict name` …: short enough to compare.
    func brief(_ model: CheckedApp) -> String {
        switch self {
        case .saved: "saved"
        case .unchanged: "unchanged"
        case .repeated(let id, let version): "repeated \(model[id.object].name)/\(id.number) v\(version)"
        case .requestKeyReused: "key reused"
        case .refused(let violations):
            "refused " + violations.map { "\($0.code.rawValue):\($0.rule ?? $0.field.map { model[$0].name } ?? "")" }.joined(separator: " ")
        case .held(let verdict): "held " + verdict.items.filter { !$0.isMet }.map(\.name).joined(separator: " ")
        case .conflict(_, let fields): "conflict " + fields.map { model[$0].name }.sorted().joined(separator: " ")
        case .missing: "missing"
        case .denied: "denied"
        }
    }
}
