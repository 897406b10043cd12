import HTML
import HTTPService

/// What a list's address says: everything about the list stands in it, so that it can be kept and shared.
struct ListAddress: Sendable, Equatable {
    var object: String
    /// Conditions, all of which must hold.
    var wheres: [String]
    var search: String
    /// `name`, `-amount`; several with commas.
    var sort: String
    /// Nil: the usual ones.
    var columns: [String]?
    var after: String?
    /// The same records as a board.
    var isBoard = false
    /// Of a board: the field of its columns, and what is summed; nil for the usual ones.
    var by: String?
    var sum: String?
    /// The saved view that was opened; what was changed since stands in the address too.
    var view: Int64?

    init(object: String, query: FormFields) {
        self.object = object
        wheres = query.all("where").map(\.trimmed).filter { !$0.isEmpty }
        search = query.filled("q") ?? ""
        sort = query.filled("sort") ?? ""
        let named = query.all("col").flatMap { $0.split(separator: ",").map(String.init) }
        columns = named.isEmpty ? nil : named
        after = query.filled("after")
        by = query.filled("by")
        sum = query.filled("sum")
        view = query.filled("view").flatMap { Int64($0) }
    }

    var query: [(String, String)] { entries(search: true, sort: true, columns: true) + (after.map { [("after", $0)] } ?? []) }

    var link: Link { Link(segments: ["records", object] + (isBoard ? ["board"] : []), query: query) }
    var asList: Link { changed { $0.isBoard = false } }
    var asBoard: Link { changed { $0.isBoard = true; $0.after = nil } }
    var firstPage: Link { changed { $0.after = nil } }
    var cleared: Link { changed { $0.wheres = []; $0.search = ""; $0.after = nil } }
    var exportingWorkbook: Link { Link("records", object, "export.xlsx", query: entries(search: true, sort: true, columns: true)) }
    var exporting: Link { Link("records", object, "export.csv", query: entries(search: true, sort: true, columns: true)) }

    func with(wheres: [String]) -> Link { changed { $0.wheres = wheres; $0.after = nil } }
    func without(_ index: Int) -> Link { changed { $0.wheres.remove(at: index); $0.after = nil } }
    func sorted(by sort: String) -> Link { changed { $0.sort = sort; $0.after = nil } }
    func after(_ cursor: String) -> Link { changed { $0.after = cursor } }

    /// What forms carry along besides what they set themselves; a change of anything begins at the first page.
    var keptBySearch: [(String, String)] { entries(search: false, sort: true, columns: true) }
    var keptByFilter: [(String, String)] { entries(search: true, sort: true, columns: true) }
    var keptByColumns: [(String, String)] { entries(search: true, sort: true, columns: false) }

    private func changed(_ change: (inout ListAddress) -> Void) -> Link {
        var copy = self
        change(&copy)
        return copy.link
    }

    private func entries(search: Bool, sort: Bool, columns: Bool) -> [(String, String)] {
        var entries = wheres.map { ("where", $0) }
        if search, !self.search.isEmpty { entries.append(("q", self.search)) }
        if sort, !self.sort.isEmpty { entries.append(("sort", self.sort)) }
        if columns, let named = self.columns { entries.append(("col", named.joined(separator: ","))) }
        if let by { entries.append(("by", by)) }
        if let sum { entries.append(("sum", sum)) }
        if let view { entries.append(("view", String(view))) }
        return entries
    }

    /// What a saved view keeps: everything but the place in the pages and the view itself.
    var saved: String {
        var copy = self
        copy.view = nil
        copy.after = nil
        return String(copy.link.text.drop { $0 != "?" }.dropFirst())
    }

    /// The same list, told apart from any view.
    var withoutView: ListAddress {
        var copy = self
        copy.view = nil
        return copy
    }
}
