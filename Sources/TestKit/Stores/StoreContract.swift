import Formula
import Model
import Program
package import Storage

/// What every store promises, as functions that throw `ContractBroken` with a sentence. Each store's tests run `all` on it.
package struct StoreContract: Sendable {
    /// Makes a store without records for `SampleApp.app`.
    package let makeStore: @Sendable () async throws -> any Store

    package init(makeStore: @escaping @Sendable () async throws -> any Store) {
        self.makeStore = makeStore
    }

    package struct Promise: Sendable, CustomStringConvertible {
        package let description: String
        package let hold: @Sendable (StoreContract) async throws -> Void
    }

    package static let all: [Promise] =
        [
            Promise(description: "a record reads back value for value") { try await $0.recordsReadBack() },
            Promise(description: "random records read back value for value") { try await $0.randomRecordsReadBack() },
            Promise(description: "an update writes the fields it names and no others") { try await $0.updatesWriteNamedFields() },
            Promise(description: "a deleted record is gone and links to it are blank") { try await $0.deletingBlanksLinks() },
            Promise(description: "a restored record is as it was, and tells which links it lost") { try await $0.restoringTellsLostLinks() },
            Promise(description: "what is deleted for good is gone, and its number stays used") { try await $0.purgingLeavesTheNumber() },
            Promise(description: "totals are exact and follow the filter") { try await $0.totalsAreExact() },
            Promise(description: "children are found by their links, also by those to any object") { try await $0.childrenAreFound() },
            Promise(description: "record numbers are never given twice") { try await $0.numbersAreNew() },
            Promise(description: "autonumbers count from 1") { try await $0.autonumbersCount() },
            Promise(description: "a unique value has one holder, and nobody else can take it") { try await $0.uniqueValues() },
            Promise(description: "active people are found by role") { try await $0.peopleByRole() },
        ] + happenings + transactions + pages + memory + aggregates + imports + views

    func store(_ work: (any Store) async throws -> Void) async throws {
        let store = try await makeStore()
        do {
            try await work(store)
            await store.close()
        } catch {
            await store.close()
            throw error
        }
    }
}

/// A promise that was not held.
package struct ContractBroken: Error, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

func require(_ condition: Bool, _ sentence: @autoclosure () -> String) throws {
    guard condition else { throw ContractBroken(sentence()) }
}

func requireEqual<T: Equatable>(_ got: T, _ wanted: T, _ what: @autoclosure () -> String) throws {
    guard got == wanted else { throw ContractBroken("\(what()): got \(got), wanted \(wanted)") }
}

// MARK: Records

extension StoreContract {
    static let full: [String: Value] = [
        "name": .text("张三's \"deal\" 😀"), "code": .text("A-1"), "amount": .number(decimal("-12345678901.23")), "count": .number(ExactDecimal(7)),
        "rate": .number(decimal("0.1234")), "urgent": .bool(false), "due": .date(Day(daysSinceEpoch: -719_162)),
        "met": .instant(Instant(microseconds: 1_767_600_000_123_456)), "watched": .duration(TimeSpan(microseconds: -5)), "level": .option("top"),
        "pains": .options(["cost", "risk"]), "words": .options(["乙", "甲", "a,b\u{1F}c\u{1B}"]), "mail": .text("a@b.cn"), "site": .text("https://x.cn"),
        "phone": .text("13812345678"), "memo": .text("a\nb"), "owner": .link(RecordID(object: SampleApp.user, number: 1)),
        "parent": .link(RecordID(object: SampleApp.deal, number: 9)), "paper": .link(RecordID(object: SampleApp.file, number: 3)), "no": .text("D-0001"),
        "stage": .option("lead"), "place": .location(place),
        "partners": .links([3, 1, 2].map { RecordID(object: SampleApp.deal, number: $0) }), "papers": .links([RecordID(object: SampleApp.file, number: 5)]),
        "address": .text("文三路 100 号\n杭州"), "credit": .text("91350100M000100Y43"), "citizen": .text("11010519491231002X"),
    ]

    private static var place: Location {
        guard let place = Location("-33.8688,151.2093") else { preconditionFailure("Sydney is a place") }
        return place
    }

    func recordsReadBack() async throws {
        try await store { store in
            let deal = SampleApp.row(SampleApp.deal, 1, Self.full)
            let blank = SampleApp.row(SampleApp.deal, 2)
            let note = SampleApp.row(SampleApp.activity, 1, ["about": .link(deal.id), "kind": .option("note")])
            try await store.write { transaction in
                for row in [deal, blank, note] { try transaction.insert(row) }
            }
            for row in [deal, blank, note] {
                let read = try await store.read { try $0.row(row.id) }
                try requireEqual(read, row, "\(row.id)")
            }
            let all = try await store.read { try $0.rows(of: SampleApp.deal) }
            try requireEqual(all, [deal, blank], "all deals")
            let missing = try await store.read { try $0.row(RecordID(object: SampleApp.deal, number: 3)) }
            try require(missing == nil, "a record that was never written is read")
        }
    }

    func randomRecordsReadBack() async throws {
        try await store { store in
            var random = RepeatableRandom(seed: 7)
            var rows = (1...120).map { SampleRows.deal($0, &random) }
            let first = rows
            try await store.write { transaction in for row in first { try transaction.insert(row) } }
            for index in rows.indices {
                var next = SampleRows.deal(index + 1, &random)
                next[.version] = .number(ExactDecimal(2))
                next[SampleApp.field(SampleApp.deal, "code")] = rows[index][SampleApp.field(SampleApp.deal, "code")]
                rows[index] = next
            }
            let second = rows
            try await store.write { transaction in
                for (old, new) in zip(first, second) {
                    let changed = SampleApp.app.model[SampleApp.deal].fields.filter { !$0.isSystem && old[$0.id] != new[$0.id] }.map(\.id)
                    try transaction.update(new, changed: Set(changed))
                }
            }
            let read = try await store.read { try $0.rows(of: SampleApp.deal) }
            for (got, wanted) in zip(read, rows) { try requireEqual(got, wanted, "deal \(wanted.id.number)") }
            try requireEqual(read.count, rows.count, "number of deals")
        }
    }

    func updatesWriteNamedFields() async throws {
        try await store { store in
            let old = SampleApp.row(SampleApp.deal, 1, Self.full)
            var image = SampleApp.row(SampleApp.deal, 1, version: 2, at: 5_000_000)
            image[.created] = old[.created]
            let name = SampleApp.field(SampleApp.deal, "name"), pains = SampleApp.field(SampleApp.deal, "pains")
            image[name] = .text("new")
            image[pains] = .options(["speed"])
            let new = image
            try await store.write { transaction in
                try transaction.insert(old)
                try transaction.update(new, changed: [name, pains])
            }
            var wanted = old
            for field in [SystemField.version, .changed] { wanted[field] = new[field] }
            wanted[name] = new[name]
            wanted[pains] = new[pains]
            let read = try await store.read { try $0.row(old.id) }
            try requireEqual(read, wanted, "the updated record")
            try await expectFailure("updating a record that is not there") {
                try await store.write { try $0.update(SampleApp.row(SampleApp.deal, 5), changed: [name]) }
            }
        }
    }

    func deletingBlanksLinks() async throws {
        try await store { store in
            let parent = SampleApp.row(SampleApp.deal, 1, ["code": .text("X")])
            let child = SampleApp.row(SampleApp.deal, 2, ["parent": .link(parent.id), "name": .text("child")])
            let partner = SampleApp.row(SampleApp.deal, 9, ["partners": .links([child.id, parent.id, RecordID(object: SampleApp.deal, number: 9)])])
            let lonely = SampleApp.row(SampleApp.deal, 8, ["partners": .links([parent.id])])
            let note = SampleApp.row(SampleApp.activity, 1, ["about": .link(parent.id), "text": .text("said")])
            let other = SampleApp.row(SampleApp.activity, 2, ["about": .link(child.id)])
            try await store.write { transaction in
                for row in [parent, child, note, other, partner, lonely] { try transaction.insert(row) }
            }
            try await store.write { try $0.delete(parent.id, at: Instant(microseconds: 9)) }
            let gone = try await store.read { try $0.row(parent.id) }
            try require(gone == nil, "a deleted record is read")
            let counted = try await store.read { try $0.count(SampleApp.deal, where: nil) }
            try requireEqual(counted, 3, "deals after deleting one of four")
            let blanked = try await store.read { try ($0.row(child.id), $0.row(note.id), $0.row(other.id)) }
            try requireEqual(blanked.0?[SampleApp.field(SampleApp.deal, "parent")], .blank, "the child's link")
            try requireEqual(blanked.1?[SampleApp.field(SampleApp.activity, "about")], .blank, "the note's link")
            try requireEqual(blanked.1?[SampleApp.field(SampleApp.activity, "text")], .text("said"), "the note's text")
            try requireEqual(blanked.2, other, "the note about another record")
            let lists = try await store.read { try ($0.row(partner.id), $0.row(lonely.id), $0.rows(linking: SampleApp.field(SampleApp.deal, "partners"), to: parent.id)) }
            try requireEqual(lists.0?[SampleApp.field(SampleApp.deal, "partners")], .links([child.id, partner.id]), "the others of a list, in their order")
            try requireEqual(lists.1?[SampleApp.field(SampleApp.deal, "partners")], .blank, "a list of the deleted record alone")
            try requireEqual(lists.2, [], "records whose list holds the deleted one")
            let holder = try await store.read { try $0.holder(of: .text("X"), in: SampleApp.field(SampleApp.deal, "code")) }
            try require(holder == nil, "a deleted record still holds its unique value")
            try await store.write { try $0.insert(SampleApp.row(SampleApp.deal, 13, ["code": .text("X")])) }
            let next = try await store.write { try $0.nextNumber(of: SampleApp.deal) }
            try require(next > 13, "the number \(next) was given before")
            try await expectFailure("deleting twice") { try await store.write { try $0.delete(parent.id, at: Instant(microseconds: 9)) } }
        }
    }

    func childrenAreFound() async throws {
        try await store { store in
            let deals = (1...3).map { SampleApp.row(SampleApp.deal, $0, $0 == 1 ? [:] : ["parent": .link(RecordID(object: SampleApp.deal, number: 1))]) }
            let about = SampleApp.field(SampleApp.activity, "about")
            // The same numbers in different objects must not be mixed up.
            let notes = [
                SampleApp.row(SampleApp.activity, 1, ["about": .link(RecordID(object: SampleApp.deal, number: 1))]),
                SampleApp.row(SampleApp.activity, 2, ["about": .link(RecordID(object: SampleApp.user, number: 1))]),
                SampleApp.row(SampleApp.activity, 3, ["about": .link(RecordID(object: SampleApp.deal, number: 1))]),
            ]
            try await store.write { transaction in for row in deals + notes { try transaction.insert(row) } }
            let found = try await store.read { transaction in
                (
                    try transaction.rows(linking: SampleApp.field(SampleApp.deal, "parent"), to: deals[0].id),
                    try transaction.rows(linking: about, to: deals[0].id),
                    try transaction.rows(linking: about, to: RecordID(object: SampleApp.user, number: 1))
                )
            }
            try requireEqual(found.0, [deals[1], deals[2]], "children of deal 1")
            try requireEqual(found.1, [notes[0], notes[2]], "notes about deal 1")
            try requireEqual(found.2, [notes[1]], "notes about user 1")
        }
    }

    func numbersAreNew() async throws {
        try await store { store in
            let drawn = try await store.write { transaction in
                let first = try transaction.nextNumber(of: SampleApp.deal)
                try transaction.insert(SampleApp.row(SampleApp.deal, first))
                let second = try transaction.nextNumber(of: SampleApp.deal)
                try transaction.insert(SampleApp.row(SampleApp.deal, second))
                return [first, second, try transaction.nextNumber(of: SampleApp.user)]
            }
            try requireEqual(drawn, [1, 2, 1], "numbers drawn")
            try await store.write { try $0.insert(SampleApp.row(SampleApp.deal, 40)) }
            let next = try await store.write { try $0.nextNumber(of: SampleApp.deal) }
            try requireEqual(next, 41, "the number after one that was set from outside")
        }
    }

    func autonumbersCount() async throws {
        try await store { store in
            let field = SampleApp.field(SampleApp.deal, "no")
            let first = try await store.write { try [$0.nextAutonumber(of: field), $0.nextAutonumber(of: field)] }
            try? await store.write { transaction in
                _ = try transaction.nextAutonumber(of: field)
                throw ContractBroken("on purpose")
            }
            let third = try await store.write { try $0.nextAutonumber(of: field) }
            try requireEqual(first + [third], [1, 2, 3], "autonumbers")
        }
    }

    func uniqueValues() async throws {
        try await store { store in
            let code = SampleApp.field(SampleApp.deal, "code")
            try await store.write { transaction in
                try transaction.insert(SampleApp.row(SampleApp.deal, 1, ["code": .text("A")]))
                try transaction.insert(SampleApp.row(SampleApp.deal, 2))
                try transaction.insert(SampleApp.row(SampleApp.deal, 3))
            }
            let holder = try await store.read { try $0.holder(of: .text("A"), in: code) }
            try requireEqual(holder?.number, 1, "holder of A")
            let nobody = try await store.read { try [$0.holder(of: .text("B"), in: code), $0.holder(of: .blank, in: code)] }
            try requireEqual(nobody, [nil, nil], "holders of B and of blank")
            let byAmount = try await store.read { try $0.holder(of: .text("a"), in: code) }
            try require(byAmount == nil, "unique values ignore case")
            try await expectFailure("writing a unique value twice") {
                try await store.write { try $0.insert(SampleApp.row(SampleApp.deal, 4, ["code": .text("A")])) }
            }
            let count = try await store.read { try $0.count(SampleApp.deal, where: nil) }
            try requireEqual(count, 3, "deals after a refused one")
        }
    }

    func peopleByRole() async throws {
        try await store { store in
            let people = [
                SampleApp.row(SampleApp.user, 1, ["name": .text("甲"), "role": .option("sales"), "active": .bool(true)]),
                SampleApp.row(SampleApp.user, 2, ["role": .option("boss"), "active": .bool(true)]),
                SampleApp.row(SampleApp.user, 3, ["role": .option("sales"), "active": .bool(false)]),
                SampleApp.row(SampleApp.user, 4, ["active": .bool(true)]),
                SampleApp.row(SampleApp.user, 5, ["role": .option("sales"), "active": .bool(true)]),
            ]
            try await store.write { transaction in
                for row in people { try transaction.insert(row) }
                try transaction.delete(people[4].id, at: Instant(microseconds: 2))
            }
            let sales = try await store.read { try $0.users(in: [RoleID(index: 0)]).map(\.id.number) }
            let both = try await store.read { try $0.users(in: [RoleID(index: 0), RoleID(index: 1)]).map(\.id.number) }
            let none = try await store.read { try $0.users(in: []).map(\.id.number) }
            try requireEqual([sales, both, none], [[1], [1, 2], []], "people by role")
        }
    }

    func expectFailure(_ what: String, _ work: () async throws -> Void) async throws {
        do { try await work() } catch { return }
        throw ContractBroken("\(what) goes through")
    }
}

func decimal(_ text: String) -> ExactDecimal {
    guard let number = ExactDecimal(text) else { preconditionFailure("\(text) is no number") }
    return number
}
