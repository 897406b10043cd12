import ArgumentParser
import Foundation
import SourceText

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "新建一个应用文件夹 · make an app folder that passes check and test", discussion: "例 · Example: weir new 客户台账 · weir new 拜访 --from customer-visits")

    @Argument(help: "文件夹名，也是应用名 · the folder, whose last part names the app") var name: String
    @Option(help: "模板 · a template; an unknown one lists those there are") var from: String?
    @OptionGroup var common: CommonOptions

    func run() throws {
        let language = common.language
        let template = try from.map { try self.template(named: $0) }
        guard !name.isEmpty else { throw Ending(Ending.wrongUsage, Words(zh: "请给出应用名", en: "say what the app is called"), in: language) }
        let folder = URL(fileURLWithPath: name, isDirectory: true)
        let appName = folder.lastPathComponent.precomposedStringWithCanonicalMapping
        guard Self.isName(appName) else {
            throw Ending(
                Ending.wrongUsage,
                Words(
                    zh: "应用名 `\(appName)` 只能有文字、数字和下划线，且不以数字开头",
                    en: "the app's name `\(appName)` may have letters, digits and underscores, and does not begin with a digit"),
                in: language)
        }
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw Ending(Ending.wrongUsage, Words(zh: "\(name) 已存在，没有改动它", en: "\(name) exists already and was left alone"), in: language)
        }
        if let template {
            try Templates.copy(template, to: folder, appName: appName, language: language)
        } else {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            for (file, text) in Starter.files(appName: appName, language: language) {
                try Data(text.utf8).write(to: folder.appendingPathComponent(file), options: .atomic)
            }
        }
        Terminal.out(
            Words(
                zh: "已建好 \(name)\n下一步：weir check \(name) · weir test \(name) · weir serve \(name)\n",
                en: "made \(name)\nnext: weir check \(name) · weir test \(name) · weir serve \(name)\n")[language])
    }

    private func template(named name: String) throws -> URL {
        let templates = Templates()
        if let url = templates[name] { return url }
        let names = templates.folders.map(\.name)
        let known = names.joined(separator: ", ")
        let words =
            names.isEmpty
            ? Words(
                zh: "没有模板 `\(name)`，也没有找到任何模板；可用环境变量 WEIR_TEMPLATES 指明模板文件夹",
                en: "there is no template `\(name)`, and none was found at all; WEIR_TEMPLATES can name their folder")
            : Words(zh: "没有模板 `\(name)`；现有：\(known)", en: "there is no template `\(name)`; there are: \(known)")
        throw Ending(Ending.wrongUsage, words, in: common.language)
    }

    private static func isName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, text.unicodeScalars.count <= 64 else { return false }
        let isWord = { (scalar: Unicode.Scalar) in scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil }
        return (first == "_" || first.properties.isAlphabetic) && text.unicodeScalars.allSatisfy(isWord)
    }
}
