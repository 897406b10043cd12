import Formula
import Storage

/// What a store keeps in memory between transactions must be what the database says.
extension StoreContract {
    static let memory = [
        Promise(description: "totals are right after every kind of write, and after writes that came to nothing") { try await $0.keptTotalsAreExact() },
        Promise(description: "the epoch of people moves with what signing in rests on, and rests even") { try await $0.peopleHaveAnEpoch() },
        Promise(description: "a brief read sees what was written before it") { try await $0.briefReadsAreCurrent() },
    ]

    private struct Trouble: Error {}

    func keptTotalsAreExact() async throws {
        try await store { store in
            func total(_ wanted: Int, _ when: String) async throws {
                for _ in 0..<2 {
                    let page = try await store.read { try $0.page(RecordQuery(object: SampleApp.deal, limit: 1, wantsTotal: true)) }
                    try requireEqual(page.total, wanted, "total \(when)")
                }
            }
            try await total(0, "of none")
            try await store.write { transaction in for number in 1...5 { try transaction.insert(SampleApp.row(SampleApp.deal, Int64(number))) } }
            try await total(5, "after five are made")
            try await store.write { try $0.delete(RecordID(object: SampleApp.deal, number: 2), at: Instant(microseconds: 3)) }
            try await total(4, "after one is deleted")
            try await store.write { _ = try $0.restore(RecordID(object: SampleApp.deal, number: 2)) }
            try await total(5, "after it is restored")
            try await store.write { try $0.delete(RecordID(object: SampleApp.deal, number: 2), at: Instant(microseconds: 3)) }
            do {
                try await store.write { transaction in
                    try transaction.insert(SampleApp.row(SampleApp.deal, 9))
                    throw Trouble()
                }
            } catch is Trouble {}
            try await total(4, "after a work that failed")
            try await store.write { transaction in
                try transaction.insert(SampleApp.row(SampleApp.deal, 10))
                do {
                    try transaction.savepoint {
                        try transaction.insert(SampleApp.row(SampleApp.deal, 11))
                        try transaction.delete(RecordID(object: SampleApp.deal, number: 1), at: Instant(microseconds: 4))
                        throw Trouble()
                    }
                } catch is Trouble {}
                // The writer sees what it has written itself.
                try requireEqual(try transaction.page(RecordQuery(object: SampleApp.deal, limit: 1, wantsTotal: true)).total, 5, "total inside")
            }
            try await total(5, "after a savepoint that was taken back")
            // Readers beside writers: a count of an old snapshot must never be kept for a new one.
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 100..<160 {
                    group.addTask { try await store.write { try $0.insert(SampleApp.row(SampleApp.deal, Int64(number))) } }
                    group.addTask { _ = try await store.read { try $0.page(RecordQuery(object: SampleApp.deal, limit: 1, wantsTotal: true)) } }
                }
                try await group.waitForAll()
            }
            try await total(65, "after many at once")
        }
    }

    func peopleHaveAnEpoch() async throws {
        try await store { store in
            func moves(_ what: String, _ should: Bool = true, _ work: @escaping @Sendable (any WriteTransaction) throws -> Void) async throws {
                let before = store.peopleEpoch
                try await store.write(work)
                try require(store.peopleEpoch.isMultiple(of: 2), "\(what) leaves the epoch odd")
                try requireEqual(store.peopleEpoch != before, should, "the epoch moves with \(what)")
            }
            let person = RecordID(object: SampleApp.user, number: 1)
            let at = Instant(microseconds: 5)
            try await moves("a person") { try $0.insert(SampleApp.row(SampleApp.user, 1, ["name": .text("a"), "active": .bool(true)])) }
            try await moves("a change of a person") {
                try $0.update(SampleApp.row(SampleApp.user, 1, ["active": .bool(false)], version: 2), changed: [SampleApp.field(SampleApp.user, "active")])
            }
            try await moves("a password") {
                try $0.set(Credential(user: person, login: "a", passwordHash: "x", failedAttempts: 0, lockedUntil: nil, mustChange: false))
            }
            let session = Session(tokenHash: [1, 2], user: person, formToken: "t", started: at, lastSeen: at)
            try await moves("a session") { try $0.start(session) }
            try await moves("a session's use") { try $0.touch(sessionTokenHash: [1, 2], lastSeen: at) }
            try await moves("a session's end") { try $0.endSession(tokenHash: [1, 2]) }
            try await moves("the end of all sessions") { try $0.endSessions(of: person) }
            try await moves("a key") { try $0.add(APIKey(name: "k", hash: [3], user: person, created: at, revoked: nil)) }
            try await moves("a revoked key") { try $0.revokeKey(id: 1, at: at) }
            try await moves("a person who is deleted") { try $0.delete(person, at: at) }
            try await moves("a deal", false) { try $0.insert(SampleApp.row(SampleApp.deal, 1)) }
        }
    }

    func briefReadsAreCurrent() async throws {
        try await store { store in
            for number in 1...20 {
                let id = RecordID(object: SampleApp.deal, number: Int64(number))
                try await store.write { try $0.insert(SampleApp.row(SampleApp.deal, id.number)) }
                try require(try await store.readBriefly { try $0.row(id) } != nil, "deal \(number) is not there")
            }
        }
    }
}
