import Formula
import Storage
import Synchronization

/// What transactions promise to each other.
extension StoreContract {
    static let transactions = [
        Promise(description: "a work that throws has written nothing") { try await $0.failingWritesNothing() },
        Promise(description: "a failing work does not harm its neighbours in the same commit") { try await $0.neighboursStand() },
        Promise(description: "a savepoint is taken back alone") { try await $0.savepoints() },
        Promise(description: "a reader sees whole commits only") { try await $0.readersSeeWholeCommits() },
        Promise(description: "many writers at once lose nothing") { try await $0.manyWriters() },
    ]

    func failingWritesNothing() async throws {
        try await store { store in
            do {
                try await store.write { transaction in
                    try transaction.insert(SampleApp.row(SampleApp.deal, 1, Self.full))
                    try transaction.append(
                        HistoryEntry(
                            record: RecordID(object: SampleApp.deal, number: 1), kind: .created, version: 1, at: Instant(microseconds: 1), by: nil,
                            changes: []))
                    try transaction.set("x", forSetting: "a")
                    throw ContractBroken("on purpose")
                }
                throw ContractBroken("the work's error is swallowed")
            } catch let error as ContractBroken {
                try requireEqual(error.description, "on purpose", "the error that comes back")
            }
            let state = try await store.read { transaction in
                (
                    try transaction.rows(of: SampleApp.deal).count,
                    try transaction.history(of: RecordID(object: SampleApp.deal, number: 1), limit: 5, before: nil).count, try transaction.setting("a")
                )
            }
            try require(state == (0, 0, nil), "something of a failed work is written: \(state)")
        }
    }

    func neighboursStand() async throws {
        try await store { store in
            // The first work holds the writer until all others wait, so that they come into groups.
            let submitted = Tally()
            let results = await withTaskGroup(of: (Int, Bool).self) { group in
                for number in 1...200 {
                    group.addTask {
                        let wrote: Void? = try? await store.write { transaction in
                            if number == 1 { while submitted.count < 150 { _ = try transaction.setting("a") } }
                            let row = SampleApp.row(SampleApp.deal, Int64(number), ["code": .text("c\(number)"), "words": .options(["w\(number)"])])
                            try transaction.insert(row)
                            try transaction.append(
                                HistoryEntry(record: row.id, kind: .created, version: 1, at: Instant(microseconds: 1), by: nil, changes: []))
                            if number % 7 == 0 { throw ContractBroken("on purpose") }
                            // Fails in the database itself.
                            if number % 11 == 0 { try transaction.insert(row) }
                        }
                        return (number, wrote != nil)
                    }
                    submitted.add()
                }
                var results: [Int: Bool] = [:]
                for await (number, wrote) in group { results[number] = wrote }
                return results
            }
            let expected = (1...200).filter { $0 % 7 != 0 && $0 % 11 != 0 }
            try requireEqual(results.filter(\.value).keys.sorted(), expected, "works that went through")
            let rows = try await store.read { try $0.rows(of: SampleApp.deal) }
            try requireEqual(rows.map { Int($0.id.number) }, expected, "records that stand")
            let sequences = try await store.read { transaction in
                try rows.flatMap { try transaction.history(of: $0.id, limit: 5, before: nil) }.map(\.sequence).sorted()
            }
            try requireEqual(sequences, (1...Int64(expected.count)).map { $0 }, "sequence of the history")
        }
    }

    func savepoints() async throws {
        try await store { store in
            try await store.write { transaction in
                try transaction.insert(SampleApp.row(SampleApp.deal, 1))
                try? transaction.savepoint {
                    try transaction.insert(SampleApp.row(SampleApp.deal, 2, ["words": .options(["a"])]))
                    try transaction.savepoint { try transaction.insert(SampleApp.row(SampleApp.deal, 3)) }
                    throw ContractBroken("on purpose")
                }
                let result = try transaction.savepoint {
                    try transaction.insert(SampleApp.row(SampleApp.deal, 4))
                    return 4
                }
                try requireEqual(result, 4, "what a savepoint gives back")
            }
            let rows = try await store.read { try $0.rows(of: SampleApp.deal).map(\.id.number) }
            try requireEqual(rows, [1, 4], "records after a savepoint was taken back")
        }
    }

    func readersSeeWholeCommits() async throws {
        try await store { store in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for round in 0..<40 {
                        try await store.write { transaction in
                            for step in 1...3 { try transaction.insert(SampleApp.row(SampleApp.deal, Int64(round * 3 + step))) }
                        }
                    }
                }
                for _ in 0..<3 {
                    group.addTask {
                        for _ in 0..<40 {
                            let counts = try await store.read { transaction in
                                [try transaction.rows(of: SampleApp.deal).count, try transaction.count(SampleApp.deal, where: nil)]
                            }
                            try require(counts[0] % 3 == 0, "a reader sees \(counts[0]) records of commits of three")
                            try requireEqual(counts[0], counts[1], "two looks in one read")
                        }
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    func manyWriters() async throws {
        try await store { store in
            let code = SampleApp.field(SampleApp.deal, "code")
            // Twenty race for each of ten codes: check and insert in one work, so exactly one wins.
            let winners = try await withThrowingTaskGroup(of: Bool.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        try await store.write { transaction in
                            let value = Value.text("c\(index % 10)")
                            guard try transaction.holder(of: value, in: code) == nil else { return false }
                            let number = try transaction.nextNumber(of: SampleApp.deal)
                            try transaction.insert(SampleApp.row(SampleApp.deal, number, ["code": value]))
                            return true
                        }
                    }
                }
                return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            try requireEqual(winners, 10, "winners")
            let rows = try await store.read { try $0.rows(of: SampleApp.deal).map(\.id.number) }
            try requireEqual(rows, Array(1...10), "numbers")
        }
    }
}

/// Counts across threads.
private final class Tally: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }
    func add() { value.withLock { $0 += 1 } }
}
