import SourceText

/// What the argument parser says about the command line, in the language of whoever typed it. The parser itself knows English only.
struct CommandWords {
    let language: Language

    /// `--lang` wherever it stands, since a command line that cannot be parsed has one too; else the environment's.
    static func language(of arguments: [String]) -> Language {
        for (position, argument) in arguments.enumerated() {
            if argument.hasPrefix("--lang="), let language = Language(rawValue: String(argument.dropFirst(7))) { return language }
            if argument == "--lang", position + 1 < arguments.count, let language = Language(rawValue: arguments[position + 1]) { return language }
        }
        return Terminal.environmentLanguage
    }

    func translated(_ message: String) -> String {
        switch language {
        case .en: message
        case .zh: message.split(separator: "\n", omittingEmptySubsequences: false).map { chinese(String($0)) }.joined(separator: "\n")
        }
    }

    /// Line by line: headings of the help, then sentences with holes for the author's words.
    private func chinese(_ line: String) -> String {
        if let heading = Self.headings[line] { return heading }
        for (english, chinese) in Self.beginnings where line.hasPrefix(english) {
            let rest = String(line.dropFirst(english.count))
            return chinese + (english == "Error: " ? sentence(rest) : rest)
        }
        return sentence(line)
    }

    private func sentence(_ text: String) -> String {
        for pattern in Self.sentences {
            if let found = pattern.translate(text) { return found }
        }
        return text
    }

    private static let headings = [
        "ARGUMENTS:": "参数：", "OPTIONS:": "选项：", "SUBCOMMANDS:": "命令：",
    ]

    private static let beginnings = [
        ("Error: ", "错误："), ("OVERVIEW: ", "简介："), ("USAGE: ", "用法："), ("Usage: ", "用法："), ("Help:  ", "说明："),
        ("  See '", "  详见 '"),
    ]

    private static let sentences = [
        Pattern("Unknown option '◦'. Did you mean '◦'?", "没有选项 '◦'，是否想写 '◦'？"),
        Pattern("Unknown option '◦'", "没有选项 '◦'"),
        Pattern("Missing value for '◦'", "'◦' 后面缺少值"),
        Pattern("The option '◦' does not take any value, but '◦' was specified.", "选项 '◦' 不带值，却写了 '◦'"),
        Pattern("Unexpected argument '◦'", "多出的参数 '◦'"),
        Pattern("◦ unexpected arguments: '◦'", "多出 ◦ 个参数：'◦'"),
        Pattern("Missing expected argument '◦'", "缺少参数 '◦'"),
        Pattern("Missing one of: '◦'", "以下至少要写一个：'◦'"),
        Pattern("The value '◦' is invalid for '◦'. Please provide one of ◦.", "'◦' 不能用作 '◦'，可选：◦"),
        Pattern("The value '◦' is invalid for '◦'", "'◦' 不能用作 '◦'"),
        Pattern("Value to be set with ◦ had already been set with ◦", "◦ 与 ◦ 重复"),
        Pattern("Missing required subcommand.", "缺少子命令"),
        Pattern("Can't generate completion scripts for '◦'.", "不能为 '◦' 生成补全脚本"),
        Pattern("◦See 'weir help <subcommand>' for detailed help.", "◦详见 weir help <命令>"),
    ]

    /// A sentence with holes, `◦`.
    private struct Pattern {
        private let english: [Substring]
        private let chinese: [Substring]

        init(_ english: String, _ chinese: String) {
            self.english = english.split(separator: "◦", omittingEmptySubsequences: false)
            self.chinese = chinese.split(separator: "◦", omittingEmptySubsequences: false)
        }

        /// Nil if the text is not this sentence.
        func translate(_ text: String) -> String? {
            guard text.hasPrefix(english[0]) else { return nil }
            var rest = text.dropFirst(english[0].count)
            var words: [Substring] = []
            for (position, piece) in english.enumerated().dropFirst() {
                if position == english.count - 1 {
                    guard rest.hasSuffix(piece) else { return nil }
                    words.append(rest.dropLast(piece.count))
                    rest = ""
                } else {
                    guard let end = rest.firstRange(of: piece) else { return nil }
                    words.append(rest[..<end.lowerBound])
                    rest = rest[end.upperBound...]
                }
            }
            guard rest.isEmpty else { return nil }
            var result = String(chinese[0])
            for (word, piece) in zip(words, chinese.dropFirst()) { result += word + piece }
            return result
        }
    }
}
