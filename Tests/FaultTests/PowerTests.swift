import Engine
import FaultDisk
import Formula
import Foundation
import Model
import Program
import Scenarios
import SourceText
import Storage
import StorageSQLite
import Synchronization
import TestKit
import Testing

/// The power is cut, wherever it may be.
@Suite struct PowerTests {
    static func app(_ fields: String = "") -> String {
        """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          deal:
            shows: "{name}"
            fields:
              name:  { type: text, required: yes }
              note:  text
              n:     { type: number, decimals: 0, default: 0 }
              asked: { formula: count(tickets) }
              stage: { type: stage, stages: { open: {}, quoted: {}, won: { end: won } }, moves: { skip: yes, back: yes } }
              \(fields)
          ticket:
            fields: { title: { type: text, required: yes }, deal: { type: link, to: deal, as: tickets } }
        connectors:
          erp: { kind: webhook, url: "https://erp.example.com/in", secret: $ERP }
        automations:
          follow:
            when: deal is created
            do:
              - create: ticket
                with: { title: "first {name}", deal: =this }
              - notify: user where active
                message: "new {name}"
              - call: erp
                with: { name: "{name}" }
              - set: { n: =n + 1 }
              - wait: 1h
              - set: { note: waited }
        watches:
          dwell: { while: deal where stage = 'open', after: { 2h: { create: ticket, with: { title: "late {name}", deal: =this } } } }

        """
    }

    /// Something that was told to somebody, and so must be true from then on.
    struct Promise: Sendable {
        enum Kind: Sendable {
            /// Its version at least.
            case stands(RecordID, version: Int64)
            case isGone(RecordID)
            case notices(Int)
            case runsOver(Int)
            /// The other side has it.
            case sent(String)
            /// And the app knows.
            case settled(String)
        }

        let kind: Kind
        /// How much had been done to the disk by then.
        let position: Int
    }

    private final class Sent: Sendable {
        private let promises = Mutex<[Promise]>([])

        var all: [Promise] { promises.withLock { $0 } }
        func add(_ promise: Promise) { promises.withLock { $0.append(promise) } }
    }

    /// A few hours of an app, and what it promised.
    final class Story {
        let disk: Disk
        private(set) var promises: [Promise] = []
        private(set) var end = Instant(microseconds: 0)
        private var random = RepeatableRandom(seed: 3)
        private let isTroubled: Bool
        /// How often the disk failed.
        private(set) var failures = 0

        /// - Parameter isTroubled: Whether syncing fails at times.
        init(in folder: String, isTroubled: Bool) async throws {
            disk = try Disk(folder)
            self.isTroubled = isTroubled
            let sent = Sent()
            let outside = Outside { [disk] delivery in
                sent.add(Promise(kind: .sent(delivery.key), position: disk.count))
                return .ok(receipt: nil)
            }
            let rig = try await Rig(PowerTests.app(), in: folder, outside: outside)
            try await tell(rig)
            end = rig.now
            await rig.close()
            promises += sent.all
        }

        private func promise(_ kind: Promise.Kind) { promises.append(Promise(kind: kind, position: disk.count)) }

        private func tell(_ rig: Rig) async throws {
            for name in ["a", "b"] { promise(.stands(try await rig.make("user", #"{"name":"\#(name)"}"#, door: .trusted), version: 1)) }
            var deals: [RecordID] = []
            for number in 0..<18 {
                if let deal = try await attempt({ try await rig.make("deal", #"{"name":"d\#(number)"}"#) }) {
                    promise(.stands(deal, version: 1))
                    deals.append(deal)
                }
                if number % 2 == 0 { try await settle(rig) }
                if let deal = deals.randomElement(using: &random) {
                    switch number % 4 {
                    case 0: try await save(deal) { try await rig.edit(deal, #"{"note":"n\#(number)"}"#) }
                    case 1: try await save(deal) { try await rig.move(deal, to: "quoted") }
                    case 2: try await save(deal) { try await rig.edit(deal, #"{"name":"e\#(number)","note":"both"}"#) }
                    default:
                        if number > 10, let outcome = try await attempt({ try await rig.delete(deal) }), outcome.isDone {
                            promise(.isGone(deal))
                            deals.removeAll { $0 == deal }
                        }
                    }
                }
                if number % 5 == 4 { if try await attempt({ try await rig.pass(1_800) }) != nil { try await takeStock(rig) } }
                switch number {
                case 6: try await rig.restart(in: disk.folder, PowerTests.app())
                case 12: try await rig.renew(PowerTests.app("more: { formula: n + asked }"))
                default: break
                }
            }
            try await rig.pass(3 * 3_600)
            try await takeStock(rig)
        }

        /// Nil: the disk failed, and nothing was done.
        private func attempt<Result>(_ work: () async throws -> Result) async throws -> Result? {
            if isTroubled, Bool.random(using: &random) { disk.set(FAULT_DISK_SYNCS_FAIL, sparing: Int.random(in: 0..<3, using: &random), times: 1) }
            defer { disk.set(FAULT_DISK_WELL) }
            do {
                return try await work()
            } catch StoreError.diskFails {
                failures += disk.struck
                return nil
            }
        }

        private func save(_ deal: RecordID, _ work: () async throws -> SaveOutcome) async throws {
            if case .saved(let row, _)? = try await attempt(work) { promise(.stands(deal, version: row.version)) }
        }

        private func settle(_ rig: Rig) async throws {
            if try await attempt({ try await rig.settle() }) != nil { try await takeStock(rig) }
        }

        /// Whatever is read was committed.
        private func takeStock(_ rig: Rig) async throws {
            promise(.notices(try await rig.notices().count))
            promise(.runsOver(try await rig.runs().count { $0.state.isOver }))
            for effect in try await rig.effects() where effect.state == .done { promise(.settled(effect.key)) }
        }
    }

    /// What is wrong after the power was cut there and came back.
    ///
    /// - Parameter goesOn: Whether the app goes on to its end afterwards.
    private static func broken(_ image: DiskImage, losing loss: DiskImage.Loss, seed: UInt64, _ story: Story, goesOn: Bool) async throws -> [String] {
        try await TestFiles.withFolder { parent in
            let folder = parent + "/left"
            try image.write(to: folder, losing: loss, seed: seed)
            let outside = Outside()
            let rig: Rig
            do {
                rig = try await Rig(app("more: { formula: n + asked }"), in: folder, outside: outside)
            } catch {
                return ["it cannot be opened: \(error)"] + (try Disk.damage(in: folder))
            }
            rig.jump((story.end.microseconds - rig.now.microseconds) / Microseconds.perSecond)
            let promises = story.promises.filter { $0.position <= image.position }
            var broken = try await kept(promises, in: rig)
            broken += try await Invariants.broken(in: rig.engine, isSettled: false)
            let sent = promises.compactMap { if case .sent(let key) = $0.kind { key } else { nil } }
            let settled = promises.compactMap { if case .settled(let key) = $0.kind { key } else { nil } }
            for effect in try await rig.effects() where effect.state == .done && !sent.contains(effect.key) { broken.append("\(effect.key) is said to be sent, and is not") }
            if goesOn { broken += try await end(of: rig, outside, settled: Set(settled)) }
            await rig.close()
            return broken + (try Disk.damage(in: folder))
        }
    }

    private static func kept(_ promises: [Promise], in rig: Rig) async throws -> [String] {
        let notices = try await rig.notices().count, over = try await rig.runs().count { $0.state.isOver }
        let effects = Dictionary(uniqueKeysWithValues: try await rig.effects().map { ($0.key, $0.state) })
        let engine = rig.engine
        return try await engine.store.read { transaction in
            var broken: [String] = []
            var gone: Set<RecordID> = []
            for case .isGone(let id) in promises.map(\.kind) { gone.insert(id) }
            for promise in promises {
                switch promise.kind {
                case .stands(let id, let version):
                    let row = try transaction.row(id)
                    // What was deleted later may be gone before anybody was told so.
                    let isDeleted = try row == nil && (gone.contains(id) || transaction.deleted(id) != nil)
                    let isThere = row.map { $0.version >= version } ?? isDeleted
                    if !isThere { broken.append("\(engine.app.text(of: id)) has version \(row.map { "\($0.version)" } ?? "none"), and \(version) was promised") }
                case .isGone(let id): if try transaction.row(id) != nil { broken.append("\(engine.app.text(of: id)) is back") }
                case .notices(let count): if notices < count { broken.append("\(notices) notices are left of \(count)") }
                case .runsOver(let count): if over < count { broken.append("\(over) runs are over, \(count) were") }
                case .sent(let key): if effects[key] == nil { broken.append("\(key) was sent and is forgotten") }
                case .settled(let key): if effects[key] != .done { broken.append("\(key) was done, and is \(effects[key].map { "\($0)" } ?? "forgotten")") }
                }
            }
            return broken
        }
    }

    /// The app goes on until there is nothing left to do: all of it was done once.
    private static func end(of rig: Rig, _ outside: Outside, settled: Set<String>) async throws -> [String] {
        try await Automator(rig.engine).recover()
        try await Courier(rig.engine).recover()
        try await rig.pass(12 * 3_600)
        var broken = try await Invariants.broken(in: rig.engine)
        for delivery in outside.deliveries where settled.contains(delivery.key) { broken.append("\(delivery.key) was sent again") }
        for effect in try await rig.effects() where effect.state != .done { broken.append("\(effect.key) is \(effect.state) in the end") }
        for run in try await rig.runs() where run.state != .done && run.state != .canceled { broken.append("run \(run.id) is \(run.state) in the end: \(run.note?.en ?? "")") }
        let deal = try #require(rig.engine.app.model.object(named: "deal")), n = try #require(deal.field(named: "n"))
        let followed = try await rig.runs("automation/follow").filter { $0.state == .done }.compactMap(\.record)
        for id in followed {
            if let row = try await rig.engine.store.read({ try $0.row(id) }), row[n.id] != .number(ExactDecimal(1)) { broken.append("\(rig.text(id)).n is \(row[n.id])") }
        }
        return broken
    }

    /// Of all places so many, in even steps; the first and the last among them.
    private static func places(_ count: Int, of all: Int) -> [Int] { (0..<count).map { $0 * all / max(1, count - 1) } }

    private static let cuts = 240
    private static let seeds = ProcessInfo.processInfo.environment["WEIR_SEEDS"].flatMap { UInt64($0) }.map { max(1, $0 / 100) } ?? 1

    private static func expectWhole(_ story: Story) async throws {
        for seed in 1...seeds {
            var image = DiskImage(of: story.disk, seed: seed)
            for (number, place) in places(cuts, of: story.disk.count).enumerated() {
                image.goOn(to: place)
                let loss = DiskImage.Loss.allCases[(number + Int(seed)) % DiskImage.Loss.allCases.count]
                let broken = try await broken(image, losing: loss, seed: seed, story, goesOn: number % 4 == 0)
                #expect(broken.isEmpty, "cut at \(place) of \(story.disk.count), losing \(loss), seed \(seed): \(broken.prefix(5))")
            }
        }
    }

    @Test("T03: the power is cut, and what was acknowledged is there") func thePowerIsCut() async throws {
        try await TestFiles.withFolder { folder in
            let story = try await Story(in: folder, isTroubled: false)
            #expect(story.promises.count > 100)
            try await Self.expectWhole(story)
        }
    }

    @Test("T03: syncing fails at times, and then the power is cut") func syncingFailsAndThePowerIsCut() async throws {
        try await TestFiles.withFolder { folder in
            let story = try await Story(in: folder, isTroubled: true)
            #expect(story.failures > 5)
            try await Self.expectWhole(story)
        }
    }

    @Test("T03: a disk that says it has synced and has not is found out", arguments: ["app.sqlite", "app.sqlite-wal"]) func aLyingDiskIsFoundOut(file: String) async throws {
        try await TestFiles.withFolder { folder in
            let story = try await Story(in: folder, isTroubled: false)
            var image = DiskImage(of: story.disk, seed: 1) { $0 == file }
            var found = 0
            for place in Self.places(24, of: story.disk.count) {
                image.goOn(to: place)
                if try await !Self.broken(image, losing: .all, seed: 1, story, goesOn: false).isEmpty { found += 1 }
            }
            #expect(found > 0)
        }
    }
}
