import Engine
import Formula
import HTML
import HTTPService
import Model
import SourceText
import Storage
import Synchronization

/// Edits of many records that are under way or were done lately, for the people who began them.
///
/// What is known of one is kept with the person after each batch, so it outlives the server. Work itself does not go on by itself after a
/// restart: such a job says how far it came.
final class BulkJobs: Sendable {
    struct Job: Sendable {
        enum State: String, Sendable, Equatable { case running, done, cancelled, failed, interrupted, undoing, undone }

        let key: String
        let owner: RecordID?
        let object: ObjectID
        let field: FieldID
        /// How the new value reads.
        let value: String
        let list: Link
        let total: Int
        var state = State.running
        /// Of the work that is under way: so many of so many.
        var tried = 0
        var goal: Int
        /// Records that were changed, with the version that the change made.
        var changed: [(id: RecordID, version: Int64)] = []
        var unchanged = 0
        var refused = 0
        /// The first of what stood against it.
        var reasons: [(id: RecordID, words: Words)] = []
        var undone = 0
        /// Changed by somebody since, and so kept.
        var kept = 0
    }

    /// Jobs of more than so many are forgotten, the oldest first.
    private static let mostJobs = 200
    /// Reasons that are listed.
    static let mostReasons = 50
    /// Commands of one transaction: others may save in between.
    static let batch = 50
    /// Jobs that are kept for a person; the oldest go first.
    private static let mostKept = 20

    private let jobs = Mutex<(all: [String: Job], order: [String])>((all: [:], order: []))

    /// Nil if there is none of this key that is theirs.
    func job(_ key: String, of owner: RecordID?) -> Job? {
        jobs.withLock { $0.all[key].flatMap { $0.owner == owner ? $0 : nil } }
    }

    /// Begins to save; returns at once.
    func run(_ job: Job, _ commands: [SaveCommand], with engine: Engine) {
        jobs.withLock { jobs in
            jobs.all[job.key] = job
            jobs.order.append(job.key)
            while jobs.order.count > Self.mostJobs { jobs.all[jobs.order.removeFirst()] = nil }
        }
        let key = job.key
        let commands = Self.together(commands, "bulk \(key)")
        Task {
            await self.enlist(job, engine)
            await self.save(key, commands, engine)
        }
    }

    /// The job as it was kept before the server started; nil if there is none of this key that is theirs.
    func kept(_ key: String, of owner: RecordID?, by engine: Engine) async throws -> Job? {
        guard let owner, let text = try await engine.store.read({ try $0.preference(Self.preference(key), of: owner) }),
            let job = BulkJobText(app: engine.app).job(text, key: key, owner: owner)
        else { return nil }
        jobs.withLock { jobs in
            guard jobs.all[key] == nil else { return }
            jobs.all[key] = job
            jobs.order.append(key)
        }
        return self.job(key, of: owner)
    }

    private static func preference(_ key: String) -> String { "bulk \(key)" }
    private static let list = "bulks"

    /// Keeps the job among the person's last ones.
    private func enlist(_ job: Job, _ engine: Engine) async {
        guard let owner = job.owner else { return }
        let text = BulkJobText(app: engine.app).text(job)
        try? await engine.store.write { transaction in
            var keys = (try transaction.preference(Self.list, of: owner) ?? "").split(separator: " ").map(String.init).filter { $0 != job.key }
            keys.append(job.key)
            while keys.count > Self.mostKept { try transaction.setPreference(nil, named: Self.preference(keys.removeFirst()), of: owner) }
            try transaction.setPreference(keys.joined(separator: " "), named: Self.list, of: owner)
            try transaction.setPreference(text, named: Self.preference(job.key), of: owner)
        }
    }

    /// Keeps how far it is. A store that cannot write says so to the work itself.
    private func keep(_ key: String, _ engine: Engine) async {
        guard let job = jobs.withLock({ $0.all[key] }), let owner = job.owner else { return }
        let text = BulkJobText(app: engine.app).text(job)
        try? await engine.store.write { try $0.setPreference(text, named: Self.preference(key), of: owner) }
    }

    /// What is under way stops behind the batch that it is at.
    func cancel(_ key: String, of owner: RecordID?) {
        change(key) { if $0.owner == owner, $0.state == .running { $0.state = .cancelled } }
    }

    /// Takes back, newest first, what was changed and nobody has changed since. Does nothing while the job is under way.
    func undo(_ key: String, as principal: Principal, with engine: Engine) {
        var changed: [(id: RecordID, version: Int64)] = []
        change(key) { job in
            guard job.owner == principal.user, !job.changed.isEmpty else { return }
            switch job.state {
            case .done, .cancelled, .failed, .interrupted: break
            case .running, .undoing, .undone: return
            }
            changed = job.changed
            job.state = .undoing
            job.tried = 0
            job.goal = changed.count
        }
        guard !changed.isEmpty else { return }
        let commands = Self.together(changed.reversed().map { SaveCommand(.undo($0.id, version: $0.version), by: principal) }, "undo bulk \(key)")
        Task { await self.takeBack(key, commands, engine) }
    }

    private static func together(_ commands: [SaveCommand], _ batch: String) -> [SaveCommand] {
        commands.map { command in
            var command = command
            command.batch = batch
            return command
        }
    }

    private func change(_ key: String, _ change: (inout Job) -> Void) {
        jobs.withLock { jobs in
            guard var job = jobs.all[key] else { return }
            change(&job)
            jobs.all[key] = job
        }
    }

    private func isState(_ state: Job.State, _ key: String) -> Bool {
        jobs.withLock { $0.all[key]?.state == state }
    }

    private func save(_ key: String, _ commands: [SaveCommand], _ engine: Engine) async {
        var start = 0
        while start < commands.count, isState(.running, key) {
            let part = Array(commands[start..<min(start + Self.batch, commands.count)])
            guard let outcomes = try? await engine.save(part) else {
                change(key) { $0.state = .failed }
                return await keep(key, engine)
            }
            change(key) { job in
                job.tried += part.count
                for (command, outcome) in zip(part, outcomes) { Self.note(outcome, of: command, in: &job) }
            }
            start += part.count
            if start < commands.count { await keep(key, engine) }
        }
        change(key) { if $0.state == .running { $0.state = .done } }
        await keep(key, engine)
    }

    private static func note(_ outcome: SaveOutcome, of command: SaveCommand, in job: inout Job) {
        switch outcome {
        case .saved(let row, _): job.changed.append((row.id, row.openedVersion))
        case .unchanged, .repeated: job.unchanged += 1
        case .refused, .held, .conflict, .missing, .denied, .requestKeyReused:
            job.refused += 1
            if let id = command.action.record, job.reasons.count < mostReasons { job.reasons.append((id, outcome.reason)) }
        }
    }

    private func takeBack(_ key: String, _ commands: [SaveCommand], _ engine: Engine) async {
        var start = 0
        while start < commands.count {
            let part = Array(commands[start..<min(start + Self.batch, commands.count)])
            guard let outcomes = try? await engine.save(part) else {
                change(key) { $0.state = .failed }
                return await keep(key, engine)
            }
            change(key) { job in
                job.tried += part.count
                for outcome in outcomes { if outcome.isDone { job.undone += 1 } else { job.kept += 1 } }
            }
            start += part.count
        }
        change(key) { job in
            job.state = .undone
            job.changed = []
        }
        await keep(key, engine)
    }
}

extension SaveCommand.Action {
    /// The record that it is about; nil for a new one.
    var record: RecordID? {
        switch self {
        case .create: nil
        case .edit(let id, _), .move(let id, _), .delete(let id), .restore(let id), .purge(let id), .undo(let id, _): id
        }
    }
}

extension SaveOutcome {
    /// Why it was not done, in one sentence.
    var reason: Words {
        switch self {
        case .refused(let violations):
            Words(
                zh: violations.map(\.words.zh).joined(separator: "；"), en: violations.map(\.words.en).joined(separator: "; "))
        case .held(let verdict):
            verdict.moveRefusal
                ?? Words(
                    zh: verdict.items.filter { !$0.isMet }.map(\.say.zh).joined(separator: "；"),
                    en: verdict.items.filter { !$0.isMet }.map(\.say.en).joined(separator: "; "))
        case .conflict: Say.conflictTitle
        case .missing: Problem.notFound.words
        case .denied(let words): words
        case .requestKeyReused: Say.failed
        case .saved, .unchanged, .repeated: Notice.saved.words
        }
    }
}
