import Engine
import Formula
import Foundation
import HTML
import HTTPService
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// Options that are offered for values that are none.
    private static let mostStrangeValues = 30

    // MARK: What can be put right

    func addFailures(to report: inout ImportView.Report, _ job: ImportJob, _ visit: Visit, _ actions: Link.Actions) async throws {
        var found: [(line: Int, violations: [Violation])] = []
        var number = visit.query.first("part").flatMap { Int($0) } ?? 0
        while found.count < Self.mostFailures {
            let (results, next) = try await engine.importResults(of: job, job.state == .checked ? .check : .run, from: number)
            for result in results {
                if case .refused(let violations) = result.fate { found.append((result.line, violations)) }
            }
            guard let next else { break }
            number = next
            if found.count >= Self.mostFailures { report.moreFailures = actions(query: [("part", String(next))]) }
        }
        report.rejects = [(Say.rejectsCSV, actions("rejects.csv")), (Say.rejectsXLSX, actions("rejects.xlsx"))]
        switch job.state {
        case .checked: report.correcting = Say.checkAgain
        case .done: report.correcting = Say.importAgain
        case .draft, .checking, .running, .stopped, .undoing, .undone: report.correcting = nil
        }
        // The file may be gone from the disk; the reasons stand all the same.
        let rows = report.correcting == nil ? nil : try? engine.importRows(of: job, lines: Set(found.map(\.line)))
        if rows == nil { report.correcting = nil }
        let columns = importColumns(of: job)
        report.failures = found.map { failure(line: $0.line, $0.violations, rows?[$0.line], columns, visit.language) }
        if let rows { report.strangeValues = strangeValues(found, rows, columns, visit) }
    }

    /// The fields that columns go into, by the column's position.
    private func importColumns(of job: ImportJob) -> [(position: Int, field: CheckedField)] {
        let object = engine.app.model[job.object]
        return engine.settings(of: job).columns.enumerated().compactMap { position, name in
            name.flatMap { object.field(named: $0) }.map { (position, $0) }
        }
    }

    private func failure(
        line: Int, _ violations: [Violation], _ row: [String]?, _ columns: [(position: Int, field: CheckedField)], _ language: Language
    ) -> ImportView.Failure {
        func cell(_ column: (position: Int, field: CheckedField)) -> ImportView.Cell? {
            guard let row else { return nil }
            let text = column.position < row.count ? row[column.position] : ""
            return ImportView.Cell(column: column.position, label: column.field.label[language], text: text, options: choices(of: column.field, for: text, language))
        }
        var used: Set<Int> = []
        var isAboutAll = false
        let reasons = violations.map { violation -> (column: String?, text: String, cell: ImportView.Cell?) in
            let column = violation.field.flatMap { id in columns.first { $0.field.id == id } }
            let label = violation.field.map { engine.app.model[$0].label[language] }
            guard let column else {
                isAboutAll = true
                return (label, violation.words[language], nil)
            }
            return (label, violation.words[language], used.insert(column.position).inserted ? cell(column) : nil)
        }
        let others = isAboutAll ? columns.filter { !used.contains($0.position) }.compactMap(cell) : []
        return ImportView.Failure(line: line, reasons: reasons, others: others)
    }

    /// Of a choice: its options, and what stands in the file. Nil where anything may be written.
    private func choices(of field: CheckedField, for text: String, _ language: Language) -> [ImportView.Choice]? {
        guard case .choice(let list) = field.kind else { return nil }
        let standing = isOption(text, of: field)
        return (standing ? [] : [ImportView.Choice(value: text, label: text.isEmpty ? Say.blank[language] : Say.asInFile[language] + text, isChosen: true)])
            + list.options.map { option in
                ImportView.Choice(
                    value: standing && isSame(option, text) ? text : option.key, label: option.label(in: language), isChosen: standing && isSame(option, text))
            }
    }

    private func isOption(_ text: String, of field: CheckedField) -> Bool {
        guard case .choice(let list) = field.kind else { return true }
        return list.options.contains { isSame($0, text) }
    }

    private func isSame(_ option: OptionList.Option, _ text: String) -> Bool {
        let text = text.trimmed
        return text == option.key || text == option.label(in: .zh) || text == option.label(in: .en)
    }

    /// Values of choices that are no options, the commonest first.
    private func strangeValues(
        _ found: [(line: Int, violations: [Violation])], _ rows: [Int: [String]], _ columns: [(position: Int, field: CheckedField)], _ visit: Visit
    ) -> [ImportView.StrangeValue] {
        var values: [ImportView.StrangeValue] = []
        for column in columns {
            guard case .choice(let list) = column.field.kind else { continue }
            var counts: [String: Int] = [:]
            for failure in found where failure.violations.contains(where: { $0.field == column.field.id }) {
                guard let row = rows[failure.line], column.position < row.count else { continue }
                let text = row[column.position].trimmed
                if !text.isEmpty, !isOption(text, of: column.field) { counts[text, default: 0] += 1 }
            }
            let choices = [ImportView.Choice(value: "", label: Say.leaveAsIs[visit.language], isChosen: true)]
                + list.options.map { ImportView.Choice(value: $0.key, label: $0.label(in: visit.language), isChosen: false) }
            values += counts.map { text, count in
                ImportView.StrangeValue(
                    column: column.position, label: column.field.label[visit.language], text: text, rows: count, options: choices,
                    source: source(at: column.field.declaredAt, for: visit))
            }
        }
        return Array(values.sorted { ($1.rows, $0.column, $0.text) < ($0.rows, $1.column, $1.text) }.prefix(Self.mostStrangeValues))
    }

    // MARK: Putting right

    /// `e.LINE.COLUMN` is a cell; `v.COLUMN.N` what stands for the text `t.COLUMN.N`.
    private func corrections(_ form: FormFields) -> ImportCorrections {
        var corrections = ImportCorrections()
        for (name, value) in form.entries {
            let parts = name.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let first = Int(parts[1]), let second = Int(parts[2]), first >= 0, second >= 0 else { continue }
            switch parts[0] {
            case "e": corrections.cells[first, default: [:]][second] = value
            case "v":
                guard !value.isEmpty, let text = form.first("t.\(first).\(second)") else { continue }
                corrections.values[first, default: [:]][text] = value
            default: continue
            }
        }
        // A cell of its own goes first, so that one that was left alone must not stand against the value's answer.
        for (line, columns) in corrections.cells {
            for (column, text) in columns where corrections.values[column]?[text.trimmed] != nil { corrections.cells[line]?[column] = nil }
        }
        return corrections
    }

    /// What a check found is put right in the same import and checked again; what a finished import refused goes into a new one.
    @Sendable func correct(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let (object, job) = try await job(visit)
        let corrections = corrections(form)
        do {
            let again: ImportJob
            switch job.state {
            case .checked: again = try await engine.correct(job.id, corrections)
            case .done: again = try await rejectsAgain(visit, job, try engine.changes(corrections, of: job))
            case .draft, .checking, .running, .stopped, .undoing, .undone:
                return redirect(to: Link.Actions(object: object.name, job: job.id)())
            }
            engine.start(.check, onImport: again.id, as: visit.principal)
            return redirect(to: Link.Actions(object: object.name, job: again.id)())
        } catch let violation as Violation {
            return try await reportPage(visit, object, job, error: violation.words)
        }
    }

    private func rejectsAgain(_ visit: Visit, _ job: ImportJob, _ corrections: ImportCorrections) async throws -> ImportJob {
        let path = try engine.store.files.newUploadPath(token: server.api.uploadToken())
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try TableDraft(path)
        try await engine.writeRejects(of: job, as: .csv, language: visit.language, corrected: corrections) { try file.write($0) }
        _ = try file.reading()
        let stem = job.fileName.split(separator: ".").dropLast().joined(separator: ".")
        let name = "\(stem.isEmpty ? job.fileName : stem)-\(visit.say(Say.correctedFile)).csv"
        return try await engine.importRejects(of: job, uploadAt: path, named: name, by: visit.principal)
    }
}
