import JSON
import Testing

@Suite struct JSONTests {
    @Test func readsEveryKindOfValueInOrder() throws {
        let value = try JSONValue.parse(#" {"b": [1, -0.50, 1e3, "x\n\u00e9\ud83d\ude00\/", true, false, null, {}, []], "a": "中文"} "#)
        #expect(
            value
                == .object([
                    .init("b", .array([.number("1"), .number("-0.50"), .number("1e3"), "x\né😀/", true, false, nil, .object([]), []])),
                    .init("a", "中文"),
                ]))
        #expect(value["a"]?.asString == "中文")
        #expect(value["b"]?.asArray?.first?.asInt == 1)
        #expect(value["missing"] == nil)
    }

    @Test(arguments: [
        #"{"id":"lead/123","version":4,"fields":{"a":1.50,"b":null,"c":[true,false],"d":"\"\\\n\u0001\u007f😀"}}"#,
        "0", "-12345678901234567890.000001E+10", #""""#, "[]", "{}", "[[],{}]",
    ])
    func writesWhatItRead(_ text: String) throws {
        let value = try JSONValue.parse(text)
        #expect(value.text() == text)
        #expect(try JSONValue.parse(value.text(pretty: true)) == value)
        #expect(try JSONValue.parse(value.utf8()) == value)
    }

    @Test func writesPretty() {
        let value: JSONValue = ["a": [1, 2], "b": [:], "c": []]
        #expect(value.text(pretty: true) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": {},\n  \"c\": []\n}")
    }

    @Test(arguments: [
        ("", JSONError.Kind.empty, 1, 1), ("  ", .empty, 1, 3), ("{", .unexpectedEnd, 1, 2), ("[1,]", .unexpected(.value), 1, 4),
        ("{\"a\":1,}", .unexpected(.name), 1, 8), ("{\"a\" 1}", .unexpected(.colon), 1, 6), ("{a:1}", .unexpected(.name), 1, 2),
        ("[1 2]", .unexpected(.commaOrBracket), 1, 4), ("{\"a\":1 \"b\"", .unexpected(.commaOrBrace), 1, 8),
        ("01", .invalidNumber, 1, 1), ("-", .invalidNumber, 1, 1), ("1.", .invalidNumber, 1, 1), ("[1e]", .invalidNumber, 1, 2),
        (".5", .unexpected(.value), 1, 1), ("+1", .unexpected(.value), 1, 1), ("NaN", .unexpected(.value), 1, 1), ("tru", .unexpectedEnd, 1, 4),
        ("trux", .unexpected(.value), 1, 1), ("1 1", .textBehindTheDocument, 1, 3), ("nullx", .textBehindTheDocument, 1, 5),
        (#"["\ud800"]"#, .loneSurrogate, 1, 3), (#"["\udc00"]"#, .loneSurrogate, 1, 3), (#"["\ud800\u0041"]"#, .loneSurrogate, 1, 3),
        (#"["\x"]"#, .invalidEscape, 1, 3), (#"["\u12g4"]"#, .invalidEscape, 1, 3), ("[\"a\tb\"]", .controlCharacterInString, 1, 4),
        ("[\n \"中文\", x]", .unexpected(.value), 2, 8), ("// c\n1", .unexpected(.value), 1, 1), ("'a'", .unexpected(.value), 1, 1),
        (#"{"a":1,"a":2}"#, .duplicateName("a"), 1, 8), (#"{"a":1,"\u0061":2}"#, .duplicateName("a"), 1, 8),
    ])
    func refusesWithThePlace(_ text: String, _ kind: JSONError.Kind, _ line: Int, _ column: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(text) }
        #expect(error?.kind == kind)
        #expect(error?.line == line)
        #expect(error?.column == column)
        #expect(error?.english.isEmpty == false && error?.chinese.isEmpty == false)
    }

    @Test(arguments: [([0x22, 0x61, 0xFF, 0x22] as [UInt8], 2), ([0x22, 0xC0, 0x80, 0x22], 1), ([0x22, 0xED, 0xA0, 0x80, 0x22], 1), ([0x22, 0x5C, 0x6E, 0xE4, 0xB8, 0x22], 3)])
    func refusesWhatIsNotUTF8(_ bytes: [UInt8], _ offset: Int) {
        let error = #expect(throws: JSONError.self) { try JSONValue.parse(bytes) }
        #expect(error?.kind == .invalidUTF8)
        #expect(error?.offset == offset)
    }

    @Test func passesOverAByteOrderMark() throws {
        #expect(try JSONValue.parse([0xEF, 0xBB, 0xBF, 0x31]) == 1)
    }

    @Test func holdsItsBounds() throws {
        let deepest = String(repeating: "[", count: 512) + String(repeating: "]", count: 512)
        #expect(try JSONValue.parse(deepest).text() == deepest)
        #expect(#expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "[", count: 100_000)) }?.kind == .tooDeep(limit: 512))
        #expect(#expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: #"{"a":"#, count: 100_000)) }?.kind == .tooDeep(limit: 512))
        #expect(#expect(throws: JSONError.self) { try JSONValue.parse(String(repeating: "1", count: 1_001)) }?.kind == .numberTooLong(limit: 1_000))
        var small = JSONLimits()
        small.bytes = 4
        #expect(#expect(throws: JSONError.self) { try JSONValue.parse("[1,2]", limits: small) }?.kind == .tooLarge(limitBytes: 4))
    }

    @Test func findsADuplicateAmongManyNames() throws {
        let many = (0..<2_000).map { "\"n\($0)\":\($0)" }.joined(separator: ",")
        #expect(try JSONValue.parse("{\(many)}").asObject?.count == 2_000)
        #expect(#expect(throws: JSONError.self) { try JSONValue.parse("{\(many),\"n7\":0}") }?.kind == .duplicateName("n7"))
    }

    @Test(arguments: 0..<40)
    func neverTrapsOnDamagedDocuments(_ seed: UInt64) {
        var random = SplitMix(seed)
        let seedText = Array(#"{"a":[1,-2.5e+10,"x\n\u4e2d\ud83d\ude00"],"b":{"c":null,"d":true},"中":"文"}"#.utf8)
        for _ in 0..<250 {
            var bytes = seedText
            for _ in 0...Int(random.next() % 4) {
                let at = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[at] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: at)
                default: bytes.insert("{}[]\",:\\u0e-".utf8.randomly(random.next()), at: at)
                }
            }
            if let value = try? JSONValue.parse(bytes) {
                #expect((try? JSONValue.parse(value.utf8())) == value)
            }
        }
    }

    @Test(
        "a whole number is one, however it is written",
        arguments: [
            ("12", 12), ("12.0", 12), ("1.2e1", 12), ("120E-1", 12), ("-3.00", -3), ("-0.0", 0), ("0e5", 0), ("9007199254740991.0", 9_007_199_254_740_991),
            ("9223372036854775807", .max), ("1.5", nil), ("1e-1", nil), ("9223372036854775808", nil), ("1e400", nil), ("1e99999999999999999999", nil),
        ] as [(String, Int?)])
    func wholeNumbers(written: String, is number: Int?) throws {
        #expect(try JSONValue.parse(Array(written.utf8)).asInt == number)
    }
}

/// A small generator with a seed, so that a failure can be repeated.
struct SplitMix {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}

extension Collection<UInt8> {
    func randomly(_ number: UInt64) -> UInt8 { self[index(startIndex, offsetBy: Int(number % UInt64(count)))] }
}
