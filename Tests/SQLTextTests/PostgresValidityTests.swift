import Formula
import Testing

@testable import SQLText

/// What PostgreSQL holds for a valid number is what is valid in process: for numbers that are right, and for those with a sign changed.
@Suite struct PostgresValidityTests {
    private static let phones = [
        "13812345678", "12812345678", "+86 138 1234 5678", "0086-13812345678", "8613812345678", "+1 415 555 2671", "010-62345678", "（010）6234－5678",
        "0571 8765432", "05718765432", "057187654321", "400-800-1234", "8008001234", "+861062345678", "+8657187654321", "1381234567a", "138****5678", "",
        " ", "+", "++8613812345678", "138+12345678", "021-12345678", "0101234567", "+44 20 7946 0958", "12345", "00441234567890",
        "138\u{a0}1234\u{a0}5678", "１３８12345678",
    ]
    private static let organisations = [
        "91350100M000100Y43", "91350100m000100y43", "９１350100M000100Y43", "91350100-M000100Y4 3", "91350100M000100Y44", "9135010OM000100Y43", "x", "",
        "91350100M000100Y4", "91350100M000100Y433",
    ]
    private static let people = [
        "11010519491231002X", "11010519491231002x", "110105194912310021", "440524188001010014", "44052418800101001４", "110105194913310020",
        "010105194912310020", "110105 19491231 002X", "11010519490229002X", "", "x",
    ]

    @Test(arguments: [("phone", phones), ("uscc", organisations), ("cn_id", people)]) func agree(kind: String, texts: [String]) throws {
        guard let server = PostgresServer.shared else { return }
        let database = try PostgresOrders(OrdersRows(), on: server)
        let all = texts.flatMap { text in [text] + Self.changed(text) }
        for start in stride(from: 0, to: all.count, by: 500) {
            let some = Array(all[start..<min(start + 500, all.count)])
            let values = SQLFragment.joined(some.map { "(\(bound: .text($0)))" }, by: ", ")
            let call: SQLFragment =
                switch kind {
                case "phone": "fx_valid_phone(t, 'CN')::int, fx_valid_phone(t, 'DE')::int"
                case "uscc": "fx_valid_uscc(t)::int, 0"
                default: "fx_valid_cn_id(t)::int, 0"
                }
            for (text, row) in zip(some, try database.run("SELECT \(call) FROM (VALUES \(values)) AS v (t)")) {
                let ours: [Bool] =
                    switch kind {
                    case "phone": [TextValidity.isValid(text, as: .phone(region: "CN")), TextValidity.isValid(text, as: .phone(region: "DE"))]
                    case "uscc": [TextValidity.isValid(text, as: .uscc), false]
                    default: [TextValidity.isValid(text, as: .citizenNumber), false]
                    }
                #expect(row == ours.map { .integer($0 ? 1 : 0) }, "\(kind) \(text)")
            }
        }
        #expect(all.contains { TextValidity.isValid($0, as: kind == "phone" ? .phone(region: "CN") : kind == "uscc" ? .uscc : .citizenNumber) })
    }

    /// The text with each sign replaced, and with each left out.
    private static func changed(_ text: String) -> [String] {
        let signs = Array(text)
        return signs.indices.flatMap { index -> [String] in
            ["0", "1", "2", "7", "X", "a", "+", " ", ""].map { sign in String(signs[..<index]) + sign + String(signs[(index + 1)...]) }
        }
    }
}
