package import Formula
import Model
import Program
package import SourceText
package import Storage

/// What figures are wanted of an object's records.
package struct AggregateRequest: Sendable {
    package let object: ObjectID
    package var condition: CheckedExpression?
    package var search: String?
    package var keys: [AggregateKey]
    package var measures: [AggregateMeasure]
    package var limit: Int

    package init(
        object: ObjectID, condition: CheckedExpression? = nil, search: String? = nil, keys: [AggregateKey], measures: [AggregateMeasure], limit: Int
    ) {
        self.object = object
        self.condition = condition
        self.search = search
        self.keys = keys
        self.measures = measures
        self.limit = limit
    }
}

/// What records are grouped by: a formula, or a part of a date.
package struct AggregateKey: Sendable {
    /// As it was asked for, such as `stage` or `created.month`.
    package let name: String
    let expression: CheckedExpression
    let part: DatePart?
}

/// A part of a date, and how it is written.
package enum DatePart: String, Sendable, Hashable, CaseIterable {
    /// `2026`, `2026-Q1`, `2026-03`, `2026-03-05`.
    case year, quarter, month, day

    /// The formula of a number that says it.
    func formula(of field: String, isDatetime: Bool) -> String {
        switch self {
        case .year: "year(\(field))"
        case .quarter: "year(\(field)) * 10 + quarter(\(field))"
        case .month: "year(\(field)) * 100 + month(\(field))"
        case .day: isDatetime ? "date_of(\(field))" : field
        }
    }

    func text(of value: Value) -> Value {
        guard case .number(let number) = value, let whole = number.scaled(decimals: 0) else { return value }
        func padded(_ number: Int64, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        switch self {
        case .year: return .text(padded(whole, 4))
        case .quarter: return .text("\(padded(whole / 10, 4))-Q\(whole % 10)")
        case .month: return .text("\(padded(whole / 100, 4))-\(padded(whole % 100, 2))")
        case .day: return value
        }
    }
}

/// One figure: `count`, `sum(amount)`, `max(due)`.
package struct AggregateMeasure: Sendable {
    package let name: String
    package let measure: AggregateQuery.Measure
    /// Of sums, means and extremes of money.
    package let currency: String?
}

/// The figures that were found.
package struct AggregateReport: Sendable {
    package let groups: [AggregateGroup]
    /// There are more groups than were asked for.
    package let hasMore: Bool
    /// Titles of the records by which is grouped.
    package let titles: [RecordID: String]
}

/// Something asked for of figures: ready, or what is wrong with it.
package enum TypedFigure<Ready: Sendable>: Sendable {
    case ready(Ready)
    case wrong(Words, Diagnostics)
}

extension Engine {
    /// Figures over all records, or per group, as of one moment.
    ///
    /// - Throws: `StoreError.notLowerable` for a formula that cannot be put to the database.
    package func aggregate(_ request: AggregateRequest, as principal: Principal) async throws -> AggregateReport {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            let found = try transaction.aggregate(AggregateQuery(
                object: request.object,
                condition: request.condition.map { BoundCondition(expression: $0, moment: context.moment, me: principal.user) },
                search: request.search, moment: context.moment, me: principal.user, keys: request.keys.map(\.expression),
                measures: request.measures.map(\.measure), limit: request.limit + 1))
            var mentioned: Set<RecordID> = []
            let groups = found.prefix(request.limit).map { group in
                let keys = zip(request.keys, group.keys).map { key, value in key.part?.text(of: value) ?? value }
                for case .link(let record) in keys { mentioned.insert(record) }
                return AggregateGroup(keys: keys, values: group.values, failed: group.failed)
            }
            var titles: [RecordID: String] = [:]
            try context.addTitles(of: mentioned, to: &titles)
            return AggregateReport(groups: groups, hasMore: found.count > request.limit, titles: titles)
        }
    }

    /// Reads what is grouped by: `stage`, `created.month`, or any formula on the record.
    package func aggregateKey(_ text: String, on object: ObjectID) -> TypedFigure<AggregateKey> {
        let name = text.trimmingBlanks
        var formula = name
        var part: DatePart?
        if let dot = name.lastIndex(of: "."), let found = DatePart(rawValue: String(name[name.index(after: dot)...])),
            let field = app.model[object].field(named: String(name[..<dot])), field.kind == .date || field.kind == .datetime
        {
            part = found
            formula = found.formula(of: field.name, isDatetime: field.kind == .datetime)
        }
        switch checked(formula, on: object) {
        case .wrong(let words, let found): return .wrong(words, found)
        case .ready(let expression):
            switch expression.type {
            case .choices, .tags, .links, .list, .blank, .error:
                return .wrong(Words(zh: "不能按 `\(name)` 分组：它不是单个值", en: "records cannot be grouped by `\(name)`: it is no single value"), Diagnostics())
            case .number, .money, .percent, .text, .bool, .date, .datetime, .duration, .choice, .location, .link:
                return .ready(AggregateKey(name: name, expression: expression, part: part))
            }
        }
    }

    /// Reads a figure: `count`, or `sum`, `avg`, `min`, `max` of a formula on the record in brackets.
    package func aggregateMeasure(_ text: String, on object: ObjectID) -> TypedFigure<AggregateMeasure> {
        let name = text.trimmingBlanks
        if name == "count" { return .ready(AggregateMeasure(name: name, measure: .count, currency: nil)) }
        guard let open = name.firstIndex(of: "("), name.hasSuffix(")"), let function = AggregateQuery.Function(rawValue: String(name[..<open])) else {
            return .wrong(
                Words(zh: "`\(name)` 应写成 count、sum(字段)、avg(字段)、min(字段) 或 max(字段)", en: "`\(name)` should be count, sum(FIELD), avg(FIELD), min(FIELD) or max(FIELD)"),
                Diagnostics())
        }
        switch checked(String(name[name.index(after: open)...].dropLast()), on: object) {
        case .wrong(let words, let found): return .wrong(words, found)
        case .ready(let expression):
            var currency: String?
            switch (expression.type, function) {
            case (.money(let code), _): currency = code
            case (.number, _), (.percent, _), (.duration, _), (.date, .minimum), (.date, .maximum), (.datetime, .minimum), (.datetime, .maximum): break
            case (.date, _), (.datetime, _), (.text, _), (.bool, _), (.choice, _), (.choices, _), (.tags, _), (.location, _), (.link, _), (.links, _), (.list, _),
                (.blank, _), (.error, _):
                return .wrong(Words(zh: "`\(name)`：这种值不能这样汇总", en: "`\(name)`: such values have no \(function.rawValue)"), Diagnostics())
            }
            return .ready(AggregateMeasure(name: name, measure: .of(function, expression), currency: currency))
        }
    }

    private func checked(_ text: String, on object: ObjectID) -> TypedFigure<CheckedExpression> {
        var sources = SourceSet()
        let file = sources.add(path: "figure", text: text)
        let formula = EmbeddedText(
            text: text, span: Span(file: file.id, start: 0, end: Int32(text.utf8.count)), segments: [.init(textOffset: 0, fileOffset: 0)])
        var report = Diagnostics()
        let checked = FormulaChecker(schema: app.model.schema).check(formula, in: FormulaScope(this: object, allowsMe: true), report: &report)
        guard let checked, !report.hasErrors else {
            return .wrong(report.found.first?.message ?? Words(zh: "公式有误", en: "the formula is not right"), report)
        }
        return .ready(checked)
    }
}

extension String {
    /// Without blanks at both ends.
    fileprivate var trimmingBlanks: String { Cleaning.trim(self) }
}
