package import Formula
package import Model

/// A report with its formulas made ready.
package struct CompiledReport: Sendable {
    package let model: CheckedReport
    package let condition: Evaluator?
    package let rows: Evaluator?
    package let columns: Evaluator?
    package let value: Evaluator
    /// The fields computed on read that its formulas read.
    package let needs: Set<FieldID>

    init(_ model: CheckedReport, _ needs: VolatileNeeds) {
        self.model = model
        condition = model.condition.map { Evaluator($0) }
        rows = model.rows.map { Evaluator($0) }
        columns = model.columns.map { Evaluator($0) }
        value = Evaluator(model.value)
        self.needs = needs.closure(of: model.expressions)
    }
}
