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
    /// Its steps as they were checked; nil where it has none of an author's.
    let body: CheckedSteps?
    /// Of a watch: after what time.
    let rung: Words?
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

/// What runs of earlier versions go on by, made ready when one needs it.
final class PinnedVersions: Sendable {
    private struct State {
        var known: [Int64: KeptVersion] = [:]
        /// By the process and its text. All else is the present version's, so it is the same for every version that has it so.
        var made: [Text: RunDefinition] = [:]
        var hasEarlier: Bool?
    }

    private struct Text: Hashable {
        let process: String
        let fingerprint: String
    }

    /// More texts of processes than runs are on their way on.
    private static let held = 2_000

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

    /// By what a run of the process goes on.
    func definition(of key: String, on number: Int64?, in transaction: any ReadTransaction) throws -> RunDefinition {
        // What serves an assignment's queue has no steps of an author's.
        guard let number, number != version, !key.hasPrefix("assignment/"), let kept = try version(number, in: transaction),
            let fingerprint = kept.processes[key], !fingerprint.isEmpty
        else { return ofToday(key) }
        // Word for word the same.
        if app.automations.processes[key]?.fingerprint == fingerprint { return ofToday(key) }
        if let made = state.withLock({ $0.made[Text(process: key, fingerprint: fingerprint)] }) { return made }
        guard let sources = try transaction.sources(ofVersion: number) else { return ofToday(key) }
        let earlier = PinnedAutomations(sources, on: app)
        let made = kept.processes.map { (Text(process: $0.key, fingerprint: $0.value), definition(of: $0.key, in: earlier)) }
        state.withLock { state in
            if state.made.count > Self.held { state.made = [:] }
            state.made.merge(made) { first, _ in first }
        }
        return definition(of: key, in: earlier)
    }

    private func ofToday(_ key: String) -> RunDefinition {
        let automations = app.automations, process = automations.processes[key]
        return RunDefinition(
            process: process, body: automations.body(ofProcess: key), rung: automations.rung(ofProcess: key)?.words, isPresent: true,
            trouble: process == nil ? .definitionIsGone : nil)
    }

    /// - Parameter earlier: Nil: the two versions do not go together at all.
    private func definition(of key: String, in earlier: PinnedAutomations?) -> RunDefinition {
        guard let earlier else { return ofToday(key) }
        let automations = earlier.automations, process = automations.processes[key]
        return RunDefinition(
            process: process, body: automations.body(ofProcess: key), rung: automations.rung(ofProcess: key)?.words, isPresent: false,
            trouble: process == nil ? earlier.trouble(ofProcess: key).map(Words.fitsNoMore) ?? .definitionIsGone : nil)
    }
}

extension Engine {
    /// By what the run goes on.
    ///
    /// - Throws: `StoreError`.
    package func definition(of run: AutomationRun, in transaction: any ReadTransaction) throws -> RunDefinition {
        try pinned.definition(of: run.process, on: run.version, in: transaction)
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
                let definition = try pinned.definition(of: open.process, on: open.version, in: transaction)
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
            for open in try transaction.openRuns() { _ = try pinned.definition(of: open.process, on: open.version, in: transaction) }
        }
    }
}

extension Words {
    fileprivate static func fitsNoMore(_ why: Words) -> Words {
        Words(zh: "它开始时的版本与现在的数据不合：\(why.zh)", en: "the version it began with does not fit the app of today: \(why.en)")
    }
}
