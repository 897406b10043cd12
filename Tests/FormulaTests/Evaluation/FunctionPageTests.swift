import Foundation
import SourceText
import Testing

@testable import Formula

/// `spec/formulas/functions.md` is written from the table of functions. `WEIR_RECORD=1` writes it anew.
@Suite struct FunctionPageTests {
    @Test func pageSaysWhatTheTableSays() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("spec/formulas/functions.md")
        let page = FunctionPage.text
        if ProcessInfo.processInfo.environment["WEIR_RECORD"] == "1" {
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try page.write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: file, encoding: .utf8) == page)
    }
}

enum FunctionPage {
    static var text: String {
        var text = """
            # Functions 函数

            Written from the table of functions by the tests; every example is run by them, at 2026-02-12 09:00 in Shanghai.
            Names may be written in any case, and in Chinese. Square brackets mark what may be left out.
            What is part of the language itself (`if`, `sum`, `let` …) stands on the pages beside this one.

            本页由函数表生成，例子都由测试运行（时间为上海 2026-02-12 09:00）。函数名不分大小写，也可写中文名；方括号内的参数可省略。


            """
        for function in FunctionCatalogue.all {
            text += "## \(function.name)\n\n"
            text += "\(function.summary.zh)\n\(function.summary.en)\n\n"
            text += function.overloads.map { "`\(function.name)(\(parameters($0)))`" }.joined(separator: " · ") + "\n\n"
            if !function.aliases.isEmpty { text += "Also 也作: " + function.aliases.map { "`\($0)`" }.joined(separator: ", ") + "\n\n" }
            text += blank(function.blank) + "\n\n"
            for example in function.examples { text += "    \(example.call)   →   \(example.result)\n" }
            text += function.examples.isEmpty ? "" : "\n"
        }
        return String(text.dropLast())
    }

    private static func parameters(_ overload: FunctionDefinition.Overload) -> String {
        overload.parameters.map { parameter in
            let name = "\(parameter.name): \(kind(parameter.kind))"
            return switch parameter.presence {
            case .required: name
            case .optional, .clock: "[\(name)]"
            case .repeated: "\(name) …"
            }
        }.joined(separator: ", ")
    }

    private static func kind(_ kind: FunctionDefinition.ParameterKind) -> String {
        switch kind {
        case .number: "number"
        case .text: "text"
        case .bool: "bool"
        case .date: "date"
        case .datetime: "datetime"
        case .duration: "duration"
        case .option: "choice"
        case .options: "choices or tags"
        case .link: "link"
        case .location: "location"
        case .numbers: "numbers"
        case .dates: "dates"
        case .texts: "values"
        case .anything: "anything"
        case .calendar: "the name of a calendar, written in the formula"
        case .constantText(nil): "text, written in the formula"
        case .numberFormat: "number format, written in the formula"
        case .dateFormat: "date format, written in the formula"
        case .constantText(let words?): words.map { "'\($0)'" }.joined(separator: " ")
        }
    }

    private static func blank(_ rule: FunctionDefinition.BlankRule) -> String {
        switch rule {
        case .zero: "A blank number counts as 0, a blank text as empty. 空的数字按 0，空的文本按空字符串。"
        case .blank: "Blank if an argument is blank. 有参数为空则结果为空。"
        case .passed: "Blanks are looked at as they are. 空值按原样处理。"
        }
    }
}
