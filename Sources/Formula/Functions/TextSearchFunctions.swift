import SourceText

/// Where a text stands in another. Positions count from 1.
enum TextSearchFunctions {
    static let all: [FunctionDefinition] = [find, search, startswith, endswith, exact]

    private static let findOverload = [
        FunctionDefinition.Overload([.text("text"), .text("in"), .number("from", .optional)], gives: .number)
    ]
    private static let twoTexts = [FunctionDefinition.Overload([.text("text"), .text("part")], gives: .bool)]

    static let find = FunctionDefinition(
        "find", aliases: ["查找"], findOverload,
        summary: Words(zh: "在文本中查找，区分大小写，返回位置。", en: "Where a text stands in another; case counts."),
        examples: [.init("find('价', '报价单')", "2"), .init("find('a', 'banana', 3)", "4"), .init("find('x', 'abc')", "没有找到")],
        body: { (arguments) throws(FormulaFailure) in
            let pattern = Array(try arguments.text(0).unicodeScalars)
            let text = Array(try arguments.text(1).unicodeScalars)
            let from = try start(arguments, in: text)
            var position = from
            while position + pattern.count <= text.count {
                if text[position...].starts(with: pattern) { return .whole(position + 1) }
                position += 1
            }
            throw FormulaFailure(.notFound)
        })

    static let search = FunctionDefinition(
        "search", aliases: ["搜索"], findOverload,
        summary: Words(
            zh: "在文本中查找，不区分大小写；? 代表任意一个字符，* 代表任意多个，~ 取消其特殊含义。",
            en: "Where a text stands in another; case does not count, `?` is any character, `*` any run, `~` before them takes them as they are."),
        examples: [.init("search('QUOTE', 'the quote')", "5"), .init("search('b?d', 'a bed')", "3")],
        body: { (arguments) throws(FormulaFailure) in
            let pattern = Wildcards(try arguments.text(0))
            let text = try arguments.text(1).unicodeScalars.map(TextCaseFunctions.lower)
            for position in try start(arguments, in: text)...text.count where pattern.matches(text, at: position) {
                return .whole(position + 1)
            }
            throw FormulaFailure(.notFound)
        })

    static let startswith = FunctionDefinition(
        "startswith", aliases: ["开头是"], twoTexts, neverFails: true,
        summary: Words(zh: "文本是否以它开头，区分大小写。", en: "Whether a text begins with another; case counts."),
        examples: [.init("startswith('华东一区', '华东')", "是")],
        body: { (arguments) throws(FormulaFailure) in
            .bool(try arguments.text(0).unicodeScalars.starts(with: try arguments.text(1).unicodeScalars))
        })

    static let endswith = FunctionDefinition(
        "endswith", aliases: ["结尾是"], twoTexts, neverFails: true,
        summary: Words(zh: "文本是否以它结尾，区分大小写。", en: "Whether a text ends in another; case counts."),
        examples: [.init("endswith('minutes.pdf', '.pdf')", "是")],
        body: { (arguments) throws(FormulaFailure) in
            .bool(try arguments.text(0).unicodeScalars.reversed().starts(with: try arguments.text(1).unicodeScalars.reversed()))
        })

    static let exact = FunctionDefinition(
        "exact", aliases: ["完全相同"], [.init([.text("text"), .text("other")], gives: .bool)], neverFails: true,
        summary: Words(zh: "两个文本是否完全相同，区分大小写。", en: "Whether two texts are the same, letter by letter."),
        examples: [.init("exact('Weir', 'weir')", "否")],
        body: { (arguments) throws(FormulaFailure) in
            .bool(try arguments.text(0).unicodeScalars.elementsEqual(try arguments.text(1).unicodeScalars))
        })

    /// Where searching begins, from 0.
    private static func start(_ arguments: Arguments, in text: [Unicode.Scalar]) throws(FormulaFailure) -> Int {
        let from = try arguments.whole(2, else: 1)
        guard from >= 1, from <= text.count + 1 else { throw FormulaFailure(.domain) }
        return from - 1
    }
}

/// A pattern with `?`, `*` and `~`; case does not count.
private struct Wildcards {
    private enum Part { case scalar(Unicode.Scalar), one, run }
    private let parts: [Part]

    init(_ text: String) {
        var parts: [Part] = []
        var isEscaped = false
        for scalar in text.unicodeScalars {
            switch scalar {
            case "~" where !isEscaped:
                isEscaped = true
                continue
            case "?" where !isEscaped: parts.append(.one)
            case "*" where !isEscaped: parts.append(.run)
            case "?", "*", "~": parts.append(.scalar(scalar))
            default:
                if isEscaped { parts.append(.scalar("~")) }
                parts.append(.scalar(TextCaseFunctions.lower(scalar)))
            }
            isEscaped = false
        }
        if isEscaped { parts.append(.scalar("~")) }
        self.parts = parts
    }

    /// Whether the pattern stands at `start` of a lower-case text. Goes back to the last `*` only, so the time is bounded by the
    /// product of the lengths.
    func matches(_ text: [Unicode.Scalar], at start: Int) -> Bool {
        var part = 0
        var position = start
        var retry: (part: Int, position: Int)?
        while part < parts.count {
            switch parts[part] {
            case .run:
                retry = (part + 1, position)
                part += 1
                continue
            case .one where position < text.count:
                part += 1
                position += 1
                continue
            case .scalar(let scalar) where position < text.count && text[position] == scalar:
                part += 1
                position += 1
                continue
            case .one, .scalar: break
            }
            guard let last = retry, last.position < text.count else { return false }
            retry = (last.part, last.position + 1)
            part = last.part
            position = last.position + 1
        }
        return true
    }
}
