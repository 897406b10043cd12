import Formula
import JSON
import Program
import Storage

/// Keeps the texts of the versions of an app that were live, so that runs can go on with the one they began with.
struct VersionKeeping {
    let connection: Connection

    /// Versions whose texts are kept though no run is on its way on them: an author goes back to one of them, or looks at what a run did.
    private static let kept = 20

    /// Says that the app is live from now on. Nothing is written if it was already.
    ///
    /// - Returns: Its number.
    func keep(_ app: CompiledApp, at now: Instant) throws -> Int64 {
        let catalogue = Catalogue(connection: connection)
        if let number = try catalogue.value(.version).flatMap({ Int64($0) }), try hash(of: number) == app.sourceHash { return number }
        var number: Int64 = 0
        try connection.transaction {
            let statement = try connection.fixed(
                """
                INSERT INTO weir_version (hash, began, latest, processes, sources) VALUES (?1, ?2, ?2, ?3, ?4) \
                ON CONFLICT (hash) DO UPDATE SET latest = excluded.latest, processes = excluded.processes, sources = excluded.sources RETURNING number
                """)
            statement.bind(app.sourceHash, at: 1)
            statement.bind(now.microseconds, at: 2)
            statement.bind(Self.text(of: app.automations), at: 3)
            if let sources = app.sources { statement.bind(blob: try PackedSources(sources).bytes, at: 4) } else { statement.bindNull(at: 4) }
            defer { statement.reset() }
            guard try statement.step() else { throw StoreError.other("a version of the app was not kept") }
            number = statement.int64(0)
            statement.reset()
            try catalogue.set(String(number), .version)
            try forget(besides: number)
        }
        return number
    }

    /// The number of the version that is live; nil if none was kept yet.
    func number(of app: CompiledApp) throws -> Int64? {
        guard try Catalogue.has(column: "number", in: "weir_version", connection) else { return nil }
        let statement = try connection.fixed("SELECT number FROM weir_version WHERE hash = ?")
        defer { statement.reset() }
        statement.bind(app.sourceHash, at: 1)
        return try statement.step() ? statement.int64(0) : nil
    }

    private func hash(of number: Int64) throws -> String? {
        let statement = try connection.fixed("SELECT hash FROM weir_version WHERE number = ?")
        defer { statement.reset() }
        statement.bind(number, at: 1)
        return try statement.step() ? statement.text(0) : nil
    }

    /// The texts of old versions on which no run is on its way, or has failed and may be resumed.
    private func forget(besides number: Int64) throws {
        let statement = try connection.fixed(
            """
            UPDATE weir_version SET processes = NULL, sources = NULL WHERE number <> ?1 AND sources IS NOT NULL \
            AND number NOT IN (SELECT number FROM weir_version WHERE sources IS NOT NULL ORDER BY latest DESC, number DESC LIMIT ?2) \
            AND number NOT IN (\
            SELECT version FROM weir_run WHERE state = 'ready' AND version IS NOT NULL \
            UNION ALL SELECT version FROM weir_run WHERE state IN ('waiting', 'calling', 'deciding') AND version IS NOT NULL \
            UNION ALL SELECT version FROM weir_run WHERE state IN ('failed', 'looped') AND version IS NOT NULL)
            """)
        statement.bind(number, at: 1)
        statement.bind(Int64(Self.kept), at: 2)
        try statement.run()
    }

    private static func text(of automations: CompiledAutomations) -> String {
        JSONValue.object(automations.processes.values.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.fingerprint)) }).text()
    }
}
