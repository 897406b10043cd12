import Formula
import Foundation
import Model
import Program
package import SourceText
import Spreadsheet
import Storage

/// What became of an app's demo data.
package struct DemoReport: Sendable {
    package var alreadyLoaded = false
    package var created = 0
    package var trouble: [Trouble] = []

    package struct Trouble: Sendable {
        package let file: String
        /// 1-based; nil for the file as a whole.
        package let line: Int?
        package let words: Words

        package init(file: String, line: Int?, words: Words) {
            self.file = file
            self.line = line
            self.words = words
        }
    }

    package init() {}
}

extension Engine {
    /// The setting that says demo data was loaded.
    private static let demoLoaded = "demo_loaded"

    /// Loads `data/*.csv` of an app folder as demo records, all in one transaction, once: a database that has them is left alone.
    ///
    /// A file is named for its object. Files are taken in an order in which links lead to records made before; where links go round in a
    /// circle (a user's manager), they are set in a second pass. Rules and gates are not asked, types, links and unique values are. What people
    /// do then stands in `moves.csv` (`DemoMoves`).
    ///
    /// - Parameter contents: Of the files of which `file.csv` tells, by their names; nil: files have none.
    /// - Returns: How many records were made, and for each file the rows that were refused.
    package func loadDemo(files: [(name: String, bytes: [UInt8])], contents: [String: [UInt8]]? = nil) async throws -> DemoReport {
        var report = DemoReport()
        var tables: [DemoTable] = []
        var moves: DemoMoves?
        for file in files.sorted(by: { $0.name < $1.name }) {
            let name = file.name.split(separator: "/").last.map(String.init) ?? file.name
            if name == DemoMoves.file, app.model.object(named: "moves") == nil {
                do {
                    moves = DemoMoves(try readTable(file.bytes), of: app.model, &report)
                } catch let violation as Violation {
                    report.trouble.append(.init(file: file.name, line: nil, words: violation.words))
                }
                continue
            }
            guard let object = app.model.object(named: name.hasSuffix(".csv") ? String(name.dropLast(4)) : name) else {
                report.trouble.append(.init(file: file.name, line: nil, words: Words(zh: "没有这个对象", en: "there is no object of this name")))
                continue
            }
            do {
                let table = try readTable(file.bytes)
                let columns = try ImportColumns(table.header, of: object, mapping: nil, mayTrust: true)
                tables.append(DemoTable(file: file.name, object: object.id, table: table, columns: columns))
            } catch let violation as Violation {
                report.trouble.append(.init(file: file.name, line: nil, words: violation.words))
            }
        }
        let ordered = DemoTable.ordered(tables, in: app)
        let start = report
        let stored = try contents?.mapValues { try keep($0) }
        return try await store.write { [self, moves] transaction in
            var report = start
            guard try transaction.setting(Self.demoLoaded) == nil else {
                report.alreadyLoaded = true
                return report
            }
            try DemoLoading(engine: self, tables: ordered, contents: stored).run(in: transaction, &report)
            try moves?.run(self, in: transaction, &report)
            try transaction.set("yes", forSetting: Self.demoLoaded)
            return report
        }
    }

    /// Durable before any record names it.
    private func keep(_ bytes: [UInt8]) throws -> StoredFile {
        let path = try store.files.newUploadPath(token: "demo-\(world.entropy.bytes(8).map { String($0, radix: 16) }.joined())")
        guard FileManager.default.createFile(atPath: path, contents: Data(bytes)) else { throw StoreError.other("cannot write \(path)") }
        return try store.files.keep(uploadAt: path)
    }
}

/// One file of demo data.
struct DemoTable: Sendable {
    let file: String
    let object: ObjectID
    let table: ImportTable
    let columns: ImportColumns

    /// Tables to which links lead come before those that link; within a circle, the order of the files stays.
    static func ordered(_ tables: [DemoTable], in app: CompiledApp) -> [DemoTable] {
        var rest = tables
        var done: Set<ObjectID> = []
        var ordered: [DemoTable] = []
        while !rest.isEmpty {
            let waiting = Set(rest.map(\.object)).subtracting(done)
            let next = rest.firstIndex { table in
                table.needs(in: app).subtracting([table.object]).isDisjoint(with: waiting)
            } ?? rest.indices.min { left, right in
                // A circle is cut where the fewest links are left open.
                rest[left].needs(in: app).intersection(waiting).count < rest[right].needs(in: app).intersection(waiting).count
            } ?? 0
            let table = rest.remove(at: next)
            if !rest.contains(where: { $0.object == table.object }) { done.insert(table.object) }
            ordered.append(table)
        }
        return ordered
    }

    /// Objects to whose records a cell of this table may lead. Where a link may lead to any object, the cells say to which.
    private func needs(in app: CompiledApp) -> Set<ObjectID> {
        var needed: Set<ObjectID> = []
        for (position, field) in columns.fields.enumerated() {
            guard let field else { continue }
            let targets = field.targets(in: app.model)
            if targets.count <= 1 {
                needed.formUnion(targets)
                continue
            }
            let names = Set(table.rows.compactMap { row in
                position < row.cells.count ? row.cells[position].split(separator: "/", maxSplits: 1).first.map(String.init) : nil
            })
            needed.formUnion(targets.filter { names.contains(app.model[$0].name) })
        }
        return needed
    }
}

/// The two passes over demo data.
private struct DemoLoading {
    let engine: Engine
    let tables: [DemoTable]
    let contents: [String: StoredFile]?

    /// A link that leads to a record that comes later.
    private struct OpenLink {
        let table: Int
        let line: Int
        let record: RecordID
        let field: CheckedField
        let text: String
    }

    func run(in transaction: any WriteTransaction, _ report: inout DemoReport) throws {
        let resolver = LinkResolver(engine.app)
        let zone = engine.app.model.zone
        let days = DemoDays(from: engine.app.model.demoDay, to: zone.day(of: engine.world.clock.now()), in: zone)
        var open: [OpenLink] = []
        for (index, demo) in tables.enumerated() {
            let importing = Importing(
                engine: engine, object: demo.object, columns: demo.columns, principal: .system, door: .trusted, resolver: resolver)
            let later = Set(tables[index...].map(\.object))
            let namesMonths = demo.namesMonths(in: zone)
            for row in demo.table.rows {
                let context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
                var inputs: [FieldInput] = []
                var waiting: [(CheckedField, String)] = []
                for (column, (cell, field)) in zip(row.cells, demo.columns.fields).enumerated() {
                    guard let field, !cell.isEmpty else { continue }
                    var reading = InputReading(text: cell, as: field, zone: zone)
                    if case .value(.blank) = reading { continue }
                    if case .value(let value) = reading { reading = .value(days.moved(value, namesMonths: namesMonths[column])) }
                    let input = try reading.input(for: field, resolver, context, transaction)
                    if case .link(let text) = reading, case .unreadable = input.entry,
                        field.targets(in: engine.app.model).contains(where: later.contains)
                    {
                        waiting.append((field, text))
                    } else {
                        inputs.append(input)
                    }
                }
                switch try importing.create(Importing.RowInputs(inputs: inputs), in: transaction) {
                case .created(let record, _):
                    report.created += 1
                    try attach(to: record, demo, line: row.line, in: transaction, &report)
                    open += waiting.map { OpenLink(table: index, line: row.line, record: record, field: $0, text: $1) }
                case .updated, .skipped, .takenBack, .kept:
                    continue
                case .refused(let violations):
                    report.trouble += violations.map { .init(file: demo.file, line: row.line, words: $0.words) }
                }
            }
        }
        try setLate(open, resolver, in: transaction, &report)
    }

    /// The content of a record that tells of a file.
    private func attach(to record: RecordID, _ demo: DemoTable, line: Int, in transaction: any WriteTransaction, _ report: inout DemoReport) throws {
        guard let contents, engine.app.model[record.object].builtIn == .file, let name = engine.app.model[record.object].field(named: "name"),
            case .text(let file)? = try transaction.row(record)?[name.id]
        else { return }
        guard let stored = contents[file] else {
            report.trouble.append(.init(file: demo.file, line: line, words: Words(zh: "data/files 里没有“\(file)”", en: "there is no “\(file)” in data/files")))
            return
        }
        try transaction.attach(stored, to: record)
    }

    private func setLate(_ open: [OpenLink], _ resolver: LinkResolver, in transaction: any WriteTransaction, _ report: inout DemoReport) throws {
        for link in open {
            let context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
            let input = try InputReading.link(link.text).input(for: link.field, resolver, context, transaction)
            let command = SaveCommand(.edit(link.record, [input]), by: .system, door: .trusted)
            if case .refused(let violations) = try engine.outcome(of: command, in: transaction) {
                report.trouble += violations.map { .init(file: tables[link.table].file, line: link.line, words: $0.words) }
            }
        }
    }
}
