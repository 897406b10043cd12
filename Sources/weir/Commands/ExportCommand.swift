import ArgumentParser
import Engine
import Foundation
import Program
import SourceText
import Storage

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "导出 CSV（UTF-8 BOM） · export records as CSV",
        discussion: "例 · Example: weir export apps/crm \"lead where status = 'new'\" --out leads.csv")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "对象或查询 · an object or a query") var query: String
    @Option(help: "文件，默认标准输出 · the file; standard output by default") var out: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        let engine = try await data.openForReading(compiled, language: language)
        let request = try QueryText(query).request(on: engine, language: language)
        let handle = try output(language)
        try await engine.exportCSV(request, language: language, as: .system) { try handle.write(contentsOf: Data($0)) }
        try handle.close()
        await engine.store.close()
    }

    private func output(_ language: Language) throws -> FileHandle {
        guard let out else { return .standardOutput }
        guard FileManager.default.createFile(atPath: out, contents: nil), let handle = FileHandle(forWritingAtPath: out) else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能写 \(out)", en: "cannot write \(out)"), in: language)
        }
        return handle
    }
}
