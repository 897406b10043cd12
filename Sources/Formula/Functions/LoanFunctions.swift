import Foundation
import SourceText

/// What a payment of a loan is made of. Computed in binary, and given in 15 significant digits.
enum LoanFunctions {
    static let all: [FunctionDefinition] = [ipmt, ppmt, cumipmt, cumprinc]

    private static let onePeriod = [
        FunctionDefinition.Overload(
            [
                .number("rate"), .number("period"), .number("periods"), .number("present"), .number("future", .optional),
                .number("at_start", .optional),
            ], gives: .moneyOfAny)
    ]
    private static let manyPeriods = [
        FunctionDefinition.Overload(
            [.number("rate"), .number("periods"), .number("present"), .number("first"), .number("last"), .number("at_start", .optional)],
            gives: .moneyOfAny)
    ]

    static let ipmt = FunctionDefinition(
        "ipmt", aliases: ["每期利息"], onePeriod,
        summary: Words(
            zh: "等额还款某一期中的利息：每期利率、第几期、期数、现值；可加终值，以及期初（1）还是期末（0）付款。",
            en: "The interest in one payment of a loan: rate per period, which period, periods, present value; then future value, and 1 for payments at the start of a period."),
        examples: [.init("round(ipmt(10% / 12, 1, 36, 8000), 2)", "-66.67")],
        body: { (arguments) throws(FormulaFailure) in
            let loan = try Loan(arguments)
            return .number(try ExactDecimal(approximating: loan.interest(in: try period(arguments, of: loan))))
        })

    static let ppmt = FunctionDefinition(
        "ppmt", aliases: ["每期本金"], onePeriod,
        summary: Words(
            zh: "等额还款某一期中的本金：每期利率、第几期、期数、现值；可加终值，以及期初（1）还是期末（0）付款。",
            en: "The principal in one payment of a loan: rate per period, which period, periods, present value; then future value, and 1 for payments at the start of a period."),
        examples: [.init("round(ppmt(10% / 12, 1, 24, 2000), 2)", "-75.62")],
        body: { (arguments) throws(FormulaFailure) in
            let loan = try Loan(arguments)
            return .number(try ExactDecimal(approximating: loan.payment - loan.interest(in: try period(arguments, of: loan))))
        })

    static let cumipmt = FunctionDefinition(
        "cumipmt", aliases: ["累计利息"], manyPeriods,
        summary: Words(
            zh: "等额还款从第几期到第几期的利息合计：每期利率、期数、现值、首期、末期；期初（1）还是期末（0）付款。",
            en: "The interest of a loan from one period to another: rate per period, periods, present value, first and last period; 1 for payments at the start of a period."),
        examples: [.init("round(cumipmt(9% / 12, 360, 125000, 13, 24, 0), 2)", "-11135.23")],
        body: { (arguments) throws(FormulaFailure) in
            let (loan, periods) = try span(arguments)
            return .number(try ExactDecimal(approximating: periods.reduce(0) { $0 + loan.interest(in: Double($1)) }))
        })

    static let cumprinc = FunctionDefinition(
        "cumprinc", aliases: ["累计本金"], manyPeriods,
        summary: Words(
            zh: "等额还款从第几期到第几期的本金合计：每期利率、期数、现值、首期、末期；期初（1）还是期末（0）付款。",
            en: "The principal of a loan from one period to another: rate per period, periods, present value, first and last period; 1 for payments at the start of a period."),
        examples: [.init("round(cumprinc(9% / 12, 360, 125000, 13, 24, 0), 2)", "-934.11")],
        body: { (arguments) throws(FormulaFailure) in
            let (loan, periods) = try span(arguments)
            return .number(try ExactDecimal(approximating: periods.reduce(0) { $0 + loan.payment - loan.interest(in: Double($1)) }))
        })

    private static func period(_ arguments: Arguments, of loan: Loan) throws(FormulaFailure) -> Double {
        let period = try arguments.double(1)
        guard period >= 1, period < loan.periods + 1 else { throw FormulaFailure(.domain) }
        return period
    }

    /// Nobody pays a loan back in more.
    private static let mostPeriods = 100_000

    private static func span(_ arguments: Arguments) throws(FormulaFailure) -> (Loan, ClosedRange<Int>) {
        let rate = try arguments.double(0), periods = try arguments.whole(1), present = try arguments.double(2)
        let first = try arguments.whole(3), last = try arguments.whole(4)
        guard rate > 0, present > 0, first >= 1, last >= first, last <= periods, periods <= mostPeriods else { throw FormulaFailure(.domain) }
        return (Loan(rate: rate, periods: Double(periods), present: present, future: 0, atStart: try arguments.isAtStart(5)), first...last)
    }
}

/// A loan that is paid back in equal payments.
private struct Loan {
    let rate: Double
    let periods: Double
    let present: Double
    let atStart: Bool
    let payment: Double

    init(rate: Double, periods: Double, present: Double, future: Double, atStart: Bool) {
        self.rate = rate
        self.periods = periods
        self.present = present
        self.atStart = atStart
        payment = AnnuityTerms(rate: rate, periods: periods, atStart: atStart).payment(present: present, future: future)
    }

    /// Of `(rate, period, periods, present, future, at_start)`.
    init(_ arguments: Arguments) throws(FormulaFailure) {
        self.init(
            rate: try arguments.double(0), periods: try arguments.double(2), present: try arguments.double(3), future: try arguments.double(4),
            atStart: try arguments.isAtStart(5))
    }

    /// Of what was owed when the period began.
    func interest(in period: Double) -> Double {
        guard atStart else {
            return AnnuityTerms(rate: rate, periods: period - 1, atStart: false).future(present: present, payment: payment) * rate
        }
        // The first payment comes before any interest.
        if period == 1 { return 0 }
        return (AnnuityTerms(rate: rate, periods: period - 2, atStart: true).future(present: present, payment: payment) - payment) * rate
    }
}
