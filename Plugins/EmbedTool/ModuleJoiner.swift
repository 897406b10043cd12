/// Puts ES modules that import each other into one, so that the browser asks once instead of once a module.
///
/// It knows only the forms that our own modules use: `import { a, b } from "./other.js";` on one line, `export` before a declaration, and
/// comments that stand on lines of their own. Modules share one scope afterwards, so a name declared in two of them is refused.
struct ModuleJoiner {
    struct Trouble: Error {
        let message: String
    }

    let modules: [String: String]

    private var joined = ""
    private var done: Set<String> = []
    private var owners: [String: String] = [:]

    init(modules: [String: String]) {
        self.modules = modules
    }

    mutating func join(from entry: String) throws -> String {
        try add(entry, path: [])
        if let forgotten = modules.keys.sorted().first(where: { !done.contains($0) }) {
            throw Trouble(message: "\(forgotten) is imported by no module")
        }
        return joined
    }

    private mutating func add(_ name: String, path: [String]) throws {
        guard !path.contains(name) else { throw Trouble(message: "\(name) imports itself by way of \(path.joined(separator: ", "))") }
        guard !done.contains(name) else { return }
        guard let text = modules[name] else { throw Trouble(message: "there is no module \(name)") }
        var body = ""
        var isInComment = false
        for line in text.split(separator: "\n") {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("/*") { isInComment = true }
            if isInComment {
                if bare.contains("*/") { isInComment = false }
                continue
            }
            if bare.hasPrefix("//") { continue }
            if line.hasPrefix("import ") {
                guard let start = line.range(of: "\"./"), let end = line.range(of: "\";") else {
                    throw Trouble(message: "\(name): an import is not of the form import { a } from \"./other.js\";")
                }
                try add(String(line[start.upperBound..<end.lowerBound]), path: path + [name])
                continue
            }
            let declaration = line.hasPrefix("export ") ? line.dropFirst("export ".count) : line
            if let declared = ModuleJoiner.declaredName(declaration) {
                if let owner = owners.updateValue(name, forKey: declared) {
                    throw Trouble(message: "\(declared) is declared in \(owner) and in \(name)")
                }
            }
            body += declaration + "\n"
        }
        joined += body
        done.insert(name)
    }

    /// The name that a line at the margin declares.
    private static func declaredName(_ line: Substring) -> String? {
        var rest = line
        if rest.hasPrefix("async ") { rest = rest.dropFirst("async ".count) }
        for word in ["function ", "const ", "let ", "class "] where rest.hasPrefix(word) {
            return String(rest.dropFirst(word.count).prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "$" })
        }
        return nil
    }
}
