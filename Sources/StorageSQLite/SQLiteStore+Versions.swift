import GRDB
package import Program
package import SchemaPlan
package import Storage

extension SQLiteStore {
    /// What going over to another version of the app would change. Changes nothing itself.
    package func plan(for next: CompiledApp) async throws -> SchemaPlan {
        do {
            return try await database.writer.read { [connections = database.connections] database in
                DesiredSchema(next).difference(from: try Catalogue(connection: connections[database]).load())
            }
        } catch {
            throw StoreError.mapped(error)
        }
    }

    /// A store of the next version of the app on the same open database, its tables brought up to date, between two writes.
    ///
    /// This store goes on reading. It goes on writing too if no table changed; else what it would write lacks what is new, and its
    /// writes are refused with `.definitionChanged`. Closing any of the stores closes the database.
    ///
    /// - Throws: `StoreError`, as `open` does; then nothing has changed, and this store goes on.
    package func advanced(to next: CompiledApp, world: World, progress: SchemaProgress? = nil) async throws -> SQLiteStore {
        let opening = Opening(app: next, world: world, isReadOnly: false, folder: database.area.folder, progress: progress)
        let opened = try await withCheckedThrowingContinuation { continuation in
            database.queue.submit(Reshaping(opening, from: self.layout.version, continuation))
        }
        database.copyLongLog()
        return SQLiteStore(database, app: next, opened)
    }
}

/// The change of the tables as a work in the queue of writes.
private final class Reshaping: WriteJob {
    let layout: Layout? = nil
    private let opening: Opening
    private let version: LayoutVersion
    private let continuation: CheckedContinuation<Opening.Outcome, any Error>

    init(_ opening: Opening, from version: LayoutVersion, _ continuation: CheckedContinuation<Opening.Outcome, any Error>) {
        self.opening = opening
        self.version = version
        self.continuation = continuation
    }

    func reshape(on connection: Connection) {
        do {
            let outcome = try opening.run(on: connection)
            if !outcome.plan.isEmpty { version.becomeOutdated() }
            connection.adopt(outcome.layout)
            continuation.resume(returning: outcome)
        } catch {
            fail(error)
        }
    }

    func run(in transaction: SQLiteTransaction) throws {
        preconditionFailure("the tables are changed outside of works")
    }

    func succeed() {
        preconditionFailure("a change of the tables answers for itself")
    }

    func fail(_ error: any Error) {
        continuation.resume(throwing: StoreError.mapped(error))
    }
}
