/// A formula made ready to be evaluated many times. Immutable and shared between threads.
package struct Evaluator: Sendable {
    package let expression: CheckedExpression
    private let step: CompiledStep
    private let quick: RegisterProgram?
    /// The same if it needs no machine. It lives as long as `quick`, so nobody counts who looks at it.
    private let direct: Unmanaged<RegisterProgram>?
    private let variableCount: Int
    private let rowCount: Int

    package init(_ expression: CheckedExpression) {
        self.expression = expression
        var compiler = Compiler()
        step = compiler.compile(expression.root)
        quick = RegisterCompiler.program(for: expression, &compiler)
        direct = quick.flatMap { $0.hasSteps ? nil : Unmanaged.passUnretained($0) }
        variableCount = expression.variableCount
        rowCount = compiler.rowCount
    }

    /// The formula's value for the rows of `frame`; a failure is a value.
    ///
    /// - Throws: Only what `frame.source` throws.
    package func value(in frame: Frame) throws -> Value {
        if let direct, let value = direct._withUnsafeGuaranteedRef({ $0.value(of: frame) }) { return value }
        return try result(in: frame).value
    }

    /// The formula's value for each of the records in turn, each as `this` of the frame; failures are values.
    ///
    /// For many records this is several times as fast as asking for each: where the formula needs nothing but the record, nobody counts who
    /// looks at it.
    ///
    /// - Throws: Only what `frame.source` throws.
    package func values(of rows: [Row], in frame: Frame) throws -> [Value] {
        var frame = frame
        return try Array(unsafeUninitializedCapacity: rows.count) { values, count in
            guard let first = values.baseAddress else { return }
            while count < rows.count {
                if let quick, direct != nil { count += quick.values(of: rows, from: count, into: first + count) }
                guard count < rows.count else { return }
                frame.this = rows[count]
                (first + count).initialize(to: try result(in: frame).value)
                count += 1
            }
        }
    }

    /// Nil where the formula needs more than the values of one record.
    package var ofRecordAlone: RecordFormula? { direct.map(RecordFormula.init) }

    /// Whether the condition holds; blank and failure are false.
    ///
    /// - Throws: Only what `frame.source` throws.
    package func holds(in frame: Frame) throws -> Bool {
        try value(in: frame) == .bool(true)
    }

    package struct Result: Sendable, Hashable {
        package let value: Value
        /// How many rows of sets were left out because they failed.
        package let rowsLeftOut: Int
    }

    /// As `value`, with what must be shown beside it.
    package func result(in frame: Frame) throws -> Result {
        var machine = Machine(variables: [], rows: [])
        if variableCount > 0 {
            machine.variables = Array(frame.inputs.prefix(variableCount))
            machine.variables += repeatElement(.blank, count: variableCount - machine.variables.count)
        }
        if rowCount > 0 { machine.rows = Array(repeating: nil, count: rowCount) }
        if let quick {
            if let value = quick.value(of: frame, &machine) { return Result(value: value, rowsLeftOut: machine.rowsLeftOut) }
            machine.budget = EvaluationLimits.steps
            machine.rowsLeftOut = 0
        }
        let value: Value
        do throws(Interruption) {
            switch step {
            case .number(let step): value = .number(try step(frame, &machine))
            case .condition(let step): value = .bool(try step(frame, &machine))
            case .value(let step): value = try step(frame, &machine)
            }
        } catch {
            switch error {
            case .failure(let failure): value = .failure(failure)
            case .exhausted: value = .failure(FormulaFailure(.limit))
            case .source(let error): throw error
            }
        }
        return Result(value: value, rowsLeftOut: machine.rowsLeftOut)
    }
}

/// A formula over the values of one record, for whoever walks over very many and cannot wait to count who looks at what.
///
/// Valid as long as the evaluator that it came from.
package struct RecordFormula: BitwiseCopyable {
    fileprivate let program: Unmanaged<RegisterProgram>

    /// - Parameter values: Of a whole record, in the order of its fields.
    /// - Returns: Nil at anything unusual, a failure among them: `Evaluator.value(in:)` knows then.
    @inline(__always)
    package func value(of values: UnsafeMutableBufferPointer<Value>) -> Value? {
        program._withUnsafeGuaranteedRef { $0.value(of: UnsafeBufferPointer(values)) }
    }
}

/// A template made ready.
package struct TemplateEvaluator: Sendable {
    package let template: CheckedTemplate
    private let parts: [Part]

    private enum Part: Sendable {
        case text(String)
        case formula(Evaluator)
    }

    package init(_ template: CheckedTemplate) {
        self.template = template
        parts = template.parts.map { part in
            switch part {
            case .text(let text): .text(text)
            case .expression(let expression): .formula(Evaluator(expression))
            }
        }
    }

    /// The text, blank parts as nothing, failures as their words; cut off at the limit of texts.
    ///
    /// - Throws: Only what `frame.source` throws.
    package func text(in frame: Frame) throws -> String {
        var result = ""
        for part in parts {
            switch part {
            case .text(let text): result += text
            case .formula(let evaluator):
                result += try evaluator.value(in: frame).text(of: evaluator.expression.type, at: frame.moment) { record in
                    try frame.source.title(of: record)
                }
            }
            guard result.utf8.count <= TextLimit.bytes else { return TextLimit.cut(result) }
        }
        return result
    }
}

extension TextLimit {
    /// As many whole scalars as fit.
    static func cut(_ text: String) -> String {
        var bytes = 0
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            bytes += UTF8.width(scalar)
            guard bytes <= TextLimit.bytes else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
