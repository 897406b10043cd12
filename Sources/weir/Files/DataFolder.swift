import ArgumentParser
import Engine
import Foundation
import Model
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite

/// Where an app's data lie.
struct DataOptions: ParsableArguments {
    @Option(help: "数据目录，默认 .weir/应用名 · the data folder, by default .weir/APP")
    var data: String?

    func path(for app: CompiledApp) -> String { data ?? ".weir/\(app.model.name)" }

    /// The app's engine on its data, with the schema brought up to date where that is safe.
    ///
    /// - Parameter printsPlan: Whether what changes in the database is told on standard error.
    /// - Throws: `Ending` 1 if the schema change is refused, 3 if another process holds the folder or it cannot be written.
    func openForWriting(_ app: CompiledApp, language: Language, printsPlan: Bool = true) async throws -> Engine {
        Engine(app: app, store: try openStore(app, language: language, printsPlan: printsPlan), world: .real())
    }

    /// The same without an engine.
    func openStore(_ app: CompiledApp, language: Language, printsPlan: Bool = true) throws -> SQLiteStore {
        let world = World.real()
        let progress = ProgressLine(Words(zh: "计算新公式", en: "computing new formulas"), in: language)
        let store = try SQLiteStore.open(folder: path(for: app), app: app, world: world) { _, done, all in progress.show(done, of: all) }
        if printsPlan { Self.tell(store.appliedPlan, of: path(for: app), in: language) }
        return store
    }

    /// What opening changed: line by line, or in one line for a folder that has just been made.
    private static func tell(_ plan: SchemaPlan, of folder: String, in language: Language) {
        guard !plan.isEmpty else { return }
        let isNew = plan.after.objects.count == plan.changes.count { if case .createObject = $0 { true } else { false } }
        let newFolder = Words(
            zh: "新建数据目录 \(folder)：\(plan.after.objects.count) 个对象\n", en: "made the data folder \(folder): \(plan.after.objects.count) objects\n")
        Terminal.error(isNew ? newFolder[language] : plan.text(in: language))
    }

    /// The engine for commands that only read, beside a server.
    func openForReading(_ app: CompiledApp, language: Language) async throws -> Engine {
        let folder = path(for: app)
        guard FileManager.default.fileExists(atPath: folder) else {
            throw Ending(
                Ending.worldsTrouble,
                Words(zh: "没有数据目录 \(folder)；先运行 weir serve", en: "there is no data folder \(folder); run weir serve first"), in: language)
        }
        let world = World.real()
        return Engine(app: app, store: try SQLiteStore.open(folder: folder, app: app, world: world, access: .reading), world: world)
    }
}
