import Formula
import Model
import SourceText
import Testing

private let shanghai: Zone = Zone(name: "Asia/Shanghai") ?? .utc
private let levels = OptionList(
    name: "level",
    options: [.init(key: "low", labelZh: "低", labelEn: "Low"), .init(key: "mid", labelZh: "中", labelEn: "Middle"), .init(key: "high", labelZh: "高", labelEn: "High")])

private func number(_ text: String) -> Value { ExactDecimal(text).map(Value.number) ?? .blank }

@Suite struct ReadingTests {
    private func read(_ text: String, as kind: FieldKind) -> Result<Value, ValueIssue> { kind.parse(text, zone: shanghai) }

    @Test(arguments: [
        ("1200", "1200"), (" 1,234,567.5 ", "1234567.5"), ("１２００", "1200"), ("1.5万", "15000"), ("2亿", "200000000"), ("3 千", "3000"), ("5M", "5000000"),
        ("-0.5", "-0.5"), ("0.1234567", "0.123457"), ("1.2万亿", "1200000000000"),
    ])
    func numbers(_ text: String, _ value: String) {
        #expect(read(text, as: .number(decimals: 6)) == .success(number(value)))
    }

    @Test(arguments: ["twelve", "1,23", "12,3456", "1e3", "12%", "5m", "1.2.3", "万", "--1"])
    func whatIsNoNumber(_ text: String) {
        #expect(read(text, as: .number(decimals: 6)) == .failure(.notANumber))
    }

    @Test func numbersThatNoColumnHolds() {
        #expect(read("9999999999999999999", as: .number(decimals: 6)) == .failure(.tooLarge))
        #expect(FieldKind.number(decimals: 10).issue(with: number("1000000000")) == .tooLarge)
        #expect(FieldKind.number(decimals: 0).issue(with: number("1000000000")) == nil)
    }

    @Test(arguments: [("¥1,200", "1200"), ("￥12.345", "12.35"), ("50万元", "500000"), ("CNY 3", "3"), ("-¥5", "-5"), ("5", "5")])
    func amounts(_ text: String, _ value: String) {
        #expect(read(text, as: .money(decimals: 2, currency: "CNY")) == .success(number(value)))
    }

    @Test func anotherCurrencyIsNotTaken() {
        #expect(read("$5", as: .money(decimals: 2, currency: "CNY")) == .failure(.wrongCurrency(wanted: "CNY")))
        #expect(read("USD 5", as: .money(decimals: 2, currency: "CNY")) == .failure(.wrongCurrency(wanted: "CNY")))
        #expect(read("US$5", as: .money(decimals: 2, currency: "USD")) == .success(number("5")))
    }

    @Test func percentages() {
        let kind = FieldKind.percent(decimals: 6)
        #expect(read("12%", as: kind) == .success(number("0.12")))
        #expect(read("12％", as: kind) == .success(number("0.12")))
        #expect(read("0.12", as: kind) == .success(number("0.12")))
        #expect(read("1", as: kind) == .success(number("1")))
        #expect(read("150%", as: kind) == .success(number("1.5")))
        #expect(read("12", as: kind) == .failure(.percentAboveOne))
        #expect(read("a%", as: kind) == .failure(.notAPercent))
    }

    @Test(arguments: ["2026-11-02", "2026/11/2", "2026.11.2", "2026年11月2日", "20261102", "２０２６-11-02", "2026-11-02 00:00:00"])
    func days(_ text: String) throws {
        let day = try #require(Day(year: 2026, month: 11, day: 2))
        #expect(read(text, as: .date) == .success(.date(day)))
    }

    @Test(arguments: ["2026-13-01", "2026-02-30", "2026-11/02", "02.11.2026", "2026年11月2", "tomorrow", "2026-11-02 14:30", "2026-11-0214"])
    func whatIsNoDay(_ text: String) {
        #expect(read(text, as: .date) == .failure(.notADate))
    }

    @Test(arguments: [
        ("2026-11-02 14:30", "2026-11-02T06:30:00Z"), ("2026-11-02T14:30:05", "2026-11-02T06:30:05Z"), ("2026/11/2 9:05", "2026-11-02T01:05:00Z"),
        ("2026年11月2日14:30", "2026-11-02T06:30:00Z"), ("2026-11-02T14:30:00+09:00", "2026-11-02T05:30:00Z"), ("2026-11-02", "2026-11-01T16:00:00Z"),
    ])
    func instants(_ text: String, _ instant: String) throws {
        #expect(read(text, as: .datetime) == .success(.instant(try #require(Instant(instant)))))
    }

    @Test func durations() {
        #expect(read("25min", as: .duration) == .success(.duration(TimeSpan(microseconds: 25 * 60_000_000))))
        #expect(read("1小时30分钟", as: .duration) == .success(.duration(TimeSpan(microseconds: 90 * 60_000_000))))
        #expect(read("25", as: .duration) == .failure(.notADuration))
        #expect(read("5m", as: .duration) == .failure(.notADuration))
    }

    @Test(arguments: [("yes", true), ("是", true), ("1", true), ("TRUE", true), ("no", false), ("否", false), ("0", false)])
    func switches(_ text: String, _ value: Bool) {
        #expect(read(text, as: .bool) == .success(.bool(value)))
        #expect(read("maybe", as: .bool) == .failure(.notYesOrNo))
    }

    @Test func options() {
        #expect(read("mid", as: .choice(levels)) == .success(.option("mid")))
        #expect(read("中", as: .choice(levels)) == .success(.option("mid")))
        #expect(read("middle", as: .choice(levels)) == .success(.option("mid")))
        #expect(read("low; mid", as: .choice(levels)) == .failure(.severalOptions))
        #expect(read("hihg", as: .choice(levels)) == .failure(.unknownOption("hihg", meant: "high", options: levels.options.map { Words(zh: $0.labelZh, en: $0.labelEn) })))
        #expect(read("高、low；高", as: .choices(levels)) == .success(.options(["low", "high"])))
        #expect(read(" ; ", as: .choices(levels)) == .success(.blank))
        #expect(read("b, a，b", as: .tags) == .success(.options(["b", "a"])))
    }

    @Test func listsAreReadEntryByEntry() {
        #expect(FieldKind.tags.parse(list: ["a, b", " c ", "c", ""]) == .success(.options(["a, b", "c"])))
        #expect(FieldKind.choices(levels).parse(list: ["高", "low"]) == .success(.options(["low", "high"])))
        #expect(FieldKind.choices(levels).parse(list: []) == .success(.blank))
        #expect(FieldKind.text.parse(list: ["a"]) == .failure(.wrongKind(wanted: FieldKind.text.words)))
    }

    @Test func nothingIsBlankForEveryKind() {
        let kinds: [FieldKind] = [
            .text, .longText, .number(decimals: 0), .money(decimals: 2, currency: "CNY"), .percent(decimals: 2), .bool, .date, .datetime, .duration,
            .choice(levels), .choices(levels), .tags, .email, .url, .phone(region: "CN"), .link(to: [ObjectID(index: 0)]),
        ]
        for kind in kinds {
            for text in ["", "  ", "\u{3000}"] { #expect(read(text, as: kind) == .success(.blank), "\(kind)") }
        }
    }

    @Test func whatFitsIsJudgedAfterCleaning() {
        #expect(read("not an address", as: .email) == .success(.text("not an address")))
        #expect(FieldKind.email.issue(with: .text("not an address")) == .notAnEmail)
        #expect(FieldKind.email.issue(with: .text("zhang@example.com")) == nil)
        #expect(FieldKind.url.issue(with: .text("javascript:alert(1)")) == .notAURL)
        #expect(FieldKind.phone(region: "CN").issue(with: .text("138****5678")) == nil)
        #expect(FieldKind.text.issue(with: .text(String(repeating: "字", count: 1_001))) == .tooLong(limit: 1_000))
        #expect(FieldKind.text.issue(with: .text("a\u{0}b")) == .controlCharacter)
        #expect(FieldKind.choice(levels).issue(with: .option("none")) != nil)
        #expect(FieldKind.date.issue(with: .bool(true)) == .wrongKind(wanted: FieldKind.date.words))
        #expect(FieldKind.link(to: [ObjectID(index: 1)]).issue(with: .link(RecordID(object: ObjectID(index: 2), number: 1))) == .notARecord)
    }
}

@Suite struct DisplayTests {
    private func shown(_ value: Value, _ kind: FieldKind, _ language: Language = .zh) -> String {
        kind.display(value, language: language, zone: shanghai) { "#\($0.number)" }
    }

    @Test func valuesAsPeopleReadThem() throws {
        #expect(shown(number("1234567.5"), .money(decimals: 2, currency: "CNY")) == "¥1,234,567.50")
        #expect(shown(number("-3"), .money(decimals: 2, currency: "CHF")) == "-CHF 3.00")
        #expect(shown(number("0.125"), .percent(decimals: 6)) == "12.5%")
        #expect(shown(number("1000"), .number(decimals: 6)) == "1,000")
        #expect(shown(number("999.25"), .number(decimals: 6)) == "999.25")
        #expect(shown(.bool(true), .bool) == "是")
        #expect(shown(.bool(false), .bool, .en) == "no")
        #expect(shown(.instant(try #require(Instant("2026-11-02T06:30:00Z"))), .datetime) == "2026-11-02 14:30")
        #expect(shown(.options(["low", "high"]), .choices(levels)) == "低、高")
        #expect(shown(.options(["low", "high"]), .choices(levels), .en) == "Low, High")
        #expect(shown(.link(RecordID(object: ObjectID(index: 0), number: 7)), .link(to: [ObjectID(index: 0)])) == "#7")
        #expect(shown(.failure(FormulaFailure(.divisionByZero)), .number(decimals: 2)) == "除数为零")
        #expect(shown(.blank, .text) == "")
    }

    @Test func whatAFileHoldsIsReadBack() throws {
        let instant = try #require(Instant("2026-11-02T06:30:05Z"))
        let values: [(Value, FieldKind)] = [
            (number("1234567.5"), .money(decimals: 2, currency: "CNY")), (number("1.5"), .percent(decimals: 6)), (number("-0.000001"), .number(decimals: 6)),
            (.bool(false), .bool), (.date(try #require(Day(year: 2026, month: 2, day: 28))), .date), (.instant(instant), .datetime),
            (.duration(TimeSpan(microseconds: 5_400_000_000)), .duration), (.option("high"), .choice(levels)), (.options(["low", "high"]), .choices(levels)),
            (.options(["排产", "质检"]), .tags), (.text("a, b"), .text), (.blank, .date),
        ]
        for (value, kind) in values {
            let text = kind.plainText(value, zone: shanghai) { "\($0.number)" }
            #expect(kind.parse(text, zone: shanghai) == .success(value), "\(text)")
        }
    }
}
