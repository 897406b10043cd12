import Formula
import Model
import Program
import SourceText
import Storage

extension StoreContract {
    func restoringTellsLostLinks() async throws {
        try await store { store in
            let link = SampleApp.field(SampleApp.deal, "parent"), about = SampleApp.field(SampleApp.activity, "about")
            let parent = SampleApp.row(SampleApp.deal, 1, ["code": .text("X"), "name": .text("p")])
            let living = SampleApp.row(SampleApp.deal, 2, ["parent": .link(parent.id)])
            let gone = SampleApp.row(SampleApp.deal, 3, ["parent": .link(parent.id)])
            let note = SampleApp.row(SampleApp.activity, 1, ["about": .link(parent.id)])
            try await store.write { transaction in
                for row in [parent, living, gone, note] { try transaction.insert(row) }
                try transaction.delete(gone.id, at: Instant(microseconds: 5))
                try transaction.delete(parent.id, at: Instant(microseconds: 9))
            }
            let bin = try await store.read { try ($0.deleted(of: SampleApp.deal, limit: 10, offset: 0), $0.countDeleted(of: SampleApp.deal)) }
            try requireEqual(bin.0.map(\.row.id), [parent.id, gone.id], "the recycle bin, last deleted first")
            try requireEqual(bin.1, 2, "how many lie in it")
            let second = try await store.read { try $0.deleted(of: SampleApp.deal, limit: 1, offset: 1) }
            try requireEqual(second.map(\.row.id), [gone.id], "its second entry")
            let there = try await store.read { try ($0.deleted(parent.id), $0.deleted(living.id)) }
            try requireEqual(there.0, DeletedRecord(row: parent, at: Instant(microseconds: 9)), "a deleted record")
            try require(there.1 == nil, "a living record lies in the recycle bin")
            let lost = try await store.read { try $0.lostTarget(of: LostLink(field: link, record: living.id)) }
            try requireEqual(lost, parent.id, "what the blanked link led to")

            let losses = try await store.write { try $0.restore(parent.id) }
            try requireEqual(
                Set(losses), [LostLink(field: link, record: living.id), LostLink(field: about, record: note.id)], "links of living records")
            let back = try await store.read { try $0.row(parent.id) }
            try requireEqual(back, parent, "the restored record")
            let child = try await store.read { try $0.row(living.id) }
            try requireEqual(child?[link], .blank, "a living record's link, which is the caller's to write")
            // A deleted record's link is back at once: nobody sees it before it is restored itself.
            let own = try await store.write { try $0.restore(gone.id) }
            try require(own.isEmpty, "nothing was linked to it")
            let other = try await store.read { try $0.row(gone.id) }
            try requireEqual(other?[link], .link(parent.id), "the link of a record that was deleted with it")
            try await expectFailure("restoring twice") { try await store.write { _ = try $0.restore(parent.id) } }
        }
    }

    func purgingLeavesTheNumber() async throws {
        try await store { store in
            let row = SampleApp.row(SampleApp.deal, 7, ["code": .text("X"), "name": .text("secret")])
            let name = SampleApp.field(SampleApp.deal, "name")
            try await store.write { transaction in
                try transaction.insert(row)
                try transaction.append(
                    HistoryEntry(
                        record: row.id, kind: .created, version: 1, at: Instant(microseconds: 1), by: nil,
                        changes: [HistoryEntry.Change(field: name, old: .blank, new: .text("secret"))]))
            }
            try await expectFailure("deleting for good what is not deleted") { try await store.write { try $0.purge(row.id) } }
            try await store.write { transaction in
                try transaction.delete(row.id, at: Instant(microseconds: 9))
                try transaction.purge(row.id)
            }
            let left = try await store.read { try ($0.deleted(row.id), $0.countDeleted(of: SampleApp.deal), $0.history(of: row.id, limit: 10, before: nil)) }
            try require(left.0 == nil && left.1 == 0, "it still lies in the recycle bin")
            try requireEqual(left.2.map(\.changes.count), [0], "values in its history")
            try await expectFailure("restoring what is gone for good") { try await store.write { _ = try $0.restore(row.id) } }
            let next = try await store.write { try $0.nextNumber(of: SampleApp.deal) }
            try require(next > 7, "the number \(next) was given before")
        }
    }

    func totalsAreExact() async throws {
        try await store { store in
            let object = SampleApp.app.model[SampleApp.deal]
            guard let field = object.fields.first(where: { field in
                if case .money = field.kind { return field.computed == nil }
                return false
            }) else { throw ContractBroken("the sample has no money") }
            // Three of them together are more than 64 bits hold; with the negative ones they come back into range.
            let large = ExactDecimal(scaled: Int64.max - 1, decimals: 2)
            let amounts: [Value] = [.number(large), .number(large), .number(large.negated), .number(ExactDecimal(scaled: 125, decimals: 2)), .blank]
            try await store.write { transaction in
                for (index, amount) in amounts.enumerated() {
                    try transaction.insert(SampleApp.row(SampleApp.deal, Int64(index + 1), [field.name: amount]))
                }
                try transaction.insert(SampleApp.row(SampleApp.deal, 9, [field.name: .number(large)]))
                try transaction.delete(RecordID(object: SampleApp.deal, number: 9), at: Instant(microseconds: 9))
            }
            let moment = Moment(now: Instant(microseconds: 3), zone: SampleApp.app.model.zone)
            func part(_ formula: String) throws -> BoundCondition {
                let checked = FormulaChecker(schema: SampleApp.app.model.schema).checked(
                    EmbeddedText(text: formula, span: Span(file: SourceFileID(index: 0), start: 0, end: 0), segments: []),
                    in: FormulaScope(this: SampleApp.deal, allowsMe: true), expecting: .bool)
                guard let expression = checked.expression else { throw ContractBroken("`\(formula)` is wrong") }
                return BoundCondition(expression: expression, moment: moment, me: nil)
            }
            let (all, few) = (try part("true"), try part("\(field.name) < 2 and \(field.name) is not blank"))
            func totals(_ parts: [BoundCondition], where condition: BoundCondition? = nil, search: String? = nil) async throws -> [RecordTotals] {
                try await store.read {
                    try $0.totals(of: SampleApp.deal, where: condition, search: search, parts: parts, summing: [field.id])
                }
            }
            let four = try await totals([all, few])
            try requireEqual(four.map(\.count), [5, 2], "records that are not deleted, and those of the part")
            try requireEqual(four[0].sums, [nil], "a sum beyond what a field can hold")
            try requireEqual(four[1].sums, [try large.negated.adding(ExactDecimal(scaled: 125, decimals: 2))], "the sum of the part")
            try requireEqual(try await totals([all], where: few), [four[1]], "a part of what the condition leaves")
            try await store.write { try $0.delete(RecordID(object: SampleApp.deal, number: 2), at: Instant(microseconds: 9)) }
            try requireEqual(try await totals([all])[0].sums, [ExactDecimal(scaled: 125, decimals: 2)], "the sum")
            try requireEqual(try await totals([all], search: "nowhere"), [RecordTotals(count: 0, sums: [nil])], "totals of nothing")
            try requireEqual(try await totals([]), [], "totals of no parts")
        }
    }
}
