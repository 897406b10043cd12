import Formula
import Model
import Program
import SourceText
package import Storage

extension Engine {
    /// Takes an import back, from its last row to its first, a part at a time: records that it made are deleted, those that it changed get
    /// back what they had. What somebody has touched since stays, and the results say why.
    ///
    /// Each part and the job's position are one transaction, so it goes on where it stood, whatever stops it.
    package func undoImport(_ id: Int64, as principal: Principal, progress: (@Sendable (ImportJob) -> Void)? = nil) async throws -> ImportJob {
        try await work(on: id) { [self] in try await undo(id, principal, progress) }
    }

    func undo(_ id: Int64, _ principal: Principal, _ progress: (@Sendable (ImportJob) -> Void)?) async throws -> ImportJob {
        var job = try await change(id, from: [.done, .stopped, .undoing]) { job, transaction in
            guard job.state != .undoing else { return }
            job.state = .undoing
            job.note = nil
            job.position = (job.position + Importing.batch - 1) / Importing.batch
            job.progress = 0
        }
        let text = ImportResultText(app: app, object: job.object)
        let parts = max(1, (job.counts.all + Importing.batch - 1) / Importing.batch)
        let undoing = try await UndoingImport(engine: self, job: job, principal: principal)
        while job.position > 0 {
            let number = job.position - 1
            job = try await change(id, from: [.undoing]) { job, transaction in
                let results = try undoing.takeBack(try transaction.importParts(of: id, phase: .run, from: number, limit: 1).first, in: transaction)
                // In the order in which they are taken back.
                try transaction.append(ImportPart(job: id, phase: .undo, number: parts - 1 - number, content: text.text(results)))
                job.position = number
                job.progress = (parts - number) * 1000 / parts
            }
            world.commitPoints.reached(.importBatchCommitted)
            progress?(job)
        }
        return try await change(id, from: [.undoing]) { [self] job, transaction in
            job.state = .undone
            job.progress = 1000
            try note(job, "import_undo", principal, transaction)
        }
    }
}

/// `@unchecked Sendable`: it is handed to one transaction after the other, each waited for.
private final class UndoingImport: @unchecked Sendable {
    private let engine: Engine
    private let job: ImportJob
    private let principal: Principal
    private let text: ImportResultText
    /// Versions of records that stand again as an earlier row of the import had left them.
    private var standing: [Int64: Int64] = [:]

    init(engine: Engine, job: ImportJob, principal: Principal) async throws {
        self.engine = engine
        self.job = job
        self.principal = principal
        text = ImportResultText(app: engine.app, object: job.object)
        var from = 0
        while true {
            let next = from
            let parts = try await engine.store.read { try $0.importParts(of: job.id, phase: .undo, from: next, limit: 20) }
            guard let last = parts.last else { break }
            for part in parts {
                for result in try text.results(part.content) {
                    if case .takenBack(let record, .some(let version)) = result.fate { standing[record.number] = version }
                }
            }
            from = last.number + 1
        }
    }

    func takeBack(_ part: ImportPart?, in transaction: any WriteTransaction) throws -> [ImportRowResult] {
        guard let part else { return [] }
        var results: [ImportRowResult] = []
        for result in try text.results(part.content).reversed() {
            let fate: ImportFate
            switch result.fate {
            case .created(let record, let version): fate = try remove(record, version, in: transaction)
            case .updated(let record, let version): fate = try restore(record, version, in: transaction)
            case .skipped, .refused, .takenBack, .kept: continue
            }
            results.append(ImportRowResult(line: result.line, fate: fate))
        }
        return results
    }

    /// What stands against touching the record; nil if nobody has since this row of the import left it. What the app itself did with it since, as
    /// automations do with what is new, is nobody's work.
    private func objection(_ record: RecordID, _ version: Int64, in transaction: any WriteTransaction) throws -> Violation? {
        guard let row = try transaction.row(record) else { return Violation(.unknownRecord, .gone) }
        let left = standing[record.number] ?? version
        guard row.version != left else { return nil }
        let entries = try transaction.history(of: record, limit: Self.mostEntries, before: nil)
        let later = entries.prefix { $0.version > left }
        let isTouched = later.count == entries.count || later.contains { $0.by != nil || $0.kind == .imported }
        return isTouched ? Violation(.readOnly, .touchedSince) : nil
    }

    /// More than that of what happened since is not looked through.
    private static let mostEntries = 100

    private func remove(_ record: RecordID, _ version: Int64, in transaction: any WriteTransaction) throws -> ImportFate {
        if let objection = try objection(record, version, in: transaction) { return .kept(record, objection) }
        // People who have logged something with the record have touched it too; what the app made for it by itself has nobody who made it.
        for collection in engine.app.model[record.object].collections {
            guard try transaction.rows(linking: collection.link, to: record).allSatisfy({ $0[.createdBy].isBlank }) else {
                return .kept(record, Violation(.inUse, .hasOthers(collection.label)))
            }
        }
        return try outcome(of: .delete(record), record, in: transaction) { _ in nil }
    }

    private func restore(_ record: RecordID, _ version: Int64, in transaction: any WriteTransaction) throws -> ImportFate {
        if let objection = try objection(record, version, in: transaction) { return .kept(record, objection) }
        guard let entry = try transaction.history(of: record, limit: Self.mostEntries, before: nil).first(where: { $0.version == version && $0.kind == .imported }) else {
            return .kept(record, Violation(.readOnly, .touchedSince))
        }
        let object = engine.app.model[record.object]
        let inputs = entry.changes.compactMap { change -> FieldInput? in
            let field = object.fields[change.field.index]
            return field.isWritable && !field.isSystem ? FieldInput(field.id, change.old) : nil
        }
        let fate = try outcome(of: .edit(record, inputs), record, in: transaction) { $0.version }
        if case .takenBack(_, .some(let version)) = fate { standing[record.number] = version }
        return fate
    }

    private func outcome(
        of action: SaveCommand.Action, _ record: RecordID, in transaction: any WriteTransaction, version: (Row) -> Int64?
    ) throws -> ImportFate {
        var command = SaveCommand(action, by: principal)
        command.batch = "undo import \(job.id)"
        switch try engine.outcome(of: command, in: transaction) {
        case .saved(let row, _), .unchanged(let row): return .takenBack(record, version: version(row))
        case .refused(let violations): return .kept(record, violations.first ?? Violation(.readOnly, .touchedSince))
        case .denied(let words): return .kept(record, Violation(.readOnly, words))
        case .missing: return .kept(record, Violation(.unknownRecord, .gone))
        case .held, .conflict, .repeated, .requestKeyReused: preconditionFailure("taking back enters no stage, expects no version and bears no key")
        }
    }
}

extension Words {
    fileprivate static let touchedSince = Words(zh: "导入之后有人改过，保持不变", en: "somebody has changed it since; it stays as it is")

    fileprivate static func hasOthers(_ label: Words) -> Words {
        Words(zh: "导入之后有了“\(label.zh)”，保持不变", en: "it has \(label.en) by now; it stays as it is")
    }
}
