import Foundation

/// An input file of a test with the text expected of it beside: `unknown-field.yaml` and `unknown-field.expected`.
///
/// With `WEIR_RECORD=1` in the environment the expected texts are written instead of compared; the difference is then read as product.
package struct Golden: Sendable, CustomStringConvertible {
    /// The path of the input.
    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// The file's name, by which tests call it.
    package var description: String { URL(fileURLWithPath: path).lastPathComponent }

    /// The file's name without what follows the last period; for a mistake, its code.
    package var name: String { URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent }

    package static var isRecording: Bool { ProcessInfo.processInfo.environment["WEIR_RECORD"] == "1" }

    /// The folder called `name` beside the source file of the caller.
    package static func folder(_ name: String, beside source: String = #filePath) -> String {
        URL(fileURLWithPath: source).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// The files in `folder` whose names end in `ending`, sorted by name. A folder that is missing is empty.
    package static func inputs(in folder: String, ending: String = ".yaml") -> [Golden] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(ending) }.sorted().map { Golden(path: folder + "/" + $0) }
    }

    package func bytes() throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Compares `rendered` with the expected text.
    ///
    /// - Returns: Nil if they are the same, or were made so by recording; else a sentence with the first line that differs.
    package func difference(from rendered: String) throws -> String? {
        let expectedURL = URL(fileURLWithPath: path).deletingPathExtension().appendingPathExtension("expected")
        let expected = (try? Data(contentsOf: expectedURL)).map { String(decoding: $0, as: UTF8.self) }
        if expected == rendered { return nil }
        if Golden.isRecording {
            try Data(rendered.utf8).write(to: expectedURL)
            return nil
        }
        guard let expected else {
            return "\(expectedURL.lastPathComponent) is missing; WEIR_RECORD=1 writes it. Rendered:\n\(rendered)"
        }
        let was = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let now = rendered.split(separator: "\n", omittingEmptySubsequences: false)
        let line = zip(was, now).prefix { $0 == $1 }.count
        return """
            \(expectedURL.lastPathComponent) differs at line \(line + 1):
            - \(line < was.count ? String(was[line]) : "(end)")
            + \(line < now.count ? String(now[line]) : "(end)")
            WEIR_RECORD=1 re-records. Rendered:
            \(rendered)
            """
    }
}
