import Engine
import Formula
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    func addWhy(to router: Router<WeirContext>) {
        router.get("records/:object/:id/why/:field", use: page(why))
    }

    @Sendable private func why(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let object = engine.app.model[id.object]
        guard let name = visit.context.parameters.get("field")?.removingPercentEncoding, let field = object.field(named: name), field.computed != nil,
            let explained = try await engine.explanation(of: field.id, on: id, as: visit.principal, in: visit.language)
        else { throw Problem.notFound }
        let (_, titles) = try await row(id, visit)
        let view = WhyView(
            title: title(of: id, titles), objectLabel: object.label, list: link(to: object), record: link(to: id), label: field.label[visit.language],
            value: display(visit.language).value(explained.value, of: field, titles: explained.titles),
            steps: explained.trees.map { step($0, explained, visit.language) })
        return html(visit, title: "\(view.label) · \(view.title)", current: object.name) { $0.whyPage(view) }
    }

    private func step(_ tree: Explanation, _ explained: FieldExplanation, _ language: Language) -> WhyView.Step {
        func shown(_ value: Value, _ type: FormulaType) -> String {
            value.isBlank ? Say.blankValue[language] : value.text(of: type, at: explained.moment) { explained.titles[$0] ?? engine.app.text(of: $0) }
        }
        var deeper: Link?
        if let field = tree.field, let record = tree.record, engine.app.model[field].computed != nil {
            deeper = link(to: record, "why", engine.app.model[field].name)
        }
        let isFailure = if case .failure = tree.value { true } else { false }
        let value = shown(tree.value, tree.type)
        return WhyView.Step(
            text: tree.text.split(whereSeparator: \.isWhitespace).joined(separator: " "), value: value,
            note: tree.note.map { $0[language] }.flatMap { $0 == value ? nil : language.bracketed($0) }, deeper: deeper,
            rows: tree.rows.map { rows in
                let values = rows.values.map { shown($0, rows.valueType) }.joined(separator: language == .zh ? "、" : ", ")
                return Say.rowsTaken(rows.count, values, leftOut: rows.leftOut)[language]
            }, isFailure: isFailure, isFolded: tree.isFolded, parts: tree.parts.map { step($0, explained, language) })
    }
}

extension Say {
    static let oneByOne = Words(zh: "逐项查看", en: "One by one")
    static let blankValue = Words(zh: "空", en: "blank")
    static func rowsTaken(_ count: Int, _ values: String, leftOut: Int) -> Words {
        let colon = values.isEmpty ? ("", "") : ("：\(values)", ": \(values)")
        let left = leftOut == 0 ? ("", "") : ("（另有 \(leftOut) 条出错，没有计入）", " (\(leftOut) failed and were left out)")
        return Words(zh: "\(count) 条记录\(colon.0)\(left.0)", en: "\(count == 1 ? "1 record" : "\(count) records")\(colon.1)\(left.1)")
    }
}
