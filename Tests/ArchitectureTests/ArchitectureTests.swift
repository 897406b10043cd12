import Foundation
import Testing

/// The house as its files show it: the table of rooms in `Package.swift`, and every line of Swift below the package.
struct House {
    struct Room {
        let name: String
        /// Folder of the sources, relative to the package.
        let path: String
        /// Other rooms and modules of packages that may be imported.
        let needs: Set<String>
        let isTest: Bool
    }

    struct SourceLine {
        let file: String
        let number: Int
        /// Without comments, and with the texts of literals left out.
        let code: String
    }

    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    let rooms: [Room]
    /// The lines of every room, by its name.
    private(set) var lines: [String: [SourceLine]] = [:]

    /// Read once for all tests.
    static let standing = Result { try House() }

    init() throws {
        let table = try String(contentsOf: House.root.appendingPathComponent("Package.swift"), encoding: .utf8)
        // `let grdb = Target.Dependency.product(name: "GRDB", …)` and `let front = ["SourceText", …]`.
        var names: [String: [String]] = [:]
        for line in table.split(separator: "\n") where line.hasPrefix("let ") {
            let words = House.literals(in: line)
            guard let name = line.dropFirst(4).split(whereSeparator: { !$0.isLetter }).first.map(String.init) else { continue }
            if line.contains(".product(") { names[name] = Array(words.prefix(1)) }
            if line.contains("= [") { names[name] = words }
        }
        rooms = House.calls(in: table).map { kind, arguments in
            let literals = House.literals(in: arguments[...])
            let name = literals.first ?? ""
            let words = Set(arguments.split { !$0.isLetter && !$0.isNumber && $0 != "_" }.map(String.init))
            let path = arguments.range(of: "path: \"").map { String(arguments[$0.upperBound...].prefix { $0 != "\"" }) }
            let needs = Set(literals.dropFirst()).union(names.filter { words.contains($0.key) }.values.joined())
            let isTest = kind == "tests"
            return Room(name: name, path: path ?? (isTest ? "Tests/" : "Sources/") + name, needs: needs, isTest: isTest)
        }
        for room in rooms { lines[room.name] = try House.lines(in: room.path) }
    }

    func lines(of room: Room) -> [SourceLine] { lines[room.name] ?? [] }

    /// `room(…)`, `tests(…)` and the targets spelled out, with what stands in their brackets.
    private static func calls(in table: String) -> [(kind: String, arguments: String)] {
        // The functions themselves stand above the table.
        guard let start = table.range(of: "var targets") else { return [] }
        var calls: [(String, String)] = []
        for kind in ["room", "tests", ".target", ".executableTarget"] {
            var rest = table[start.lowerBound...]
            while let call = rest.range(of: " \(kind)(") {
                var depth = 1
                let arguments = rest[call.upperBound...].prefix { character in
                    if character == "(" { depth += 1 }
                    if character == ")" { depth -= 1 }
                    return depth > 0
                }
                calls.append((kind, String(arguments)))
                rest = rest[call.upperBound...]
            }
        }
        return calls
    }

    private static func literals(in text: Substring) -> [String] {
        text.split(separator: "\"", omittingEmptySubsequences: false).enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
    }

    /// The lines of every Swift file in `path`.
    private static func lines(in path: String) throws -> [SourceLine] {
        let folder = House.root.appendingPathComponent(path)
        guard let files = FileManager.default.enumerator(atPath: folder.path) else { return [] }
        return try files.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.sorted().flatMap { file in
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            return House.code(of: text).enumerated().map { SourceLine(file: "\(path)/\(file)", number: $0.offset + 1, code: $0.element) }
        }
    }

    /// The lines of a file with comments removed and literals emptied; code inside `\(…)` goes with its literal.
    static func code(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var index = 0
        func stands(_ word: StaticString, at position: Int) -> Bool {
            let length = word.utf8CodeUnitCount
            guard position + length <= bytes.count else { return false }
            return (0..<length).allSatisfy { word.utf8Start[$0] == bytes[position + $0] }
        }
        /// Just behind the literal whose first quote stands at `quote`, with `hashes` before it; its line breaks are kept.
        func endOfLiteral(at quote: Int, hashes: Int) -> Int {
            let isLong = stands("\"\"\"", at: quote)
            var position = quote + (isLong ? 3 : 1)
            var depth = 0
            while position < bytes.count {
                let byte = bytes[position]
                if byte == UInt8(ascii: "\n") {
                    guard isLong else { return position }
                    out.append(byte)
                }
                let isEscape = byte == UInt8(ascii: "\\") && (0..<hashes).allSatisfy { position + 1 + $0 < bytes.count && bytes[position + 1 + $0] == UInt8(ascii: "#") }
                if isEscape, stands("(", at: position + 1 + hashes) {
                    depth += 1
                    position += 2 + hashes
                    continue
                }
                if depth > 0 {
                    if byte == UInt8(ascii: "(") { depth += 1 }
                    if byte == UInt8(ascii: ")") { depth -= 1 }
                } else if isEscape {
                    position += 2 + hashes
                    continue
                } else if byte == UInt8(ascii: "\""), !isLong || stands("\"\"\"", at: position) {
                    let end = position + (isLong ? 3 : 1)
                    if (0..<hashes).allSatisfy({ end + $0 < bytes.count && bytes[end + $0] == UInt8(ascii: "#") }) { return end + hashes }
                }
                position += 1
            }
            return position
        }
        while index < bytes.count {
            if stands("//", at: index) {
                while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
            } else if stands("/*", at: index) {
                while index < bytes.count, !stands("*/", at: index) {
                    if bytes[index] == UInt8(ascii: "\n") { out.append(bytes[index]) }
                    index += 1
                }
                index += 2
            } else if bytes[index] == UInt8(ascii: "\"") || bytes[index] == UInt8(ascii: "#") {
                let hashes = bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count
                if stands("\"", at: index + hashes) {
                    out.append(contentsOf: "\"\"".utf8)
                    index = endOfLiteral(at: index + hashes, hashes: hashes)
                } else {
                    out.append(contentsOf: bytes[index..<index + max(1, hashes)])
                    index += max(1, hashes)
                }
            } else {
                out.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }
}

@Suite struct ArchitectureTests {
    private let house: House

    init() throws {
        house = try House.standing.get()
    }

    @Test func theTableIsRead() {
        #expect(house.rooms.count > 20)
        #expect(house.rooms.first { $0.name == "Model" }?.needs == ["SourceText", "Definition", "Formula"])
        #expect(house.rooms.first { $0.name == "Benchmarks" }?.path == "Benchmarks/Sources")
        #expect(house.rooms.first { $0.name == "StorageSQLite" }?.needs.contains("GRDB") == true)
    }

    /// What comes with the compiler and is no arrow between rooms.
    private static let everywhere: Set<String> = ["Swift", "Foundation", "FoundationEssentials", "FoundationNetworking", "Synchronization", "Dispatch", "Glibc", "Musl", "Darwin"]

    @Test func everyImportStandsInTheTable() throws {
        for room in house.rooms {
            var allowed = room.needs.union(Self.everywhere)
            if room.isTest { allowed.insert("Testing") }
            for line in house.lines(of: room) {
                guard let module = imported(line.code) else { continue }
                if !allowed.contains(module) {
                    Issue.record("\(line.file):\(line.number) imports `\(module)`, which the line of `\(room.name)` in Package.swift does not name")
                }
            }
        }
    }

    private func imported(_ code: String) -> String? {
        var words = code.split(whereSeparator: \.isWhitespace).map(String.init)[...]
        let modifiers: Set<String> = ["package", "public", "internal", "private", "fileprivate", "@testable", "@preconcurrency", "@_exported"]
        while let word = words.first, modifiers.contains(word) { words.removeFirst() }
        guard words.first == "import", words.count >= 2 else { return nil }
        words.removeFirst()
        let kinds: Set<String> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        if let word = words.first, kinds.contains(word) { words.removeFirst() }
        return words.first?.split(separator: ".").first.map(String.init)
    }

    /// Time, ids and randomness come in from the executable, so that a test can set them and a run can be repeated.
    @Test func onlyTheExecutableOwnsTheClockAndTheDice() throws {
        let forbidden = [
            "Date()", "Date.now", "UUID()", ".random(", ".randomElement(", ".shuffled(", ".shuffle(", "SystemRandomNumberGenerator", "ContinuousClock", "SuspendingClock",
            "DispatchTime.now", "gettimeofday", "clock_gettime", "arc4random", "CFAbsoluteTimeGetCurrent", "timeIntervalSinceNow",
        ]
        let owners: Set<String> = ["weir", "Benchmarks"]
        for room in house.rooms where !room.isTest && !owners.contains(room.name) {
            for line in house.lines(of: room) {
                // A generator that is passed in has its seed from outside.
                for word in forbidden where line.code.contains(word) && !line.code.contains("using:") {
                    Issue.record("\(line.file):\(line.number) uses `\(word)`; time, ids and randomness come in through `World`")
                }
            }
        }
    }

    /// What cannot go wrong is written so that it shows; what can is a diagnostic, an error or a precondition with a sentence.
    @Test func nothingIsForced() throws {
        for room in house.rooms where !room.isTest {
            for line in house.lines(of: room) {
                for word in ["try!", "as!"] where line.code.contains(word) {
                    Issue.record("\(line.file):\(line.number) uses `\(word)`")
                }
                if unwraps(line.code) { Issue.record("\(line.file):\(line.number) unwraps by force") }
            }
        }
    }

    /// A `!` behind a name or a closing bracket that is no `!=`.
    private func unwraps(_ code: String) -> Bool {
        let scalars = Array(code.unicodeScalars)
        return scalars.indices.contains { index in
            guard scalars[index] == "!", index > 0 else { return false }
            let before = scalars[index - 1]
            let isName = before.properties.isAlphabetic || ("0"..."9").contains(before) || before == "_" || before == ")" || before == "]"
            let after = index + 1 < scalars.count ? scalars[index + 1] : " "
            return isName && after != "="
        }
    }

    @Test func theReaderOfCodeSeesCodeOnly() {
        let text = """
            let a = "Date() \\(b + "x") try!" // as!
            /* UUID()
            */ let c = #"try! \\"# + d
            """
        #expect(House.code(of: text) == ["let a = \"\" ", "", " let c = \"\" + d"])
    }
}
