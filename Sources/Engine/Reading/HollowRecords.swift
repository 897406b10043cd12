package import Formula
package import Model
import Program
package import SourceText
import Storage

/// Records of a person that stand in a stage whose conditions do not hold any more.
package struct HollowView: Sendable {
    package struct Entry: Sendable {
        package let record: RecordID
        package let title: String
        /// The stage that it stands in.
        package let stage: Words
        /// What does not hold there.
        package let missing: [Words]
    }

    package let object: CheckedObject
    package let entries: [Entry]
    package let isMore: Bool
}

extension Engine {
    /// The person's records that are hollow, by object.
    ///
    /// - Parameter limit: Of each object.
    package func hollowRecords(of person: RecordID, limit: Int) async throws -> [HollowView] {
        let objects = app.model.objects.compactMap { object -> (object: CheckedObject, hollow: FieldID, owner: FieldID)? in
            guard let hollow = object.hollow, let owner = ownerLink(of: object.id) else { return nil }
            return (object, hollow, owner)
        }
        guard !objects.isEmpty else { return [] }
        return try await store.read { [self] transaction in
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            return try objects.compactMap { object, hollow, owner in
                let found = try hollowRows(object, hollow, owner, person, limit: limit + 1, context)
                guard !found.isEmpty else { return nil }
                return HollowView(object: object, entries: try found.prefix(limit).map { try entry(of: $0, object, context) }, isMore: found.count > limit)
            }
        }
    }

    private func hollowRows(
        _ object: CheckedObject, _ hollow: FieldID, _ owner: FieldID, _ person: RecordID, limit: Int, _ context: RecordContext
    ) throws -> [Row] {
        if case .ready(let condition) = condition("\(app.model[hollow].name) and \(app.model[owner].name) = me", on: object.id) {
            do {
                let bound = BoundCondition(expression: condition, moment: context.moment, me: person)
                return try context.transaction.page(RecordQuery(object: object.id, condition: bound, limit: min(limit, Self.mostRows))).rows.map(context.live.live)
            } catch StoreError.notLowerable {
                // Conditions over the clock are answered record by record.
            }
        }
        var found: [Row] = []
        for row in try context.transaction.rows(linking: owner, to: person) where found.count < limit {
            let row = try context.live.live(row)
            if row[hollow] == .bool(true) { found.append(row) }
        }
        return found
    }

    /// What does not hold any more of the stage in which the record stands; nil if it is not hollow.
    package func hollow(_ record: RecordID) async throws -> HollowView.Entry? {
        guard let field = app.model[record.object].hollow else { return nil }
        return try await store.readBriefly { [self] transaction in
            let context = try RecordContext(engine: self, principal: .system, transaction: transaction)
            guard let row = try context.live.row(record), row[field] == .bool(true) else { return nil }
            return try entry(of: row, app.model[record.object], context)
        }
    }

    private func entry(of row: Row, _ object: CheckedObject, _ context: RecordContext) throws -> HollowView.Entry {
        var stage = Words(same: ""), missing: [Words] = []
        if let id = object.stage, case .stage(let stages) = app.model[id].kind, case .option(let key) = row[id] {
            stage = stages.stage(key)?.label ?? Words(same: key)
            let frame = Frame(this: row, moment: context.moment, source: context.live)
            missing = try Gate(app, object: object.id, to: key).verdict(in: frame, before: nil) { [] }.items.filter { !$0.isMet }.map(\.say)
        }
        return HollowView.Entry(record: row.id, title: try context.live.title(of: row), stage: stage, missing: missing)
    }
}
