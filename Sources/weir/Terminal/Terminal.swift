import ArgumentParser
import Foundation
import SourceText

/// Standard output and standard error.
enum Terminal {
    static func out(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }

    static func error(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }

    /// Colours only for people who look at a terminal and have not declined (no-color.org).
    static var errorTakesColour: Bool { takesColour(.standardError) }
    static var outTakesColour: Bool { takesColour(.standardOutput) }

    private static func takesColour(_ handle: FileHandle) -> Bool {
        isatty(handle.fileDescriptor) == 1 && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    /// By the locale variables of POSIX, in their order.
    static var environmentLanguage: Language {
        let environment = ProcessInfo.processInfo.environment
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { environment[$0] }.first { !$0.isEmpty } ?? ""
        return locale.lowercased().hasPrefix("zh") ? .zh : .en
    }
}

extension Language: ExpressibleByArgument {}

enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json
}

/// What every command takes.
struct CommonOptions: ParsableArguments {
    @Option(help: "zh | en；默认按系统语言 · by default the environment's locale")
    var lang: Language?

    var language: Language { lang ?? Terminal.environmentLanguage }
}

struct FormatOption: ParsableArguments {
    @Option(help: "text | json")
    var format: OutputFormat = .text
}

/// A line on standard error that says how far a long work is, on a terminal only.
final class ProgressLine: Sendable {
    private let isShown = isatty(FileHandle.standardError.fileDescriptor) == 1
    private let title: Words
    private let language: Language

    init(_ title: Words, in language: Language) {
        self.title = title
        self.language = language
    }

    func show(_ done: Int, of all: Int) {
        guard isShown, all > 0 else { return }
        let width = 30
        let filled = done * width / all
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.error("\r\(title[language]) \(bar) \(done)/\(all)" + (done >= all ? "\n" : ""))
    }
}
