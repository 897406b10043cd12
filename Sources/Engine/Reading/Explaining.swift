package import Formula
package import Model
import Program
package import SourceText
import Storage

/// How a field of a record came to its value: what the record page and `weir why` show.
package struct FieldExplanation: Sendable {
    package let field: FieldID
    package let record: RecordID
    /// As people see it now; a formula that reads the clock is computed at this moment.
    package let value: Value
    /// The trees of its formula, one per entry of points; empty for a field that is no formula.
    package let trees: [Explanation]
    /// How the records in it are called.
    package let titles: [RecordID: String]
    /// When and where the values were taken.
    package let moment: Moment
}

extension Engine {
    /// Explains a field of a record as it stands; nil if there is no such record.
    ///
    /// - Parameter language: In which options, yes and no are shown; nil is the app's.
    /// - Throws: What the store throws.
    package func explanation(
        of field: FieldID, on record: RecordID, as principal: Principal, in language: Language? = nil
    ) async throws -> FieldExplanation? {
        try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: principal, transaction: transaction)
            guard record.object == field.object, let row = try context.live.row(record) else { return nil }
            let moment = Moment(
                now: context.moment.now, zone: context.moment.zone, language: language ?? context.moment.language,
                calendar: context.moment.calendar, calendars: context.moment.calendars)
            let frame = Frame(this: row, me: context.me, moment: moment, source: context.live)
            var trees: [Explanation] = []
            var titles: [RecordID: String] = [:]
            for expression in app.model[field].computed?.expressions ?? [] {
                let tree = try Explanation(of: expression, in: frame)
                for id in tree.records where titles[id] == nil { titles[id] = try context.live.title(of: id) }
                trees.append(tree)
            }
            return FieldExplanation(
                field: field, record: record, value: row[field], trees: trees, titles: titles, moment: moment)
        }
    }
}

extension Explanation {
    /// The formula fields that were read, each with the record it was read from.
    package func formulaFields(in model: CheckedApp) -> [(field: FieldID, record: RecordID)] {
        var found: [(field: FieldID, record: RecordID)] = []
        if let field, let record, model[field].computed != nil { found.append((field, record)) }
        return found + parts.flatMap { $0.formulaFields(in: model) }
    }
}
