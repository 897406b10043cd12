import ArgumentParser
import Definition
import JSON

/// Prints the language's JSON Schema, for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "语言的 JSON Schema，供编辑器使用 · the JSON Schema of the language, for editors",
        discussion: "例 · Example: weir schema > weir.schema.json")

    func run() {
        Terminal.out(LanguageSchema.document.text(pretty: true) + "\n")
    }
}
