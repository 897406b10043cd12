import Formula
import Testing

/// Whatever is thrown at reader and checker, they answer.
@Suite struct FuzzTests {
    static let seeds: [UInt64] = Array(1...12)

    /// SplitMix64: the same numbers from the same seed, on every machine.
    struct Random: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    static let words = [
        "amount", "quantity", "status", "'new'", "account", ".", "name", "(", ")", ",", "+", "-", "*", "/", "^", "&", "=", "<>", "<", ">=",
        "and", "or", "not", "in", "contains", "between", "is", "blank", "valid", "where", "by", "desc", "as", "if", "if(", "sum(", "count(",
        "let(", "switch(", "latest(", "lines", "activities", "this", "me", "old", "candidate", "body", "users in role sales", "1", "2.5", "13%", "3 days",
        "2h", "5m", "500万", "是", "（", "）", "，", "“", "”", "'", "`", "{", "}", "\u{0}", "👍", "é", "近3月互动次数", "label(", "ifs(", "coalesce(", "due",
        "touched", "watched", "pains", "labels", "score", "lead", "opportunity", "x", "first(", "join(", "max(", "today()", "now()", "iferror(", "left(",
    ]

    private func holds(_ text: String) -> Bool {
        guard SyntaxProbe.rangesLieInside(text) else { return false }
        let (expression, found) = Desk.check(text)
        // Either it is right, or somebody is told why not; and what is right has a value, of whatever record.
        guard let expression else { return !found.isEmpty }
        for number in [1, 3] as [Int64] {
            guard (try? DeskRecords.shared.value(of: expression, opportunity: number)) != nil else { return false }
        }
        return found.isEmpty
    }

    @Test(arguments: seeds)
    func survivesRandomBytes(_ seed: UInt64) {
        var random = Random(state: seed)
        for _ in 0..<200 {
            let bytes = (0..<Int.random(in: 0...60, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(holds(text), "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test(arguments: seeds)
    func survivesRandomWords(_ seed: UInt64) {
        var random = Random(state: seed &* 7919)
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 1...24, using: &random)).map { _ in
                FuzzTests.words[Int.random(in: 0..<FuzzTests.words.count, using: &random)] + (Bool.random(using: &random) ? " " : "")
            }.joined()
            #expect(holds(text), "seed \(seed): \(text.debugDescription)")
        }
    }

    @Test(arguments: seeds)
    func survivesMutations(_ seed: UInt64) {
        var random = Random(state: seed &* 104_729)
        let sources = PrintingTests.printed.map(\.0) + TypeTests.types.map(\.0)
        for _ in 0..<300 {
            var scalars = Array(sources[Int.random(in: 0..<sources.count, using: &random)].unicodeScalars)
            for _ in 0..<Int.random(in: 1...3, using: &random) where !scalars.isEmpty {
                let place = Int.random(in: 0..<scalars.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: scalars.remove(at: place)
                case 1: scalars.insert(scalars[Int.random(in: 0..<scalars.count, using: &random)], at: place)
                case 2: scalars.swapAt(place, Int.random(in: 0..<scalars.count, using: &random))
                default: scalars.insert(contentsOf: FuzzTests.words[Int.random(in: 0..<FuzzTests.words.count, using: &random)].unicodeScalars, at: place)
                }
            }
            let text = String(String.UnicodeScalarView(scalars))
            #expect(holds(text), "seed \(seed): \(text.debugDescription)")
        }
    }

    /// What is right is right again after printing, and means the same.
    @Test(arguments: seeds)
    func printsWhatItUnderstands(_ seed: UInt64) {
        var random = Random(state: seed &* 15_485_863)
        var understood = 0
        for _ in 0..<2_000 {
            let text = (0..<Int.random(in: 1...9, using: &random)).map { _ in
                FuzzTests.words[Int.random(in: 0..<FuzzTests.words.count, using: &random)]
            }.joined(separator: " ")
            guard let expression = Desk.check(text).expression else { continue }
            understood += 1
            let printed = FormulaPrinter().print(SyntaxProbe.parse(text).root)
            let again = Desk.check(printed).expression
            #expect(again.map { Desk.form($0.root) } == Desk.form(expression.root), "seed \(seed): \(text) → \(printed)")
        }
        #expect(understood > 0)
    }
}
