import ArgumentParser
import SourceText

/// Words of the contract that this version does not do yet: they end with 2 and a line that names them, never silently.
enum LaterCommand {
    static let all: [any ParsableCommand.Type] = [
        Plan.self, Publish.self, Rollback.self, Sandbox.self, Template.self, Simulate.self, Doctor.self, Backup.self, Restore.self,
        Schema.self, LanguageServer.self,
    ]

    static func option(_ name: String, in language: Language) -> Ending {
        Ending(
            Ending.wrongUsage,
            Words(zh: "选项 `\(name)` 属于以后的版本，这个版本还不支持", en: "option `\(name)` comes with a later version; this one does not have it"),
            in: language)
    }

    static func command(_ name: String) -> Ending {
        Ending(
            Ending.wrongUsage,
            Words(zh: "命令 `\(name)` 属于以后的版本，这个版本还不支持", en: "command `\(name)` comes with a later version; this one does not have it"),
            in: Terminal.environmentLanguage)
    }

    struct Plan: Later {
        static let name = "plan"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Publish: Later {
        static let name = "publish"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Rollback: Later {
        static let name = "rollback"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Sandbox: Later {
        static let name = "sandbox"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Template: Later {
        static let name = "template"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Simulate: Later {
        static let name = "simulate"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Doctor: Later {
        static let name = "doctor"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Backup: Later {
        static let name = "backup"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Restore: Later {
        static let name = "restore"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct Schema: Later {
        static let name = "schema"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
    struct LanguageServer: Later {
        static let name = "lsp"
        @Argument(parsing: .allUnrecognized) var rest: [String] = []
    }
}

protocol Later: ParsableCommand {
    static var name: String { get }
}

extension Later {
    static var configuration: CommandConfiguration {
        CommandConfiguration(commandName: name, abstract: "以后的版本 · comes with a later version", shouldDisplay: false)
    }

    // Whatever stands behind the word: it is the word that is not there yet.
    mutating func run() throws { throw LaterCommand.command(Self.name) }
}
