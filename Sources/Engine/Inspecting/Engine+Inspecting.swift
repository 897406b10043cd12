import Formula
import Model
import Program
import SourceText
import Storage

extension Engine {
    /// What an inspection looks for.
    package enum InspectionKind: Sendable, Hashable {
        case formulas, rules
    }

    private static let batch = 200
    /// A sample is taken in so many places of an object, spread over its records.
    private static let samplePlaces: Int64 = 10

    /// Goes through the records of every object and changes nothing. Each batch is read in a transaction of its own, so that writers'
    /// old pages are not kept for the whole time; each record is judged by one moment.
    ///
    /// - Parameters:
    ///   - sample: About how many records of an object are looked at; nil for all.
    ///   - progress: Told how many records are done, and of how many.
    package func inspect(
        _ kinds: Set<InspectionKind>, sample: Int? = nil, progress: (@Sendable (_ done: Int, _ all: Int) -> Void)? = nil
    ) async throws -> Inspection {
        var inspection = Inspection()
        var spans: [(ObjectID, Span)] = []
        for object in app.objects where hasWork(object, kinds) {
            let (count, last) = try await store.read { transaction in
                let newest = try transaction.page(
                    RecordQuery(
                        object: object.id, sort: [.init(field: FieldID(object: object.id, index: SystemField.id.rawValue), descending: true)], limit: 1))
                return (try transaction.count(object.id, where: nil), newest.rows.first?.id.number ?? 0)
            }
            inspection.total += count
            guard let sample, count > sample else {
                if count > 0 { spans.append((object.id, Span(after: 0, most: count))) }
                continue
            }
            let each = max(1, sample / Int(Self.samplePlaces))
            for place in 0..<Self.samplePlaces { spans.append((object.id, Span(after: last * place / Self.samplePlaces, most: each))) }
        }
        let all = spans.reduce(0) { $0 + $1.1.most }
        for (object, span) in spans {
            try await inspect(object, span, kinds, all: all, progress, &inspection)
        }
        return inspection
    }

    /// A run of records by number.
    private struct Span {
        var after: Int64
        var most: Int
    }

    private func hasWork(_ object: CompiledObject, _ kinds: Set<InspectionKind>) -> Bool {
        let plan = plans[object.id.index]
        return kinds.contains { kind in
            switch kind {
            case .formulas: !object.computedOrder.isEmpty
            case .rules: !object.rules.isEmpty || !plan.required.isEmpty
            }
        }
    }

    private func inspect(
        _ object: ObjectID, _ span: Span, _ kinds: Set<InspectionKind>, all: Int, _ progress: (@Sendable (Int, Int) -> Void)?,
        _ inspection: inout Inspection
    ) async throws {
        var span = span
        while span.most > 0 {
            let (last, seen, found) = try await store.read { [self, span, inspection] transaction in
                var inspection = inspection
                let page = try transaction.page(
                    RecordQuery(object: object, after: .init(keys: [], number: span.after), limit: min(Self.batch, span.most)))
                let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
                for row in page.rows { try judge(row, kinds, in: context, &inspection) }
                return (page.rows.last?.id.number, page.rows.count, inspection)
            }
            inspection = found
            inspection.seen += seen
            progress?(inspection.seen, all)
            guard let last else { return }
            span.after = last
            span.most -= seen
        }
    }

    private func judge(_ row: Row, _ kinds: Set<InspectionKind>, in context: RecordContext, _ inspection: inout Inspection) throws {
        let plan = plans[row.id.object.index]
        for kind in kinds {
            switch kind {
            case .formulas:
                for computation in plan.compiled.computedOrder {
                    let value = try computation.value(in: Frame(this: row, moment: context.moment, source: context.rows))
                    if value != row[computation.field] { inspection.drifted(computation.field, of: row.id) }
                }
            case .rules:
                for field in plan.required where row[field].isBlank {
                    inspection.broke(nil, field, of: row.id, .required(plan.object.fields[field.index]))
                }
                guard !plan.compiled.rules.isEmpty else { continue }
                let frame = Frame(this: try context.live.live(row), old: row, moment: context.moment, source: context.live)
                for rule in plan.compiled.rules {
                    switch try rule.decide(in: frame) {
                    case .met, .idle: continue
                    case .unmet(let say): inspection.broke(rule.rule.name, rule.onlyField, of: row.id, say)
                    }
                }
            }
        }
    }
}
