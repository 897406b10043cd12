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
    /// What people set for themselves on a list: columns, density, saved views.
    func addListChoices(to router: Router<WeirContext>) {
        router.post("records/:object/columns", use: action(keepColumns))
        router.post("records/:object/views", use: action(keepView))
        router.post("density", use: action { visit, form in
            try await keep(form.first("to") == "compact" ? "compact" : nil, as: Self.densityPreference, visit)
            return redirect(to: back(form) ?? Link())
        })
    }

    struct ListPreferences: Sendable {
        var columns: [String]?
        var isCompact: Bool
        var views: [SavedView]
        /// The last change before the page was made.
        var sequence: Int64
    }

    func listPreferences(_ visit: Visit, _ object: CheckedObject) async throws -> ListPreferences {
        let user = visit.person.user
        return try await engine.store.read { transaction in
            ListPreferences(
                columns: try transaction.preference(Self.columnsPreference(object), of: user)?.split(separator: ",").map(String.init),
                isCompact: try transaction.preference(Self.densityPreference, of: user) == "compact",
                views: try transaction.savedViews(of: object.id, for: user), sequence: try transaction.lastChange())
        }
    }

    private static let densityPreference = "density"
    private static func columnsPreference(_ object: CheckedObject) -> String { "columns \(object.name)" }
    /// Views of one list that one person may keep.
    private static let mostViews = 50

    private func keep(_ value: String?, as name: String, _ visit: Visit) async throws {
        let user = visit.person.user
        try await engine.store.write { try $0.setPreference(value, named: name, of: user) }
    }

    private func back(_ form: FormFields) -> Link? { form.first("back").flatMap(Link.init(sitePath:)) }

    // MARK: Columns

    /// The columns of a form in whose order one was moved; nil if none was.
    func reordered(_ query: FormFields, _ object: CheckedObject) -> [String]? {
        let isUp = query.filled("up") != nil
        guard let name = query.filled("up") ?? query.filled("down") else { return nil }
        var columns = query.all("col").flatMap { $0.split(separator: ",").map(String.init) }.filter { object.field(named: $0) != nil }
        guard let index = columns.firstIndex(of: name) else { return columns }
        let other = isUp ? index - 1 : index + 1
        if columns.indices.contains(other) { columns.swapAt(index, other) }
        return columns
    }

    /// Those that are shown, in their order; then the others as the author wrote them.
    func columnChoices(_ object: CheckedObject, shown: [CheckedField], _ language: Language) -> [ListView.ColumnChoice] {
        let others = object.fields.filter { field in field.id.index > SystemField.version.rawValue && !shown.contains { $0.id == field.id } }
        return shown.map { .init(name: $0.name, label: $0.label[language], isShown: true) }
            + others.map { .init(name: $0.name, label: $0.label[language], isShown: false) }
    }

    /// Shown at once, moved by one place, kept, or forgotten.
    @Sendable private func keepColumns(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let object = try object(visit)
        let columns = form.all("col").filter { object.field(named: $0) != nil }
        let query = FormFields(encoded: String((back(form)?.text ?? "").drop { $0 != "?" }.dropFirst()))
        var address = ListAddress(object: object.name, query: query)
        if let moved = reordered(form, object) {
            address.columns = moved
            return redirect(to: Link(segments: ["records", object.name], query: address.query + [("menu", "columns")]))
        }
        if form.first("do") == "apply" {
            address.columns = columns.isEmpty ? nil : columns
            return redirect(to: address.link)
        }
        let kept = form.first("do") == "keep" && !columns.isEmpty ? columns.joined(separator: ",") : nil
        try await keep(kept, as: Self.columnsPreference(object), visit)
        // The address goes on without columns of its own, so that the kept ones show.
        address.columns = nil
        return redirect(to: address.link, notice: .saved)
    }

    // MARK: Saved views

    func savedViewsView(_ views: [SavedView], _ address: ListAddress, _ object: CheckedObject, _ visit: Visit) -> SavedViewsView {
        func link(_ view: SavedView) -> (link: Link, saved: String) {
            var saved = ListAddress(object: object.name, query: FormFields(encoded: view.query))
            saved.view = view.id
            return (saved.link, saved.saved)
        }
        var open: SavedViewsView.Open?
        let tabs = views.map { view in
            let (link, saved) = link(view)
            let isCurrent = view.id == address.view
            let isChanged = isCurrent && saved != address.saved
            if isCurrent {
                open = SavedViewsView.Open(
                    id: view.id, name: view.name, isShared: view.isShared, isChanged: isChanged, isOwn: mayChange(view, visit), saved: link)
            }
            return SavedViewsView.Tab(name: view.name, link: link, isCurrent: isCurrent, isShared: view.isShared, isChanged: isChanged)
        }
        return SavedViewsView(
            tabs: tabs, open: open, action: Link("records", object.name, "views"), query: address.saved, back: address.firstPage)
    }

    private func mayChange(_ view: SavedView, _ visit: Visit) -> Bool {
        view.owner == visit.person.user || (view.isShared && engine.administers(visit.principal))
    }

    @Sendable private func keepView(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let object = try object(visit)
        let user = visit.person.user
        let views = try await engine.store.read { try $0.savedViews(of: object.id, for: user) }
        // Read and written anew, so that what is kept is an address of a list and nothing else.
        let address = ListAddress(object: object.name, query: FormFields(encoded: form.first("query") ?? ""))
        let name = String((form.filled("name") ?? "").prefix(60))
        let isShared = form.first("shared") == "yes"
        var kept: SavedView
        if form.first("do") == "create" {
            guard views.count(where: { $0.owner == user }) < Self.mostViews else {
                throw Problem(
                    .conflict, code: "too_many_views", Words(zh: "最多保存 \(Self.mostViews) 个视图", en: "at most \(Self.mostViews) views are kept"))
            }
            kept = SavedView(object: object.id, name: name, owner: user, isShared: isShared, query: address.saved)
        } else {
            guard let old = views.first(where: { String($0.id) == form.first("id") }) else { throw Problem.notFound }
            guard mayChange(old, visit) else { throw Problem(.forbidden, code: "not_yours", Say.notYourView) }
            if form.first("do") == "delete" {
                try await engine.store.write { try $0.deleteView(id: old.id) }
                return redirect(to: link(to: object), notice: .deleted)
            }
            kept = SavedView(id: old.id, object: object.id, name: name, owner: old.owner, isShared: isShared, query: address.saved)
        }
        guard !kept.name.isEmpty else { throw Problem(.unprocessableContent, code: "required", Say.viewNeedsName) }
        let written = kept
        let id = try await engine.store.write { try $0.save(written) }
        var again = address
        again.view = id
        return redirect(to: again.link, notice: .saved)
    }
}
