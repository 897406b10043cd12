import CZlib
import Formula
import JSON
import Program
import SourceText
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

/// All files of a version in a few bytes: each as its path, a zero, its length in eight bytes and its text; all of it deflated, behind the
/// length of the whole.
struct PackedSources {
    let bytes: [UInt8]

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    init(_ sources: SourceSet) throws(StoreError) {
        var plain: [UInt8] = []
        for file in sources.files {
            plain += file.path.utf8
            plain.append(0)
            plain += Self.eight(file.bytes.count)
            plain += file.bytes
        }
        var length = compressBound(uLong(plain.count))
        var packed = [UInt8](repeating: 0, count: Int(length))
        guard compress2(&packed, &length, plain, uLong(plain.count), Self.level) == Z_OK else { throw .other("the texts of the app cannot be deflated") }
        bytes = Self.eight(plain.count) + packed.prefix(Int(length))
    }

    /// Quick: versions are kept whenever an author saves.
    private static let level: Int32 = 3
    /// More text than any app has.
    private static let longest = 1 << 28

    /// - Throws: `StoreError.notADatabase` if they are damaged.
    func sources() throws(StoreError) -> SourceSet {
        guard bytes.count > 8, let count = Self.number(bytes[..<8]), count <= Self.longest else { throw Self.damaged }
        var plain = [UInt8](repeating: 0, count: count)
        var length = uLong(count)
        let packed = Array(bytes[8...])
        guard uncompress(&plain, &length, packed, uLong(packed.count)) == Z_OK, Int(length) == count else { throw Self.damaged }
        var sources = SourceSet()
        var rest = plain[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: 0), rest.endIndex - end > 8, let length = Self.number(rest[(end + 1)...].prefix(8)),
                length <= rest.endIndex - end - 9
            else { throw Self.damaged }
            let start = end + 9
            sources.add(path: String(decoding: rest[..<end], as: UTF8.self), bytes: Array(rest[start..<(start + length)]))
            rest = rest[(start + length)...]
        }
        return sources
    }

    private static var damaged: StoreError { .notADatabase("the texts of a version cannot be read") }

    private static func eight(_ count: Int) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
        guard bytes.count == 8, bytes.last == 0 else { return nil }
        return bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
