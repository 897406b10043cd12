import Foundation
import Model
import Program
import SourceText

/// The apps that new ones can be made from: folders under `templates/`.
struct Templates {
    /// By name, in order.
    let folders: [(name: String, url: URL)]

    /// Looks in `WEIR_TEMPLATES` if that is set; else beside the executable, in `share/weir/templates` beside its folder, and upwards from
    /// it, which finds those of a source tree.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) {
        for place in Self.places(environment) {
            let found = Self.apps(in: place)
            if !found.isEmpty {
                folders = found
                return
            }
        }
        folders = []
    }

    subscript(name: String) -> URL? { folders.first { $0.name == name }?.url }

    /// Upwards so many folders: `.build/PLATFORM/debug/` lies three below the source tree.
    private static let levels = 5

    private static func places(_ environment: [String: String]) -> [URL] {
        if let place = environment["WEIR_TEMPLATES"], !place.isEmpty { return [URL(fileURLWithPath: place, isDirectory: true)] }
        guard let executable = Bundle.main.executableURL?.resolvingSymlinksInPath() else { return [] }
        var folder = executable.deletingLastPathComponent()
        var places = [folder.appendingPathComponent("templates"), folder.deletingLastPathComponent().appendingPathComponent("share/weir/templates")]
        for _ in 0..<levels {
            folder = folder.deletingLastPathComponent()
            places.append(folder.appendingPathComponent("templates"))
        }
        return places
    }

    private static func apps(in place: URL) -> [(name: String, url: URL)] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: place.path)) ?? []
        return names.filter { !$0.hasPrefix(".") }.sorted().compactMap { name in
            let url = place.appendingPathComponent(name, isDirectory: true)
            return FileManager.default.fileExists(atPath: url.appendingPathComponent("app.yaml").path) ? (name, url) : nil
        }
    }

    /// Copies a template and gives the copy its name.
    ///
    /// - Throws: `Ending` 1 if the template is no app that can be named anew; then nothing is left of the copy.
    static func copy(_ template: URL, to folder: URL, appName: String, language: Language) throws {
        try FileManager.default.createDirectory(at: folder.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: template, to: folder)
        do {
            let file = folder.appendingPathComponent("app.yaml")
            let text = try String(contentsOf: file, encoding: .utf8)
            try Data(renamed(text, to: appName).utf8).write(to: file, options: .atomic)
            let copy = try AppFolder(folder.path, language: language)
            guard copy.checked().app?.model.name == appName else {
                throw Ending(
                    Ending.authorsTrouble,
                    Words(
                        zh: "模板 \(template.lastPathComponent) 不能用：先用 weir check \(template.path) 检查它，并让 app.yaml 里 app 的 name 独占一行",
                        en: "the template \(template.lastPathComponent) cannot be used: run weir check \(template.path), and let name: of app stand on a line of its own in app.yaml"),
                    in: language)
            }
        } catch {
            try? FileManager.default.removeItem(at: folder)
            throw error
        }
    }

    /// The first `name:` below `app:` gets the new name; all else stays as it is written.
    private static func renamed(_ text: String, to name: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(where: { $0.hasPrefix("app:") }) else { return text }
        for position in (start + 1)..<lines.count {
            let line = lines[position]
            guard line.hasPrefix(" ") || line.isEmpty else { break }
            let indent = line.prefix { $0 == " " }
            guard line.dropFirst(indent.count).hasPrefix("name:") else { continue }
            lines[position] = "\(indent)name: \(name)"
            break
        }
        return lines.joined(separator: "\n")
    }
}
