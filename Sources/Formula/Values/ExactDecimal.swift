/// An exact decimal number: `mantissa / 10^scale`, with at most 38 digits and a scale of 0…20.
///
/// Trailing zeros after the point are dropped, so equal numbers are equal in every bit. A result beyond 38 digits is the failure
/// OVERFLOW; a result with more than 20 decimals is rounded half away from zero at 20.
package struct ExactDecimal: Sendable, Hashable {
    package let mantissa: Int128
    package let scale: UInt8

    /// For numbers that are in normal form already.
    init(normalMantissa mantissa: Int128, scale: UInt8) {
        self.mantissa = mantissa
        self.scale = scale
    }

    package static let zero = ExactDecimal(normalMantissa: 0, scale: 0)

    package init(_ whole: Int) {
        self.init(normalMantissa: Int128(whole), scale: 0)
    }
}
