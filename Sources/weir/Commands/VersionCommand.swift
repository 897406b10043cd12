import ArgumentParser
import JSON

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "版本与内置数据库 · product, language version, store engines",
        discussion: "例 · Example: weir version --format json")

    static let product = "0.1.0"
    static let language = 1
    static let stores = ["sqlite"]

    @OptionGroup var format: FormatOption
    @OptionGroup var common: CommonOptions

    func run() {
        switch format.format {
        case .json:
            let document = JSONValue.object([
                .init("product", .string(Self.product)), .init("language", .int(Self.language)), .init("stores", .array(Self.stores.map(JSONValue.string))),
            ])
            Terminal.out(document.text() + "\n")
        case .text:
            Terminal.out("weir \(Self.product) · YAML \(Self.language) · \(Self.stores.joined(separator: ", "))\n")
        }
    }
}
