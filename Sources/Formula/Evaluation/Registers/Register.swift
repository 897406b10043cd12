/// A number, a day, an instant or a length of time in microseconds; it may be blank.
struct Register {
    /// Not in normal form: zeros may end it. 0 for a blank.
    var mantissa: Int128
    /// −1 for a blank, which so counts as 0 wherever it is not asked for.
    var scale: Int

    @inline(__always)
    init(_ mantissa: Int128, scale: Int = 0) {
        self.mantissa = mantissa
        self.scale = scale
    }

    @inline(__always)
    init(_ number: ExactDecimal) {
        self.init(number.mantissa, scale: Int(number.scale))
    }

    @inline(__always)
    init(_ whole: Int64) {
        self.init(Int128(truncatingIfNeeded: whole))
    }

    static var blank: Register { Register(0, scale: -1) }
    static var zero: Register { Register(0) }
    @inline(__always) var isBlank: Bool { scale < 0 }

    /// In normal form; a blank is 0.
    @inline(__always)
    var decimal: ExactDecimal { ExactDecimal.normalized(mantissa, scale: Swift.max(0, scale)) }
}

/// How two registers compare, as a bit, so that a set of outcomes is a mask.
struct Outcomes: OptionSet {
    let rawValue: UInt8

    static let less = Outcomes(rawValue: 1)
    static let equal = Outcomes(rawValue: 2)
    static let greater = Outcomes(rawValue: 4)
    static let oneBlank = Outcomes(rawValue: 8)
    static let bothBlank = Outcomes(rawValue: 16)
    static let all: Outcomes = [.less, .equal, .greater, .oneBlank, .bothBlank]

    /// Those for which the comparison holds: with blanks only `=` and `<>` can.
    init(_ operation: ComparisonOperator) {
        switch operation {
        case .equal: self = [.equal, .bothBlank]
        case .notEqual: self = [.less, .greater, .oneBlank]
        case .less: self = .less
        case .lessOrEqual: self = [.less, .equal]
        case .greater: self = .greater
        case .greaterOrEqual: self = [.greater, .equal]
        }
    }

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// Arithmetic as `ExactDecimal` does it, without the normal form in between; neither side is blank. Nil is not a failure but that another
/// way has to be taken, which then tells.
struct RegisterArithmetic {
    /// 10^0 … 10^18.
    private let powers: UnsafePointer<Int64>
    private static let powerCount = 19

    init() {
        let powers = UnsafeMutablePointer<Int64>.allocate(capacity: Self.powerCount)
        var power: Int64 = 1
        for exponent in 0..<Self.powerCount {
            (powers + exponent).initialize(to: power)
            if exponent < Self.powerCount - 1 { power *= 10 }
        }
        self.powers = UnsafePointer(powers)
    }

    func deallocate() {
        powers.deallocate()
    }

    /// Exact.
    @inline(__always)
    func sum(_ left: Register, _ right: Register) -> Register? {
        guard let (mine, theirs) = aligned(left, right) else { return Self.wideSum(left, right) }
        return Register(mine &+ theirs, scale: left.scale > right.scale ? left.scale : right.scale)
    }

    @inline(never)
    private static func wideSum(_ left: Register, _ right: Register) -> Register? {
        (try? left.decimal.adding(right.decimal)).map { Register($0) }
    }

    @inline(__always)
    func difference(_ left: Register, _ right: Register) -> Register? {
        sum(left, Register(0 &- right.mantissa, scale: right.scale))
    }

    /// Both mantissas at the greater of the scales, each below 10^37; nil if that is not at hand. Scales change from record to record, so
    /// there is no jump to be guessed here.
    @inline(__always)
    private func aligned(_ left: Register, _ right: Register) -> (Int128, Int128)? {
        let mine = Int64(truncatingIfNeeded: left.mantissa), theirs = Int64(truncatingIfNeeded: right.mantissa)
        let difference = right.scale &- left.scale
        guard Int128(truncatingIfNeeded: mine) == left.mantissa, Int128(truncatingIfNeeded: theirs) == right.mantissa,
            UInt(bitPattern: difference &+ 18) <= 36
        else { return nil }
        let up = powers[difference & ~(difference >> 63)], down = powers[(0 &- difference) & (difference >> 63)]
        return (Int128(product: mine, up), Int128(product: theirs, down))
    }

    /// Rounded at 20 decimals.
    @inline(__always)
    func product(_ left: Register, _ right: Register) -> Register? {
        let scale = left.scale &+ right.scale
        let mine = Int64(truncatingIfNeeded: left.mantissa), theirs = Int64(truncatingIfNeeded: right.mantissa)
        guard scale <= ExactDecimal.maximumScale, Int128(truncatingIfNeeded: mine) == left.mantissa,
            Int128(truncatingIfNeeded: theirs) == right.mantissa
        else { return Self.wideProduct(left, right) }
        // 2^126 is below 10^38.
        return Register(Int128(product: mine, theirs), scale: scale)
    }

    @inline(never)
    private static func wideProduct(_ left: Register, _ right: Register) -> Register? {
        (try? left.decimal.multiplied(by: right.decimal)).map { Register($0) }
    }

    @inline(never)
    func quotient(_ left: Register, _ right: Register) -> Register? {
        (try? left.decimal.divided(by: right.decimal)).map { Register($0) }
    }

    /// Half away from zero; a blank stays blank.
    @inline(never)
    func rounded(_ number: Register, decimals: Int) -> Register? {
        let drop = number.scale - decimals
        if drop <= 0 { return number }
        guard let small = number.mantissa.small, drop < Self.powerCount else {
            return (try? number.decimal.rounded(decimals: decimals)).map { Register($0) }
        }
        let divisor = powers[drop]
        let (quotient, remainder) = small.quotientAndRemainder(dividingBy: divisor)
        let grows = remainder.magnitude >= divisor.magnitude - remainder.magnitude
        return Register(Int128(grows ? quotient + (small < 0 ? -1 : 1) : quotient), scale: decimals)
    }

    @inline(__always)
    func compare(_ left: Register, _ right: Register) -> Outcomes {
        if (left.scale | right.scale) < 0 { return left.scale == right.scale ? .bothBlank : .oneBlank }
        guard let (mine, theirs) = aligned(left, right) else { return Self.compareWide(left, right) }
        return Outcomes(rawValue: (mine < theirs ? 1 : 0) | (mine == theirs ? 2 : 0) | (mine > theirs ? 4 : 0))
    }

    @inline(never)
    private static func compareWide(_ left: Register, _ right: Register) -> Outcomes {
        let order = left.decimal.compared(to: right.decimal)
        return order < 0 ? .less : order == 0 ? .equal : .greater
    }
}

extension Int128 {
    /// The product by one machine instruction.
    @inline(__always)
    fileprivate init(product left: Int64, _ right: Int64) {
        let (high, low) = left.multipliedFullWidth(by: right)
        self = Int128(truncatingIfNeeded: high) << 64 | Int128(truncatingIfNeeded: low)
    }
}
