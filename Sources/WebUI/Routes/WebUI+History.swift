import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Entries of a page of history.
    private static let entriesShown = 50
    /// Entries that are looked through for those that fit a filter.
    private static let entriesLookedThrough = 1_000

    func addHistory(to router: Router<WeirContext>) {
        router.get("records/:object/:id/history", use: page(history))
    }

    @Sendable private func history(_ visit: Visit) async throws -> Response {
        let id = try recordID(visit)
        let (_, titles) = try await row(id, visit)
        let object = engine.app.model[id.object]
        let field = visit.query.filled("field").flatMap { object.field(named: $0) }
        let kind = visit.query.filled("kind").flatMap { HistoryEntry.Kind(rawValue: $0) }
        var before = visit.query.filled("before").flatMap { Int64($0) }
        var found: [HistoryEntry] = []
        var lookedThrough = 0
        var hasMore = true
        while found.count < Self.entriesShown, lookedThrough < Self.entriesLookedThrough {
            let entries = try await engine.history(of: id, limit: Self.entriesShown, before: before)
            found += entries.filter { entry in
                (kind == nil || entry.kind == kind) && (field == nil || entry.changes.contains { $0.field == field?.id })
            }
            lookedThrough += entries.count
            before = entries.last?.sequence
            hasMore = entries.count == Self.entriesShown
            if !hasMore { break }
        }
        let named = Set(found.flatMap { entry in
            [entry.by].compactMap { $0 } + entry.changes.flatMap { [$0.old, $0.new] }.compactMap { if case .link(let id) = $0 { id } else { nil } }
        })
        let names = named.isEmpty ? [:] : try await engine.titles(of: named)
        let display = display(visit.language)
        let lines = found.map { entry in
            HistoryView.Line(
                moment: display.moment(entry.at), stamp: entry.at.description, who: entry.by.map { title(of: $0, names) } ?? visit.say(Say.system),
                isPerson: entry.by != nil, what: entry.kind.words, version: entry.version,
                changes: entry.changes.filter { !engine.app.model[$0.field].isSystem && (field == nil || $0.field == field?.id) }.map { change in
                    let changed = engine.app.model[change.field]
                    return TimelineEntry.Change(
                        label: changed.label[visit.language], old: display.plain(change.old, of: changed, titles: names),
                        new: display.plain(change.new, of: changed, titles: names))
                })
        }
        let address = ["records", object.name, String(id.number), "history"]
        let kept = [("field", field?.name ?? ""), ("kind", kind?.rawValue ?? "")].filter { !$0.1.isEmpty }
        let view = HistoryView(
            title: title(of: id, titles), objectLabel: object.label, list: link(to: object), record: link(to: id), lines: lines,
            fields: object.fields.filter { !$0.isSystem }.map { .init(value: $0.name, label: $0.label[visit.language], isChosen: $0.id == field?.id) },
            kinds: HistoryEntry.Kind.allCases.map { .init(value: $0.rawValue, label: visit.say($0.words), isChosen: $0 == kind) },
            next: hasMore ? before.map { Link(segments: address, query: kept + [("before", String($0))]) } : nil, isFiltered: !kept.isEmpty,
            all: Link(segments: address))
        return html(visit, title: "\(visit.say(Say.history)) · \(view.title)", current: object.name) { $0.historyPage(view) }
    }
}

extension HistoryEntry.Kind {
    /// What was done, as a word.
    var words: Words {
        switch self {
        case .created: Words(zh: "新建", en: "created")
        case .edited: Words(zh: "修改", en: "edited")
        case .moved: Words(zh: "推进阶段", en: "moved")
        case .deleted: Words(zh: "删除", en: "deleted")
        case .restored: Words(zh: "恢复", en: "restored")
        case .propagated: Words(zh: "自动重算", en: "recomputed")
        case .imported: Words(zh: "导入", en: "imported")
        }
    }
}
