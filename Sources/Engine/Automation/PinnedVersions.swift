package import Formula
import Model
package import Program
package import SourceText
package import Storage
import Synchronization

/// By what a run goes on: the steps of the version of the app with which it began.
package struct RunDefinition: Sendable {
    /// Nil: it cannot go on, and `trouble` says why.
    package let process: Process?
    /// Where the process stands among others.
    let automations: CompiledAutomations
    /// Whether these are the steps of the present version too.
    package let isPresent: Bool
    package let trouble: Words?
}

/// The version of the app with which a run began, as people are told.
package struct RunVersion: Sendable, Hashable {
    /// Seven hexadecimal digits.
    package let hash: String
    /// When it went live first.
    package let began: Instant
    /// Whether it is the one that is live.
    package let isPresent: Bool
}

/// Runs on their way on steps that the present version does not have.
package struct EarlierRuns: Sendable, Hashable {
    /// Without what kind of thing it is.
    package let name: String
    package let count: Int
    /// Why they cannot go on; nil if they finish on the version they began with.
    package let trouble: Words?

    package var words: Words {
        if let trouble {
            return Words(zh: "`\(name)` 有 \(count) 个运行无法继续：\(trouble.zh)", en: "\(runs) of `\(name)` cannot go on: \(trouble.en)")
        }
        return Words(
            zh: "`\(name)` 有 \(count) 个运行还没结束，按开始时的版本做完",
            en: count == 1 ? "1 run of `\(name)` is on its way; it finishes on the version it began with" : "\(runs) of `\(name)` are on their way; they finish on the version they began with")
    }

    private var runs: String { count == 1 ? "1 run" : "\(count) runs" }
}

/// Earlier versions of the app, made ready when a run needs them; a few at most are held.
final class PinnedVersions: Sendable {
    private struct State {
        var known: [Int64: KeptVersion] = [:]
        /// The last that was asked for comes last; nil: its texts are not kept, or do not go with the present version.
        var made: [(number: Int64, automations: PinnedAutomations?)] = []
        var hasEarlier: Bool?
    }

    private static let held = 4

    private let app: CompiledApp
    private let version: Int64?
    private let state = Mutex(State())

    init(_ app: CompiledApp, version: Int64?) {
        self.app = app
        self.version = version
    }

    /// Whether runs of other versions may be on their way.
    func hasEarlier(in transaction: any ReadTransaction) throws -> Bool {
        guard let version else { return false }
        if let known = state.withLock(\.hasEarlier) { return known }
        let has = try transaction.hasVersions(besides: version)
        state.withLock { $0.hasEarlier = has }
        return has
    }

    /// What is known of a version; nil if there was none of this number.
    func version(_ number: Int64, in transaction: any ReadTransaction) throws -> KeptVersion? {
        if let known = known(number) { return known }
        let kept = try transaction.version(number)
        if let kept { state.withLock { $0.known[number] = kept } }
        return kept
    }

    /// The same, where it was asked for before.
    func known(_ number: Int64) -> KeptVersion? { state.withLock { $0.known[number] } }

    /// Nil: its texts are not kept any more, or the two versions do not go together at all.
    func automations(of number: Int64, in transaction: any ReadTransaction) throws -> PinnedAutomations? {
        let found = state.withLock { state -> PinnedAutomations?? in
            guard let place = state.made.firstIndex(where: { $0.number == number }) else { return nil }
            state.made.append(state.made.remove(at: place))
            return .some(state.made[state.made.count - 1].automations)
        }
        if let found { return found }
        let made = try transaction.sources(ofVersion: number).flatMap { PinnedAutomations($0, on: app) }
        state.withLock { state in
            guard !state.made.contains(where: { $0.number == number }) else { return }
            if state.made.count >= Self.held { state.made.removeFirst() }
            state.made.append((number, made))
        }
        return made
    }
}

extension Engine {
    /// By what the run goes on.
    ///
    /// - Throws: `StoreError`.
    package func definition(of run: AutomationRun, in transaction: any ReadTransaction) throws -> RunDefinition {
        try definition(of: run.process, on: run.version, in: transaction)
    }

    private func definition(of key: String, on version: Int64?, in transaction: any ReadTransaction) throws -> RunDefinition {
        let present = app.automations.processes[key]
        func ofToday() -> RunDefinition {
            RunDefinition(process: present, automations: app.automations, isPresent: true, trouble: present == nil ? .definitionIsGone : nil)
        }
        // What serves an assignment's queue has no steps of an author's.
        guard let version, version != store.version, !key.hasPrefix("assignment/"), let kept = try pinned.version(version, in: transaction),
            let fingerprint = kept.processes[key]
        else { return ofToday() }
        // Word for word the same.
        if let present, !fingerprint.isEmpty, present.fingerprint == fingerprint { return ofToday() }
        guard let earlier = try pinned.automations(of: version, in: transaction) else { return ofToday() }
        if let process = earlier.automations.processes[key] {
            return RunDefinition(process: process, automations: earlier.automations, isPresent: false, trouble: nil)
        }
        return RunDefinition(
            process: nil, automations: app.automations, isPresent: false, trouble: earlier.trouble(ofProcess: key).map(Words.fitsNoMore) ?? .definitionIsGone)
    }

    /// The version with which the run began; nil for one from before versions were kept.
    func version(of run: AutomationRun, in transaction: any ReadTransaction) throws -> RunVersion? {
        guard let number = run.version else { return nil }
        return try pinned.version(number, in: transaction).map(shown)
    }

    /// The same, for one that was read with others.
    func knownVersion(of run: AutomationRun) -> RunVersion? { run.version.flatMap { pinned.known($0) }.map(shown) }

    private func shown(_ kept: KeptVersion) -> RunVersion {
        RunVersion(hash: kept.shortHash, began: kept.began, isPresent: kept.number == store.version)
    }

    /// Runs that are on their way on steps that the present version does not have.
    ///
    /// - Throws: `StoreError`.
    package func earlierRuns() async throws -> [EarlierRuns] {
        try await store.read { [self] transaction in
            var found: [EarlierRuns] = []
            for open in try transaction.openRuns() {
                let definition = try definition(of: open.process, on: open.version, in: transaction)
                if definition.isPresent, definition.process != nil { continue }
                let name = Words.name(open.process)
                if let last = found.last, last.name == name, last.trouble == definition.trouble {
                    found[found.count - 1] = EarlierRuns(name: name, count: last.count + open.count, trouble: last.trouble)
                } else {
                    found.append(EarlierRuns(name: name, count: open.count, trouble: definition.trouble))
                }
            }
            return found
        }
    }

    /// Makes ready what runs that are on their way will need, so that nobody waits for it while saving.
    ///
    /// - Throws: `StoreError`.
    func preparePinned() async throws {
        guard let version = store.version else { return }
        try await store.read { [self] transaction in
            guard try transaction.hasVersions(besides: version) else { return }
            for open in try transaction.openRuns() { _ = try definition(of: open.process, on: open.version, in: transaction) }
        }
    }
}

extension Words {
    fileprivate static func fitsNoMore(_ why: Words) -> Words {
        Words(zh: "它开始时的版本与现在的数据不合：\(why.zh)", en: "the version it began with does not fit the app of today: \(why.en)")
    }
}
