import SourceText
import Testing

@testable import Formula

/// Nodes made by hand, apart from any checker.
@Suite struct EvaluatorTests {
    private static let order = ObjectID(index: 0)
    private static let line = ObjectID(index: 1)
    private static let amount = FieldID(object: order, index: 0)
    private static let customer = FieldID(object: order, index: 1)
    private static let broken = FieldID(object: order, index: 2)
    private static let lineOrder = FieldID(object: line, index: 0)
    private static let price = FieldID(object: line, index: 1)
    private static let note = FieldID(object: line, index: 2)

    /// One order with lines of these prices.
    private struct Shop: RowSource {
        var prices: [Value]
        var notes: [Value] = []
        let failsToRead: Bool

        init(_ prices: [Value], notes: [Value] = [], failsToRead: Bool = false) {
            self.prices = prices
            self.notes = notes
            self.failsToRead = failsToRead
        }

        struct Trouble: Error, Equatable {}

        var order: Row { Row(id: RecordID(object: EvaluatorTests.order, number: 1), values: [.number(ExactDecimal(12)), .blank, .failure(FormulaFailure(.divisionByZero))]) }
        private var lines: [Row] {
            prices.enumerated().map { index, price in
                Row(
                    id: RecordID(object: EvaluatorTests.line, number: Int64(index + 1)),
                    values: [.link(order.id), price, index < notes.count ? notes[index] : .blank])
            }
        }

        func row(_ id: RecordID) throws -> Row? { id == order.id ? order : lines.first { $0.id == id } }
        func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] {
            if failsToRead { throw Trouble() }
            return parent == order.id && link == EvaluatorTests.lineOrder ? lines : []
        }
        func rows(of object: ObjectID) throws -> [Row] { object == EvaluatorTests.line ? lines : [order] }
        func users(in role: RoleID) throws -> [Row] { [] }
        func title(of id: RecordID) throws -> String { "№\(id.number)" }
    }

    private func node(_ form: Form, _ type: FormulaType = .number, blank: Bool = false) -> ExpressionNode {
        ExpressionNode(form, type: type, mayBeBlank: blank, range: 0..<0)
    }

    private func number(_ text: String) -> ExpressionNode { node(.literal(ExactDecimal(text).map { .number($0) } ?? .blank)) }
    private func text(_ text: String) -> ExpressionNode { node(.literal(Value(text: text)), .text(.plain)) }

    private func result(_ root: ExpressionNode, _ shop: Shop = Shop([]), variables: Int = 0) throws -> Evaluator.Result {
        let moment = try #require(FormulaRun.moment)
        let span = Span(file: SourceFileID(index: 0), start: 0, end: 0)
        let expression = CheckedExpression(
            root: root, source: EmbeddedText(text: "", span: span, segments: []), reads: FormulaReads(), variableCount: variables)
        return try Evaluator(expression).result(in: Frame(this: shop.order, moment: moment, source: shop))
    }

    private func value(_ root: ExpressionNode, _ shop: Shop = Shop([]), variables: Int = 0) throws -> Value {
        try result(root, shop, variables: variables).value
    }

    private func lines(_ kind: Aggregate.Kind, value: ExpressionNode? = nil, where condition: ExpressionNode? = nil, order: Aggregate.Order? = nil, type: FormulaType = .number)
        -> ExpressionNode
    {
        node(
            .aggregate(
                Aggregate(
                    kind: kind, set: .children(of: node(.record(.this), .link([Self.order])), via: Self.lineOrder), row: 0, value: value, condition: condition,
                    order: order)), type, blank: true)
    }

    private var price: ExpressionNode { node(.field(Self.price, of: .row(0)), blank: true) }
    private var note: ExpressionNode { node(.field(Self.note, of: .row(0)), .text(.plain), blank: true) }

    @Test func arithmeticIsExact() throws {
        let sum = node(.arithmetic(.add, number("0.1"), number("0.2")))
        #expect(try value(sum) == .number(try #require(ExactDecimal("0.3"))))
        #expect(try value(node(.arithmetic(.divide, number("1"), number("0")))) == .failure(FormulaFailure(.divisionByZero)))
        let most = number("99999999999999999999999999999999999999")
        #expect(try value(node(.arithmetic(.add, most, number("1")))) == .failure(FormulaFailure(.overflow)))
        #expect(try value(node(.arithmetic(.power, number("2"), number("100")))) == .number(try #require(ExactDecimal("1267650600228229401496703205376"))))
    }

    /// A failure between others, a blank, and a formula that reads more than its record.
    @Test func manyRecordsTogetherGiveWhatEachGives() throws {
        let amount = node(.convert(.blankAsZero, node(.field(Self.amount, of: .this), blank: true)))
        let quotient = node(.arithmetic(.divide, number("120"), amount))
        let withLines = node(.arithmetic(.add, amount, lines(.sum, value: price)))
        let shop = Shop([.number(ExactDecimal(3)), .number(ExactDecimal(4))])
        let amounts: [[Value]] = [
            [.number(ExactDecimal(12))], [.number(ExactDecimal(0))], [.number(ExactDecimal(5))], [.blank], [.failure(FormulaFailure(.domain))],
            [.number(ExactDecimal(-7))],
        ]
        let rows = amounts.map { Row(id: shop.order.id, values: $0 + [.blank, .blank]) }
        let moment = try #require(FormulaRun.moment)
        let span = Span(file: SourceFileID(index: 0), start: 0, end: 0)
        for root in [quotient, withLines] {
            let evaluator = Evaluator(
                CheckedExpression(root: root, source: EmbeddedText(text: "", span: span, segments: []), reads: FormulaReads(), variableCount: 0))
            let each = try rows.map { try evaluator.value(in: Frame(this: $0, moment: moment, source: shop)) }
            #expect(try evaluator.values(of: rows, in: Frame(this: nil, moment: moment, source: shop)) == each)
        }
        let first = try Evaluator(
            CheckedExpression(root: quotient, source: EmbeddedText(text: "", span: span, segments: []), reads: FormulaReads(), variableCount: 0)
        ).values(of: Array(rows.prefix(3)), in: Frame(this: nil, moment: moment, source: shop))
        #expect(first == [.number(ExactDecimal(10)), .failure(FormulaFailure(.divisionByZero)), .number(ExactDecimal(24))])
    }

    @Test func longChainsNeedNoDeepStack() throws {
        var chain = number("1")
        for _ in 0..<20_000 { chain = node(.arithmetic(.add, chain, number("1"))) }
        #expect(try value(chain) == .number(ExactDecimal(20_001)))
        // Taken apart from the outside, so that freeing it needs no deep stack either.
        while case .arithmetic(_, let left, _) = chain.form { chain = left }
    }

    @Test func blanksFollowTheRules() throws {
        let blank = node(.literal(.blank), .number, blank: true)
        #expect(try value(node(.arithmetic(.add, node(.convert(.blankAsZero, blank)), number("1")))) == .number(ExactDecimal(1)))
        #expect(try value(node(.compare(.equal, blank, number("0")), .bool)) == .bool(false))
        #expect(try value(node(.compare(.equal, blank, blank), .bool)) == .bool(true))
        #expect(try value(node(.compare(.notEqual, blank, number("0")), .bool)) == .bool(true))
        #expect(try value(node(.compare(.lessOrEqual, blank, number("0")), .bool)) == .bool(false))
        #expect(try value(node(.concatenate([blank, text("a")]), .text(.plain))) == .text("a"))
        #expect(try value(node(.concatenate([blank]), .text(.plain))) == .blank)
        #expect(try value(node(.not(node(.literal(.blank), .bool, blank: true)), .bool)) == .bool(true))
    }

    @Test func failuresTravelAndLazyFormsStopThem() throws {
        let broken = node(.field(Self.broken, of: .this), blank: true)
        #expect(try value(broken) == .failure(FormulaFailure(.divisionByZero)))
        #expect(try value(node(.arithmetic(.add, number("1"), node(.convert(.blankAsZero, broken))))) == .failure(FormulaFailure(.divisionByZero)))
        #expect(try value(node(.ifError(broken, number("7")))) == .number(ExactDecimal(7)))
        #expect(try value(node(.isError(broken), .bool)) == .bool(true))
        #expect(try value(node(.coalesce([number("1"), broken]))) == .number(ExactDecimal(1)))
        let holds = node(.literal(.bool(true)), .bool)
        #expect(try value(node(.conditional([.init(condition: holds, value: number("1"))], otherwise: broken))) == .number(ExactDecimal(1)))
        let fails = node(.compare(.equal, broken, number("1")), .bool)
        #expect(try value(node(.and([node(.not(holds), .bool), fails]), .bool)) == .bool(false))
        #expect(try value(node(.and([fails, node(.not(holds), .bool)]), .bool)) == .failure(FormulaFailure(.divisionByZero)))
        // A name that fails and is not used does no harm.
        #expect(try value(node(.bind(slot: 0, broken, body: number("3"))), variables: 1) == .number(ExactDecimal(3)))
    }

    @Test func aggregatesSkipBlanksAndFailedRows() throws {
        let shop = Shop([.number(ExactDecimal(10)), .blank, .failure(FormulaFailure(.domain)), .number(ExactDecimal(4))])
        let sum = try result(lines(.sum, value: price), shop)
        #expect(sum == Evaluator.Result(value: .number(ExactDecimal(14)), rowsLeftOut: 1))
        #expect(try value(lines(.count), shop) == .number(ExactDecimal(4)))
        #expect(try value(lines(.count, value: price), shop) == .number(ExactDecimal(2)))
        #expect(try value(lines(.average, value: price), shop) == .number(ExactDecimal(7)))
        #expect(try value(lines(.median, value: price), shop) == .number(ExactDecimal(7)))
        #expect(try value(lines(.minimum, value: price), shop) == .number(ExactDecimal(4)))
        #expect(try value(lines(.maximum, value: price), shop) == .number(ExactDecimal(10)))
        #expect(try value(lines(.sum, value: price), Shop([])) == .number(.zero))
        #expect(try value(lines(.average, value: price), Shop([])) == .blank)
        #expect(try value(lines(.exists, type: .bool), Shop([])) == .bool(false))
        let dear = node(.compare(.greater, price, number("5")), .bool)
        #expect(try value(lines(.exists, where: dear, type: .bool), shop) == .bool(true))
        #expect(try value(lines(.all, value: dear, type: .bool), Shop([.number(ExactDecimal(6))])) == .bool(true))
        #expect(try value(lines(.all, value: dear, type: .bool), shop) == .bool(false))
    }

    @Test func firstLastAndJoinKeepTheirOrder() throws {
        let shop = Shop([.number(ExactDecimal(2)), .number(ExactDecimal(9)), .blank, .number(ExactDecimal(2))], notes: [.text("a"), .text("b"), .text("c"), .text("d")])
        let byPrice = Aggregate.Order(key: price, descending: false), down = Aggregate.Order(key: price, descending: true)
        #expect(try value(lines(.first, value: note, type: .text(.plain)), shop) == .text("a"))
        #expect(try value(lines(.first, value: note, order: byPrice, type: .text(.plain)), shop) == .text("c"))
        #expect(try value(lines(.last, value: note, order: byPrice, type: .text(.plain)), shop) == .text("b"))
        #expect(try value(lines(.first, value: note, order: down, type: .text(.plain)), shop) == .text("b"))
        #expect(try value(lines(.join, value: note, order: byPrice, type: .text(.plain)), shop) == .text("c、a、d、b"))
        #expect(try value(lines(.last, type: .link([Self.line])), shop) == .link(RecordID(object: Self.line, number: 4)))
    }

    @Test func theSourcesTroubleIsThrownAndNotSwallowed() {
        #expect(throws: Shop.Trouble.self) {
            try value(node(.ifError(lines(.sum, value: price), number("0"))), Shop([], failsToRead: true))
        }
    }

    @Test func workIsBounded() throws {
        let rows = Shop(Array(repeating: .number(.one), count: 4000))
        let inner = Aggregate(kind: .count, set: .all(Self.line), row: 1, value: nil, condition: nil, order: nil)
        let nested = lines(.sum, value: node(.aggregate(inner)))
        #expect(try value(node(.ifError(nested, number("0"))), rows) == .failure(FormulaFailure(.limit)))
        let long = text(String(repeating: "长", count: 20_000))
        #expect(try value(node(.concatenate([long, long]), .text(.plain))) == .failure(FormulaFailure(.limit)))
    }

    @Test func pathsAreSafeAndTextsCompareByCodePoints() throws {
        let missing = node(.follow(node(.field(Self.customer, of: .this), .link([Self.order]), blank: true), Self.amount), blank: true)
        #expect(try value(missing) == .blank)
        let this = node(.record(.this), .link([Self.order]))
        #expect(try value(node(.follow(this, Self.amount), blank: true)) == .number(ExactDecimal(12)))
        #expect(try value(node(.convert(.toText, this), .text(.plain))) == .text("№1"))
        // The same to the eye, and not the same text.
        #expect(try value(node(.compare(.equal, text("é"), text("e\u{301}")), .bool)) == .bool(false))
        #expect(try value(node(.compare(.less, text("Z"), text("a")), .bool)) == .bool(true))
        #expect(try value(node(.compare(.less, text("\u{FFFD}"), text("\u{1F600}")), .bool)) == .bool(true))
        #expect(try value(node(.contains(text("报价单"), text("价")), .bool)) == .bool(true))
    }

    @Test func daysKeepTheWallClockAndHoursDoNot() throws {
        let berlin = try #require(Zone(name: "Europe/Berlin"))
        let evening = try #require(Instant(local: "2026-03-28 20:00", in: berlin))
        #expect(try TimeOperator.datetimeAddDays.apply(.instant(evening), .number(.one), zone: berlin) == .instant(try #require(Instant(local: "2026-03-29 20:00", in: berlin))))
        #expect(
            try TimeOperator.datetimeAddDuration.apply(.instant(evening), .duration(TimeSpan(microseconds: Microseconds.perDay)), zone: berlin)
                == .instant(try #require(Instant(local: "2026-03-29 21:00", in: berlin))))
        #expect(throws: FormulaFailure(.badDate)) { try TimeOperator.dateAddDays.apply(.date(.last), .number(.one), zone: berlin) }
    }
}

@Suite struct EvaluatedFormulaTests {
    @Test(arguments: [
        ("0.1 + 0.2 = 0.3", "是"), ("2 ^ 10", "1024"), ("10 / 4", "2.5"), ("1 / 3", "0.33333333333333333333"), ("13%", "0.13"), ("500万", "5000000"),
        ("'新线索' & 3", "新线索3"), ("if(1 > 2, 'a', 'b')", "b"), ("switch('x', 'x', 1, 'y', 2, 0)", "1"), ("let(x, 3, x * x)", "9"),
        ("today() + 7", "2026-02-19"), ("now() + 2h", "2026-02-12 11:00"), ("now() - 90min", "2026-02-12 07:30"), ("sum(1, 2, 3.5)", "6.5"),
        ("max(3, 7, 5)", "7"), ("coalesce(blank, 5)", "5"), ("iferror(1 / 0, -1)", "-1"), ("'a' in ('a', 'b')", "是"), ("5 between 1 and 10", "是"),
        ("'报价单' contains '价'", "是"), ("2h + 30min", "2h30min"), ("90min / 1h", "1.5"), ("round(2.5, 0) & '%'", "3%"), ("四舍五入(2.345, 2)", "2.35"),
        ("date(2026, 3, 1) - date(2026, 2, 1)", "28"), ("1 / 0", "除数为零"), ("mod(-7, 3) + quotient(-7, 2)", "-1"), ("not (1 = 1)", "否"),
    ])
    func means(formula: String, result: String) throws {
        #expect(try FormulaRun.text(of: formula) == result)
    }
}
