import ArgumentParser
import JSON
import Program
import SQLText
import SchemaPlan
import SourceText

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "检查应用，一次列出全部问题 · every diagnostic of an app", discussion: "例 · Example: weir check apps/crm")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() throws {
        let language = common.language
        let folder = try AppFolder(app, language: language)
        var (app, diagnostics) = folder.checked()
        for missing in app.map({ $0.model.lacks(on: .postgres, volatile: $0.volatileFields) }) ?? [] { diagnostics.report(missing) }
        switch format.format {
        case .json:
            Terminal.out(DiagnosticJSON(sources: folder.sources, language: language).value(of: diagnostics).text(pretty: true) + "\n")
        case .text:
            Terminal.out(DiagnosticText(sources: folder.sources, language: language, colour: Terminal.outTakesColour).render(diagnostics))
            if diagnostics.isEmpty { Terminal.out(Words(zh: "没有问题\n", en: "no problems\n")[language]) }
        }
        if diagnostics.hasErrors { throw Ending(Ending.authorsTrouble, in: language) }
    }
}
