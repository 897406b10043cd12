import Testing

@testable import Formula

/// Figures of loans and payments that follow from each other.
@Suite struct FinanceTests {
    private func number(_ formula: String, _ inputs: [(name: String, type: FormulaType, value: Value)] = []) throws -> Double {
        guard case .value(.number(let number), _) = try FormulaRun.outcome(of: formula, inputs: inputs) else {
            Issue.record("\(formula) has no number")
            return .nan
        }
        return number.doubleValue
    }

    private func near(_ left: Double, _ right: Double, _ tolerance: Double = 1e-12) -> Bool {
        abs(left - right) <= tolerance * max(1, abs(right))
    }

    /// What one function finds, the others give back.
    @Test(arguments: [(0.004, 36, 12_000), (0.01, 240, 500_000), (0.08, 5, 1), (0.000_000_1, 1200, 99)])
    func annuitiesFollowFromEachOther(rate: Double, periods: Int, present: Int) throws {
        for timing in 0...1 {
            let payment = try number("pmt(\(ExactDecimal("\(rate)") ?? .zero), \(periods), \(present), 0, \(timing))")
            let loan = "\(ExactDecimal("\(rate)") ?? .zero), \(periods), \(payment)"
            #expect(near(try number("pv(\(loan), 0, \(timing))"), Double(present)))
            #expect(near(try number("fv(\(loan), \(present), \(timing)) / \(present)"), 0, 1e-9))
            #expect(near(try number("nper(\(ExactDecimal("\(rate)") ?? .zero), \(payment), \(present), 0, \(timing))"), Double(periods), 1e-7))
            #expect(near(try number("rate(\(periods), \(payment), \(present), 0, \(timing))"), rate, 1e-12))
        }
    }

    @Test func ratesOfReturnMakePaymentsWorthNothing() throws {
        let flows: [[Int]] = [[-70000, 12000, 15000, 18000, 21000, 26000], [-20, 5, 5, 5, 5, 5], [-400, 1, 1, 1, 1, 1], [100, -50, -60], [-1, 0, 0, 1000]]
        for flow in flows {
            let list: [(name: String, type: FormulaType, value: Value)] = [("xs", .list(.number), .list(flow.map { .number(ExactDecimal($0)) }))]
            let rate = try number("irr(xs)", list)
            let worth = flow.enumerated().reduce(0.0) { sum, item in
                (0..<item.offset).reduce(Double(item.element)) { value, _ in value / (1 + rate) } + sum
            }
            #expect(near(worth / 400, 0, 1e-8), "\(flow) at \(rate) is worth \(worth)")
        }
    }

    @Test func whatHasNoRateSaysSo() throws {
        #expect(try FormulaRun.text(of: "rate(10, 100, 1000)") == "计算不收敛")
        #expect(try FormulaRun.text(of: "irr(5)") == "参数超出允许的范围")
        #expect(try FormulaRun.text(of: "pmt(1%, 0, 1000)") == "参数超出允许的范围")
        #expect(try FormulaRun.text(of: "nper(1%, 0, 0)") == "参数超出允许的范围")
        #expect(try FormulaRun.text(of: "npv(-100%, 1)") == "除数为零")
    }
}
