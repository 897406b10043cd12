import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import Synchronization
import TestKit
import Testing

/// A busy app that is copied and put back elsewhere.
@Suite struct HoldTests {
    private static let app = """
        app: { name: desk }
        objects:
          deal: { fields: { name: text, n: { type: number, decimals: 0, default: 0 } } }
        connectors:
          erp: { kind: webhook, url: "https://erp.example.com/in", secret: $ERP }
        automations:
          tell: { when: deal is created, do: [ { call: erp, with: { name: "{name}" } }, { set: { n: =n + 1 } } ] }

        """

    @Test("T33: a copy sends nothing until it is let, and then under the same keys", arguments: [true, false]) func aCopySendsNothing(isHeld: Bool) async throws {
        let isUp = Mutex(true)
        let outside = Outside { _ in isUp.withLock { $0 } ? .ok(receipt: nil) : .failed(DeliveryTrouble(.network, Words(same: "down")), retryAfter: nil) }
        try await TestFiles.withFolder { folder in
            let rig = try await Rig(Self.app, in: folder + "/first", outside: outside)
            for number in 0..<5 { _ = try await rig.make("deal", #"{"name":"sent \#(number)"}"#) }
            try await rig.settle()
            isUp.withLock { $0 = false }
            for number in 0..<5 { _ = try await rig.make("deal", #"{"name":"waits \#(number)"}"#) }
            try await rig.settle()
            // Some are under way, and some runs have not begun.
            rig.jump(60)
            _ = try await Courier(rig.engine).take([:], outside)
            for number in 0..<5 { _ = try await rig.make("deal", #"{"name":"new \#(number)"}"#) }
            _ = try Backup.make(ofFolder: folder + "/first", to: folder + "/backup", at: rig.now)
            isUp.withLock { $0 = true }
            try await rig.pass(3_600)
            #expect(try await rig.effects().allSatisfy { $0.state == .done })
            let keys = Set(outside.deliveries.map(\.key))

            _ = try Backup.restore(from: folder + "/backup", toFolder: folder + "/second", mark: "now", holdsEffects: isHeld)
            let copy = try await Rig(Self.app, at: "2026-03-02 11:00", in: folder + "/second")
            try await copy.pass(3_600)
            #expect(try await copy.engine.holdsEffects() == isHeld)
            if isHeld {
                #expect(copy.outside.deliveries.isEmpty)
                #expect(try await copy.runs().count { $0.state == .calling } == 10)
                try await copy.engine.releaseEffects()
                try await copy.pass(3_600)
            }
            #expect(copy.outside.deliveries.count == 10)
            #expect(Set(copy.outside.deliveries.map(\.key)).isSubset(of: keys), "the other side knows them")
            #expect(try await copy.runs().allSatisfy { $0.state == .done })
            try await copy.expectSound()
            await copy.close()
            await rig.close()
        }
    }
}
