import SourceText

/// Words of the contract that this version does not do yet: they end with 2 and a line that names them, never silently.
enum LaterCommand {
    /// Told before anything else about the command line is looked at: whatever stands behind the word, it is the word that is not there yet.
    static let names: Set<String> = ["publish", "rollback", "sandbox", "template", "lsp"]

    static func option(_ name: String, in language: Language) -> Ending {
        Ending(
            Ending.wrongUsage,
            Words(zh: "选项 `\(name)` 属于以后的版本，这个版本还不支持", en: "option `\(name)` comes with a later version; this one does not have it"),
            in: language)
    }

    static func command(_ name: String, in language: Language) -> Ending {
        Ending(
            Ending.wrongUsage,
            Words(zh: "命令 `\(name)` 属于以后的版本，这个版本还不支持", en: "command `\(name)` comes with a later version; this one does not have it"),
            in: language)
    }

    /// The word of a later version that the command line begins with, also behind `help`; nil if there is none.
    static func word(in arguments: [String]) -> String? {
        guard let first = arguments.first(where: { $0 != "help" }), names.contains(first) else { return nil }
        return first
    }
}
