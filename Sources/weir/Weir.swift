import ArgumentParser
import Foundation
import SourceText

/// The executable: arguments, files, wiring, the real clock. What a room can do, a room does.
@main
struct Weir: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weir",
        abstract: "用 YAML 搭建并运行业务应用 · Build and run business applications from YAML",
        discussion: "例 · Example: weir serve apps/crm --demo",
        subcommands: [
            NewCommand.self, CheckCommand.self, TestCommand.self, ServeCommand.self, EvalCommand.self, QueryCommand.self, WhyCommand.self,
            SimulateCommand.self,            ImportCommand.self, ExportCommand.self, PlanCommand.self, BackupCommand.self, RestoreCommand.self, DoctorCommand.self,
            UserCommand.self, KeyCommand.self, SchemaCommand.self, CompletionsCommand.self, VersionCommand.self,
        ])

    static func main() async {
        do {
            let arguments = Array(CommandLine.arguments.dropFirst())
            if let word = LaterCommand.word(in: arguments) { throw LaterCommand.command(word, in: CommandWords.language(of: arguments)) }
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(after: error)
        }
    }

    /// Exit codes: 0 done, 1 the author's trouble, 2 wrong usage, 3 the world's trouble, 4 our own bug.
    private static func leave(after error: any Error) -> Never {
        switch error {
        case let ending as Ending:
            if let words = ending.words { Terminal.error("\(words[ending.language])\n") }
            Foundation.exit(ending.code)
        case let code as ExitCode: Foundation.exit(code.rawValue)
        default:
            let words = CommandWords(language: CommandWords.language(of: Array(CommandLine.arguments.dropFirst())))
            let message = words.translated(fullMessage(for: error))
            if exitCode(for: error) == .success {
                Terminal.out(message.isEmpty ? "" : message + "\n")
                Foundation.exit(0)
            }
            if exitCode(for: error) == .validationFailure {
                Terminal.error(message + "\n")
                Foundation.exit(Ending.wrongUsage)
            }
            let (code, text) = Ending.classify(error)
            Terminal.error("weir: \(text[words.language])\n")
            Foundation.exit(code)
        }
    }
}
