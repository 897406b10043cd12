import Foundation
import JSON

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

/// `weir serve` as a process of its own, with a client that signs in by a demo link.
final class RunningServer {
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

    /// - Throws: If the process ends before it serves.
    init(_ arguments: [String], environment: [String: String] = [:]) throws {
        process = Process()
        process.executableURL = WeirProcess.executable
        process.arguments = ["serve"] + arguments + ["--port", "0", "--lang", "en"]
        process.currentDirectoryURL = WeirProcess.root
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = FileHandle.standardError
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
