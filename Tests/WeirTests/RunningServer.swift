import Foundation
import JSON

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// `weir serve` as a process of its own, with a client that signs in by a demo link.
///
/// `@unchecked Sendable`: nothing of it changes once it is made; `heard` guards itself.
final class RunningServer: @unchecked Sendable {
    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: Data

        var json: JSONValue { (try? JSONValue.parse(Array(body))) ?? .null }
        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let process: Process
    let address: String
    /// What was printed until it was ready: the address and, with `--demo`, the sign-in links.
    let announcement: String
    private let session: URLSession
    private let heard = Heard()

    /// - Parameter listensToErrors: Whether what it says on standard error is kept for `waitForError`, instead of being shown.
    /// - Throws: If the process ends before it serves.
    init(_ arguments: [String], environment: [String: String] = [:], listensToErrors: Bool = false) throws {
        process = Process()
        process.executableURL = WeirProcess.executable
        process.arguments = ["serve"] + arguments + ["--port", "0", "--lang", "en"]
        process.currentDirectoryURL = WeirProcess.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        if listensToErrors {
            let errors = Pipe()
            errors.fileHandleForReading.readabilityHandler = { [heard] handle in
                let data = handle.availableData
                if data.isEmpty { handle.readabilityHandler = nil } else { heard.add(data) }
            }
            process.standardError = errors
        } else {
            process.standardError = FileHandle.standardError
        }
        try process.run()
        var text = ""
        while !text.contains("Ctrl+C") {
            let chunk = pipe.fileHandleForReading.availableData
            guard !chunk.isEmpty else { throw Trouble("the server ended: \(text)") }
            text += String(decoding: chunk, as: UTF8.self)
        }
        announcement = text
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("serving ") }) else { throw Trouble(text) }
        address = String(line.dropFirst("serving ".count))
        let configuration = URLSessionConfiguration.ephemeral
        configuration.httpCookieAcceptPolicy = .always
        configuration.timeoutIntervalForRequest = 60
        session = URLSession(configuration: configuration)
    }

    struct Trouble: Error, CustomStringConvertible {
        let description: String

        init(_ description: String) {
            self.description = description
        }
    }

    /// What it has said on standard error.
    var errors: String { heard.text }

    /// Returns once it has said so on standard error, behind what was waited for before.
    ///
    /// - Throws: If it does not within a minute, which no machine needs.
    func waitForError(_ words: String) throws {
        guard heard.wait(for: words, until: Date(timeIntervalSinceNow: 60)) else { throw Trouble("it never said `\(words)`, but: \(errors)") }
    }

    /// By the link of the role at this position of the app.
    func signInByLink(_ position: Int) async throws {
        let links = announcement.split(whereSeparator: \.isWhitespace).filter { $0.contains("/demo/") }
        let answer = try await send("GET", String(links[position].dropFirst(address.count)))
        guard answer.status == 200 else { throw Trouble("signing in gives \(answer.status)") }
    }

    /// From now on commit points count towards the crash of `WEIR_CRASH_AT=POINT:COUNT:USR1`: however long a start takes, and whatever it writes.
    func armCrash() { Foundation.kill(process.processIdentifier, SIGUSR1) }

    /// kill -9.
    func kill() {
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }

    func signInByFirstLink() async throws {
        guard let link = announcement.split(whereSeparator: \.isWhitespace).first(where: { $0.contains("/demo/") }) else {
            throw Trouble("no demo link in \(announcement)")
        }
        let answer = try await send("GET", String(link.dropFirst(address.count)))
        guard answer.status == 200 else { throw Trouble("signing in gives \(answer.status)") }
    }

    func send(
        _ method: String, _ path: String, headers: [String: String] = [:], json: JSONValue? = nil, body: Data? = nil
    ) async throws -> Answer {
        guard let url = URL(string: address + path) else { throw Trouble("no address: \(path)") }
        var request = URLRequest(url: url)
        request.httpMethod = method
        // What a browser says of a request from the page itself.
        request.setValue("same-origin", forHTTPHeaderField: "Sec-Fetch-Site")
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        if let json {
            request.httpBody = Data(json.utf8())
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        } else {
            request.httpBody = body
        }
        let (data, response) = try await session.data(for: request)
        guard let http = response as? HTTPURLResponse else { throw Trouble("no HTTP answer") }
        var headers: [String: String] = [:]
        for (name, value) in http.allHeaderFields {
            if let name = name as? String, let value = value as? String { headers[name.lowercased()] = value }
        }
        return Answer(status: http.statusCode, headers: headers, body: data)
    }
}

/// What a process says, as it comes.
private final class Heard: @unchecked Sendable {
    private let condition = NSCondition()
    private var bytes = Data()
    /// Where what has not been waited for begins.
    private var position = 0

    var text: String {
        condition.withLock { String(decoding: bytes, as: UTF8.self) }
    }

    func add(_ more: Data) {
        condition.withLock {
            bytes.append(more)
            condition.broadcast()
        }
    }

    func wait(for words: String, until limit: Date) -> Bool {
        condition.withLock {
            while true {
                if let range = bytes.range(of: Data(words.utf8), in: position..<bytes.count) {
                    position = range.upperBound
                    return true
                }
                guard condition.wait(until: limit) else { return false }
            }
        }
    }
}
