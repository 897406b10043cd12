import ArgumentParser
import Foundation
import SourceText
import Synchronization

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

/// Says on standard error how far a work is that takes more than a second: a bar on a terminal, elsewhere a line now and then.
final class ProgressLine: Sendable {
    private struct Shown {
        var begun: ContinuousClock.Instant?
        var last: ContinuousClock.Instant?
        var isOpen = false
    }

    private let isTerminal = isatty(FileHandle.standardError.fileDescriptor) == 1
    private let title: Words
    private let language: Language
    private let shown = Mutex(Shown())

    /// Works that are done by then say nothing.
    private static let patience = Duration.seconds(1)
    private static let redrawn = Duration.milliseconds(100)
    /// A log is no place for a bar.
    private static let logged = Duration.seconds(10)

    init(_ title: Words, in language: Language) {
        self.title = title
        self.language = language
    }

    func show(_ done: Int, of all: Int) {
        guard all > 0 else { return }
        let now = ContinuousClock.now
        let isDue = shown.withLock { shown -> Bool in
            let begun = shown.begun ?? now
            shown.begun = begun
            if done >= all {
                defer { shown.isOpen = false }
                return shown.isOpen
            }
            guard begun.duration(to: now) > Self.patience else { return false }
            if let last = shown.last, last.duration(to: now) < (isTerminal ? Self.redrawn : Self.logged) { return false }
            shown.last = now
            shown.isOpen = true
            return true
        }
        guard isDue else { return }
        guard isTerminal else { return Terminal.error("\(title[language]) \(min(100, done * 100 / all)) %\n") }
        let width = 30
        let filled = min(width, done * width / all)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
        Terminal.error("\r\(title[language]) \(bar) \(min(100, done * 100 / all)) %" + (done >= all ? "\n" : ""))
    }
}
