package import Formula
import JSON
import Model
import Program
package import SourceText
package import Spreadsheet
package import Storage

/// What stands in a file, as far as matching its columns needs it.
package struct ImportPreview: Sendable {
    package let format: TableFile.Format
    package let header: [String]
    /// The first rows, each as long as the header.
    package let samples: [[String]]
    /// What each column is most likely for.
    package let guess: [String?]
}

extension Engine {
    /// Rows that a preview shows.
    private static let sampleRows = 3

    // MARK: Making and changing

    /// Takes an uploaded file as a new import, with its columns matched by name. The upload is kept in the file area, or gone if it is refused.
    ///
    /// - Throws: `Violation` if it cannot be read as a table; `StoreError`.
    package func newImport(
        uploadAt path: String, named name: String, into object: ObjectID, reading: TableFile.Reading = .init(), by principal: Principal
    ) async throws -> ImportJob {
        let table = try Self.table(at: path, reading)
        let columns = ImportColumns.guess(table.header, of: app.model[object])
        let file = try store.files.keep(uploadAt: path)
        let now = world.clock.now()
        let settings = ImportSettings(columns: columns, reading: reading)
        let job = ImportJob(
            object: object, by: principal.user, file: file, fileName: name, created: now, changed: now, state: .draft, settings: settings.text)
        let id = try await store.write { try $0.add(job) }
        return try await existing(id)
    }

    package func importJob(_ id: Int64) async throws -> ImportJob? {
        try await store.read { try $0.importJob(id) }
    }

    package func importJobs(of object: ObjectID?, limit: Int) async throws -> [ImportJob] {
        try await store.read { try $0.importJobs(of: object, limit: limit) }
    }

    /// What a person decided about it; what the names of its columns suggest, as long as nobody did.
    package func settings(of job: ImportJob) -> ImportSettings {
        ImportSettings(text: job.settings) ?? ImportSettings(columns: [])
    }

    /// - Throws: `Violation` if the file cannot be read.
    package func preview(of job: ImportJob) throws -> ImportPreview {
        let table = try table(of: job)
        do throws(TableTrouble) {
            let rows = try table.rows()
            var samples: [[String]] = []
            while samples.count < Self.sampleRows, let row = try rows.next() {
                samples.append(table.header.indices.map { $0 < row.cells.count ? row.cells[$0] : "" })
            }
            return ImportPreview(
                format: table.format, header: table.header, samples: samples, guess: ImportColumns.guess(table.header, of: app.model[job.object]))
        } catch {
            throw Violation(error)
        }
    }

    /// The fields that a column may be for, the id first.
    package func importFields(of object: ObjectID) -> [FieldID] {
        app.model[object].fields.filter(ImportColumns.isOffered).map(\.id)
    }

    /// The fields by which rows may find their records.
    package func matchFields(of object: ObjectID) -> [FieldID] {
        let object = app.model[object]
        return object.fields.filter { ImportColumns.isOffered($0) && ImportMatch.isOffered($0, of: object) }.map(\.id)
    }

    /// Decides about an import on which no row has been worked yet; what was checked must be checked again. Where the file is to be read
    /// otherwise, its columns are matched anew.
    ///
    /// - Throws: `Violation` if the columns cannot be meant so, or the import is past deciding.
    package func decide(_ id: Int64, _ settings: ImportSettings) async throws -> ImportJob {
        let job = try await existing(id)
        var settings = settings
        if settings.reading != self.settings(of: job).reading {
            let table = try Self.table(at: store.files.path(of: job.file), settings.reading)
            settings = ImportSettings(columns: ImportColumns.guess(table.header, of: app.model[job.object]), reading: settings.reading)
        } else {
            _ = try plan(of: job, settings)
        }
        let decided = settings.text
        return try await change(id, from: [.draft, .checked]) { job, transaction in
            job.settings = decided
            job.state = .draft
            job.found = nil
            job.note = nil
            try transaction.removeImportParts(of: id, phase: .check)
        }
    }

    /// Forgets an import that has written nothing, or was taken back as a whole. Others stay, since their records name them.
    package func discardImport(_ id: Int64) async throws {
        try await store.write { transaction in
            guard let job = try transaction.importJob(id) else { return }
            guard [.draft, .checked].contains(job.state) else { throw Violation(.limit, .importPastThat) }
            try transaction.removeImport(id)
        }
    }

    // MARK: Working

    /// Checks every row: each batch is made and taken back, so that the writer is free in between and nothing is written but what was found.
    ///
    /// - Throws: `Violation` if the file cannot be read or the import is past that; `StoreError`.
    package func checkImport(_ id: Int64, as principal: Principal, progress: (@Sendable (ImportJob) -> Void)? = nil) async throws -> ImportJob {
        try await work(on: id) { [self] in try await check(id, principal, progress) }
    }

    private func check(_ id: Int64, _ principal: Principal, _ progress: (@Sendable (ImportJob) -> Void)?) async throws -> ImportJob {
        _ = try await change(id, from: [.draft, .checked, .checking]) { job, transaction in
            job.state = .checking
            job.position = 0
            job.progress = 0
            job.counts = .init()
            job.found = nil
            job.note = nil
            try transaction.removeImportParts(of: id, phase: .check)
        }
        let job = try await existing(id)
        let importing = try plan(of: job, settings(of: job)).importing(as: principal, batch: "import \(job.id)")
        let rehearsal = Rehearsal(importing)
        try await importing.resolver.learnTitles(of: importing, store)
        let source = try rows(of: job, after: 0)
        let corrections = settings(of: job).corrections
        var number = 0
        while true {
            guard !imports.shallStop(id) else { return try await stopped(id, .draft) }
            let rows = try Self.next(Importing.batch, of: source, corrections)
            guard !rows.isEmpty else { break }
            let results = try await importing.rehearse(rows, rehearsal)
            let refused = results.filter { if case .refused = $0.fate { true } else { false } }
            let content = refused.isEmpty ? nil : ImportResultText(app: app, object: job.object).text(refused)
            let part = number, share = source.progress
            let now = try await change(id, from: [.checking]) { job, transaction in
                job.position += rows.count
                job.progress = share
                job.counts.add(results)
                if let content { try transaction.append(ImportPart(job: id, phase: .check, number: part, content: content)) }
            }
            number += 1
            progress?(now)
        }
        return try await change(id, from: [.checking]) { job, _ in
            job.state = .checked
            job.progress = 1000
            job.found = job.counts
            job.counts = .init()
            job.position = 0
        }
    }

    /// Makes the records, batch by batch, from where the job stands: rows and position are one transaction, so whatever stops it, no row
    /// is made twice and none is left out.
    ///
    /// - Throws: `Violation` if the file cannot be read or the import is past that; `StoreError`, and then the batches before stand.
    package func runImport(_ id: Int64, as principal: Principal, progress: (@Sendable (ImportJob) -> Void)? = nil) async throws -> ImportJob {
        try await work(on: id) { [self] in try await run(id, principal, progress) }
    }

    private func run(_ id: Int64, _ principal: Principal, _ progress: (@Sendable (ImportJob) -> Void)?) async throws -> ImportJob {
        var job = try await change(id, from: [.draft, .checked, .stopped, .running]) { job, transaction in
            if [.draft, .checked].contains(job.state) {
                job.position = 0
                job.counts = .init()
                job.progress = 0
            }
            job.state = .running
            job.note = nil
        }
        let importing = try plan(of: job, settings(of: job)).importing(as: principal, batch: "import \(job.id)")
        let source = try rows(of: job, after: job.position)
        let corrections = settings(of: job).corrections
        let text = ImportResultText(app: app, object: job.object)
        while true {
            guard !imports.shallStop(id) else { return try await stopped(id, .stopped) }
            let rows = try Self.next(Importing.batch, of: source, corrections)
            guard !rows.isEmpty else { break }
            let expected = job.position, share = source.progress
            job = try await change(id, from: [.running]) { job, transaction in
                guard job.position == expected else { throw StoreError.other("import \(id) was moved on by somebody else") }
                let results = try importing.make(rows, in: transaction)
                try transaction.append(ImportPart(job: id, phase: .run, number: expected / Importing.batch, content: text.text(results)))
                job.position += rows.count
                job.progress = share
                job.counts.add(results)
            }
            world.commitPoints.reached(.importBatchCommitted)
            progress?(job)
        }
        return try await change(id, from: [.running]) { [self] job, transaction in
            job.state = .done
            job.progress = 1000
            try note(job, "import", principal, transaction)
        }
    }

    /// Asks the one who works at it to stop behind the batch that is under way. False if nobody does.
    package func stopImport(_ id: Int64) -> Bool { imports.stop(id) }

    /// Whether somebody works at it in this process.
    package func isWorking(onImport id: Int64) -> Bool { imports.isWorking(id) }

    // MARK: In the background

    package enum ImportWork: Sendable, Hashable { case check, run, undo }

    /// Begins or goes on with work, and returns at once. Trouble is noted on the job.
    package func start(_ work: ImportWork, onImport id: Int64, as principal: Principal) {
        // Whoever asks from now on is told that it is under way.
        guard imports.begin(id) else { return }
        Task { [self] in
            defer { imports.end(id) }
            do {
                switch work {
                case .check: _ = try await check(id, principal, nil)
                case .run: _ = try await run(id, principal, nil)
                case .undo: _ = try await undo(id, principal, nil)
                }
            } catch let violation as Violation where violation.code == .limit {
                // Somebody else works at it, or it is past that: the job says where it stands.
            } catch {
                try? await failed(id, work, error)
            }
        }
    }

    /// Goes on with what was under way when the process ended. Called once, when the app has come up.
    package func resumeImports() async throws {
        for job in try await importJobs(of: nil, limit: Self.mostResumed) {
            let work: ImportWork
            switch job.state {
            case .checking: work = .check
            case .running: work = .run
            case .undoing: work = .undo
            case .draft, .checked, .stopped, .done, .undone: continue
            }
            guard let principal = try await principal(of: job.by) else { continue }
            start(work, onImport: job.id, as: principal)
        }
    }

    /// Imports that were under way are among the last ones.
    private static let mostResumed = 200

    /// The person with their roles as they are now; the system for none, nil for one who is gone.
    private func principal(of user: RecordID?) async throws -> Principal? {
        guard let user else { return .system }
        guard let row = try await store.read({ try $0.row(user) }) else { return nil }
        let object = app.model[user.object]
        var roles: Set<RoleID> = []
        if let field = object.field(named: "role"), case .option(let key) = row[field.id], let role = app.model.roles.first(where: { $0.name == key }) {
            roles = role.covers
        }
        var name = app.text(of: user)
        if let field = object.field(named: "name"), case .text(let text) = row[field.id] { name = text }
        return Principal(user: user, name: name, roles: roles)
    }

    // MARK: Steps

    /// A job with what its settings mean.
    struct ImportPlan {
        let engine: Engine
        let object: ObjectID
        let columns: ImportColumns
        let match: ImportMatch?

        func importing(as principal: Principal, batch: String) -> Importing {
            Importing(
                engine: engine, object: object, columns: columns, match: match, principal: principal, door: .import, resolver: LinkResolver(engine.app), batch: batch)
        }
    }

    func plan(of job: ImportJob, _ settings: ImportSettings) throws -> ImportPlan {
        let object = app.model[job.object]
        let header = try table(of: job).header
        guard header.count == settings.columns.count else { throw Violation(.unreadable, .otherColumns) }
        let columns = try ImportColumns(header, of: object, names: settings.columns)
        var match: ImportMatch?
        if let name = settings.match {
            guard let field = object.field(named: name), ImportMatch.isOffered(field, of: object) else { throw Violation(.unknownField, .noSuchField(name, on: object)) }
            guard settings.columns.contains(name) else {
                throw Violation(.unreadable, field: field.id, Words(
                    zh: "没有一列对应“\(field.label.zh)”，不能按它查找已有记录", en: "no column is for \(field.label.en), so no record can be found by it"))
            }
            match = ImportMatch(field: field, found: settings.found)
        }
        return ImportPlan(engine: self, object: job.object, columns: columns, match: match)
    }

    func table(of job: ImportJob) throws -> TableFile {
        try Self.table(at: store.files.path(of: job.file), settings(of: job).reading)
    }

    private static func table(at path: String, _ reading: TableFile.Reading) throws -> TableFile {
        do throws(TableTrouble) { return try TableFile(path: path, reading: reading) } catch { throw Violation(error) }
    }

    private func rows(of job: ImportJob, after position: Int) throws -> TableRows {
        let table = try table(of: job)
        do throws(TableTrouble) {
            let rows = try table.rows()
            for _ in 0..<position { _ = try rows.next() }
            return rows
        } catch {
            throw Violation(error)
        }
    }

    private static func next(_ count: Int, of source: TableRows, _ corrections: ImportCorrections) throws -> [TableRow] {
        var rows: [TableRow] = []
        rows.reserveCapacity(count)
        do throws(TableTrouble) {
            while rows.count < count, let row = try source.next() { rows.append(corrections.applied(to: row)) }
            return rows
        } catch {
            throw Violation(error)
        }
    }

    func existing(_ id: Int64) async throws -> ImportJob {
        guard let job = try await importJob(id) else { throw Violation(.unknownRecord, .noSuchImport) }
        return job
    }

    /// Nobody else works at it meanwhile.
    func work(on id: Int64, _ work: @Sendable () async throws -> ImportJob) async throws -> ImportJob {
        guard imports.begin(id) else { throw Violation(.limit, .importUnderWay) }
        defer { imports.end(id) }
        return try await work()
    }

    /// Changes the job in a transaction, with whatever belongs to the change.
    ///
    /// - Throws: `Violation` if it is in none of the states.
    @discardableResult
    func change(
        _ id: Int64, from states: [ImportJob.State], _ act: @escaping @Sendable (inout ImportJob, any WriteTransaction) throws -> Void
    ) async throws -> ImportJob {
        let now = world.clock.now()
        return try await store.write { transaction in
            guard var job = try transaction.importJob(id) else { throw Violation(.unknownRecord, .noSuchImport) }
            guard states.contains(job.state) else { throw Violation(.limit, .importPastThat) }
            try act(&job, transaction)
            job.changed = now
            try transaction.update(job)
            return job
        }
    }

    private func stopped(_ id: Int64, _ state: ImportJob.State) async throws -> ImportJob {
        try await change(id, from: [.checking, .running]) { job, _ in job.state = state }
    }

    /// Trouble came: a run can go on, a check begins anew, taking back goes on at the next start.
    private func failed(_ id: Int64, _ work: ImportWork, _ error: any Error) async throws {
        let words = (error as? Violation)?.words ?? Words(zh: "出现故障：\(error)", en: "trouble: \(error)")
        let note = JSONValue.object([.init("zh", .string(words.zh)), .init("en", .string(words.en))]).text()
        try await change(id, from: [.checking, .running, .undoing]) { job, _ in
            job.note = note
            switch work {
            case .check: job.state = .draft
            case .run: job.state = .stopped
            case .undo: return
            }
        }
    }

    /// The trouble that stopped a job; nil if none did.
    package func trouble(of job: ImportJob) -> Words? {
        guard let note = job.note, let json = try? JSONValue.parse(note) else { return nil }
        return Words(zh: json["zh"]?.asString ?? "", en: json["en"]?.asString ?? "")
    }

    func note(_ job: ImportJob, _ action: String, _ principal: Principal, _ transaction: any WriteTransaction) throws {
        try transaction.append(AuditEntry(
            at: world.clock.now(), by: principal.user, address: principal.address, device: principal.device, action: action, record: nil,
            detail: "import \(job.id) \(job.fileName): \(job.counts.created) created, \(job.counts.updated) updated, \(job.counts.skipped) skipped, \(job.counts.refused) refused"))
    }
}

extension ImportJob.Counts {
    mutating func add(_ results: [ImportRowResult]) {
        for result in results {
            switch result.fate {
            case .created: created += 1
            case .updated: updated += 1
            case .skipped: skipped += 1
            case .refused: refused += 1
            case .takenBack, .kept: continue
            }
        }
    }
}

extension Words {
    fileprivate static let noSuchImport = Words(zh: "没有这个导入", en: "there is no such import")
    fileprivate static let importUnderWay = Words(zh: "这个导入正在进行", en: "this import is under way")
    fileprivate static let importPastThat = Words(zh: "这个导入已经不在这一步了", en: "this import is past that step")
    fileprivate static let otherColumns = Words(zh: "文件的列与设置不一致，请重新对应", en: "the file's columns are not those that were matched; match them again")
}
