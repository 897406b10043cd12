import Foundation

/// A program of somebody else on this machine: answers every request with `{"id":"r-KEY"}` and remembers the keys.
///
/// `@unchecked Sendable`: what changes is behind the condition.
final class FakeEndpoint: @unchecked Sendable {
    let port: Int
    private let socket: Int32
    private let condition = NSCondition()
    private var isOver = false
    private var seen: [(path: String, key: String, body: String)] = []
    /// Requests to these paths are answered with 400.
    private var refusing: Set<String> = []
    /// Requests to these paths are never answered.
    private let hanging: Set<String>

    init(hanging: Set<String> = []) throws {
        self.hanging = hanging
        #if canImport(Glibc) || canImport(Musl)
        let kind = Int32(SOCK_STREAM.rawValue)
        #else
        let kind = SOCK_STREAM
        #endif
        let listener = Foundation.socket(AF_INET, kind, 0)
        socket = listener
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 64) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard listening else { throw RunningServer.Trouble("no port to listen on") }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else { return }
                Thread.detachNewThread { [self] in serve(connection) }
            }
        }
    }

    func stop() {
        shutdown(socket, Int32(SHUT_RDWR))
        close(socket)
    }

    /// The keys of the requests to this path, in the order in which they came.
    func keys(at path: String) -> [String] { condition.withLock { seen.filter { $0.path == path }.map(\.key) } }

    /// Returns once so many requests came to the path, or `end` was called.
    ///
    /// - Throws: If they do not within a minute, which no machine needs.
    func wait(for count: Int, at path: String) throws {
        let limit = Date(timeIntervalSinceNow: 60)
        try condition.withLock {
            while !isOver, seen.count(where: { $0.path == path }) < count {
                guard condition.wait(until: limit) else { throw RunningServer.Trouble("only \(seen.map(\.path)) came") }
            }
        }
    }

    /// From now on requests to the path are answered with 400, or taken.
    func refuse(_ path: String, _ isRefused: Bool = true) {
        condition.withLock { if isRefused { refusing.insert(path) } else { refusing.remove(path) } }
    }

    /// Whoever waits need not wait any more.
    func end() {
        condition.withLock {
            isOver = true
            condition.broadcast()
        }
    }

    /// From now on there is something to wait for again.
    func begin() { condition.withLock { isOver = false } }

    private func serve(_ connection: Int32) {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            bytes += chunk[..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let head = text[..<end.lowerBound].split(separator: "\r\n").map(String.init)
            func header(_ name: String) -> String? {
                head.first { $0.lowercased().hasPrefix(name + ":") }.map { $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces) }
            }
            guard text[end.upperBound...].utf8.count >= Int(header("content-length") ?? "0") ?? 0 else { continue }
            let path = head.first.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" } ?? ""
            let key = header("idempotency-key") ?? ""
            let isRefused = condition.withLock {
                seen.append((path, key, String(text[end.upperBound...])))
                condition.broadcast()
                return refusing.contains(path)
            }
            if hanging.contains(path) {
                // Until the other side has had enough.
                while recv(connection, &chunk, chunk.count, 0) > 0 {}
                break
            }
            let body = #"{"id":"r-\#(key)"}"#
            let answer = Array("HTTP/1.1 \(isRefused ? "400 Bad Request" : "200 OK")\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n\(body)".utf8)
            _ = Foundation.send(connection, answer, answer.count, 0)
            break
        }
        close(connection)
    }
}
