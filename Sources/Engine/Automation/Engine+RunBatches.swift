import Model
import Program
import SourceText
package import Storage

// What somebody who looks after the app does about many failed runs at once.
extension Engine {
    /// So many are commanded at once; the rest the next time.
    package static let mostCommanded = 500

    /// How many of the runs that a query finds have failed or were cut off, and the highest id among them: what somebody has before their
    /// eyes when they decide about all of them.
    ///
    /// - Returns: A count of at most `mostCommanded`, and whether there are more.
    package func failedRuns(_ query: RunQuery) async throws -> (count: Int, isMore: Bool, last: Int64) {
        let found = try await store.read { try $0.runs(Self.failed(query)) }
        return (min(found.count, Self.mostCommanded), found.count > Self.mostCommanded, found.map(\.id).max() ?? 0)
    }

    /// Gives the command for each of them, oldest first, each in a transaction of its own: one that is refused holds up no other, and every one
    /// is written into its journal and the audit log.
    ///
    /// - Parameter last: The highest id that was seen: what failed after that is left alone.
    /// - Throws: `StoreError`; what was done before stands.
    package func command(
        _ command: RunCommand, all query: RunQuery, through last: Int64, by principal: Principal
    ) async throws -> [(run: AutomationRun, outcome: RunOutcome)] {
        guard administers(principal) else { return [] }
        var query = query
        query.before = min(query.before ?? Int64.max, last == Int64.max ? last : last + 1)
        let found = try await store.read { [query] in try $0.runs(Self.failed(query)) }.suffix(Self.mostCommanded)
        var results: [(run: AutomationRun, outcome: RunOutcome)] = []
        for run in found.reversed() { results.append((run, try await self.command(command, run: run.id, by: principal))) }
        return results
    }

    private static func failed(_ query: RunQuery) -> RunQuery {
        var query = query
        query.states = AutomationRun.State.broken
        query.limit = mostCommanded + 1
        return query
    }
}
