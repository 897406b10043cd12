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
    /// Rows of a page.
    private static let pageSize = 50
    /// Columns beside the title where none are chosen.
    private static let usualColumns = 7
    /// Columns beside the title that phones show.
    private static let phoneColumns = 3

    @Sendable func list(_ visit: Visit) async throws -> Response {
        let object = try object(visit)
        var address = ListAddress(object: object.name, query: visit.query)
        // The filter form was sent: what it asks for becomes part of the address.
        if let name = visit.query.filled("ff") {
            switch try await clause(name, visit, on: object) {
            case .success(let clause): address.wheres.append(clause.formula)
            case .failure(let violation):
                let view = try await listView(visit, object, address, refusal: (Say.filterWrong, [violation.words[visit.language]]))
                return html(visit, title: visit.say(object.label), current: object.name, status: .unprocessableContent, isError: true) {
                    $0.listPage(view)
                }
            }
        }
        if visit.query.first("ff") != nil || visit.query.all("where") != address.wheres || visit.query.all("col").count > 1 {
            return redirect(to: address.firstPage)
        }
        let view = try await listView(visit, object, address, refusal: nil)
        let status: HTTPResponse.Status = if case .refused = view.body { .badRequest } else { .ok }
        return html(visit, title: visit.say(object.label), current: object.name, status: status, isError: status != .ok) { $0.listPage(view) }
    }

    func clause(_ name: String, _ visit: Visit, on object: CheckedObject) async throws -> Result<FilterClause, Violation> {
        guard let field = object.field(named: name), let comparison = visit.query.first("fc").flatMap(Comparison.init(rawValue:)) else {
            throw Problem.notFound
        }
        let zone = engine.app.model.zone
        guard comparison.sign != nil else { return .success(FilterClause(field, comparison, .blank, zone: zone)) }
        guard let text = visit.query.filled("fv") else {
            return .failure(Violation(.required, field: field.id, Words(zh: "请填写要比较的值", en: "say what to compare with")))
        }
        // Part of a text is no value of the field.
        if comparison == .contains, field.kind.isText { return .success(FilterClause(field, comparison, .text(text), zone: zone)) }
        switch try await engine.inputs(texts: [(field.id, text)]).first?.entry {
        case .value(let value): return .success(FilterClause(field, comparison, value, zone: zone))
        case .unreadable(let violation): return .failure(violation)
        case nil: throw Problem.notFound
        }
    }

    /// - Parameter given: What stands where the rows would; nothing is looked up then.
    func listView(
        _ visit: Visit, _ object: CheckedObject, _ address: ListAddress, refusal: (Words, [String])?, given: ListView.Body? = nil
    ) async throws -> ListView {
        let display = display(visit.language)
        let own = try await listPreferences(visit, object)
        let columns = columns(of: object, named: address.columns ?? own.columns)
        let chosen = sorts(address.sort, of: object)
        // What came last is what people look for, as long as they say nothing else.
        let sorts = chosen.isEmpty ? [RecordQuery.Sort(field: object.field(.id).id, descending: true)] : chosen
        var body = ListView.Body.noneYet
        var view: RecordsView?
        let unknown = unknownNames(address, of: object)
        if let given, refusal == nil, unknown.isEmpty {
            body = given
        } else if let refusal {
            body = .refused(heading: refusal.0, lines: refusal.1)
        } else if !unknown.isEmpty {
            body = .refused(heading: Say.sortRefused, lines: unknown.map { Say.noField($0, on: object.label)[visit.language] })
        } else {
            switch condition(address.wheres, on: object, language: visit.language) {
            case .failure(let wrong): body = .refused(heading: Say.filterWrong, lines: wrong.lines)
            case .success(let condition):
                do {
                    let after = address.after.flatMap { RecordQuery.Cursor(text: $0) }
                    let found = try await engine.list(
                        ListRequest(
                            object: object.id, condition: condition, search: address.search.isEmpty ? nil : address.search, sort: sorts,
                            after: after?.keys.count == sorts.count ? after : nil, limit: visit.shell.isPrinting ? Engine.mostRows : Self.pageSize, wantsTotal: true),
                        as: visit.principal)
                    view = found
                    let rows = found.rows.map { row in
                        ListView.Row(
                            id: row.id.number, title: title(of: row.id, found.titles), link: display.link(to: row.id),
                            cells: columns.map { display.value(row[$0.id], of: $0, titles: found.titles) }, isHollow: isHollow(row))
                    }
                    body = !rows.isEmpty ? .rows(rows) : address.wheres.isEmpty && address.search.isEmpty ? .noneYet : .noMatch
                } catch StoreError.notLowerable(let words) {
                    body = .refused(heading: Say.sortRefused, lines: [words[visit.language]])
                }
            }
        }
        let titleField = titleField(of: object)
        return ListView(
            objectName: object.name, label: object.label, titleLabel: titleField?.label[visit.language] ?? object.label[visit.language],
            titleSort: titleField.flatMap { sort(on: $0, object, address) },
            columns: listColumns(columns, object, visit.language, address),
            body: body, total: view?.total, search: address.search, tabs: tabs(address, object), chips: try await chips(address, object, visit.language),
            filterFields: object.fields.filter { $0.id.index > SystemField.version.rawValue }.map { .init(name: $0.name, label: $0.label[visit.language]) },
            comparisons: Comparison.allCases.map { ($0.rawValue, $0.words[visit.language]) },
            columnChoices: columnChoices(object, shown: columns, visit.language),
            kept: (address.keptBySearch, address.keptByFilter, address.keptByColumns),
            cleared: unknown.isEmpty ? address.cleared : link(to: object),
            first: address.after == nil ? nil : address.firstPage, next: view?.next.map { address.after($0.text) },
            new: canBeMade(object) ? Link("records", object.name, "new") : nil,
            importing: canBeMade(object) ? Link("records", object.name, "import") : nil, exporting: address.exporting,
            exportingWorkbook: address.exportingWorkbook,
            asList: address.asList, asBoard: boardField(of: object, named: nil) == nil ? nil : address.asBoard, isBoard: address.isBoard,
            bin: Link("records", object.name, "bin"), bulk: Link("records", object.name, "bulk"), bulkKept: address.keptByFilter,
            savedViews: savedViewsView(own.views, address, object, visit), isCompact: own.isCompact,
            isColumnMenuOpen: visit.query.first("menu") == "columns", columnsBack: address.firstPage,
            live: LiveView(object: object.name, sequence: own.sequence, address: address.link),
            printing: Link(segments: ["records", object.name], query: address.query + [("print", "1")]))
    }

    func listColumns(_ fields: [CheckedField], _ object: CheckedObject, _ language: Language, _ address: ListAddress? = nil) -> [ListView.Column] {
        fields.enumerated().map { index, field in
            ListView.Column(
                name: field.name, label: field.label[language], isNumber: field.kind.isNumeric, isMinor: index >= Self.phoneColumns,
                whyFixed: whyNoCell(field)?[language], sort: address.flatMap { sort(on: field, object, $0) })
        }
    }

    func title(of id: RecordID, _ titles: [RecordID: String]) -> String {
        guard let title = titles[id], !title.trimmed.isEmpty else { return engine.app.text(of: id) }
        return title
    }

    private func tabs(_ address: ListAddress, _ object: CheckedObject) -> [ListView.Tab] {
        let owner = object.fields.first { field in
            guard !field.isSystem, case .link(let targets) = field.kind else { return false }
            return targets.contains { engine.app.model[$0].builtIn == .user }
        }
        guard object.builtIn != .user, let owner else {
            return [ListView.Tab(label: Say.all, link: address.withoutView.with(wheres: address.view == nil ? address.wheres : []), isCurrent: address.view == nil)]
        }
        let mine = FilterClause(owner, .isMe, .blank, zone: engine.app.model.zone).formula
        let isMine = address.wheres.contains(mine)
        let plain = address.withoutView
        let rest = address.view == nil ? address.wheres.filter { $0 != mine } : []
        return [
            ListView.Tab(label: Say.all, link: plain.with(wheres: rest), isCurrent: !isMine && address.view == nil),
            ListView.Tab(label: Say.mineOnly, link: plain.with(wheres: [mine] + rest), isCurrent: isMine && address.view == nil),
        ]
    }

    private func chips(_ address: ListAddress, _ object: CheckedObject, _ language: Language) async throws -> [ListView.Chip] {
        let clauses = address.wheres.map { FilterClause(formula: $0) }
        let linked = Set(clauses.compactMap { $0.linkedRecord(on: object) })
        let titles = linked.isEmpty ? [:] : try await engine.titles(of: linked)
        return clauses.enumerated().map { index, clause in
            var text = clause.words(on: object, language: language)
            if let id = clause.linkedRecord(on: object), let title = titles[id], let (field, comparison, _) = clause.parts(on: object) {
                text = "\(field.label[language]) \(comparison.words[language]) \(title)"
            }
            return ListView.Chip(text: text, removing: address.without(index))
        }
    }

    // MARK: Conditions and order

    struct WrongCondition: Error {
        let lines: [String]
    }

    /// All conditions at once; nil for none.
    func condition(_ wheres: [String], on object: CheckedObject, language: Language) -> Result<CheckedExpression?, WrongCondition> {
        guard !wheres.isEmpty else { return .success(nil) }
        let text = wheres.count == 1 ? wheres[0] : wheres.map { "(\($0))" }.joined(separator: " and ")
        switch engine.condition(text, on: object.id) {
        case .ready(let expression): return .success(expression)
        case .wrong(_, let diagnostics):
            return .failure(WrongCondition(lines: diagnostics.inOrder.map { diagnostic in
                diagnostic.message[language] + (diagnostic.hint.map { (language == .zh ? "。" : "; ") + $0[language] } ?? "")
            }))
        }
    }

    func sorts(_ text: String, of object: CheckedObject) -> [RecordQuery.Sort] {
        text.split(separator: ",").prefix(3).compactMap { part in
            let name = part.hasPrefix("-") ? part.dropFirst() : part
            guard let field = object.field(named: String(name)) else { return nil }
            return RecordQuery.Sort(field: field.id, descending: part.hasPrefix("-"))
        }
    }

    /// Names in the order and among the columns that no field of the object has.
    private func unknownNames(_ address: ListAddress, of object: CheckedObject) -> [String] {
        let sorted = address.sort.split(separator: ",").map { String($0.hasPrefix("-") ? $0.dropFirst() : $0) }
        return (sorted + (address.columns ?? [])).filter { object.field(named: $0) == nil }
    }

    /// A press sorts upwards, the next one downwards, the third no more.
    private func sort(on field: CheckedField, _ object: CheckedObject, _ address: ListAddress) -> ListView.Sort? {
        guard isSortable(field, object) else { return nil }
        switch address.sort {
        case field.name: return .init(order: .ascending, link: address.sorted(by: "-" + field.name))
        case "-" + field.name: return .init(order: .descending, link: address.sorted(by: ""))
        default: return .init(order: .none, link: address.sorted(by: field.name))
        }
    }

    func isVolatile(_ field: CheckedField, _ object: CheckedObject) -> Bool {
        engine.app[object.id].volatile.contains { $0.field == field.id }
    }

    private func isSortable(_ field: CheckedField, _ object: CheckedObject) -> Bool {
        guard !isVolatile(field, object) else { return false }
        switch field.kind {
        case .text, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .email, .phone, .uscc, .cnID, .autonumber, .stage: return true
        case .longText, .choices, .tags, .url, .address, .location, .link, .links, .file, .files: return false
        }
    }

    // MARK: Columns

    /// The field that names the record, where the title begins with one.
    private func titleField(of object: CheckedObject) -> CheckedField? {
        for part in object.shows.parts {
            guard case .expression(let expression) = part else { continue }
            if case .field(let id, of: .this) = expression.root.form { return engine.app.model[id] }
            if case .convert(_, let inner) = expression.root.form, case .field(let id, of: .this) = inner.form { return engine.app.model[id] }
            return nil
        }
        return nil
    }

    func columns(of object: CheckedObject, named names: [String]?) -> [CheckedField] {
        if let names {
            let chosen = names.compactMap { object.field(named: $0) }
            if !chosen.isEmpty { return chosen }
        }
        var inTitle: Set<FieldID> = []
        for part in object.shows.parts { if case .expression(let expression) = part { inTitle.formUnion(expression.reads.own) } }
        let candidates = object.fields.filter { field in
            guard !field.isSystem, !inTitle.contains(field.id) else { return false }
            switch field.kind {
            case .longText, .url, .file, .files, .links, .tags, .choices, .address, .location, .uscc, .cnID, .autonumber: return false
            case .text, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .email, .phone, .link, .stage: return true
            }
        }
        // Where it stands and who has it come first; the rest as written.
        let ranked = candidates.enumerated().sorted { left, right in
            (weight(left.element), left.offset) < (weight(right.element), right.offset)
        }
        return ranked.prefix(Self.usualColumns).map(\.element)
    }

    private func weight(_ field: CheckedField) -> Int {
        switch field.kind {
        case .stage: return 0
        case .choice: return field.name == "status" || field.name == "kind" ? 1 : 4
        case .link(let targets): return field.isRequired || targets.contains { engine.app.model[$0].builtIn == .user } ? 2 : 4
        case .money, .phone: return field.computed == nil ? 3 : 4
        case .date, .datetime: return 4
        case .number, .percent, .duration:
            if case .points = field.computed { return 3 }
            return 4
        case .text, .bool, .email: return field.computed == nil ? 5 : 6
        case .longText, .choices, .tags, .url, .address, .uscc, .cnID, .location, .links, .file, .files, .autonumber: return 7
        }
    }

    // MARK: Export

    /// What the list shows, all pages of it, as a table.
    @Sendable func export(_ visit: Visit, as format: TableFormat) async throws -> Response {
        let object = try object(visit)
        let address = ListAddress(object: object.name, query: visit.query)
        guard case .success(let condition) = condition(address.wheres, on: object, language: visit.language) else {
            throw Problem(.badRequest, code: "bad_condition", Say.filterWrong)
        }
        let request = ListRequest(
            object: object.id, condition: condition, search: address.search.isEmpty ? nil : address.search, sort: sorts(address.sort, of: object))
        let response = try await tableResponse(format, name: object.name) { write in
            try await engine.exportTable(
                request, as: format, fields: address.columns?.compactMap { object.field(named: $0)?.id }, language: visit.language, by: visit.principal,
                write: write)
        }
        let person = visit.principal
        try await server.accounts.note("export", user: person.user, address: person.address, device: person.device, detail: "\(object.name).\(format.rawValue)")
        return response
    }
}

extension FieldKind {
    /// Holds running text, part of which may be searched for.
    var isText: Bool {
        switch self {
        case .text, .longText, .email, .url, .phone, .address, .uscc, .cnID, .autonumber: true
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .location, .link, .links, .file, .files, .stage: false
        }
    }
}
