import Testing

@testable import Formula

@Suite struct ExactDecimalTests {
    @Test func agreesWithIndependentArithmetic() throws {
        let rows = decimalTable.split(separator: "\n")
        #expect(rows.count >= 300)
        for row in rows {
            let parts = row.split(separator: " ")
            let left = try ExactDecimal(parsing: parts[1]), right = try ExactDecimal(parsing: parts[2])
            let result: String
            do throws(FormulaFailure) {
                switch parts[0] {
                case "+": result = try left.adding(right).description
                case "-": result = try left.subtracting(right).description
                case "*": result = try left.multiplied(by: right).description
                case "/": result = try left.divided(by: right).description
                case "%": result = try left.modulo(right).description
                case "<": result = String(left.compared(to: right))
                case "round": result = try left.rounded(decimals: right.truncatedInt ?? 0).description
                case "down": result = try left.rounded(.down, decimals: right.truncatedInt ?? 0).description
                default: result = try left.rounded(.awayFromZero, decimals: right.truncatedInt ?? 0).description
                }
            } catch {
                result = error.code.rawValue
            }
            #expect(result == String(parts[3]), "\(row)")
            // What was read is written the same way, and the order of both sides is opposite.
            #expect(left.description == String(parts[1]))
            #expect(left.compared(to: right) == -right.compared(to: left))
            #expect((left < right) == (left.compared(to: right) < 0))
        }
    }

    @Test(arguments: [
        ("1e3", "1000"), ("1.5E-3", "0.0015"), ("-.5", "-0.5"), ("+7.", "7"), ("000.100", "0.1"), ("1e-21", "0"), ("5e-21", "0.00000000000000000001"),
        ("0e999999999", "0"), ("1e37", "10000000000000000000000000000000000000"), ("0.00", "0"), ("-0", "0"), ("100000000000000000000000000000000000000e-1", "10000000000000000000000000000000000000"),
        ("1.000000000000000000000000000000000000000000000000", "1"),
    ])
    func reads(text: String, as expected: String) {
        #expect(ExactDecimal(text)?.description == expected)
    }

    @Test(arguments: ["", "-", ".", "1.2.3", "1e", "1e+", "abc", "1 ", "0x10", "--1", "1e38", "1e99999999999", "NaN", "inf", "１"])
    func refuses(text: String) {
        #expect(ExactDecimal(text) == nil)
    }

    @Test func tellsTooManyDigitsFromNoNumber() {
        #expect(throws: FormulaFailure(.overflow)) { try ExactDecimal(parsing: "1e38") }
        #expect(throws: FormulaFailure(.badNumber)) { try ExactDecimal(parsing: "1,5") }
    }

    @Test func scalesToColumnsAndBack() {
        #expect(ExactDecimal("12.345")?.scaled(decimals: 2) == 1235)
        #expect(ExactDecimal("-12.345")?.scaled(decimals: 2) == -1235)
        #expect(ExactDecimal("12")?.scaled(decimals: 6) == 12_000_000)
        #expect(ExactDecimal("92233720368547758.07")?.scaled(decimals: 2) == .max)
        #expect(ExactDecimal("92233720368547758.08")?.scaled(decimals: 2) == nil)
        #expect(ExactDecimal(scaled: .min, decimals: 20).description == "-0.09223372036854775808")
        #expect(ExactDecimal(scaled: 1200, decimals: 2) == ExactDecimal(12))
    }

    @Test func approximatesWithFifteenDigits() throws {
        #expect(try ExactDecimal(approximating: 0.1 + 0.2).description == "0.3")
        #expect(try ExactDecimal(approximating: 2.0.squareRoot()).description == "1.4142135623731")
        #expect(try ExactDecimal(approximating: 1e300.squareRoot() * 0).description == "0")
        #expect(throws: FormulaFailure(.overflow)) { try ExactDecimal(approximating: 1e300) }
        #expect(throws: FormulaFailure(.domain)) { try ExactDecimal(approximating: .nan) }
        #expect(try ExactDecimal(approximating: 1e-30).isZero)
        #expect(ExactDecimal("12345678901234567890.5").map { Swift.abs($0.doubleValue - 12345678901234567890.5) < 4096 } == true)
    }

    /// Half of the last digit is no half, but a little more or less in binary.
    @Test(arguments: [(1_200.0, "34.6410161513775"), (18, "4.24264068711928"), (2, "1.4142135623731"), (0.4, "0.632455532033676")])
    func fifteenDigitsAreThoseOfTheNumber(square: Double, root: String) throws {
        #expect(try ExactDecimal(approximating: square.squareRoot()).description == root)
    }

    @Test func doublesAreTheNearest() throws {
        for text in ["1.14285714285714285714", "0.1", "-9007199254740993", "12345678901234567890123456789012345678", "0.00000000000000000001"] {
            #expect(try #require(ExactDecimal(text)).doubleValue == Double(text), "\(text)")
        }
    }
}
