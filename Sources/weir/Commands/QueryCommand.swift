import ArgumentParser
import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText
import Storage

struct QueryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "query", abstract: "查询记录 · read records",
        discussion: "例 · Example: weir query apps/crm \"opportunity where amount > 50000 order by amount desc\"")

    @Argument(help: "应用文件夹 · the app's folder") var app: String
    @Argument(help: "对象 [where 条件] [order by 字段 [desc], …] [limit N]") var query: String
    @Option(help: "以谁的身份（登录名） · as whom, by login") var `as`: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() async throws {
        let language = common.language
        let compiled = try AppFolder(app, language: language).compiled(language: language)
        let engine = try await data.openForReading(compiled, language: language)
        let request = try QueryText(query).request(on: engine, language: language)
        let principal = try await People(engine: engine, language: language).principal(login: `as`)
        let view = try await engine.list(request, as: principal)
        switch format.format {
        case .json: Terminal.out(RecordJSON(app: compiled, language: language).list(view).text(pretty: true) + "\n")
        case .text: Terminal.out(table(of: view, request.object, compiled, language))
        }
        await engine.store.close()
    }

    /// The title and the fields that are not blank in any row, tab-separated.
    private func table(of view: RecordsView, _ object: ObjectID, _ app: CompiledApp, _ language: Language) -> String {
        let fields = app.model[object].fields.filter { field in
            !field.isSystem && view.rows.contains { !$0[field.id].isBlank }
        }
        var lines = [(["id"] + fields.map(\.label[language])).joined(separator: "\t")]
        for row in view.rows {
            let cells = fields.map { shown(row, $0, view, app, language).replacingOccurrences(of: "\n", with: " ") }
            lines.append(([app.text(of: row.id)] + cells).joined(separator: "\t"))
        }
        if let total = view.total { lines.append(Words(zh: "共 \(total) 条", en: "\(total) in all")[language]) }
        return lines.joined(separator: "\n") + "\n"
    }
}

/// A query's text taken apart: `OBJECT [where CONDITION] [order by FIELD [desc], …] [limit N]`.
///
/// The words are looked for outside quotes, the last `order by` and `limit` count.
struct QueryText {
    let object: String
    let condition: String?
    let order: [(field: String, descending: Bool)]
    let limit: String?

    init(_ text: String) {
        var rest = text.trimmingCharacters(in: .whitespacesAndNewlines)
        limit = Self.cut(" limit ", off: &rest)
        order = (Self.cut(" order by ", off: &rest) ?? "").split(separator: ",").map { part in
            let words = part.split(separator: " ")
            return (words.first.map(String.init) ?? "", words.count > 1 && words[1].lowercased() == "desc")
        }
        condition = Self.cut(" where ", off: &rest, first: true)
        object = rest.trimmingCharacters(in: .whitespaces)
    }

    private static func cut(_ word: String, off text: inout String, first: Bool = false) -> String? {
        var quote: Character?
        var found: String.Index?
        var index = text.startIndex
        while index < text.endIndex {
            let character = text[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if text[index...].lowercased().hasPrefix(word), !first || found == nil {
                found = index
            }
            index = text.index(after: index)
        }
        guard let found, let end = text.index(found, offsetBy: word.count, limitedBy: text.endIndex) else { return nil }
        let tail = text[end...].trimmingCharacters(in: .whitespaces)
        text = String(text[..<found])
        return tail
    }

    /// - Throws: `Ending` 1 with what is wrong in the query.
    func request(on engine: Engine, language: Language) throws -> ListRequest {
        guard let object = engine.app.model.object(named: object) else {
            let guess = closestMatch(to: object, among: engine.app.model.objects.map(\.name))
            throw Ending(
                Ending.authorsTrouble,
                Words(
                    zh: "没有对象 `\(object)`" + (guess.map { "，是指 `\($0)` 吗？" } ?? ""),
                    en: "there is no object `\(object)`" + (guess.map { "; did you mean `\($0)`?" } ?? "")), in: language)
        }
        var request = ListRequest(object: object.id, limit: 200)
        if let condition {
            switch engine.condition(condition, on: object.id) {
            case .ready(let expression): request.condition = expression
            case .wrong(let sources, let diagnostics):
                Terminal.error(DiagnosticText(sources: sources, language: language, colour: Terminal.errorTakesColour).render(diagnostics))
                throw Ending(Ending.authorsTrouble, in: language)
            }
        }
        request.sort = try order.map { entry in
            guard let field = object.field(named: entry.field) else {
                throw Ending(
                    Ending.authorsTrouble, Words(zh: "没有字段 `\(entry.field)`", en: "there is no field `\(entry.field)`"), in: language)
            }
            return RecordQuery.Sort(field: field.id, descending: entry.descending)
        }
        if let limit {
            guard let number = Int(limit), (1...200).contains(number) else {
                throw Ending(Ending.authorsTrouble, Words(zh: "limit 应为 1 到 200", en: "limit is a number from 1 to 200"), in: language)
            }
            request.limit = number
        }
        return request
    }
}
