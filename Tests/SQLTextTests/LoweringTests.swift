import Formula
import Foundation
import Testing

@testable import SQLText

@Suite struct LoweringTests {
    /// Each formula of `Goldens/conditions.txt` with its SQL below it. `WEIR_RECORD=1` writes the file anew.
    @Test func conditionsBecomeTheSQLInTheGoldenFile() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Goldens/conditions.txt")
        let golden = try String(contentsOf: file, encoding: .utf8)
        var result = ""
        for line in golden.split(separator: "\n", omittingEmptySubsequences: false) where !line.hasPrefix("    ") && !line.isEmpty {
            result += "\(line)\n    \(Orders.condition(String(line)))\n"
        }
        if ProcessInfo.processInfo.environment["WEIR_RECORD"] == "1" {
            try result.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(result == golden)
    }

    @Test func valuesStayApartFromTheText() throws {
        let lowering = try #require(Orders.lowering())
        let expression = try #require(Orders.check("name = 'x''); DROP TABLE order_1; --' and amount > 12.5").expression)
        let condition = try lowering.condition(expression)
        let sqlite = condition.rendered(for: .sqlite)
        #expect(sqlite.text == "(\"order_1\".\"name\" = ? AND \"order_1\".\"amount\" > ?)")
        #expect(sqlite.arguments == [.text("x'); DROP TABLE order_1; --"), .integer(1250)])
        let onPostgres = try #require(Orders.lowering(.postgres)).condition(expression)
        let postgres = onPostgres.rendered(for: .postgres, argumentsBefore: 2)
        #expect(postgres.text == "(\"order_1\".\"name\" = $3::text AND \"order_1\".\"amount\" > $4::text::numeric)")
        #expect(postgres.arguments == [.text("x'); DROP TABLE order_1; --"), .text("12.5")])
    }

    @Test func namesAreQuoted() {
        #expect(Identifier("a\"b").quoted == "\"a\"\"b\"")
        let fragment: SQLFragment = "SELECT \(Identifier("x")) WHERE \(bound: .integer(1)) = \(bound: .null)"
        #expect(fragment.rendered(for: .sqlite) == RenderedSQL(text: "SELECT \"x\" WHERE ? = ?", arguments: [.integer(1), .null]))
    }

    @Test func sortKeysOrderAsTheValues() throws {
        let lowering = try #require(Orders.lowering())
        let byStatus = try #require(Orders.check("status").expression)
        #expect(
            Orders.shown(try lowering.sortKey(byStatus))
                == "CASE order_1.status WHEN ‹'new'› THEN 0 WHEN ‹'paid'› THEN 1 WHEN ‹'lost'› THEN 2 ELSE CASE WHEN order_1.status IS NOT NULL THEN 9223372036854775807 END END")
        let byQuotient = try #require(Orders.check("amount / 4").expression)
        #expect(Orders.shown(try lowering.sortKey(byQuotient)).hasPrefix("fx_order(fx_divide("))
    }

    @Test func namesThatDoubleAtEveryStepAreRefused() throws {
        let lowering = try #require(Orders.lowering())
        var formula = "x40 > 0"
        for step in stride(from: 40, through: 1, by: -1) { formula = "let(x\(step), x\(step - 1) + x\(step - 1), \(formula))" }
        let checked = Orders.check("let(x0, amount, \(formula))")
        let expression = try #require(checked.expression, "\(checked.codes)")
        #expect(throws: NotLowerable.self) { try lowering.condition(expression) }
    }
}

@Suite struct SQLiteFunctionTests {
    private func call(_ name: String, _ arguments: SQLArgument...) throws -> SQLArgument {
        let function = try #require(SQLiteFunctions.all.first { $0.name == name }, "\(name)")
        guard case .scalar(let body) = function.body else { return .null }
        return body(arguments)
    }

    private func aggregate(_ name: String, _ rows: [[SQLArgument]]) throws -> SQLArgument {
        let function = try #require(SQLiteFunctions.all.first { $0.name == name }, "\(name)")
        guard case .aggregate(let make) = function.body else { return .null }
        var accumulator = make()
        for row in rows { accumulator.step(row) }
        return accumulator.result()
    }

    @Test func namesAreUnique() {
        let names = SQLiteFunctions.all.map(\.name)
        #expect(Set(names).count == names.count)
    }

    @Test func arithmeticIsExact() throws {
        #expect(try call("fx_add", .text("0.1"), .text("0.2")) == .text("0.3"))
        #expect(try call("fx_multiply", .integer(.max), .integer(2)) == .text("18446744073709551614"))
        #expect(try call("fx_divide", .integer(1), .integer(0)) == .null)
        #expect(try call("fx_divide_fails", .integer(1), .integer(0)) == .integer(1))
        #expect(try call("fx_divide_fails", .integer(1), .null) == .integer(0))
        #expect(try call("fx_unscale", .integer(-125), .integer(2)) == .text("-1.25"))
        #expect(try call("fx_same", .integer(5), .text("5")) == .integer(1))
        #expect(try call("fx_same", .null, .null) == .integer(1))
        #expect(try call("fx_compare", .text("1.5"), .integer(2)) == .integer(-1))
        #expect(try call("fx_compare", .null, .integer(2)) == .null)
    }

    @Test func orderTextsSortAsNumbers() {
        let numbers = ["-99999999999999999999999999999999999999", "-2.5", "-2", "-0.00000000000000000001", "0", "0.5", "1", "10", "1e37"]
            .compactMap { ExactDecimal($0) }
        let texts = numbers.map(SQLiteFunctions.orderText)
        #expect(texts == texts.sorted())
        #expect(Set(texts).count == numbers.count)
    }

    @Test func functionsOfTheCatalogueAnswerAsInProcess() throws {
        #expect(try call("fx_round", .text("1.005"), .integer(2)) == .text("1.01"))
        #expect(try call("fx_upper", .text("café")) == .text("CAFÉ"))
        #expect(try call("fx_left", .text("上海市"), .integer(2)) == .text("上海"))
        #expect(try call("fx_left_fails", .text("x"), .integer(-1)) == .integer(1))
        #expect(try call("fx_year", .integer(20_496)) == .integer(2026))
        #expect(try call("fx_hour", .integer(1_770_858_000_000_000), .text("Asia/Shanghai")) == .integer(9))
        #expect(try call("fx_year_2", .integer(1_767_196_800_000_000), .text("Asia/Shanghai")) == .integer(2026))
        #expect(try call("fx_edate", .null, .integer(1)) == .null)
        #expect(try call("fx_date_add_days", .integer(2_932_896), .integer(1)) == .null)
        #expect(try call("fx_date_add_days_fails", .integer(2_932_896), .integer(1)) == .integer(1))
        #expect(try call("fx_is_valid", .text("13812345678"), .text("phone"), .text("CN")) == .integer(1))
    }

    @Test func sumsDoNotOverflow() throws {
        let big = Array(repeating: [SQLArgument.integer(.max), .integer(2)], count: 3)
        #expect(try aggregate("fx_sum", big) == .text("276701161105643274.21"))
        #expect(try aggregate("fx_sum", []) == .integer(0))
        #expect(try aggregate("fx_sum", [[.integer(150), .integer(2)], [.null, .integer(2)]]) == .text("1.5"))
        #expect(try aggregate("fx_average", [[.integer(1), .integer(0)], [.integer(2), .integer(0)]]) == .text("1.5"))
        #expect(try aggregate("fx_average", []) == .null)
        #expect(try aggregate("fx_sum_duration", [[.integer(.max)], [.integer(1)]]) == .null)
        #expect(try aggregate("fx_sum_duration_fails", [[.integer(.max)], [.integer(1)]]) == .integer(1))
        #expect(try aggregate("fx_min", [[.text("1.5")], [.integer(-3)], [.null]]) == .integer(-3))
        #expect(try aggregate("fx_median", [[.integer(1), .integer(0)], [.integer(4), .integer(0)]]) == .text("2.5"))
    }

    /// Whatever the database hands over, a function answers.
    @Test func strangeArgumentsNeverTrap() {
        let strange: [SQLArgument] = [
            .null, .integer(0), .integer(.min), .integer(.max), .text(""), .text("x"), .text("99999999999999999999999999999999999999"),
            .text("-0.00000000000000000001"), .real(.nan), .real(1e308), .integer(-1), .text("Asia/Shanghai"),
        ]
        var answers = 0
        for function in SQLiteFunctions.all {
            let counts = function.argumentCount < 0 ? [0, 1, 2, 3, 4] : [function.argumentCount]
            for count in counts {
                for seed in 0..<40 {
                    let arguments = (0..<count).map { strange[(seed * 7 + $0 * 5 + seed / 12) % strange.count] }
                    switch function.body {
                    case .scalar(let body): _ = body(arguments)
                    case .aggregate(let make):
                        var accumulator = make()
                        accumulator.step(arguments)
                        accumulator.step(arguments)
                        _ = accumulator.result()
                    }
                    answers += 1
                }
            }
        }
        #expect(answers > 1000)
    }
}
