import Formula
import JSON
import SourceText
import Storage

// The versions of the app that were live.
extension SQLiteTransaction {
    func version(_ number: Int64) throws -> KeptVersion? {
        let statement = try connection.fixed("SELECT number, hash, began, processes FROM weir_version WHERE number = ?")
        defer { statement.reset() }
        statement.bind(number, at: 1)
        guard try statement.step() else { return nil }
        let members = statement.optionalText(3).flatMap { try? JSONValue.parse($0) }?.asObject ?? []
        let processes = Dictionary(members.compactMap { member in member.value.asString.map { (member.name, $0) } }) { first, _ in first }
        return KeptVersion(number: statement.int64(0), hash: statement.text(1), began: Instant(microseconds: statement.int64(2)), processes: processes)
    }

    func sources(ofVersion number: Int64) throws -> SourceSet? {
        let statement = try connection.fixed("SELECT sources FROM weir_version WHERE number = ? AND sources IS NOT NULL")
        defer { statement.reset() }
        statement.bind(number, at: 1)
        return try statement.step() ? try PackedSources(bytes: statement.blob(0)).sources() : nil
    }

    func hasVersions(besides number: Int64) throws -> Bool {
        let statement = try connection.fixed("SELECT EXISTS (SELECT 1 FROM weir_version WHERE number <> ? AND sources IS NOT NULL)")
        defer { statement.reset() }
        statement.bind(number, at: 1)
        return try statement.step() && statement.int64(0) != 0
    }

    func openRuns() throws -> [OpenRuns] {
        let statement = try connection.fixed(
            """
            SELECT version, process, SUM(runs) FROM (\
            SELECT version, process, COUNT(*) AS runs FROM weir_run WHERE state = 'ready' GROUP BY version, process \
            UNION ALL SELECT version, process, COUNT(*) AS runs FROM weir_run WHERE state IN ('waiting', 'calling', 'deciding') GROUP BY version, process\
            ) GROUP BY version, process ORDER BY process, version
            """)
        defer { statement.reset() }
        var runs: [OpenRuns] = []
        while try statement.step() { runs.append(OpenRuns(process: statement.text(1), version: statement.optionalInt64(0), count: Int(statement.int64(2)))) }
        return runs
    }
}
