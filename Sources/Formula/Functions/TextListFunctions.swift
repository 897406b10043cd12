import SourceText

/// Texts put together and taken apart.
enum TextListFunctions {
    static let all: [FunctionDefinition] = [textjoin, textbefore, textafter, clean, char, code]

    static let textjoin = FunctionDefinition(
        "textjoin", aliases: ["文本连接"],
        [.init([.text("separator"), .bool("skip_blanks"), .texts("values", .repeated)], gives: .text)], blank: .passed,
        summary: Words(
            zh: "用分隔符连接若干值、列表或记录集；第二个参数为真时跳过空值。",
            en: "Joins values, lists or sets with a separator; blanks are skipped if the second argument is true."),
        examples: [.init("textjoin('、', true, '华东', '', '华南')", "华东、华南"), .init("textjoin('-', false, 'a', '', 'b')", "a--b")],
        body: { (arguments) throws(FormulaFailure) in
            let separator = try arguments.text(0)
            let skips = try arguments.bool(1)
            var result = ""
            var isFirst = true
            for index in arguments.values.indices.dropFirst(2) {
                for item in try arguments.list(index) {
                    if item.isBlank, skips { continue }
                    if !isFirst { result += separator }
                    isFirst = false
                    result += item.text(of: .text(.plain), at: arguments.moment) { _ in "" }
                    guard result.utf8.count <= TextLimit.bytes else { throw FormulaFailure(.limit) }
                }
            }
            return Value(text: result)
        })

    static let textbefore = part("textbefore", "之前文本", before: true)
    static let textafter = part("textafter", "之后文本", before: false)

    static let clean = FunctionDefinition(
        "clean", aliases: ["去控制符"], [.init([.text("text")], gives: .text)], neverFails: true,
        summary: Words(zh: "去掉换行等不可见的控制字符。", en: "Without line breaks and other control characters."),
        examples: [.init("clean('a' & char(10) & 'b')", "ab")],
        body: { (arguments) throws(FormulaFailure) in
            var result = String.UnicodeScalarView()
            for scalar in try arguments.text(0).unicodeScalars where scalar.value >= 32 { result.append(scalar) }
            return Value(text: String(result))
        })

    static let char = FunctionDefinition(
        "char", aliases: ["unichar", "字符"], [.init([.number("code")], gives: .text)],
        summary: Words(zh: "该 Unicode 编码的字符；char(10) 是换行。", en: "The character of a Unicode number; `char(10)` begins a new line."),
        examples: [.init("char(65)", "A"), .init("char(25253)", "报")],
        body: { (arguments) throws(FormulaFailure) in
            guard let number = UInt32(exactly: try arguments.whole(0)), number > 0, let scalar = Unicode.Scalar(number) else {
                throw FormulaFailure(.domain)
            }
            return .text(String(scalar))
        })

    static let code = FunctionDefinition(
        "code", aliases: ["unicode", "字符编码"], [.init([.text("text")], gives: .number)],
        summary: Words(zh: "第一个字符的 Unicode 编码。", en: "The Unicode number of the first character."),
        examples: [.init("code('A')", "65"), .init("code('报价')", "25253")],
        body: { (arguments) throws(FormulaFailure) in
            guard let first = try arguments.text(0).unicodeScalars.first else { throw FormulaFailure(.domain) }
            return .whole(Int(first.value))
        })

    /// What stands before or after a mark in a text.
    private static func part(_ name: String, _ alias: String, before: Bool) -> FunctionDefinition {
        FunctionDefinition(
            name, aliases: [alias], [.init([.text("text"), .text("mark"), .number("occurrence", .optional)], gives: .text)],
            summary: before
                ? Words(
                    zh: "第几处标记之前的文本，默认第 1 处；负数从末尾数起。", en: "The text before a mark: its first occurrence, or the one that is said; negative ones count from the end.")
                : Words(
                    zh: "第几处标记之后的文本，默认第 1 处；负数从末尾数起。", en: "The text after a mark: its first occurrence, or the one that is said; negative ones count from the end."),
            examples: before
                ? [.init("textbefore('张老师/校长/三年级', '/')", "张老师"), .init("textbefore('a.b.c', '.', -1)", "a.b")]
                : [.init("textafter('lead@school.cn', '@')", "school.cn"), .init("textafter('a.b.c', '.', -1)", "c")],
            body: { (arguments) throws(FormulaFailure) in
                let text = Array(try arguments.text(0).unicodeScalars), mark = Array(try arguments.text(1).unicodeScalars)
                let occurrence = try arguments.whole(2, else: 1)
                guard occurrence != 0, !mark.isEmpty else { throw FormulaFailure(.domain) }
                var places: [Int] = []
                var position = 0
                while position + mark.count <= text.count {
                    if text[position...].starts(with: mark) {
                        places.append(position)
                        position += mark.count
                    } else {
                        position += 1
                    }
                }
                guard occurrence.magnitude <= places.count else { throw FormulaFailure(.notFound) }
                let place = occurrence > 0 ? places[occurrence - 1] : places[places.count + occurrence]
                let part = before ? text[..<place] : text[(place + mark.count)...]
                return Value(text: String(String.UnicodeScalarView(part)))
            })
    }
}
