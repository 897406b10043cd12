import Foundation
import Model
import Program
import SQLText
import SchemaPlan
import SourceText

/// An app on disk: its YAML files and its demo data.
struct AppFolder {
    let url: URL
    let sources: SourceSet

    /// Folders are searched so deep, and so many files are read at most.
    private static let deepest = 16
    private static let mostFiles = 2_000

    /// Reads every `.yaml` and `.yml` below the folder, in the order of their paths; names with a leading dot are left out.
    ///
    /// - Throws: `Ending` 3 if there is no such folder or a file cannot be read, 1 if no YAML is in it.
    init(_ path: String, language: Language) throws {
        let folder = URL(fileURLWithPath: path, isDirectory: true)
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder), isFolder.boolValue else {
            throw Ending(
                Ending.worldsTrouble, Words(zh: "没有应用文件夹 \(path)", en: "there is no app folder \(path)"), in: language)
        }
        var sources = SourceSet()
        let files = try Self.yamlFiles(in: folder, depth: 0).sorted()
        for file in files.prefix(Self.mostFiles) {
            let bytes = try Data(contentsOf: folder.appendingPathComponent(file))
            sources.add(path: path.hasSuffix("/") ? path + file : path + "/" + file, bytes: Array(bytes))
        }
        guard !files.isEmpty else {
            throw Ending(
                Ending.authorsTrouble,
                Words(zh: "\(path) 里没有 .yaml 文件；可用 weir new 建一个应用", en: "no .yaml file is in \(path); weir new makes an app"), in: language)
        }
        self.url = folder
        self.sources = sources
    }

    private static func yamlFiles(in folder: URL, depth: Int) throws -> [String] {
        guard depth < deepest else { return [] }
        var found: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where !name.hasPrefix(".") {
            let item = folder.appendingPathComponent(name)
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: item.path, isDirectory: &isFolder) else { continue }
            if isFolder.boolValue {
                found += try yamlFiles(in: item, depth: depth + 1).map { name + "/" + $0 }
            } else if name.hasSuffix(".yaml") || name.hasSuffix(".yml") {
                found.append(name)
            }
        }
        return found
    }

    /// `data/*.csv`, by name.
    func demoFiles() throws -> [(name: String, bytes: [UInt8])] {
        let folder = url.appendingPathComponent("data")
        guard FileManager.default.fileExists(atPath: folder.path) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".csv") }.sorted().map {
            ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0))))
        }
    }

    /// The contents of `data/files/`, by name.
    func demoContents() throws -> [String: [UInt8]] {
        let folder = url.appendingPathComponent("data/files")
        guard FileManager.default.fileExists(atPath: folder.path) else { return [:] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { !$0.hasPrefix(".") }
        return Dictionary(uniqueKeysWithValues: try names.map { ($0, Array(try Data(contentsOf: folder.appendingPathComponent($0)))) })
    }

    /// The app and all there is to say of it, today's warnings included.
    func checked() -> (app: CompiledApp?, diagnostics: Diagnostics) {
        var (app, diagnostics) = compile(sources)
        if let warning = app?.model.calendarWarning(at: SystemClock().now()) { diagnostics.report(warning) }
        for missing in app.map({ $0.model.lacks(on: .sqlite, volatile: $0.volatileFields) }) ?? [] { diagnostics.report(missing) }
        return (app, diagnostics)
    }

    /// The app, ready to run, with warnings told on standard error.
    ///
    /// - Throws: `Ending` 1 after all mistakes were told.
    func compiled(language: Language) throws -> CompiledApp {
        let (app, diagnostics) = checked()
        if !diagnostics.isEmpty {
            Terminal.error(DiagnosticText(sources: sources, language: language, colour: Terminal.errorTakesColour).render(diagnostics))
        }
        guard let app else { throw Ending(Ending.authorsTrouble, in: language) }
        return app
    }
}
