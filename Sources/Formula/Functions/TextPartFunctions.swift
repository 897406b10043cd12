import SourceText

/// Length and parts of a text, counted in Unicode scalars.
enum TextPartFunctions {
    static let all: [FunctionDefinition] = [len, left, right, mid]

    static let len = FunctionDefinition(
        "len", aliases: ["长度", "字数"], [.init([.text("text")], gives: .number)], neverFails: true,
        summary: Words(zh: "文本的字符数。", en: "How many characters a text has."),
        examples: [.init("len('中文😀')", "3"), .init("len('')", "0")],
        body: { (arguments) throws(FormulaFailure) in .whole(try arguments.text(0).unicodeScalars.count) })

    static let left = FunctionDefinition(
        "left", aliases: ["左侧"], [.init([.text("text"), .number("count", .optional)], gives: .text)],
        summary: Words(zh: "左起的若干字符，默认 1 个。", en: "So many characters from the left; 1 if left out."),
        examples: [.init("left('中文', 1)", "中"), .init("left('quote')", "q"), .init("left('ab', 9)", "ab")],
        body: { (arguments) throws(FormulaFailure) in
            let count = try arguments.count(1, else: 1)
            return Value(text: String(try arguments.text(0).unicodeScalars.prefix(count)))
        })

    static let right = FunctionDefinition(
        "right", aliases: ["右侧"], [.init([.text("text"), .number("count", .optional)], gives: .text)],
        summary: Words(zh: "右起的若干字符，默认 1 个。", en: "So many characters from the right; 1 if left out."),
        examples: [.init("right('13812345678', 4)", "5678")],
        body: { (arguments) throws(FormulaFailure) in
            let count = try arguments.count(1, else: 1)
            return Value(text: String(try arguments.text(0).unicodeScalars.suffix(count)))
        })

    static let mid = FunctionDefinition(
        "mid", aliases: ["截取"], [.init([.text("text"), .number("start"), .number("count")], gives: .text)],
        summary: Words(zh: "从第几个字符起的若干字符；首字符为 1。", en: "So many characters from a position on; the first is 1."),
        examples: [.init("mid('报价单-2026', 5, 4)", "2026"), .init("mid('abc', 9, 2) = ''", "是")],
        body: { (arguments) throws(FormulaFailure) in
            let start = try arguments.whole(1)
            guard start >= 1 else { throw FormulaFailure(.domain) }
            let count = try arguments.count(2)
            return Value(text: String(String.UnicodeScalarView(try arguments.text(0).unicodeScalars.dropFirst(start - 1).prefix(count))))
        })
}

extension Arguments {
    /// A whole number of characters.
    ///
    /// - Throws: `.domain` if it is negative.
    func count(_ position: Int, else standard: Int = 0) throws(FormulaFailure) -> Int {
        let count = try whole(position, else: standard)
        guard count >= 0 else { throw FormulaFailure(.domain) }
        return count
    }
}
