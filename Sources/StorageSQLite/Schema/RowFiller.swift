import CShims
import CSQLite
import Formula
import Program
import SchemaPlan
import Storage

/// The function behind `RowFilling`: takes the columns of a row, computes, gives the values one by one.
///
/// What changes from row to row lies in memory of its own: the function is called several times for each of very many rows, and nobody is
/// to count or watch who looks at it.
final class RowFiller {
    /// How a value stands in its column; those that can be filled.
    enum Coding: BitwiseCopyable {
        case number(decimals: Int)
        case bool, date, datetime, duration, text, option, options, location

        /// Nil for links, which lead to other rows.
        init?(_ coding: ValueCoding) {
            switch coding {
            case .number(let decimals): self = .number(decimals: decimals)
            case .bool: self = .bool
            case .date: self = .date
            case .datetime: self = .datetime
            case .duration: self = .duration
            case .text: self = .text
            case .option: self = .option
            case .options: self = .options
            case .location: self = .location
            case .link, .linkAny, .links: return nil
            }
        }
    }

    /// A field that is read: where its value, and behind it its error, stand among the columns.
    struct Input: BitwiseCopyable {
        let field: Int
        let coding: Coding
        let position: Int
        let hasError: Bool
    }

    /// A field that is filled.
    struct Output {
        let computation: CompiledComputation
        let coding: Coding

        init(_ computation: CompiledComputation, coding: Coding) {
            self.computation = computation
            self.coding = coding
        }
    }

    private struct QuickOutput: BitwiseCopyable {
        let field: Int
        let formula: RecordFormula?
        /// −1: no number.
        let decimals: Int
    }

    private enum Stored {
        case null, integer(Int64), text(String)
    }

    private struct State {
        var frame: Frame
        var errors: [String?]
        /// The row that the values are of.
        var number: Int64 = 0
        var isFresh = false
        var isOutOfOrder = false
        var failed: Set<Int> = []
        var trouble: (any Error)?
    }

    private let inputs: UnsafeMutableBufferPointer<Input>
    private let quick: UnsafeMutableBufferPointer<QuickOutput>
    private let outputs: [Output]
    private let values: UnsafeMutableBufferPointer<Stored>
    /// Whether a formula asks for more than values.
    private let needsRecord: Bool
    private let state: UnsafeMutablePointer<State>
    private let table: String

    /// - Parameter frame: Around a record without values, which take turns in it.
    init(inputs: [Input], outputs: [Output], frame: Frame, table: String) {
        self.inputs = .allocate(capacity: inputs.count)
        _ = self.inputs.initialize(from: inputs)
        self.outputs = outputs
        quick = .allocate(capacity: outputs.count)
        _ = quick.initialize(
            from: outputs.map { output in
                let evaluators = output.computation.evaluators
                return QuickOutput(
                    field: output.computation.field.index, formula: evaluators.count == 1 ? evaluators[0].ofRecordAlone : nil,
                    decimals: output.computation.decimals ?? -1)
            })
        needsRecord = quick.contains { $0.formula == nil }
        values = .allocate(capacity: outputs.count)
        values.initialize(repeating: .null)
        state = .allocate(capacity: 1)
        state.initialize(to: State(frame: frame, errors: outputs.map { _ in nil }))
        self.table = table
    }

    deinit {
        inputs.deallocate()
        quick.deallocate()
        values.deinitialize()
        values.deallocate()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Before a statement.
    func begin() {
        state.pointee.isFresh = false
        state.pointee.isOutOfOrder = false
        state.pointee.trouble = nil
    }

    /// Why the statement stopped, where the reason is none of SQLite's.
    var trouble: (any Error)? { state.pointee.trouble }
    /// A column asked for its value before its row was there.
    var isOutOfOrder: Bool { state.pointee.isOutOfOrder }
    /// Fields for which a formula failed somewhere.
    var failed: Set<Int> { state.pointee.failed }

    /// The first argument is the field, by position; behind the last, the errors begin. The second is the row's number; the others are its columns.
    func give(_ context: OpaquePointer?, _ arguments: UnsafeBufferPointer<OpaquePointer?>) {
        guard arguments.count >= 2, let which = arguments[0], let id = arguments[1] else { return sqlite3_result_null(context) }
        let number = sqlite3_value_int64(id)
        if arguments.count > 2 || inputs.isEmpty {
            do {
                try compute(number, UnsafeBufferPointer(rebasing: arguments[2...]))
            } catch {
                state.pointee.trouble = error
                sqlite3_result_error_code(context, SQLITE_ABORT)
                return
            }
        } else if !state.pointee.isFresh || state.pointee.number != number {
            state.pointee.isOutOfOrder = true
            sqlite3_result_error_code(context, SQLITE_ABORT)
            return
        }
        let place = Int(sqlite3_value_int64(which))
        if place >= quick.count {
            if let error = state.pointee.errors[place - quick.count] { result(error, context) } else { sqlite3_result_null(context) }
            return
        }
        switch values[place] {
        case .null: sqlite3_result_null(context)
        case .integer(let number): sqlite3_result_int64(context, number)
        case .text(let text): result(text, context)
        }
    }

    private func result(_ text: String, _ context: OpaquePointer?) {
        var text = text
        text.withUTF8 { bytes in
            bytes.withMemoryRebound(to: CChar.self) { weir_sqlite_result_text(context, $0.baseAddress, Int32($0.count)) }
        }
    }

    private func compute(_ number: Int64, _ columns: UnsafeBufferPointer<OpaquePointer?>) throws {
        guard !state.pointee.isFresh || state.pointee.number != number else { return }
        state.pointee.number = number
        state.pointee.isFresh = true
        guard var row = state.pointee.frame.this.take() else { return }
        if needsRecord { row = Row(id: RecordID(object: row.id.object, number: number), values: row.values) }
        for input in inputs { row.values[input.field] = value(input, columns) }
        for place in quick.indices {
            let output = quick[place]
            var value: Value
            if let quickly = row.values.withUnsafeMutableBufferPointer({ values in output.formula.flatMap { $0.value(of: values) } }) {
                value = quickly
                if output.decimals >= 0, case .number(let number) = value { value = number.stored(decimals: output.decimals) }
            } else {
                state.pointee.frame.this = row
                defer { state.pointee.frame.this = nil }
                value = try outputs[place].computation.value(in: state.pointee.frame)
            }
            try store(value, at: place)
            row.values[output.field] = value
        }
        state.pointee.frame.this = row
    }

    private func store(_ value: Value, at place: Int) throws {
        let stored: Stored
        switch (outputs[place].coding, value) {
        case (_, .blank): stored = .null
        case (_, .failure(let failure)): return fail(failure, at: place)
        case (.number(let decimals), .number(let number)):
            guard let scaled = number.scaled(decimals: decimals) else { return fail(FormulaFailure(.overflow), at: place) }
            stored = .integer(scaled)
        case (.bool, .bool(let flag)): stored = .integer(flag ? 1 : 0)
        case (.date, .date(let day)): stored = .integer(Int64(day.daysSinceEpoch))
        case (.datetime, .instant(let instant)): stored = .integer(instant.microseconds)
        case (.duration, .duration(let span)): stored = .integer(span.microseconds)
        case (.text, .text(let text)): stored = .text(text)
        case (.option, .option(let key)): stored = .text(key)
        case (.location, .location(let location)): stored = .text(location.description)
        case (.number, _), (.bool, _), (.date, _), (.datetime, _), (.duration, _), (.text, _), (.option, _), (.options, _), (.location, _):
            throw StoreError.other("\(table) cannot hold a value of this type")
        }
        values[place] = stored
        if !state.pointee.failed.isEmpty { state.pointee.errors[place] = nil }
    }

    private func fail(_ failure: FormulaFailure, at place: Int) {
        values[place] = .null
        state.pointee.errors[place] = failure.stored
        state.pointee.failed.insert(place)
    }

    private func value(_ input: Input, _ columns: UnsafeBufferPointer<OpaquePointer?>) -> Value {
        guard let raw = columns[input.position] else { return .blank }
        guard sqlite3_value_type(raw) != SQLITE_NULL else {
            guard input.hasError, let error = columns[input.position + 1], sqlite3_value_type(error) != SQLITE_NULL else { return .blank }
            return .failure(FormulaFailure(stored: text(error)))
        }
        switch input.coding {
        case .number(let decimals): return .number(ExactDecimal(scaled: sqlite3_value_int64(raw), decimals: decimals))
        case .bool: return .bool(sqlite3_value_int64(raw) != 0)
        case .date: return .date(Day(daysSinceEpoch: Int32(truncatingIfNeeded: sqlite3_value_int64(raw))))
        case .datetime: return .instant(Instant(microseconds: sqlite3_value_int64(raw)))
        case .duration: return .duration(TimeSpan(microseconds: sqlite3_value_int64(raw)))
        case .text: return .text(text(raw))
        case .option: return .option(text(raw))
        case .options: return .options(ValueList.split(text(raw)))
        case .location: return Location(text(raw)).map(Value.location) ?? .blank
        }
    }

    private func text(_ raw: OpaquePointer) -> String {
        guard let bytes = sqlite3_value_text(raw) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: bytes, count: Int(sqlite3_value_bytes(raw))), as: UTF8.self)
    }
}
