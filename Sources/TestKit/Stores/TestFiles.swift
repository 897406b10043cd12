import Foundation

/// Files and folders of tests.
package enum TestFiles {
    package static func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    package static func read(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    package static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path)
    }

    /// Runs `work` with a new folder, which is removed afterwards.
    package static func withFolder<Result>(_ work: (String) async throws -> Result) async throws -> Result {
        var template = Array("/tmp/weir-test-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw ContractBroken("no folder can be made in /tmp") }
        let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await work(path)
    }
}
