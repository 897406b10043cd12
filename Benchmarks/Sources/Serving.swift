import BenchmarkFloor
import Engine
import Foundation
import JSON
import Model

/// `weir serve` as a process of its own.
enum Serving {
    static func run(creates: Int) async throws -> [Line] {
        let names = ["create over HTTP, one keep-alive client", "start to first page, current database", "idle memory"]
        let weir = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("weir").path
        guard FileManager.default.isExecutableFile(atPath: weir) else {
            return names.map { Line(skipped: $0, why: "no weir beside this program; build it first") }
        }
        return try await withFolder { folder in
            let (options, key) = try await prepare(folder, weir)
            var starts: [Double] = []
            for _ in 0..<5 {
                let server = try Server(weir, options)
                starts.append(try server.firstPage())
                server.stop()
            }
            let server = try Server(weir, options)
            _ = try server.firstPage()
            let memory = try server.residentMegabytes()
            let client = try Client(port: server.port)
            func create(_ number: Int) throws {
                let body = """
                    {"fields":{"account":"account/\(1 + number % Int(BenchApp.accounts))","name":"商机 \(number)","code":"D-\(number)","amount":1234.50,\
                    "rate":0.25,"due":"2026-03-01","level":"high","pains":["cost","risk"],"words":["重点"],"note":"客户希望在春节前上线"}}
                    """
                let status = try client.post("/api/v1/records/deal", body, key: key)
                guard status == 201 else { throw Failed("POST answers \(status): \(client.lastBody)") }
            }
            for number in 1...200 { try create(number) }
            let before = try server.cpuMicroseconds()
            for number in 201...(200 + creates) { try create(number) }
            let perCreate = (try server.cpuMicroseconds() - before) / Double(creates)
            server.stop()
            return [
                Line(names[0], perCreate, "µs", decimals: 0, aim: 600),
                Line(names[1], starts.sorted()[starts.count / 2], "s", decimals: 3, aim: 0.15), Line(names[2], memory, "MB", decimals: 0, aim: 60),
            ]
        }
    }

    /// Pages of 50 of so many records, as a program asks for them.
    static func lists(of records: Int, times: Int) async throws -> [Line] {
        let first = "list over HTTP: 50 of \(records), with total"
        let weir = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent().appendingPathComponent("weir").path
        guard FileManager.default.isExecutableFile(atPath: weir) else { return [Line(skipped: first, why: "no weir beside this program; build it first")] }
        return try await withFolder { folder in
            let (options, key) = try await prepare(folder, weir)
            do {
                let floor = try await Floor(folder: folder + "/data")
                try floor.create(first: 1, count: records, batch: 1_000)
            }
            let server = try Server(weir, options)
            defer { server.stop() }
            let client = try Client(port: server.port)
            var lines: [Line] = []
            for (name, query, aim) in [
                (first, "", 1_200.0 as Double?), ("record over HTTP", "/5", nil), ("list over HTTP: sorted by an indexed column", "?sort=code&fields=name,code,amount", nil),
            ] {
                func get() throws {
                    let status = try client.get("/api/v1/records/deal" + query, key: key)
                    guard status == 200 else { throw Failed("GET answers \(status): \(client.lastBody)") }
                }
                for _ in 0..<20 { try get() }
                let before = try server.cpuMicroseconds()
                for _ in 0..<times { try get() }
                lines.append(Line(name, (try server.cpuMicroseconds() - before) / Double(times), "µs", decimals: 0, aim: aim))
            }
            return lines
        }
    }

    /// A data folder with accounts, an app folder, a person and a key.
    private static func prepare(_ folder: String, _ weir: String) async throws -> (options: [String], key: String) {
        try FileManager.default.createDirectory(atPath: folder + "/app", withIntermediateDirectories: true)
        try Data(BenchApp.text.utf8).write(to: URL(fileURLWithPath: folder + "/app/app.yaml"))
        try await Records.prepare(folder + "/data")
        let options = [folder + "/app", "--data", folder + "/data"]
        _ = try command(weir, ["user", "add"] + options + ["zhang", "--name", "张", "--role", "sales"])
        let answer = try command(weir, ["key", "create"] + options + ["--user", "zhang", "--name", "bench"])
        guard case .object(let members)? = try? JSONValue.parse(answer), case .string(let key)? = members.first(where: { $0.name == "key" })?.value else {
            throw Failed("`weir key create` answers \(answer)")
        }
        return (options, key)
    }

    private static func command(_ weir: String, _ arguments: [String]) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: weir)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failed("weir \(arguments.prefix(2).joined(separator: " ")) ends with \(process.terminationStatus)") }
        return text
    }
}

/// A running `weir serve`.
private final class Server {
    let port: UInt16
    private let process = Process()
    private let started = wallSeconds()

    init(_ weir: String, _ options: [String]) throws {
        process.executableURL = URL(fileURLWithPath: weir)
        process.arguments = ["serve"] + options + ["--port", "0", "--rate", "0"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var text = ""
        var port: UInt16?
        while port == nil {
            let data = output.fileHandleForReading.availableData
            guard !data.isEmpty else { throw Failed("weir serve ends before it serves: \(text)") }
            text += String(decoding: data, as: UTF8.self)
            if let range = text.range(of: "http://127.0.0.1:") { port = UInt16(text[range.upperBound...].prefix { $0.isNumber }) }
        }
        self.port = port ?? 0
    }

    /// Seconds from the start of the process until the sign-in page is there.
    func firstPage() throws -> Double {
        let client = try Client(port: port)
        let status = try client.get("/sign-in")
        guard status == 200 else { throw Failed("the sign-in page answers \(status)") }
        return wallSeconds() - started
    }

    /// Fields 14 and 15 of /proc/PID/stat, in clock ticks.
    func cpuMicroseconds() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        let fields = text[(text.lastIndex(of: ")") ?? text.startIndex)...].split(separator: " ")
        guard fields.count > 13, let user = Double(fields[12]), let system = Double(fields[13]) else { throw Failed("/proc/PID/stat cannot be read") }
        return (user + system) * 1e6 / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    func residentMegabytes() throws -> Double {
        let text = try String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS:") }),
            let kilobytes = Double(line.split(separator: " ").dropLast().last ?? "")
        else { throw Failed("/proc/PID/status cannot be read") }
        return kilobytes / 1_024
    }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}

/// One connection that stays open.
private final class Client {
    private let socketDescriptor: Int32
    private(set) var lastBody = ""

    init(port: UInt16) throws {
        socketDescriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socketDescriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        guard result == 0 else { throw Failed("port \(port) takes no connection") }
        var noDelay: Int32 = 1
        setsockopt(socketDescriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &noDelay, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit {
        close(socketDescriptor)
    }

    func get(_ path: String, key: String? = nil) throws -> Int {
        try send("GET \(path) HTTP/1.1\r\nHost: localhost\r\n\(key.map { "Authorization: Bearer \($0)\r\n" } ?? "")\r\n")
    }

    func post(_ path: String, _ body: String, key: String) throws -> Int {
        try send(
            "POST \(path) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(key)\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
    }

    /// The status of the answer, of which everything is read.
    private func send(_ request: String) throws -> Int {
        var text = request
        let sent = text.withUTF8 { write(socketDescriptor, $0.baseAddress, $0.count) }
        guard sent == request.utf8.count else { throw Failed("a request cannot be sent") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var needed = Int.max
        var bodyStart = 0
        while bytes.count < needed {
            let count = read(socketDescriptor, &buffer, buffer.count)
            guard count > 0 else { throw Failed("the server closes the connection") }
            bytes += buffer[..<count]
            guard needed == Int.max, let end = headEnd(bytes) else { continue }
            let head = String(decoding: bytes[..<end], as: UTF8.self).lowercased()
            bodyStart = end + 4
            if let range = head.range(of: "content-length: "), let length = Int(head[range.upperBound...].prefix { $0.isNumber }) {
                needed = bodyStart + length
            } else if head.contains("transfer-encoding: chunked") {
                // A chunked answer ends with an empty chunk.
                while bytes.suffix(5) != Array("0\r\n\r\n".utf8)[...] {
                    let count = read(socketDescriptor, &buffer, buffer.count)
                    guard count > 0 else { throw Failed("the server closes the connection") }
                    bytes += buffer[..<count]
                }
                needed = bytes.count
            } else {
                throw Failed("an answer has no length")
            }
        }
        lastBody = String(decoding: bytes[bodyStart...], as: UTF8.self)
        let status = String(decoding: bytes.prefix(12), as: UTF8.self).suffix(3)
        return Int(status) ?? 0
    }

    private func headEnd(_ bytes: [UInt8]) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (0...(bytes.count - 4)).first { bytes[$0] == 13 && bytes[$0 + 1] == 10 && bytes[$0 + 2] == 13 && bytes[$0 + 3] == 10 }
    }
}
