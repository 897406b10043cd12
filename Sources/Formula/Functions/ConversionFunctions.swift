import SourceText

/// Between texts and other values.
enum ConversionFunctions {
    static let all: [FunctionDefinition] = [text, fixed, value, datevalue, key, size]

    static let text = FunctionDefinition(
        "text", aliases: ["格式化"],
        [
            .init([.number("number"), .init("format", .numberFormat)], gives: .text),
            .init([.date("date"), .init("format", .dateFormat)], gives: .text),
            .init([.datetime("datetime"), .init("format", .dateFormat)], gives: .text),
        ], blank: .blank,
        summary: Words(
            zh: "按格式写成文本：数字用 0 # , . %，日期时间用 yyyy yy mm m dd d hh h ss，英文月份、星期用 mmm mmmm ddd dddd，中文星期用 aaa aaaa。",
            en: "Writes a value by a format: `0 # , . %` for numbers, `yyyy yy mm m dd d hh h ss` for dates and times, `mmm mmmm ddd dddd` for names of months and days, `AM/PM` for twelve hours."),
        examples: [
            .init("text(1234.5, '#,##0.00')", "1,234.50"), .init("text(0.125, '0.0%')", "12.5%"), .init("text(12200000, '0.00E+00')", "1.22E+07"),
            .init("text(date(2026, 2, 5), 'dddd, mmm d')", "Thursday, Feb 5"), .init("text(date(2026, 2, 5), 'aaaa')", "星期四"),
            .init("text(datetime(date(2026, 2, 5), 15, 5), 'h:mm AM/PM')", "3:05 PM"),
            .init("text(date(2026, 2, 5), 'yyyy年m月d日')", "2026年2月5日"), .init("text(datetime(date(2026, 2, 5), 9, 5), 'hh:mm')", "09:05"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let format = try arguments.text(1)
            // The shortest spelling, as spreadsheets call it.
            if format.lowercased() == "general", case .number(let number) = arguments.values[0] { return .text(number.description) }
            if case .number(let number) = arguments.values[0] { return try TextLimit.checked(try NumberFormat(format).text(of: number)) }
            return try TextLimit.checked(try DateFormat(format).text(of: try arguments.wallClock(0)))
        })

    static let fixed = FunctionDefinition(
        "fixed", aliases: ["固定小数"],
        [.init([.number("number"), .number("decimals", .optional), .init("no_commas", .bool, .optional)], gives: .type(.text(.plain)))],
        summary: Words(
            zh: "四舍五入到若干位小数（默认 2 位）并写成文本，带千分位；第三个参数为真则不带。",
            en: "A number as text, rounded to so many decimals (2 if left out), with commas for thousands unless the third argument is true."),
        examples: [
            .init("fixed(1234.567)", "1,234.57"), .init("fixed(1234.567, 1, true)", "1234.6"), .init("fixed(-1234.567, -1)", "-1,230"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let decimals = try arguments.whole(1, else: 2)
            guard (-100...100).contains(decimals) else { throw FormulaFailure(.domain) }
            let places = decimals > 0 ? "." + String(repeating: "0", count: decimals) : ""
            let isPlain = arguments.count > 2 ? try arguments.bool(2) : false
            return .text(try NumberFormat((isPlain ? "0" : "#,##0") + places).text(of: try arguments.number(0).rounded(decimals: decimals)))
        })

    static let value = FunctionDefinition(
        "value", aliases: ["转数值"], [.init([.text("text")], gives: .number)], blank: .blank,
        summary: Words(zh: "把文本读成数字，可带千分位、货币符号和 %。", en: "Reads a number, with thousands separators, a currency sign or `%`."),
        examples: [.init("value('1,234.5')", "1234.5"), .init("value('13%')", "0.13"), .init("value('(5)')", "-5"), .init("value('abc')", "不是数字")],
        body: { (arguments) throws(FormulaFailure) in .number(try number(in: try arguments.text(0))) })

    static let datevalue = FunctionDefinition(
        "datevalue", aliases: ["转日期"], [.init([.text("text")], gives: .date)], blank: .blank,
        summary: Words(zh: "把 2026-02-12 这样的文本读成日期，后面的时间略去。", en: "Reads a date such as `2026-02-12`; a time behind it is left aside."),
        examples: [.init("datevalue('2026-02-12')", "2026-02-12"), .init("datevalue('12.2.2026')", "不是有效的日期")],
        body: { (arguments) throws(FormulaFailure) in
            let text = try arguments.text(0)
            if let day = Day(text) { return .date(day) }
            return try .date(orFailure: Instant(local: text, in: .utc).map { Zone.utc.day(of: $0) })
        })

    static let key = FunctionDefinition(
        "key", aliases: ["选项键"], [.init([.init("option", .option)], gives: .text)], blank: .blank, neverFails: true,
        summary: Words(zh: "选项的键，而不是它的名称。", en: "The key of an option, instead of its label."),
        examples: [],
        body: { (arguments) throws(FormulaFailure) in Value(text: try arguments.text(0)) })

    static let size = FunctionDefinition(
        "size", aliases: ["个数"], [.init([.init("options", .options)], gives: .number)], blank: .passed, neverFails: true,
        summary: Words(zh: "选了几个选项或有几个标签。", en: "How many options are chosen, or how many tags there are."),
        examples: [],
        body: { (arguments) throws(FormulaFailure) in
            switch arguments.values[0] {
            case .options(let keys): return .whole(keys.count)
            case .links(let records): return .whole(records.count)
            case .list(let values): return .whole(values.count)
            case .blank: return .whole(0)
            default: throw FormulaFailure(.domain)
            }
        })

    /// A number as people write it: `1,234.5`, `¥12`, `-3%`, `1e3`, `(5)` for −5.
    private static func number(in text: String) throws(FormulaFailure) -> ExactDecimal {
        let trimmed = text.unicodeScalars.drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        if trimmed.count > 2, trimmed.first == "(", trimmed.last == ")" {
            var inner = String.UnicodeScalarView()
            inner.append(contentsOf: trimmed.dropFirst().dropLast())
            let number = try number(in: String(inner))
            guard !number.isNegative, !inner.contains("("), !inner.contains("+") else { throw FormulaFailure(.badNumber) }
            return number.negated
        }
        var digits: [Unicode.Scalar] = []
        var isPercent = false
        var sawPoint = false
        var groupDigits: Int?
        for scalar in trimmed {
            if isPercent { throw FormulaFailure(.badNumber) }
            switch scalar {
            case "%", "％": isPercent = true
            case "$", "¥", "￥", "€", "£":
                guard digits.isEmpty || digits == ["-"] || digits == ["+"] else { throw FormulaFailure(.badNumber) }
            case ",":
                // Groups of three behind the first, and none behind the point.
                guard !sawPoint, let last = digits.last, last.properties.numericType != nil, groupDigits == nil || groupDigits == 3 else {
                    throw FormulaFailure(.badNumber)
                }
                groupDigits = 0
            default:
                if scalar == "." || scalar == "e" || scalar == "E" {
                    if let count = groupDigits, count != 3 { throw FormulaFailure(.badNumber) }
                    groupDigits = nil
                    sawPoint = true
                }
                if let count = groupDigits { groupDigits = count + 1 }
                digits.append(scalar)
            }
        }
        if let count = groupDigits, count != 3 { throw FormulaFailure(.badNumber) }
        var plain = String.UnicodeScalarView()
        plain.append(contentsOf: digits)
        let number = try ExactDecimal(parsing: String(plain))
        return isPercent ? try number.divided(by: ExactDecimal(100)) : number
    }

    private static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.isWhitespace }
}
