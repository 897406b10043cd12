import Formula
import Model
import Program
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
            let four = try await store.read { transaction -> RecordTotals in
                try transaction.totals(of: SampleApp.deal, where: nil, search: nil, summing: [field.id])
            }
            try requireEqual(four.count, 5, "records that are not deleted")
            try requireEqual(four.sums, [nil], "a sum beyond what a field can hold")
            try await store.write { try $0.delete(RecordID(object: SampleApp.deal, number: 2), at: Instant(microseconds: 9)) }
            let rest = try await store.read { try $0.totals(of: SampleApp.deal, where: nil, search: nil, summing: [field.id]) }
            try requireEqual(rest.sums, [ExactDecimal(scaled: 125, decimals: 2)], "the sum")
            let none = try await store.read { try $0.totals(of: SampleApp.deal, where: nil, search: "nowhere", summing: [field.id]) }
            try requireEqual(none, RecordTotals(count: 0, sums: [nil]), "totals of nothing")
        }
    }
}
