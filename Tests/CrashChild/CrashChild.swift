import Engine
import Formula
import Foundation
import Model
import Program
import Storage
import StorageSQLite
import Synchronization
import TestKit

/// `CrashChild WORK FOLDER SEED POINT COUNT LIMIT`: does WORK on the data folder until POINT is reached for the COUNTth time, and dies there
/// of SIGKILL. POINT 0 lets it live, up to LIMIT records. Every record that was acknowledged is a line on standard output.
@main struct CrashChild {
    let folder: String
    let seed: UInt64
    let limit: Int
    let world: World

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let seed = UInt64(arguments[3]), let point = Int(arguments[4]), let count = Int(arguments[5]),
            let limit = Int(arguments[6])
        else {
            FileHandle.standardError.write(Data("CrashChild WORK FOLDER SEED POINT COUNT LIMIT\n".utf8))
            exit(2)
        }
        let child = CrashChild(
            folder: arguments[2], seed: seed, limit: limit,
            world: TestWorld.make(seed: seed, commitPoints: CommitPoints(hook: Countdown(point: point, count: count).reached)))
        switch arguments[1] {
        case "store": try await child.writeDeals()
        case "engine": try await child.saveOrders()
        case "import": try await child.importOrders()
        case "job": try await child.goOnWithImport()
        case "schema": try await child.migrate()
        case "files": try await child.keepFiles()
        case "acting": try await Acting(folder: child.folder, deals: limit, world: child.world).run(acknowledge)
        default: exit(2)
        }
    }

    /// Several tasks at once, so that works share commits.
    private func writeDeals() async throws {
        let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: world)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<6 {
                group.addTask { [seed, limit] in
                    for number in stride(from: Int64(task + 1), through: Int64(limit), by: 6) {
                        try await store.write { try CrashWork.write(number, seed: seed, to: $0) }
                        Self.acknowledge("deal \(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
        await store.close()
    }

    private func saveOrders() async throws {
        let app = CrashWork.orders
        let store = try await StorageSQLite.open(folder: folder, app: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        guard let order = app.model.object(named: "order"), let line = app.model.object(named: "line"), let name = order.field(named: "name"),
            let words = order.field(named: "words"), let link = line.field(named: "order"), let amount = line.field(named: "amount")
        else { exit(3) }
        for number in 1...limit {
            func save(_ step: String, _ action: SaveCommand.Action) async throws -> RecordID {
                let command = SaveCommand(action, by: .system, request: SaveCommand.Request(key: "\(step)-\(number)", digest: step))
                guard case .saved(let row, _) = try await engine.save(command) else { exit(4) }
                Self.acknowledge("\(app.model[row.id.object].name) \(row.id.number) \(step)")
                return row.id
            }
            let made = try await save(
                "create", .create(order.id, [FieldInput(name.id, .text("order \(number)")), FieldInput(words.id, .options(["a", "b\(number)"]))]))
            for step in 1...2 {
                _ = try await save(
                    "line\(step)",
                    .create(line.id, [FieldInput(link.id, .link(made)), FieldInput(amount.id, .number(ExactDecimal(number * 10 + step)))]))
            }
            _ = try await save("move", .move(made, to: "paid"))
            _ = try await save("edit", .edit(made, [FieldInput(words.id, .options(["c"]))]))
        }
        await store.close()
    }

    private func importOrders() async throws {
        let app = CrashWork.orders
        let store = try await StorageSQLite.open(folder: folder, app: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        guard let order = app.model.object(named: "order") else { exit(3) }
        let table = try engine.readTable(Array(CrashWork.table(of: limit).utf8))
        let report = try await engine.importTable(table, into: order.id, dryRun: false, as: .system) { done, _ in
            Self.acknowledge("imported \(done)")
        }
        guard report.created == limit else { exit(4) }
        await store.close()
    }

    /// Makes an import, or goes on with the one that is there.
    private func goOnWithImport() async throws {
        let app = CrashWork.orders
        let store = try await StorageSQLite.open(folder: folder, app: app, world: world)
        let engine = Engine(app: app, store: store, world: world)
        guard let order = app.model.object(named: "order") else { exit(3) }
        var job = try await engine.importJobs(of: order.id, limit: 1).first
        if job == nil {
            let path = try store.files.newUploadPath(token: "table")
            try Data(CrashWork.table(of: limit).utf8).write(to: URL(fileURLWithPath: path))
            job = try await engine.newImport(uploadAt: path, named: "orders.csv", into: order.id, by: .system)
        }
        guard let job else { exit(4) }
        let done = try await engine.runImport(job.id, as: .system) { Self.acknowledge("imported \($0.position)") }
        guard done.state == .done, done.counts.created == limit else { exit(4) }
        await store.close()
    }

    private func migrate() async throws {
        let store = try await StorageSQLite.open(folder: folder, app: CrashWork.laterOrders, world: world)
        Self.acknowledge("open")
        await store.close()
    }

    private func keepFiles() async throws {
        let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: world)
        for number in 1...limit {
            let path = try store.files.newUploadPath(token: "u\(number)")
            try Data(CrashWork.content(number, seed: seed).utf8).write(to: URL(fileURLWithPath: path))
            let file = try store.files.keep(uploadAt: path)
            try await store.write { transaction in
                let row = SampleApp.row(SampleApp.file, Int64(number), ["name": .text("file \(number)")])
                try transaction.insert(row)
                try transaction.attach(file, to: row.id)
            }
            Self.acknowledge("file \(number)")
        }
        await store.close()
    }

    /// One unbuffered write, so that a line is out whole before the process goes on.
    private static func acknowledge(_ line: String) {
        var text = line + "\n"
        text.withUTF8 { bytes in _ = write(1, bytes.baseAddress, bytes.count) }
    }
}

/// Counts how often the point is reached, and kills this process the last time.
private final class Countdown: Sendable {
    private let point: Int
    private let left: Mutex<Int>

    init(point: Int, count: Int) {
        self.point = point
        left = Mutex(count)
    }

    func reached(_ reached: CommitPoint) {
        guard reached.rawValue == point else { return }
        left.withLock { left in
            left -= 1
            if left == 0 { kill(getpid(), SIGKILL) }
        }
    }
}
