/// The check digits of numbers that China gives to organisations and people.
package enum NationalNumbers {
    /// The 31 signs of a unified social credit code: digits, and capital letters without I, O, S, V and Z.
    private static let creditSigns = Array("0123456789ABCDEFGHJKLMNPQRTUWXY".utf8)
    private static let identitySigns = Array("10X98765432".utf8)
    private static let identityWeights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
    private static let length = 18

    /// In capitals and half-width, without blanks and dashes between the signs; otherwise as it was written.
    package static func canonical(_ text: String) -> String {
        var signs = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let narrow = (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
            if narrow.properties.isWhitespace || narrow == "-" || narrow == "\u{2013}" { continue }
            signs.append(("a"..."z").contains(narrow) ? Unicode.Scalar(narrow.value - 32) ?? narrow : narrow)
        }
        return String(signs)
    }

    /// A unified social credit code, in its canonical form (GB 32100-2015): 18 signs, of which the third to the eighth are the digits of a
    /// region, and the last makes the sum, weighted by the powers of 3, a multiple of 31.
    package static func isUnifiedSocialCreditCode(_ text: String) -> Bool {
        let signs = Array(text.utf8)
        guard signs.count == length, signs[2..<8].allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        guard signs.allSatisfy(creditSigns.contains) else { return false }
        return creditSum(signs) == 0
    }

    private static func creditSum(_ signs: [UInt8]) -> Int {
        var sum = 0
        var weight = 1
        for sign in signs.dropLast() {
            sum += (creditSigns.firstIndex(of: sign) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return (sum + (signs.last.flatMap(creditSigns.firstIndex) ?? 0)) % 31
    }

    /// A citizen's identity number, in its canonical form (GB 11643-1999): six digits of a region, a day of birth that there was, a number of
    /// the day, and a check digit by ISO 7064 MOD 11-2, of which X stands for 10.
    package static func isCitizenNumber(_ text: String) -> Bool {
        let signs = Array(text.utf8)
        guard signs.count == length, signs.dropLast().allSatisfy({ (0x30...0x39).contains($0) }), signs[0] != 0x30 else { return false }
        let digits = signs.dropLast().map { Int($0) - 0x30 }
        func number(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
        guard number(6..<10) >= 1800, Day(year: number(6..<10), month: number(10..<12), day: number(12..<14)) != nil else { return false }
        let sum = zip(digits, identityWeights).reduce(0) { $0 + $1.0 * $1.1 }
        return identitySigns[sum % 11] == signs[length - 1]
    }
}
