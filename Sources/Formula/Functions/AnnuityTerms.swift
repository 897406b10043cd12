import Foundation

/// What one unit grows to, and what equal payments of one unit have grown to, over all periods.
struct AnnuityTerms {
    let growth: Double
    let annuity: Double

    init(rate: Double, periods: Double, atStart: Bool) {
        // By way of the logarithm, since `1 + rate` forgets most of a small rate.
        let logarithm = rate > -1 ? periods * log1p(rate) : .nan
        growth = rate > -1 ? Foundation.exp(logarithm) : pow(1 + rate, periods)
        let gained = rate > -1 ? expm1(logarithm) : growth - 1
        annuity = rate == 0 ? periods : gained / rate * (atStart ? 1 + rate : 1)
    }
}

extension AnnuityTerms {
    /// What is paid each period so that `present` and `future` balance.
    func payment(present: Double, future: Double) -> Double { -(future + present * growth) / annuity }

    /// What `present` and equal payments have become.
    func future(present: Double, payment: Double) -> Double { -(present * growth + payment * annuity) }
}
