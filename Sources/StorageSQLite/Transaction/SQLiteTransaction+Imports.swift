import Formula
import Storage

extension SQLiteTransaction {
    private static let jobColumns = """
        id, object, by, name, file, size, state, settings, position, progress, found, created_count, updated_count, skipped_count, refused_count, note, \
        created, changed
        """

    func importJob(_ id: Int64) throws -> ImportJob? {
        let statement = try connection.statement("SELECT \(Self.jobColumns) FROM weir_import WHERE id = ?")
        statement.bind(id, at: 1)
        return try jobs(from: statement).first
    }

    func importJobs(of object: ObjectID?, limit: Int) throws -> [ImportJob] {
        guard let object else {
            let statement = try connection.statement("SELECT \(Self.jobColumns) FROM weir_import ORDER BY id DESC LIMIT ?")
            statement.bind(Int64(limit), at: 1)
            return try jobs(from: statement)
        }
        let statement = try connection.statement("SELECT \(Self.jobColumns) FROM weir_import WHERE object = ? ORDER BY id DESC LIMIT ?")
        statement.bind(layout[object].number, at: 1)
        statement.bind(Int64(limit), at: 2)
        return try jobs(from: statement)
    }

    /// Those of objects that are retired are passed over.
    private func jobs(from statement: Statement) throws -> [ImportJob] {
        defer { statement.reset() }
        var jobs: [ImportJob] = []
        while try statement.step() {
            guard let object = layout.objectsByNumber[statement.int64(1)] else { continue }
            guard let state = ImportJob.State(rawValue: statement.text(6)) else { throw StoreError.other("an import is in the state `\(statement.text(6))`") }
            var job = ImportJob(
                id: statement.int64(0), object: object, by: user(statement.optionalInt64(2)),
                file: StoredFile(key: statement.text(4), size: statement.int64(5)), fileName: statement.text(3),
                created: Instant(microseconds: statement.int64(16)), changed: Instant(microseconds: statement.int64(17)), state: state,
                settings: statement.text(7))
            job.position = Int(statement.int64(8))
            job.progress = Int(statement.int64(9))
            job.found = statement.optionalText(10).flatMap(Self.counts)
            job.counts.created = Int(statement.int64(11))
            job.counts.updated = Int(statement.int64(12))
            job.counts.skipped = Int(statement.int64(13))
            job.counts.refused = Int(statement.int64(14))
            job.note = statement.optionalText(15)
            jobs.append(job)
        }
        return jobs
    }

    private static func text(of counts: ImportJob.Counts) -> String {
        "\(counts.created) \(counts.updated) \(counts.skipped) \(counts.refused)"
    }

    private static func counts(_ text: String) -> ImportJob.Counts? {
        let numbers = text.split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 4 else { return nil }
        var counts = ImportJob.Counts()
        (counts.created, counts.updated, counts.skipped, counts.refused) = (numbers[0], numbers[1], numbers[2], numbers[3])
        return counts
    }

    func importParts(of job: Int64, phase: ImportPart.Phase, from number: Int, limit: Int) throws -> [ImportPart] {
        let statement = try connection.fixed(
            "SELECT number, content FROM weir_import_part WHERE import = ? AND phase = ? AND number >= ? ORDER BY number LIMIT ?")
        defer { statement.reset() }
        statement.bind(job, at: 1)
        statement.bind(phase.rawValue, at: 2)
        statement.bind(Int64(number), at: 3)
        statement.bind(Int64(limit), at: 4)
        var parts: [ImportPart] = []
        while try statement.step() {
            parts.append(ImportPart(job: job, phase: phase, number: Int(statement.int64(0)), content: statement.text(1)))
        }
        return parts
    }

    func add(_ job: ImportJob) throws -> Int64 {
        let places = Array(repeating: "?", count: 17).joined(separator: ", ")
        let statement = try connection.statement("INSERT INTO weir_import (\(Self.jobColumns)) VALUES (NULL, \(places)) RETURNING id")
        defer { statement.reset() }
        try bind(job, to: statement)
        guard try statement.step() else { throw StoreError.other("an import got no number") }
        let id = statement.int64(0)
        while try statement.step() {}
        return id
    }

    func update(_ job: ImportJob) throws {
        let columns = Self.jobColumns.split(separator: ",").dropFirst().map { "\($0.drop { $0 == " " }) = ?" }.joined(separator: ", ")
        let statement = try connection.statement("UPDATE weir_import SET \(columns) WHERE id = ?")
        try bind(job, to: statement)
        statement.bind(job.id, at: 18)
        try statement.run()
    }

    /// All columns but the id.
    private func bind(_ job: ImportJob, to statement: Statement) throws {
        statement.bind(layout[job.object].number, at: 1)
        statement.bind(userNumber(job.by), at: 2)
        statement.bind(job.fileName, at: 3)
        statement.bind(job.file.key, at: 4)
        statement.bind(job.file.size, at: 5)
        statement.bind(job.state.rawValue, at: 6)
        statement.bind(job.settings, at: 7)
        statement.bind(Int64(job.position), at: 8)
        statement.bind(Int64(job.progress), at: 9)
        statement.bind(job.found.map(Self.text), at: 10)
        statement.bind(Int64(job.counts.created), at: 11)
        statement.bind(Int64(job.counts.updated), at: 12)
        statement.bind(Int64(job.counts.skipped), at: 13)
        statement.bind(Int64(job.counts.refused), at: 14)
        statement.bind(job.note, at: 15)
        statement.bind(job.created.microseconds, at: 16)
        statement.bind(job.changed.microseconds, at: 17)
    }

    func append(_ part: ImportPart) throws {
        let statement = try connection.fixed("INSERT INTO weir_import_part VALUES (?, ?, ?, ?)")
        statement.bind(part.job, at: 1)
        statement.bind(part.phase.rawValue, at: 2)
        statement.bind(Int64(part.number), at: 3)
        statement.bind(part.content, at: 4)
        try statement.run()
    }

    func removeImportParts(of job: Int64, phase: ImportPart.Phase) throws {
        let statement = try connection.fixed("DELETE FROM weir_import_part WHERE import = ? AND phase = ?")
        statement.bind(job, at: 1)
        statement.bind(phase.rawValue, at: 2)
        try statement.run()
    }

    func removeImport(_ id: Int64) throws {
        for sql in ["DELETE FROM weir_import_part WHERE import = ?", "DELETE FROM weir_import WHERE id = ?"] {
            let statement = try connection.statement(sql)
            statement.bind(id, at: 1)
            try statement.run()
        }
    }
}
