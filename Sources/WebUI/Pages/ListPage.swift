import HTML
import SourceText

extension Page {
    /// What is listed, how many, and what can be done with it; a board has the same.
    func listHead(_ view: ListView) {
        html.div(.class("page-head")) {
            html.h1(text: say(view.label))
            if let total = view.total { html.span(.class("muted"), .data("announce", say(Say.total(total))), text: say(Say.total(total))) }
            html.div(.class("actions")) {
                viewSwitch(view)
                moreMenu(view)
                if let new = view.new {
                    html.a(.class("button primary"), .href(new), .data("key", "c"), .aria("label", say(Say.create(view.label)))) {
                        icon("plus")
                        html.span(.class("wide-only"), text: say(Say.create(view.label)))
                        html.span(.class("narrow-only"), text: say(Say.new))
                    }
                }
            }
        }
    }

    /// What is done with a list now and then: behind one button, so that a phone has room for the list itself.
    private func moreMenu(_ view: ListView) {
        html.details(.class("menu")) {
            html.element("summary", [.class("button"), .id("list-more")]) {
                icon("more")
                html.text(say(Say.more))
            }
            html.ul(.class("menu-body menu-list")) {
                if let importing = view.importing { moreItem(importing, Say.importing, icon: "upload") }
                moreItem(view.exporting, Say.exportCSV, icon: "download")
                if let workbook = view.exportingWorkbook { moreItem(workbook, Say.exportXLSX, icon: "download") }
                if let printing = view.printing { moreItem(printing, Say.print, icon: "print") }
                moreItem(view.bin, Say.recycleBin, icon: "trash")
            }
        }
    }

    private func moreItem(_ link: Link, _ words: Words, icon name: StaticString) {
        html.li {
            html.a(.class("button quiet"), .href(link)) {
                icon(name)
                html.text(say(words))
            }
        }
    }

    func listPage(_ view: ListView) {
        listHead(view)
        liveBar(view.live)
        toolbar(view)
        switch view.body {
        case .rows(let rows): table(view, rows)
        case .noneYet:
            html.div(.class("card")) {
                empty(Say.noneYet(view.label), hint: Say.noneYetHint) {
                    if let new = view.new { html.a(.class("button primary"), .href(new), text: say(Say.create(view.label))) }
                    if let importing = view.importing { html.a(.class("button"), .href(importing), text: say(Say.importing)) }
                }
            }
        case .noMatch:
            html.div(.class("card")) {
                empty(Say.noMatch, hint: Say.noMatchHint) {
                    html.a(.class("button"), .href(view.cleared), .data("swap", "#main"), text: say(Say.clearFilters))
                }
            }
        case .noPermission(let roles):
            html.div(.class("card")) {
                empty(
                    Say.noPermission,
                    hint: roles.isEmpty
                        ? Say.adminGrants
                        : Say.whoGrants(Words(zh: roles.map(\.zh).joined(separator: "、"), en: roles.map(\.en).joined(separator: ", "))))
            }
        case .refused(let heading, let lines): refusedList(view, heading, lines)
        }
        pager(view)
    }

    func refusedList(_ view: ListView, _ heading: Words, _ lines: [String]) {
        html.div(.class("notice bad"), .role("alert")) {
            icon("warning")
            html.div {
                html.h2(text: say(heading))
                html.ul { for line in lines { html.li(text: line) } }
                html.p { html.a(.href(view.cleared), text: say(Say.clearFilters)) }
            }
        }
    }

    func toolbar(_ view: ListView) {
        let saved = view.savedViews?.tabs ?? []
        if !view.tabs.isEmpty || !saved.isEmpty {
            html.nav(.class("tabs"), .aria("label", say(Say.views))) {
                html.ul {
                    for tab in view.tabs {
                        html.li {
                            html.a(.href(tab.link), .data("swap", "#main"), .when(tab.isCurrent, .aria("current", "page")), text: say(tab.label))
                        }
                    }
                    for tab in saved { viewTab(tab) }
                }
            }
        }
        html.div(.class("toolbar")) {
            html.form(.class("quick"), .role("search"), .method(.get), .data("swap", "#main"), .aria("label", say(Say.quickSearch))) {
                keep(view.kept.search)
                html.input(
                    .type("search"), .name("q"), .id("list-search"), .value(view.search), .aria("label", say(Say.quickSearch)),
                    .placeholder(say(Say.quickSearch)), .enterkeyhint("search"))
                html.button(.class("button"), text: say(Say.search))
            }
            html.ul(.class("chips")) {
                for chip in view.chips {
                    html.li {
                        html.a(
                            .class("chip accent removable"), .href(chip.removing), .data("swap", "#main"),
                            .aria("label", say(Say.removeFilter(chip.text)))
                        ) {
                            html.span(.userContent, text: chip.text)
                            icon("cross")
                        }
                    }
                }
            }
            html.details(.class("menu")) {
                html.element("summary", [.class("button")]) {
                    icon("filter")
                    html.text(say(Say.filter))
                }
                html.div(.class("menu-body")) { filterForm(view) }
            }
            columnMenu(view)
            if let views = view.savedViews { viewMenu(views) }
            if !view.chips.isEmpty || !view.search.isEmpty {
                html.a(.class("button quiet"), .href(view.cleared), .data("swap", "#main"), text: say(Say.clearFilters))
            }
        }
    }

    private func filterForm(_ view: ListView) {
        html.form(.class("stack"), .method(.get), .data("swap", "#main")) {
            keep(view.kept.filter)
            html.div(.class("field")) {
                html.label(.for("filter-field"), text: say(Say.field))
                html.select(.id("filter-field"), .name("ff")) {
                    html.option(.value(""), text: say(Say.choose))
                    for field in view.filterFields { html.option(.value(field.name), text: field.label) }
                }
            }
            html.div(.class("field")) {
                html.label(.for("filter-comparison"), text: say(Say.comparison))
                html.select(.id("filter-comparison"), .name("fc")) {
                    for comparison in view.comparisons { html.option(.value(comparison.key), text: comparison.label) }
                }
            }
            html.div(.class("field")) {
                html.label(.for("filter-value"), text: say(Say.value))
                html.input(.type("text"), .id("filter-value"), .name("fv"), .autocomplete("off"))
            }
            html.div(.class("field")) {
                html.label(.for("filter-formula"), text: say(Say.formulaFilter))
                html.input(.type("text"), .id("filter-formula"), .name("where"), .autocomplete("off"))
            }
            html.p { html.button(.class("button primary"), text: say(Say.addFilter)) }
        }
    }

    private func keep(_ entries: [(String, String)]) {
        for (name, value) in entries { html.hidden(name, value) }
    }

    private func table(_ view: ListView, _ rows: [ListView.Row]) {
        html.div(.class("table-wrap"), .tabindex(0), .role("region"), .aria("label", say(Say.recordsOf(view.label)))) {
            html.table(
                view.isCompact ? .class("table cards compact") : .class("table cards"), .data("cells", Link("records", view.objectName)),
                .data("columns", view.columns.map(\.name).joined(separator: ","))
            ) {
                html.thead {
                    html.tr {
                        html.td(.class("pick")) { html.span(.class("visually-hidden"), text: say(Say.select)) }
                        head(view.titleLabel, sort: view.titleSort, isNumber: false, isMinor: false)
                        for column in view.columns { head(column.label, sort: column.sort, isNumber: column.isNumber, isMinor: column.isMinor, whyFixed: column.whyFixed) }
                    }
                }
                html.tbody {
                    for row in rows { listRow(row, view.columns, say: view.label) }
                }
            }
        }
        bulkBar(view, rows.count)
    }

    /// A row by itself, so that it can be written anew after a change in one of its cells.
    func listRow(_ row: ListView.Row, _ columns: [ListView.Column], say label: Words) {
        html.tr(.data("row", String(row.id))) {
            html.td(.class("pick")) {
                html.input(
                    .type("checkbox"), .name("id"), .value(String(row.id)), .form("bulk"), .aria("label", say(Say.selectRow(row.title))))
            }
            html.th(.scope("row")) {
                html.a(.href(row.link), .userContent, text: row.title)
                if row.isHollow { hollowMark() }
            }
            for (column, cell) in zip(columns, row.cells) {
                html.td(cellClass(column, cell), .data("label", column.label)) {
                    html.div(.class("clip")) { value(cell) }
                }
            }
        }
    }

    private func cellClass(_ column: ListView.Column, _ cell: DisplayValue) -> Attribute {
        switch (column.isNumber, column.isMinor, cell.isBlank) {
        case (true, true, true): .class("number minor blank")
        case (true, true, false): .class("number minor")
        case (true, false, true): .class("number blank")
        case (true, false, false): .class("number")
        case (false, true, true): .class("minor blank")
        case (false, true, false): .class("minor")
        case (false, false, true): .class("blank")
        case (false, false, false): .none
        }
    }

    private func head(_ label: String, sort: ListView.Sort?, isNumber: Bool, isMinor: Bool, whyFixed: String? = nil) {
        let sorted: Attribute =
            switch sort?.order {
            case .ascending: .aria("sort", "ascending")
            case .descending: .aria("sort", "descending")
            case .some(.none), nil: .none
            }
        html.th(.scope("col"), sorted, .when(isNumber, .class("number")), .when(whyFixed != nil, .data("fixed", whyFixed ?? ""))) {
            guard let sort else { return html.text(label) }
            let goesDown = sort.order == .ascending
            html.a(.href(sort.link), .data("swap", "#main"), .title(say(goesDown ? Say.sortDescending : Say.sortAscending))) {
                html.text(label)
                switch sort.order {
                case .ascending: icon("up")
                case .descending: icon("down")
                case .none: break
                }
            }
        }
    }

    private func pager(_ view: ListView) {
        guard view.first != nil || view.next != nil else { return }
        html.nav(.class("pager"), .aria("label", say(Say.pages))) {
            html.span(.class("muted"), text: view.total.map { say(Say.total($0)) } ?? "")
            if let first = view.first { html.a(.class("button"), .href(first), .data("swap", "#main"), text: say(Say.firstPage)) }
            if let next = view.next {
                html.a(.class("button"), .href(next), .data("swap", "#main")) {
                    html.text(say(Say.nextPage))
                    icon("right")
                }
            }
        }
    }
}
