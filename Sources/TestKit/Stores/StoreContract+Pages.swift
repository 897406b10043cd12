import Formula
import Model
import Program
import SourceText
import Storage

/// What pages of a list promise, held against sorting in memory.
extension StoreContract {
    static let pages = [
        Promise(description: "pages follow each other without gaps or repeats, in every order") { try await $0.pagesFollow() },
        Promise(description: "searching finds text in any text field, whatever its case") { try await $0.searching() },
        Promise(description: "a condition finds the records for which the evaluator says it holds") { try await $0.conditions() },
        Promise(description: "what has no order is refused with words") { try await $0.unsortable() },
    ]

    func pagesFollow() async throws {
        try await store { store in
            var random = RepeatableRandom(seed: 11)
            let rows = (1...150).map { SampleRows.deal($0, &random) }
            try await store.write { transaction in
                for row in rows { try transaction.insert(row) }
                try transaction.insert(SampleApp.row(SampleApp.deal, 500, ["name": .text("gone")]))
                try transaction.delete(RecordID(object: SampleApp.deal, number: 500), at: Instant(microseconds: 3))
            }
            let names = ["name", "amount", "count", "rate", "urgent", "due", "met", "watched", "level", "owner", "stage", "created", "id"]
            for round in 0..<60 {
                var sort: [RecordQuery.Sort] = []
                for name in names.shuffled(using: &random).prefix(round % 4) {
                    sort.append(RecordQuery.Sort(field: SampleApp.field(SampleApp.deal, name), descending: Bool.random(using: &random)))
                }
                let limit = [1, 7, 50, 149, 150, 200][Int.random(in: 0..<6, using: &random)]
                let order = sort.map { "\(SampleApp.app.model[$0.field].name)\($0.descending ? " desc" : "")" }.joined(separator: ", ")
                let wanted = Self.sorted(rows, by: sort)
                var query = RecordQuery(object: SampleApp.deal, sort: sort, limit: limit, wantsTotal: true)
                var got: [Row] = []
                for _ in 0...rows.count {
                    let asked = query
                    let page = try await store.read { try $0.page(asked) }
                    try requireEqual(page.total, 150, "total")
                    try require(page.rows.count <= limit, "a page of \(page.rows.count) for a limit of \(limit)")
                    got += page.rows
                    query.after = page.next
                    if page.next == nil { break }
                }
                try requireEqual(got.map(\.id.number), wanted.map(\.id.number), "order by \(order), \(limit) a page")
                try requireEqual(got, wanted, "records by \(order)")
            }
        }
    }

    /// The oracle: blanks first, descending last; options as declared; the number last, in the direction of the key before it.
    private static func sorted(_ rows: [Row], by sort: [RecordQuery.Sort]) -> [Row] {
        rows.sorted { left, right in
            for key in sort {
                let order = compare(left[key.field], right[key.field], SampleApp.app.model[key.field])
                if order != 0 { return key.descending ? order > 0 : order < 0 }
            }
            let descending = sort.last?.descending ?? false
            return descending ? left.id.number > right.id.number : left.id.number < right.id.number
        }
    }

    private static func compare(_ left: Value, _ right: Value, _ field: CheckedField) -> Int {
        switch (left, right) {
        case (.blank, .blank): 0
        case (.blank, _): -1
        case (_, .blank): 1
        case (.number(let a), .number(let b)): a.compared(to: b)
        case (.bool(let a), .bool(let b)): (a ? 1 : 0) - (b ? 1 : 0)
        case (.date(let a), .date(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.instant(let a), .instant(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.duration(let a), .duration(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.link(let a), .link(let b)): a < b ? -1 : a == b ? 0 : 1
        case (.text(let a), .text(let b)):
            // By code point.
            a == b ? 0 : a.unicodeScalars.lexicographicallyPrecedes(b.unicodeScalars) ? -1 : 1
        case (.option(let a), .option(let b)): position(a, field) - position(b, field)
        default: preconditionFailure("two values of one field have one type")
        }
    }

    private static func position(_ key: String, _ field: CheckedField) -> Int {
        switch field.kind {
        case .choice(let list): list.position(of: key) ?? -1
        case .stage(let stages): stages.options.position(of: key) ?? -1
        default: -1
        }
    }

    func searching() async throws {
        try await store { store in
            let texts: [(name: String, memo: String)] = [
                ("Émile Zola", "x"), ("ann", "北京东方科技"), ("ANNA", "y"), ("100% sure_", "z"), ("ΣΊΣΥΦΟΣ", ""), ("Straße ＡＢＣ", "q"),
            ]
            try await store.write { transaction in
                for (index, text) in texts.enumerated() {
                    var values: [String: Value] = ["name": .text(text.name)]
                    if !text.memo.isEmpty { values["memo"] = .text(text.memo) }
                    try transaction.insert(SampleApp.row(SampleApp.deal, Int64(index) + 1, values))
                }
            }
            let expected: [(String, [Int64])] = [
                ("émile", [1]), ("ÉMILE Z", [1]), ("ann", [2, 3]), ("东方", [2]), ("方东", []), ("%", [4]), ("e_", [4]), ("_", [4]), ("σίσυφ", [5]),
                ("straß", [6]), ("ａｂ", [6]), ("", [1, 2, 3, 4, 5, 6]), ("X", [1]),
            ]
            for (needle, numbers) in expected {
                let page = try await store.read { try $0.page(RecordQuery(object: SampleApp.deal, search: needle, wantsTotal: true)) }
                try requireEqual(page.rows.map(\.id.number), numbers, "found by `\(needle)`")
                try requireEqual(page.total, numbers.count, "total of `\(needle)`")
            }
        }
    }

    private static let formulas = [
        "amount > 1", "amount <> 0", "count + 1 = 2", "rate * 2 >= 0.5", "urgent", "not urgent", "due is blank", "due < date(1970, 1, 3)",
        "name = 'Ann'", "name contains '三'", "lower(name) = 'ann'", "level = 'high'", "level >= 'high'", "level is blank", "'cost' in pains",
        "words contains 'b'", "owner = me", "owner is blank", "stage in ('lead', 'won')", "stage < 'won' and amount > 0",
        "if(urgent, count, id) > 0", "if(urgent, count, 5) > 0", "if(urgent, rate, 2) > 0.3", "coalesce(count, 0) = 0", "id / count > 20", "iferror(id / count, 9) = 9", "sum(count, id) > 50",
        "created <= now()", "met > created", "len(memo) > 18 or name is blank", "round(amount, 0) = 1", "id between 10 and 20",
    ]

    func conditions() async throws {
        try await store { store in
            var random = RepeatableRandom(seed: 5)
            let rows = (1...120).map { SampleRows.deal($0, &random) }
            try await store.write { transaction in for row in rows { try transaction.insert(row) } }
            let moment = Moment(now: Instant(microseconds: 3), zone: SampleApp.app.model.zone)
            let person = SampleApp.row(SampleApp.user, 2)
            let nowhere = Span(file: SourceFileID(index: 0), start: 0, end: 0)
            let everyField = Set(SampleApp.app.model[SampleApp.deal].fields.filter { !$0.isSystem }.map(\.id))
            let one = try await store.read { try $0.rows(of: SampleApp.deal, where: nil, reading: everyField, limit: 1) }
            try requireEqual(one.count, 1, "records where one is asked for")
            var unanswered: [String] = []
            for formula in Self.formulas {
                let checked = FormulaChecker(schema: SampleApp.app.model.schema).checked(
                    EmbeddedText(text: formula, span: nowhere, segments: []), in: FormulaScope(this: SampleApp.deal, allowsMe: true),
                    expecting: .bool)
                guard let expression = checked.expression else {
                    throw ContractBroken("`\(formula)` is wrong: \(checked.found.map(\.message.en))")
                }
                let evaluator = Evaluator(expression)
                let wanted = try rows.filter {
                    try evaluator.value(in: Frame(this: $0, me: person, moment: moment, source: NoOtherRows())) == .bool(true)
                }
                let query = RecordQuery(
                    object: SampleApp.deal, condition: BoundCondition(expression: expression, moment: moment, me: person.id), limit: 200,
                    wantsTotal: true)
                let page: RecordPage
                do { page = try await store.read { try $0.page(query) } } catch {
                    unanswered.append("`\(formula)`: \(error)")
                    continue
                }
                try requireEqual(page.rows.map(\.id.number), wanted.map(\.id.number), "records where \(formula)")
                try requireEqual(page.total, wanted.count, "total where \(formula)")
                let count = try await store.read { try $0.count(SampleApp.deal, where: query.condition) }
                try requireEqual(count, wanted.count, "count where \(formula)")
                let few = Set(["name", "pains", "owner"].map { SampleApp.field(SampleApp.deal, $0) })
                for (fields, images) in [(everyField, wanted), (few, wanted.map { $0.blanking(everyField.subtracting(few)) })] {
                    let read = try await store.read { try $0.rows(of: SampleApp.deal, where: query.condition, reading: fields, limit: 200) }
                    try requireEqual(read, images, "\(fields.count) fields of the records where \(formula)")
                }
            }
            try require(unanswered.isEmpty, unanswered.joined(separator: "\n"))
        }
    }

    func unsortable() async throws {
        try await store { store in
            for name in ["pains", "words"] {
                do {
                    _ = try await store.read { transaction in
                        try transaction.page(
                            RecordQuery(
                                object: SampleApp.deal, sort: [RecordQuery.Sort(field: SampleApp.field(SampleApp.deal, name), descending: false)]))
                    }
                    throw ContractBroken("sorting by \(name) goes through")
                } catch StoreError.notLowerable { continue }
            }
            let misfit = RecordQuery(
                object: SampleApp.deal, sort: [RecordQuery.Sort(field: SampleApp.field(SampleApp.deal, "count"), descending: false)],
                after: RecordQuery.Cursor(keys: [.text("x")], number: 1))
            try await expectFailure("a place of another list") { _ = try await store.read { try $0.page(misfit) } }
        }
    }
}

extension Row {
    fileprivate func blanking(_ fields: Set<FieldID>) -> Row {
        var row = self
        for field in fields { row[field] = .blank }
        return row
    }
}

/// For formulas that read their own record only.
private struct NoOtherRows: RowSource {
    func row(_ id: RecordID) throws -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { [] }
    func rows(of object: ObjectID) throws -> [Row] { [] }
    func users(in role: RoleID) throws -> [Row] { [] }
    func title(of id: RecordID) throws -> String { "" }
}
