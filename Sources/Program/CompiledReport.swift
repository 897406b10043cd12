package import Formula
package import Model

/// A report with its formulas made ready.
package struct CompiledReport: Sendable {
    package let model: CheckedReport
    package let condition: Evaluator?
    package let rows: Evaluator?
    package let columns: Evaluator?
    package let value: Evaluator
    /// The fields that its formulas read, of whatever records.
    package let reads: Set<FieldID>
    /// Those of them that are computed on read.
    package let needs: Set<FieldID>

    init(_ model: CheckedReport, _ needs: VolatileNeeds) {
        self.model = model
        condition = model.condition.map { Evaluator($0) }
        rows = model.rows.map { Evaluator($0) }
        columns = model.columns.map { Evaluator($0) }
        value = Evaluator(model.value)
        reads = needs.reads(of: model.expressions)
        self.needs = needs.closure(of: model.expressions)
    }
}
