import CSQLite
import GRDB
import Storage
import Synchronization

/// Writes that wait, committed in groups: all that came while the disk was busy share the next commit, each in a savepoint of its own.
///
/// One failing work is taken back alone; nobody is answered before the commit that holds the work is durable.
final class WriteQueue: Sendable {
    private struct State {
        var waiting: [any WriteJob] = []
        var isDraining = false
        var isClosed = false
        var whenIdle: [CheckedContinuation<Void, Never>] = []
    }

    /// A commit holds no more works than this, so that the first of many is not kept waiting for the last.
    private static let maximumWorks = 64
    /// Nor more changed rows: a batch of an import fills a commit by itself.
    private static let maximumChanges: Int64 = 2_000

    private let state = Mutex(State())
    private let writer: any DatabaseWriter
    private let connections: Connections
    private let commitPoints: CommitPoints
    private let counters = Counters()
    /// Who shares the queue shares what is known of its commits.
    let memory = CommitMemory()
    private let feed: ChangeFeed

    init(writer: any DatabaseWriter, connections: Connections, commitPoints: CommitPoints, feed: ChangeFeed) {
        self.feed = feed
        self.writer = writer
        self.connections = connections
        self.commitPoints = commitPoints
    }

    func submit(_ job: any WriteJob) {
        enum Next { case drain, wait, refuse }
        let next = state.withLock { state -> Next in
            if state.isClosed { return .refuse }
            state.waiting.append(job)
            if state.isDraining { return .wait }
            state.isDraining = true
            return .drain
        }
        switch next {
        case .drain: writer.asyncWriteWithoutTransaction { database in self.drain(self.connections[database]) }
        case .wait: break
        case .refuse: job.fail(StoreError.other("the store is closed"))
        }
    }

    /// How many works wait for their turn.
    var waiting: Int { state.withLock(\.waiting.count) }

    /// Takes no more works and returns when those that wait are done.
    func close() async {
        await withCheckedContinuation { continuation in
            let isIdle = state.withLock { state in
                state.isClosed = true
                if state.isDraining { state.whenIdle.append(continuation) }
                return !state.isDraining
            }
            if isIdle { continuation.resume() }
        }
    }

    /// The next work of the same version of the app; nil if none waits.
    private func next(of version: LayoutVersion) -> (any WriteJob)? {
        state.withLock { state in
            guard let first = state.waiting.first, first.layout?.version === version else { return nil }
            return state.waiting.removeFirst()
        }
    }

    /// The next work; nil, and no longer draining, if none waits.
    private func nextOrStop() -> (any WriteJob)? {
        let (job, idle) = state.withLock { state -> ((any WriteJob)?, [CheckedContinuation<Void, Never>]) in
            if !state.waiting.isEmpty { return (state.waiting.removeFirst(), []) }
            state.isDraining = false
            defer { state.whenIdle = [] }
            return (nil, state.whenIdle)
        }
        for continuation in idle { continuation.resume() }
        return job
    }

    private func drain(_ connection: Connection) {
        while let first = nextOrStop() {
            guard let layout = first.layout else {
                // A change of the tables has the connection to itself, and numbers drawn before it mean nothing after it.
                counters.forget()
                first.reshape(on: connection)
                continue
            }
            commitGroup(startingWith: first, layout, on: connection)
        }
    }

    private func commitGroup(startingWith first: any WriteJob, _ layout: Layout, on connection: Connection) {
        guard !layout.version.isOutdated else { return first.fail(StoreError.definitionChanged) }
        // Numbers are kept by positions in the app's definition.
        if connection.adopt(layout) { counters.forget() }
        let transaction = SQLiteTransaction(connection: connection, layout: layout, commitPoints: commitPoints, counters: counters, rowMemory: RowMemory())
        do {
            try connection.fixed("BEGIN IMMEDIATE").run()
        } catch {
            return first.fail(error)
        }
        commitPoints.reached(.transactionBegun)
        let changesBefore = sqlite3_total_changes64(connection.handle)
        // The first has the transaction to itself until it is done, and needs no savepoint: if it fails, all is taken back.
        do {
            try first.run(in: transaction)
            // SQLite ends a transaction by itself where the disk fails; whoever went on after that has written nothing.
            guard connection.isInTransaction else { throw StoreError.diskFails("the transaction was ended") }
        } catch {
            takeBack(on: connection)
            return first.fail(error)
        }
        var written = [first]
        while written.count < Self.maximumWorks, sqlite3_total_changes64(connection.handle) - changesBefore < Self.maximumChanges,
            let job = next(of: layout.version)
        {
            do {
                try transaction.savepoint { try job.run(in: transaction) }
                commitPoints.reached(.savepointReleased)
                written.append(job)
            } catch {
                job.fail(error)
                guard connection.isInTransaction else {
                    // Out of space or worse: SQLite took back the whole group.
                    takeBack(on: connection)
                    return fail(written, error)
                }
            }
        }
        commitPoints.reached(.beforeCommit)
        memory.begin(counters)
        do {
            try connection.fixed("COMMIT").run()
        } catch {
            memory.end(counters, committed: false)
            takeBack(on: connection)
            return fail(written, error)
        }
        memory.end(counters, committed: true)
        let changes = counters.keep()
        commitPoints.reached(.afterCommit)
        feed.publish(changes)
        feed.publish(noticesOf: counters.takeReaders())
        commitPoints.reached(.beforeReply)
        for job in written { job.succeed() }
    }

    private func takeBack(on connection: Connection) {
        counters.forget()
        // What fails here has ended the transaction already.
        if connection.isInTransaction { try? connection.fixed("ROLLBACK").run() }
    }

    private func fail(_ jobs: [any WriteJob], _ error: any Error) {
        for job in jobs { job.fail(error) }
    }
}

/// A work that waits for its turn, and whoever waits for it.
protocol WriteJob: AnyObject, Sendable {
    /// Of the version of the app that it was made for; nil for a change of the tables.
    var layout: Layout? { get }
    func run(in transaction: SQLiteTransaction) throws
    /// Instead of `run`, where there is no layout. Outside of any transaction; answers for itself.
    func reshape(on connection: Connection)
    /// What it wrote is durable.
    func succeed()
    /// Nothing of it is written.
    func fail(_ error: any Error)
}

/// `@unchecked Sendable`: only the writer's thread touches the result, between `run` and `succeed`.
final class Write<Result: Sendable>: WriteJob, @unchecked Sendable {
    let layout: Layout?
    private let work: @Sendable (any WriteTransaction) throws -> Result
    private let continuation: CheckedContinuation<Result, any Error>
    private var result: Result?

    init(
        _ layout: Layout, _ work: @escaping @Sendable (any WriteTransaction) throws -> Result,
        _ continuation: CheckedContinuation<Result, any Error>
    ) {
        self.layout = layout
        self.work = work
        self.continuation = continuation
    }

    func run(in transaction: SQLiteTransaction) throws {
        result = try work(transaction)
    }

    func reshape(on connection: Connection) {
        preconditionFailure("a work runs in a transaction")
    }

    func succeed() {
        guard let result else { preconditionFailure("a work succeeds after it has run") }
        continuation.resume(returning: result)
    }

    func fail(_ error: any Error) {
        continuation.resume(throwing: StoreError.mapped(error))
    }
}
