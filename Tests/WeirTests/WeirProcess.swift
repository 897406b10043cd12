import Foundation

/// The built executable, run as a person or a script would run it.
struct WeirProcess {
    struct Result {
        let exitCode: Int32
        let bytes: Data
        let error: String

        var out: String { String(decoding: bytes, as: UTF8.self) }
    }

    /// The folder of this checkout.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// `weir` beside the test bundle that is running.
    static let executable: URL = {
        let bundles = CommandLine.arguments.first.map { URL(fileURLWithPath: $0) }
        let folders = [bundles?.deletingLastPathComponent(), Bundle.main.bundleURL].compactMap { $0 } + [root.appendingPathComponent(".build/debug")]
        for folder in folders {
            let file = folder.appendingPathComponent("weir")
            if FileManager.default.isExecutableFile(atPath: file.path) { return file }
        }
        preconditionFailure("weir is built together with its tests")
    }()

    static func run(_ arguments: [String], input: Data? = nil, environment: [String: String] = [:], in folder: URL = root) throws -> Result {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(["LANG": "en_US.UTF-8", "LC_ALL": "", "NO_COLOR": "1"]) { $1 }
            .merging(environment) { $1 }
        // Files and not pipes: output of any length cannot block the process.
        let scratch = try temporaryFolder()
        defer { try? FileManager.default.removeItem(at: scratch) }
        let out = scratch.appendingPathComponent("out")
        let error = scratch.appendingPathComponent("error")
        try Data().write(to: out)
        try Data().write(to: error)
        process.standardOutput = try FileHandle(forWritingTo: out)
        process.standardError = try FileHandle(forWritingTo: error)
        if let input {
            let file = scratch.appendingPathComponent("in")
            try input.write(to: file)
            process.standardInput = try FileHandle(forReadingFrom: file)
        } else {
            process.standardInput = FileHandle.nullDevice
        }
        try process.run()
        process.waitUntilExit()
        return Result(
            exitCode: process.terminationStatus, bytes: try Data(contentsOf: out),
            error: try String(contentsOf: error, encoding: .utf8))
    }

    static func temporaryFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-test-\(ProcessInfo.processInfo.globallyUniqueString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        return folder
    }

    /// A folder with these files in it.
    static func folder(_ files: [String: String]) throws -> URL {
        let folder = try temporaryFolder()
        for (name, text) in files {
            let file = folder.appendingPathComponent(name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }
}
