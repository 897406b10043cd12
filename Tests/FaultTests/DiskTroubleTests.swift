import Engine
import FaultDisk
import Formula
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import TestKit
import Testing

/// The disk fails: what cannot be written is refused as a whole, and as soon as it is well again everything goes on.
@Suite struct DiskTroubleTests {
    enum Trouble: CaseIterable, Sendable {
        case writing, syncing, full, readOnly

        var raw: fault_disk_trouble {
            switch self {
            case .writing: FAULT_DISK_WRITES_FAIL
            case .syncing: FAULT_DISK_SYNCS_FAIL
            case .full: FAULT_DISK_FULL
            case .readOnly: FAULT_DISK_READ_ONLY
            }
        }

        func isMeant(by error: StoreError) -> Bool {
            switch (self, error) {
            case (.writing, .diskFails), (.syncing, .diskFails), (.readOnly, .diskFails), (.full, .diskFull): true
            case (_, .locked), (_, .diskFull), (_, .readOnly), (_, .diskFails), (_, .notADatabase), (_, .incompatible), (_, .definitionChanged), (_, .notLowerable), (_, .other): false
            }
        }
    }

    private static func saves(_ rig: Rig, _ names: [String]) async throws -> [Result<RecordID, any Error>] {
        let engine = rig.engine
        let deal = try #require(engine.app.model.object(named: "deal")), field = try #require(deal.field(named: "name"))
        return await withTaskGroup(of: Result<RecordID, any Error>.self) { group in
            for name in names {
                group.addTask {
                    do {
                        let outcome = try await engine.save(SaveCommand(.create(deal.id, [FieldInput(field.id, .text(name))]), by: .system))
                        guard case .saved(let row, _) = outcome else { throw Surprise("\(outcome)") }
                        return .success(row.id)
                    } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
    }

    private static func names(_ rig: Rig) async throws -> Set<String> {
        let deal = try #require(rig.engine.app.model.object(named: "deal")), field = try #require(deal.field(named: "name"))
        return Set(try await rig.engine.store.read { try $0.rows(of: deal.id).compactMap { if case .text(let name) = $0[field.id] { "\(name)" } else { nil } } })
    }

    @Test("T04: the disk fails, and is well again", arguments: Trouble.allCases, [0, 1, 3, 7]) func theDiskFails(as trouble: Trouble, sparing spared: Int) async throws {
        try await TestFiles.withFolder { folder in
            let disk = try Disk(folder)
            let rig = try await Rig(PowerTests.app(), in: folder)
            _ = try await rig.make("user", #"{"name":"a"}"#, door: .trusted)
            for number in 0..<4 { _ = try await rig.make("deal", #"{"name":"before \#(number)"}"#) }
            try await rig.settle()
            var expected = try await Self.names(rig)
            // Some runs stand ready, and something waits to be sent.
            expected.insert("ready")
            _ = try await rig.make("deal", #"{"name":"ready"}"#)

            disk.set(trouble.raw, sparing: spared)
            for round in 0..<3 {
                let wanted = (0..<8).map { "r\(round) \($0)" }
                var saved = 0
                for outcome in try await Self.saves(rig, wanted) {
                    switch outcome {
                    case .success: saved += 1
                    case .failure(let error as StoreError): #expect(trouble.isMeant(by: error), "\(error)")
                    case .failure(let error): Issue.record(error)
                    }
                }
                let standing = try await Self.names(rig)
                #expect(standing.subtracting(expected).count == saved)
                expected = standing
                await #expect(throws: StoreError.self, "nothing can be done by itself either") { try await rig.settle() }
                try await rig.expectSound(isSettled: false)
            }
            #expect(disk.struck > 0)
            #expect(try await rig.runs().allSatisfy { $0.state != .failed })

            disk.set(FAULT_DISK_WELL)
            #expect(try await Self.names(rig) == expected)
            let after = try await rig.make("deal", #"{"name":"after"}"#)
            #expect(try await rig.count("deal") == expected.count + 1)
            try await rig.pass(4 * 3_600)
            #expect(try await rig.value(after, "n") == .number(ExactDecimal(1)))
            #expect(try await rig.runs().allSatisfy { $0.state == .done })
            #expect(try await rig.runs("automation/follow").count == expected.count + 1)
            try await rig.expectSound()
            await rig.close()
            #expect(try Disk.damage(in: folder).isEmpty)
        }
    }

    @Test("T04: reading fails: nobody is blamed for it", arguments: 0..<12) func readingFails(sparing spared: Int) async throws {
        try await TestFiles.withFolder { folder in
            let disk = try Disk(folder)
            let rig = try await Rig(PowerTests.app(), in: folder)
            _ = try await rig.make("user", #"{"name":"a"}"#, door: .trusted)
            for number in 0..<6 { _ = try await rig.make("deal", #"{"name":"d \#(number)"}"#) }
            // Nothing of it is in memory.
            await rig.close()
            let cold = try await Rig(PowerTests.app(), in: folder)
            disk.set(FAULT_DISK_READS_FAIL, sparing: spared * 2, times: 1)
            do {
                try await cold.settle()
            } catch {
                #expect((error as? StoreError).map { if case .diskFails = $0 { true } else { false } } == true, "\(error)")
            }
            #expect(disk.struck == 1)
            disk.set(FAULT_DISK_WELL)
            try await cold.expectSound(isSettled: false)
            try await cold.pass(4 * 3_600)
            #expect(try await cold.runs().allSatisfy { $0.state == .done })
            try await cold.expectSound()
            await cold.close()
            #expect(try Disk.damage(in: folder).isEmpty)
        }
    }

    @Test("T04: somebody else holds the locks for a moment") func locksAreHeldForAMoment() async throws {
        try await TestFiles.withFolder { folder in
            let disk = try Disk(folder)
            let rig = try await Rig(PowerTests.app(), in: folder)
            for times in [1, 3, 9] {
                disk.set(FAULT_DISK_BUSY, times: times)
                for outcome in try await Self.saves(rig, (0..<4).map { "\(times) \($0)" }) { _ = try outcome.get() }
                #expect(disk.struck == times)
            }
            disk.set(FAULT_DISK_WELL)
            try await rig.pass(4 * 3_600)
            try await rig.expectSound()
            await rig.close()
        }
    }

    @Test("T04: somebody else holds the locks for ever") func locksAreHeldForEver() async throws {
        try await TestFiles.withFolder { folder in
            let disk = try Disk(folder)
            let rig = try await Rig(PowerTests.app(), in: folder)
            disk.set(FAULT_DISK_BUSY)
            for outcome in try await Self.saves(rig, ["a", "b", "c"]) {
                guard case .failure(let error as StoreError) = outcome, case .locked = error else {
                    Issue.record("\(outcome)")
                    continue
                }
            }
            disk.set(FAULT_DISK_WELL)
            #expect(try await rig.count("deal") == 0)
            for outcome in try await Self.saves(rig, ["a", "b", "c"]) { _ = try outcome.get() }
            try await rig.pass(4 * 3_600)
            #expect(try await rig.runs().allSatisfy { $0.state == .done })
            try await rig.expectSound()
            await rig.close()
        }
    }
}
