import SourceText

/// Texts made from texts.
enum TextRewritingFunctions {
    static let all: [FunctionDefinition] = [trim, substitute, replace, rept]

    static let trim = FunctionDefinition(
        "trim", aliases: ["去空格"], [.init([.text("text")], gives: .text)], neverFails: true,
        summary: Words(zh: "去掉首尾空格，中间的连续空格并为一个。", en: "Without blanks at both ends, and runs of blanks inside as one."),
        examples: [.init("trim('  a   b ')", "a b")],
        body: { (arguments) throws(FormulaFailure) in
            Value(text: try arguments.text(0).split(separator: " ").joined(separator: " "))
        })

    static let substitute = FunctionDefinition(
        "substitute", aliases: ["替换文本"],
        [.init([.text("text"), .text("old"), .text("new"), .number("occurrence", .optional)], gives: .text)],
        summary: Words(
            zh: "把文本中的旧内容换成新内容；可只换第几处。", en: "Puts new text in place of old, everywhere or at one occurrence."),
        examples: [.init("substitute('1-2-3', '-', '.')", "1.2.3"), .init("substitute('1-2-3', '-', '', 2)", "1-23")],
        body: { (arguments) throws(FormulaFailure) in
            let text = Array(try arguments.text(0).unicodeScalars)
            let old = Array(try arguments.text(1).unicodeScalars)
            let new = try arguments.text(2).unicodeScalars
            let only: Int? = arguments.count > 3 ? try arguments.whole(3) : nil
            if let only, only < 1 { throw FormulaFailure(.domain) }
            guard !old.isEmpty else { return arguments.values[0] }
            var result = String.UnicodeScalarView()
            var position = 0
            var seen = 0
            while position < text.count {
                if text[position...].starts(with: old) {
                    seen += 1
                    if only == nil || only == seen {
                        result.append(contentsOf: new)
                        guard result.count <= TextLimit.scalars else { throw FormulaFailure(.limit) }
                        position += old.count
                        continue
                    }
                    // Occurrences do not overlap, also where they stay.
                    result.append(contentsOf: old)
                    position += old.count
                    continue
                }
                result.append(text[position])
                position += 1
            }
            return try TextLimit.checked(String(result))
        })

    static let replace = FunctionDefinition(
        "replace", aliases: ["替换"],
        [.init([.text("text"), .number("start"), .number("count"), .text("new")], gives: .text)],
        summary: Words(zh: "从第几个字符起，把若干字符换成新内容。", en: "Puts new text in place of so many characters from a position on."),
        examples: [.init("replace('13812345678', 4, 4, '****')", "138****5678")],
        body: { (arguments) throws(FormulaFailure) in
            let start = try arguments.whole(1)
            guard start >= 1 else { throw FormulaFailure(.domain) }
            let count = try arguments.count(2)
            let text = try arguments.text(0).unicodeScalars
            var result = String.UnicodeScalarView(text.prefix(start - 1))
            result.append(contentsOf: try arguments.text(3).unicodeScalars)
            result.append(contentsOf: text.dropFirst(start - 1).dropFirst(count))
            return try TextLimit.checked(String(result))
        })

    static let rept = FunctionDefinition(
        "rept", aliases: ["重复"], [.init([.text("text"), .number("count")], gives: .text)],
        summary: Words(zh: "把文本重复若干次，最多 1000 次。", en: "The text so many times over, at most 1000."),
        examples: [.init("rept('★', 3)", "★★★")],
        body: { (arguments) throws(FormulaFailure) in
            let count = try arguments.count(1)
            guard count <= 1000 else { throw FormulaFailure(.domain) }
            let text = try arguments.text(0)
            guard text.utf8.count * count <= TextLimit.bytes else { throw FormulaFailure(.limit) }
            return Value(text: String(repeating: text, count: count))
        })
}

/// How long a text may become in a formula.
package enum TextLimit {
    package static let bytes = 65_536
    /// No text within the limit has more.
    static let scalars = 65_536

    /// - Throws: `.limit` beyond the limit.
    static func checked(_ text: String) throws(FormulaFailure) -> Value {
        guard text.utf8.count <= bytes else { throw FormulaFailure(.limit) }
        return Value(text: text)
    }
}
