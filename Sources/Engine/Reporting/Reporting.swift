import Formula
import Model
import Program
package import SourceText
import Storage

/// Makes a report: groups the records, and evaluates its value over each group, over each row and column, and over all.
///
/// Totals are the same formula over more records, never sums of cells: a median has no other.
struct Reporting {
    /// More records, or more cells, are no report any more, and would hold up everybody.
    static let mostRecords = EvaluationLimits.rows
    static let mostCells = 10_000

    private let engine: Engine
    private let transaction: any ReadTransaction
    private let report: CompiledReport
    private let moment: Moment
    private let english: Moment
    private let live: LiveRows

    /// - Parameter at: What `now()` and `today()` are.
    init(_ report: CompiledReport, engine: Engine, transaction: any ReadTransaction, at instant: Instant) {
        self.engine = engine
        self.transaction = transaction
        self.report = report
        moment = engine.app.model.moment(at: instant)
        english = engine.app.model.moment(at: instant, language: .en)
        live = LiveRows(TransactionRows(transaction, app: engine.app), moment: moment, me: nil, needs: report.needs)
    }

    /// - Throws: `ReportTrouble` if it cannot be made; `StoreError`.
    func table() throws -> ReportTable {
        var rowKeys = Keys(), columnKeys = Keys()
        var cells: [Place: [RecordID]] = [:]
        var leftOut = 0
        let records = try records()
        for record in records {
            let frame = Frame(this: record, moment: moment, source: live)
            let rowKey = try report.rows?.value(in: frame) ?? .blank, columnKey = try report.columns?.value(in: frame) ?? .blank
            if case .failure = rowKey { leftOut += 1; continue }
            if case .failure = columnKey { leftOut += 1; continue }
            cells[Place(row: rowKeys.position(of: rowKey), column: columnKeys.position(of: columnKey)), default: []].append(record.id)
            guard rowKeys.values.count * columnKeys.values.count <= Self.mostCells else { throw ReportTrouble(words: .tooManyCells) }
        }
        let source = GroupRows(group: Dictionary(records.map { ($0.id, $0) }) { first, _ in first }, others: live)
        let rows = try order(rowKeys.values, report.model.rows?.type), columns = try order(columnKeys.values, report.model.columns?.type)
        func figure(_ places: [Place]) throws -> ReportTable.Figure? {
            let group = places.count == 1 ? cells[places[0]] ?? [] : places.flatMap { cells[$0] ?? [] }
            return group.isEmpty ? nil : try self.figure(of: group, in: source)
        }
        func places(row: Int) -> [Place] { columns.map { Place(row: row, column: $0) } }
        func places(column: Int) -> [Place] { rows.map { Place(row: $0, column: column) } }
        let hasRows = report.rows != nil, hasColumns = report.columns != nil
        return ReportTable(
            report: report.model.name, label: report.model.label, at: moment.now,
            rows: hasRows ? try rows.map { try key(rowKeys.values[$0], report.model.rows) } : [],
            columns: hasColumns ? try columns.map { try key(columnKeys.values[$0], report.model.columns) } : [],
            cells: hasColumns ? try rows.map { row in try columns.map { try figure([Place(row: row, column: $0)]) } } : [],
            rowTotals: hasRows ? try rows.compactMap { try figure(places(row: $0)) } : [],
            columnTotals: hasColumns ? try columns.compactMap { try figure(places(column: $0)) } : [],
            total: try self.figure(of: rows.flatMap { places(row: $0) }.flatMap { cells[$0] ?? [] }, in: source), leftOut: leftOut)
    }

    // MARK: Records

    /// By id, with the fields that its formulas read.
    private func records() throws -> [Row] {
        var found: [Row]
        do {
            found = try transaction.rows(
                of: report.model.object, where: report.model.condition.map { BoundCondition(expression: $0, moment: moment, me: nil) }, reading: report.reads,
                limit: Self.mostRecords + 1)
        } catch StoreError.notLowerable {
            // The condition has no form in the database: every record is asked.
            found = try transaction.rows(of: report.model.object).filter { row in
                try report.condition?.holds(in: Frame(this: live.live(row), moment: moment, source: live)) ?? true
            }
        }
        guard found.count <= Self.mostRecords else { throw ReportTrouble(words: .tooManyRecords) }
        if !report.needs.isEmpty { found = try found.map(live.image) }
        return found
    }

    // MARK: Figures

    private func figure(of records: [RecordID], in source: GroupRows) throws -> ReportTable.Figure {
        let group: Value = records.isEmpty ? .blank : .links(records)
        let result = try report.value.result(in: Frame(this: nil, inputs: [group], moment: moment, source: source))
        let value = result.value
        let number: String? =
            switch value {
            case .number(let number): number.description
            case .duration(let span): ((try? ExactDecimal(span.microseconds).divided(by: ExactDecimal(1_000_000))) ?? .zero).description
            case .blank, .bool, .text, .date, .instant, .option, .options, .link, .links, .location, .list, .failure: nil
            }
        return ReportTable.Figure(number: number, words: try shown(value, report.model.value.type), records: records.count, leftOut: result.rowsLeftOut)
    }

    /// Figures have their thousands apart, and their currency.
    private func shown(_ value: Value, _ type: FormulaType) throws -> Words {
        let kind: FieldKind
        switch (type, value) {
        case (.money(let currency), .number): kind = .money(decimals: 2, currency: currency)
        case (.percent, .number): kind = .percent(decimals: 0)
        case (_, .number): kind = .number(decimals: 0)
        default: return try words(value, type)
        }
        func text(_ language: Language) throws -> String { try kind.display(value, language: language, zone: moment.zone) { try title($0) } }
        return Words(zh: try text(.zh), en: try text(.en))
    }

    private func words(_ value: Value, _ type: FormulaType) throws -> Words {
        if value.isBlank { return Words(zh: "空", en: "blank") }
        if case .failure(let failure) = value { return failure.words }
        return Words(
            zh: try value.text(of: type, at: moment) { try title($0) }, en: try value.text(of: type, at: english) { try title($0) })
    }

    private func title(_ record: RecordID) throws -> String {
        let title = try live.title(of: record)
        return title.isEmpty ? engine.app.text(of: record) : title
    }

    // MARK: Keys

    private struct Place: Hashable {
        let row: Int
        let column: Int
    }

    /// Values in the order in which they were met.
    private struct Keys {
        private(set) var values: [Value] = []
        private var positions: [Value: Int] = [:]

        mutating func position(of value: Value) -> Int {
            if let known = positions[value] { return known }
            positions[value] = values.count
            values.append(value)
            return values.count - 1
        }
    }

    private func key(_ value: Value, _ expression: CheckedExpression?) throws -> ReportTable.Key {
        guard let expression else { return ReportTable.Key(words: Words(same: ""), record: nil, filter: nil) }
        let record: String? = if case .link(let id) = value { engine.app.text(of: id) } else { nil }
        return ReportTable.Key(words: try words(value, expression.type), record: record, filter: filter(value, expression.source.text))
    }

    /// The condition under which a record stands here, as a list's filter says it.
    private func filter(_ value: Value, _ formula: String) -> String? {
        switch value {
        case .blank: "(\(formula)) is blank"
        case .option(let key): "(\(formula)) = '\(key)'"
        case .text(let text): text.contains("'") || text.contains("\\") ? nil : "(\(formula)) = '\(text)'"
        case .number(let number): "(\(formula)) = \(number.description)"
        case .bool(let flag): flag ? "(\(formula))" : "not (\(formula))"
        case .date(let day): "(\(formula)) = date(\(day.components.year), \(day.components.month), \(day.components.day))"
        // A record is said by its number, where a path leads to it.
        case .link(let id): formula.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "." } ? "\(formula).id = \(id.number)" : nil
        case .links, .instant, .duration, .options, .location, .list, .failure: nil
        }
    }

    /// Positions in the order of their values, records by their titles; blank comes last.
    private func order(_ values: [Value], _ type: FormulaType?) throws -> [Int] {
        guard let type else { return Array(values.indices) }
        let titles = try values.map { value in if case .link(let id) = value { try title(id) } else { "" } }
        let ordering = ValueOrder(type)
        return values.indices.sorted { left, right in
            if values[left].isBlank || values[right].isBlank { return !values[left].isBlank && values[right].isBlank }
            let order = type.linkedObjects.isEmpty ? ordering.compare(values[left], values[right]) ?? 0 : ExactText.compare(titles[left], titles[right])
            return order == 0 ? left < right : order < 0
        }
    }
}

/// Why a report cannot be made.
package struct ReportTrouble: Error {
    package let words: Words
}

/// The records of a group at hand, as they were grouped; everything else as it stands.
private struct GroupRows: RowSource {
    let group: [RecordID: Row]
    let others: LiveRows

    func row(_ id: RecordID) throws -> Row? { try group[id] ?? others.row(id) }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { try others.rows(linking: link, to: parent) }
    func rows(of object: ObjectID) throws -> [Row] { try others.rows(of: object) }
    func users(in role: RoleID) throws -> [Row] { try others.users(in: role) }
    func title(of id: RecordID) throws -> String { try others.title(of: id) }
}

extension Words {
    fileprivate static let tooManyRecords = Words(
        zh: "记录超过 \(Reporting.mostRecords) 条，请在 `from` 里加上 `where` 缩小范围", en: "there are more than \(Reporting.mostRecords) records: add a `where` to `from`")
    fileprivate static let tooManyCells = Words(
        zh: "行列太多，超过 \(Reporting.mostCells) 格，请换一种分组", en: "there are more than \(Reporting.mostCells) cells: group by something else")
}
