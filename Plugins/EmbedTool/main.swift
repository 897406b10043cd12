// EmbedTool OUTPUT FILE…: writes a Swift file that holds every FILE as a `StaticString`, with a hash of its content. ES modules are joined into
// one, `app.js`.
import Foundation

/// FNV-1a, 64 bits: tells versions of our own files apart in their addresses. Nothing relies on it against an adversary.
func hash(_ bytes: [UInt8], from start: UInt64 = 0xcbf2_9ce4_8422_2325) -> UInt64 {
    bytes.reduce(start) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3 }
}

func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}

func fail(_ message: String) -> Never {
    FileHandle.standardError.write(Data("EmbedTool: \(message)\n".utf8))
    exit(1)
}

guard CommandLine.arguments.count >= 2 else { fail("the place to write to is missing") }
let output = URL(fileURLWithPath: CommandLine.arguments[1])
let types = ["css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"]

var texts: [(name: String, type: String, text: String)] = []
var modules: [String: String] = [:]
for path in CommandLine.arguments.dropFirst(2) {
    let file = URL(fileURLWithPath: path)
    let name = file.lastPathComponent
    guard let type = types[file.pathExtension] else { fail("\(name) is neither css, js nor svg") }
    guard let data = try? Data(contentsOf: file), let text = String(data: data, encoding: .utf8) else { fail("\(name) cannot be read as UTF-8") }
    let lines = text.replacingOccurrences(of: "\r\n", with: "\n")
    if file.pathExtension == "js" { modules[name] = lines } else { texts.append((name, type, lines)) }
}
if !modules.isEmpty {
    var joiner = ModuleJoiner(modules: modules)
    do {
        texts.append(("app.js", "text/javascript; charset=utf-8", try joiner.join(from: "app.js")))
    } catch let trouble as ModuleJoiner.Trouble { fail(trouble.message) } catch { fail("\(error)") }
}

var source = "// Made from the folder web; changes belong there.\nextension WebAssets {\n    package static let all: [Asset] = [\n"
var whole = hash([])
for (name, type, text) in texts {
    // More number signs than any run of quotes and signs in the text, so nothing in it can end the literal.
    var signs = "#"
    while text.contains("\"" + signs) || text.contains("\\" + signs) { signs += "#" }
    whole = hash(Array(name.utf8) + Array(text.utf8), from: whole)
    source += """
                Asset(
                    name: "\(name)", contentType: "\(type)", hash: "\(hex(hash(Array(text.utf8))))",
                    content: \(signs)\"\"\"
        \(text)
        \"\"\"\(signs)),

        """
}
source += "    ]\n\n    /// Changes with every byte of every asset.\n    package static let hash = \"\(hex(whole))\"\n}\n"
do { try Data(source.utf8).write(to: output) } catch { fail("\(output.path) cannot be written") }
