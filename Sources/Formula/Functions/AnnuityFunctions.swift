import Foundation
import SourceText

/// Equal payments at equal times: what of rate, number, payment, present and future value follows from the others. Money that is paid is
/// negative, money that is received positive. Computed in binary, and given in 15 significant digits.
enum AnnuityFunctions {
    static let all: [FunctionDefinition] = [pmt, pv, fv, nper, rate]

    private static let timing = FunctionDefinition.Parameter.number("at_start", .optional)

    static let pmt = FunctionDefinition(
        "pmt", aliases: ["每期付款"],
        [.init([.number("rate"), .number("periods"), .number("present"), .number("future", .optional), timing], gives: .moneyOfAny)],
        summary: Words(
            zh: "等额还款每期的金额：每期利率、期数、现值；可加终值，以及期初（1）还是期末（0）付款。付出为负。",
            en: "The payment per period of a loan: rate per period, periods, present value; then future value, and 1 for payments at the start of a period. What is paid is negative."),
        examples: [.init("round(pmt(8% / 12, 10, 10000), 2)", "-1037.03"), .init("pmt(0, 10, 1000)", "-100")],
        body: { (arguments) throws(FormulaFailure) in
            let periods = try arguments.number(1), present = try arguments.number(2), future = try arguments.number(3)
            if periods.isZero { throw FormulaFailure(.domain) }
            if try arguments.number(0).isZero { return .number(try present.adding(future).divided(by: periods).negated) }
            let terms = AnnuityTerms(rate: try arguments.double(0), periods: periods.doubleValue, atStart: try arguments.isAtStart(4))
            return .number(try ExactDecimal(approximating: -(future.doubleValue + present.doubleValue * terms.growth) / terms.annuity))
        })

    static let pv = FunctionDefinition(
        "pv", aliases: ["现值"],
        [.init([.number("rate"), .number("periods"), .number("payment"), .number("future", .optional), timing], gives: .moneyOfAny)],
        summary: Words(
            zh: "等额付款的现值：每期利率、期数、每期金额；可加终值，以及期初（1）还是期末（0）付款。",
            en: "The present value of equal payments: rate per period, periods, payment; then future value, and 1 for payments at the start of a period."),
        examples: [.init("round(pv(8% / 12, 240, 500), 2)", "-59777.15"), .init("pv(0, 10, -100)", "1000")],
        body: { (arguments) throws(FormulaFailure) in
            let periods = try arguments.number(1), payment = try arguments.number(2), future = try arguments.number(3)
            if try arguments.number(0).isZero { return .number(try future.adding(try payment.multiplied(by: periods)).negated) }
            let terms = AnnuityTerms(rate: try arguments.double(0), periods: periods.doubleValue, atStart: try arguments.isAtStart(4))
            return .number(try ExactDecimal(approximating: -(future.doubleValue + payment.doubleValue * terms.annuity) / terms.growth))
        })

    static let fv = FunctionDefinition(
        "fv", aliases: ["终值"],
        [.init([.number("rate"), .number("periods"), .number("payment"), .number("present", .optional), timing], gives: .moneyOfAny)],
        summary: Words(
            zh: "等额付款的终值：每期利率、期数、每期金额；可加现值，以及期初（1）还是期末（0）付款。",
            en: "The future value of equal payments: rate per period, periods, payment; then present value, and 1 for payments at the start of a period."),
        examples: [.init("round(fv(6% / 12, 10, -200, -500, 1), 2)", "2581.4"), .init("fv(0, 10, -100)", "1000")],
        body: { (arguments) throws(FormulaFailure) in
            let periods = try arguments.number(1), payment = try arguments.number(2), present = try arguments.number(3)
            if try arguments.number(0).isZero { return .number(try present.adding(try payment.multiplied(by: periods)).negated) }
            let terms = AnnuityTerms(rate: try arguments.double(0), periods: periods.doubleValue, atStart: try arguments.isAtStart(4))
            return .number(try ExactDecimal(approximating: -(present.doubleValue * terms.growth + payment.doubleValue * terms.annuity)))
        })

    static let nper = FunctionDefinition(
        "nper", aliases: ["期数"],
        [.init([.number("rate"), .number("payment"), .number("present"), .number("future", .optional), timing], gives: .number)],
        summary: Words(
            zh: "还清所需的期数：每期利率、每期金额、现值；可加终值，以及期初（1）还是期末（0）付款。",
            en: "The number of periods: rate per period, payment, present value; then future value, and 1 for payments at the start of a period."),
        examples: [.init("round(nper(12% / 12, -100, -1000, 10000, 1), 4)", "59.6739"), .init("nper(0, -100, 1000)", "10")],
        body: { (arguments) throws(FormulaFailure) in
            let payment = try arguments.number(1), present = try arguments.number(2), future = try arguments.number(3)
            if try arguments.number(0).isZero {
                if payment.isZero { throw FormulaFailure(.domain) }
                return .number(try present.adding(future).divided(by: payment).negated)
            }
            let rate = try arguments.double(0)
            let due = payment.doubleValue * (try arguments.isAtStart(4) ? 1 + rate : 1)
            let ratio = (due - future.doubleValue * rate) / (due + present.doubleValue * rate)
            guard ratio > 0, rate > -1 else { throw FormulaFailure(.domain) }
            return .number(try ExactDecimal(approximating: log(ratio) / log1p(rate)))
        })

    static let rate = FunctionDefinition(
        "rate", aliases: ["利率"],
        [
            .init(
                [
                    .number("periods"), .number("payment"), .number("present"), .number("future", .optional), timing, .number("guess", .optional),
                ], gives: .type(.percent))
        ],
        summary: Words(
            zh: "每期利率：期数、每期金额、现值；可加终值，期初（1）还是期末（0）付款，以及估计值（默认 10%）。",
            en: "The rate per period: periods, payment, present value; then future value, 1 for payments at the start of a period, and a guess (10% if left out)."),
        examples: [.init("round(rate(48, -200, 8000), 6)", "0.007701"), .init("rate(10, -100, 1000)", "0")],
        body: { (arguments) throws(FormulaFailure) in
            let periods = try arguments.double(0), payment = try arguments.double(1)
            let present = try arguments.double(2), future = try arguments.double(3), atStart = try arguments.isAtStart(4)
            guard periods > 0 else { throw FormulaFailure(.domain) }
            let guess = arguments.count > 5 ? try arguments.double(5) : 0.1
            // Without interest it comes out exactly or not at all.
            let total = try arguments.number(1).multiplied(by: try arguments.number(0)).adding(try arguments.number(2)).adding(try arguments.number(3))
            if total.isZero { return .number(.zero) }
            let root = try RateSearch.root(near: guess) { rate in
                let terms = AnnuityTerms(rate: rate, periods: periods, atStart: atStart)
                return present * terms.growth + payment * terms.annuity + future
            }
            return .number(try ExactDecimal(approximating: root))
        })
}

extension Arguments {
    /// A number in binary; 0 if left out.
    func double(_ position: Int) throws(FormulaFailure) -> Double { try number(position).doubleValue }

    /// Whether payments are due at the start of a period, which any number but 0 says.
    func isAtStart(_ position: Int) throws(FormulaFailure) -> Bool { try !number(position).isZero }
}
