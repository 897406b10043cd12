import ArgumentParser
import Engine
import Foundation
import Program
import SourceText
import Storage

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "导出 CSV（UTF-8 BOM）或 XLSX · export records as CSV or as an XLSX workbook",
        discussion: "例 · Example: weir export apps/crm \"lead where status = 'new'\" --out leads.xlsx")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "对象或查询 · an object or a query") var query: String
    @Option(help: "文件，.xlsx 是工作簿，默认标准输出 CSV · the file, a workbook if it ends in .xlsx; CSV on standard output by default") var out: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        let engine = try await data.openForReading(compiled, language: language)
        let request = try QueryText(query).request(on: engine, language: language)
        var counting = request
        counting.limit = 1
        counting.wantsTotal = true
        let total = try await engine.list(counting, as: .system).total ?? 0
        let progress = ProgressLine(Words(zh: "导出", en: "exporting"), in: language)
        let format: TableFormat = out?.lowercased().hasSuffix(".xlsx") == true ? .xlsx : .csv
        if let out {
            let output = try OutputFile(out, language: language)
            try await engine.exportTable(request, as: format, language: language, by: .system, progress: { progress.show($0, of: total) }) { try output.write($0) }
            try output.finish()
        } else {
            try await engine.exportTable(request, as: format, language: language, by: .system) { try FileHandle.standardOutput.write(contentsOf: Data($0)) }
        }
        await engine.store.close()
    }
}
