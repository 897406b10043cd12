package import Formula
package import Model
package import Program
package import SourceText

/// Values as text for forms, cells and messages; `Engine.inputs(texts:)` reads the same spelling back.
package struct ValueText: Sendable {
    package let app: CompiledApp
    package let language: Language

    package init(app: CompiledApp, language: Language) {
        self.app = app
        self.language = language
    }

    /// Shortest decimals, percent as `12%`, ISO dates, datetime as `2026-03-01 09:00` in the app's zone, option and record by label; blank
    /// is empty; a failure is its words.
    package func text(_ value: Value, of field: CheckedField, titles: [RecordID: String]) -> String {
        ""
    }
}

extension FormulaFailure {
    /// What is shown where the value would stand.
    package var words: Words {
        switch code {
        case .divisionByZero: Words(zh: "除数为零", en: "division by zero")
        case .domain: Words(zh: "参数超出函数的定义范围", en: "argument out of the function's range")
        case .overflow: Words(zh: "数值过大", en: "number too large")
        case .badNumber: Words(zh: "不是数字", en: "not a number")
        case .badDate: Words(zh: "不是有效日期", en: "not a valid date")
        case .notFound: Words(zh: "未找到", en: "not found")
        case .noConvergence: Words(zh: "计算未收敛", en: "the calculation does not converge")
        case .custom: Words(same: text ?? "")
        case .limit: Words(zh: "超出计算上限", en: "beyond the limits of a calculation")
        }
    }
}
