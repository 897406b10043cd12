import Formula
import JSON
import Model
import Program
import SourceText
import Spreadsheet
package import Storage

/// What a person put right in a table on its way in: cells one by one, and values of a column wherever they stand. The file stays as it is.
package struct ImportCorrections: Sendable, Hashable {
    /// New texts, by the row's line and the column's position.
    package var cells: [Int: [Int: String]]
    /// What stands for a text, by the column's position.
    package var values: [Int: [String: String]]

    package init(cells: [Int: [Int: String]] = [:], values: [Int: [String: String]] = [:]) {
        self.cells = cells
        self.values = values
    }

    /// They are kept with the import; whoever has more to mend does it in the file.
    package static let most = 2_000

    package var count: Int { (Array(cells.values.map(\.count)) + Array(values.values.map(\.count))).reduce(0, +) }
    package var isEmpty: Bool { cells.isEmpty && values.isEmpty }

    /// What comes later wins.
    package mutating func merge(_ later: ImportCorrections) {
        for (line, columns) in later.cells { cells[line, default: [:]].merge(columns) { $1 } }
        for (column, texts) in later.values { values[column, default: [:]].merge(texts) { $1 } }
    }

    /// The row as it was meant. A cell of its own goes before the value that stands for its text.
    func applied(to row: TableRow) -> TableRow {
        guard !isEmpty else { return row }
        let own = cells[row.line] ?? [:]
        var texts = row.cells
        if let last = own.keys.max(), last >= texts.count { texts += Array(repeating: "", count: last + 1 - texts.count) }
        var mended: Set<Int> = []
        for position in texts.indices {
            guard let text = own[position] ?? values[position]?[Cleaning.trim(texts[position])] else { continue }
            texts[position] = text
            mended.insert(position)
        }
        return mended.isEmpty ? row : TableRow(line: row.line, cells: texts, faults: row.faults.filter { !mended.contains($0) })
    }

    // MARK: As text

    var json: JSONValue {
        func members<Key: BinaryInteger, Value>(_ map: [Key: Value], _ value: (Value) -> JSONValue) -> JSONValue {
            .object(map.sorted { $0.key < $1.key }.map { .init("\($0.key)", value($0.value)) })
        }
        return .object([
            .init("cells", members(cells) { members($0) { .string($0) } }),
            .init("values", members(values) { texts in .object(texts.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }) }),
        ])
    }

    init(json: JSONValue?) {
        self.init()
        for member in json?["cells"]?.asObject ?? [] {
            guard let line = Int(member.name) else { continue }
            for cell in member.value.asObject ?? [] {
                if let column = Int(cell.name), let text = cell.value.asString { cells[line, default: [:]][column] = text }
            }
        }
        for member in json?["values"]?.asObject ?? [] {
            guard let column = Int(member.name) else { continue }
            for text in member.value.asObject ?? [] { values[column, default: [:]][text.name] = text.value.asString }
        }
    }
}

extension Engine {
    /// The cells of these rows as they will be taken, by their lines.
    ///
    /// - Throws: `Violation` if the file cannot be read.
    package func importRows(of job: ImportJob, lines: Set<Int>) throws -> [Int: [String]] {
        guard let last = lines.max() else { return [:] }
        let corrections = settings(of: job).corrections
        let table = try table(of: job)
        var found: [Int: [String]] = [:]
        do throws(TableTrouble) {
            let rows = try table.rows()
            while let row = try rows.next(), row.line <= last {
                if lines.contains(row.line) { found[row.line] = corrections.applied(to: row).cells }
            }
            return found
        } catch {
            throw Violation(error)
        }
    }

    /// Puts right what a check found; the import must be checked again.
    ///
    /// - Throws: `Violation` if that is too much, or the import is past it.
    package func correct(_ id: Int64, _ corrections: ImportCorrections) async throws -> ImportJob {
        let job = try await existing(id)
        var settings = settings(of: job)
        settings.corrections.merge(try changes(corrections, of: job))
        return try await decide(id, settings)
    }

    /// Those that say something else than the file.
    package func changes(_ corrections: ImportCorrections, of job: ImportJob) throws -> ImportCorrections {
        let rows = try importRows(of: job, lines: Set(corrections.cells.keys))
        var changes = ImportCorrections(values: corrections.values)
        for (line, columns) in corrections.cells {
            guard let row = rows[line] else { continue }
            for (column, text) in columns where text != (column < row.count ? row[column] : "") { changes.cells[line, default: [:]][column] = text }
        }
        guard changes.count + settings(of: job).corrections.count <= ImportCorrections.most else {
            throw Violation(.limit, Words(
                zh: "一次最多在这里改 \(ImportCorrections.most) 处，其余请在文件里改", en: "at most \(ImportCorrections.most) cells are put right here; mend the rest in the file"))
        }
        return changes
    }

    /// The rows that a finished import refused, as a new import with the same columns, nothing of it written yet.
    ///
    /// - Parameter path: A table that `writeRejects` wrote without reasons.
    package func importRejects(of job: ImportJob, uploadAt path: String, named name: String, by principal: Principal) async throws -> ImportJob {
        let again = try await newImport(uploadAt: path, named: name, into: job.object, by: principal)
        var settings = settings(of: again)
        let old = self.settings(of: job)
        settings.columns = old.columns
        settings.match = old.match
        settings.found = old.found
        return try await decide(again.id, settings)
    }
}
