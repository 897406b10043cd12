import Formula
import Model
import Program
import SourceText
import Spreadsheet
import Storage

/// `data/moves.csv` of an app folder: what people do with demo records once those are there, through the same door as anybody.
///
/// Its columns are `object`, `record`, `to` (a stage) and `as` (whose move it is), one move a row.
struct DemoMoves: Sendable {
    static let file = "moves.csv"
    private static let columns = ["object", "record", "to", "as"]

    private let moves: [Move]

    private struct Move: Sendable {
        let line: Int
        let object: ObjectID
        let record: String
        let stage: String
        let person: String
    }

    init(_ table: ImportTable, of app: CheckedApp, _ report: inout DemoReport) {
        let header = table.header.map { $0.lowercased() }
        guard header == Self.columns else {
            let columns = Self.columns.joined(separator: ",")
            report.trouble.append(.init(file: Self.file, line: 1, words: Words(zh: "表头应为 \(columns)", en: "the header is \(columns)")))
            moves = []
            return
        }
        var moves: [Move] = []
        for row in table.rows {
            guard row.cells.count == Self.columns.count, let object = app.object(named: row.cells[0]) else {
                report.trouble.append(.init(file: Self.file, line: row.line, words: Words(zh: "没有这个对象", en: "there is no object of this name")))
                continue
            }
            moves.append(Move(line: row.line, object: object.id, record: row.cells[1], stage: row.cells[2], person: row.cells[3]))
        }
        self.moves = moves
    }

    func run(_ engine: Engine, in transaction: any WriteTransaction, _ report: inout DemoReport) throws {
        let resolver = LinkResolver(engine.app)
        for move in moves {
            let context = try RecordContext(engine: engine, principal: .system, transaction: transaction)
            func one(_ text: String, of object: ObjectID) throws -> RecordID? {
                guard case .one(let record) = try resolver.resolve(text, to: [object], in: context, transaction) else {
                    report.trouble.append(.init(file: Self.file, line: move.line, words: Words(zh: "找不到“\(text)”，或不止一条", en: "there is no “\(text)”, or more than one")))
                    return nil
                }
                return record
            }
            guard let record = try one(move.record, of: move.object), let users = engine.app.model.schema.users, let person = try one(move.person, of: users) else { continue }
            let command = SaveCommand(.move(record, to: move.stage), by: Principal(user: person, name: move.person, roles: []))
            let outcome = try engine.outcome(of: command, in: transaction)
            let missing: [Words]
            switch outcome {
            case .saved, .unchanged, .repeated: continue
            // It waits for those who must agree.
            case .held(let verdict) where verdict.approval != nil: continue
            case .refused(let violations): missing = violations.map(\.words)
            case .held(let verdict): missing = (verdict.moveRefusal.map { [$0] } ?? []) + verdict.items.filter { !$0.isMet }.map(\.say)
            case .denied(let words): missing = [words]
            case .requestKeyReused, .conflict, .missing: missing = [Words(zh: "记录已不在", en: "the record is gone")]
            }
            report.trouble += missing.map { .init(file: Self.file, line: move.line, words: $0) }
        }
    }
}
