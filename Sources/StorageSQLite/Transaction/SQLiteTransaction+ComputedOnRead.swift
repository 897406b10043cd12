import Formula
import Model
import Program
import SQLText
import SourceText
import Storage

/// The statement that computes a field of one record as of a moment and for a reader; the record's number is the last argument.
struct ReadStatement {
    let text: String
    let arguments: [SQLArgument]
    let form: FormulaLowering.ValueColumns.Form

    /// What the constants in the statement hang on.
    struct Key: Hashable {
        let field: FieldID
        let now: Instant
        let language: Language
        let me: RecordID?
    }
}

extension SQLiteTransaction {
    func computedOnRead(_ field: FieldID, of record: RecordID, at moment: Moment, me: RecordID?) throws -> Value? {
        let key = ReadStatement.Key(field: field, now: moment.now, language: moment.language, me: me)
        let made: ReadStatement?
        if let known = readStatements[key] {
            made = known
        } else {
            made = readStatement(field, moment, me)
            readStatements[key] = .some(made)
        }
        guard let made else { return nil }
        let statement = try connection.statement(made.text)
        defer { statement.reset() }
        statement.bind(made.arguments)
        statement.bind(record.number, at: Int32(made.arguments.count))
        guard try statement.step(), statement.int64(1) == 0 else { return nil }
        return statement.value(at: 0, made.form)
    }

    /// In bytes.
    private static let longestReadStatement = 10_000

    /// Nil where SQLite has no form for the formula.
    private func readStatement(_ field: FieldID, _ moment: Moment, _ me: RecordID?) -> ReadStatement? {
        guard let formula = layout.app.model[field].computed?.expressions.first, formula.type.isOneColumn else { return nil }
        let lowering = FormulaLowering(schema: layout.sqlSchema, object: field.object, moment: moment, me: me, users: layout.userObject)
        let read = CheckedExpression(
            root: ExpressionNode(.field(field, of: .this), type: formula.type, mayBeBlank: true, range: 0..<0), source: formula.source, reads: formula.reads,
            variableCount: 0)
        guard let columns = try? lowering.columns(read) else { return nil }
        let select: SQLFragment =
            "SELECT \(columns.value), \(columns.fails ?? "FALSE") FROM \(layout[field.object].name) WHERE deleted_at IS NULL AND id = \(bound: .integer(0))"
        let rendered = select.rendered(for: .sqlite)
        // One that is nested deeper than SQLite's parser goes has no form either, and one that is as long as that is no quicker than its formula.
        guard rendered.text.utf8.count <= Self.longestReadStatement, (try? connection.statement(rendered.text)) != nil else { return nil }
        return ReadStatement(text: rendered.text, arguments: rendered.arguments, form: columns.form)
    }
}

extension FormulaType {
    /// Whether a value of it comes out of a statement as what it is.
    fileprivate var isOneColumn: Bool {
        switch self {
        case .number, .money, .percent, .bool, .date, .datetime, .duration, .text, .choice, .link: true
        case .location, .choices, .tags, .links, .list, .blank, .error: false
        }
    }
}
