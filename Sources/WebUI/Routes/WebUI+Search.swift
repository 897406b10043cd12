import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText

extension WebUI {
    /// The search over everything as a page, and the list of shortcuts.
    func addSearch(to router: Router<WeirContext>) {
        router.get("search", use: page(search))
        router.get("shortcuts", use: page { visit in
            html(visit, title: visit.say(Say.shortcuts), current: "more") { $0.shortcutsPage() }
        })
    }

    /// Hits of each object.
    private static let hitsShown = 8

    @Sendable private func search(_ visit: Visit) async throws -> Response {
        let text = visit.query.filled("q") ?? ""
        let display = display(visit.language)
        let groups = try await engine.search(text, limit: Self.hitsShown, as: visit.principal).map { group in
            let object = engine.app.model[group.object]
            return SearchView.Group(
                label: object.label, rows: group.hits.map { ($0.title, display.link(to: $0.record)) },
                all: group.hasMore ? Link("records", object.name, query: [("q", text)]) : nil)
        }
        let view = SearchView(text: text, groups: groups)
        return html(visit, title: visit.say(Say.search), current: "search") { $0.searchPage(view) }
    }
}
