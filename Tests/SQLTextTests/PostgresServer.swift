import Foundation
import PostgresClient

/// A PostgreSQL server of this test run: its data in a folder of its own, reached by a socket there, gone with the run.
final class PostgresServer: Sendable {
    /// Nil where no server is installed: tests say so in one line and pass.
    static let shared: PostgresServer? = {
        if let server = PostgresServer() { return server }
        print("skipped: PostgreSQL's programs are not installed, so what formulas mean there is not asked")
        return nil
    }()

    let address: String
    private let folder: String

    private init?() {
        guard let programs = Self.programs else { return nil }
        var template = Array("/tmp/weir-pg-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { return nil }
        folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        address = "host=\(folder) dbname=postgres user=postgres"
        // The server refuses to run as root.
        let isRoot = getuid() == 0
        if isRoot { guard Self.run("chown postgres \(folder)") else { return nil } }
        func asOwner(_ command: String) -> Bool {
            Self.run(isRoot ? "su postgres -s /bin/sh -c \"cd \(folder) && \(command)\"" : "cd \(folder) && \(command)")
        }
        let options = "-k \(folder) -c listen_addresses= -c fsync=off -c full_page_writes=off -c max_connections=10"
        guard asOwner("\(programs)/initdb -D \(folder)/data -U postgres -A trust -E UTF8 --locale=C --no-sync >/dev/null 2>&1"),
            asOwner("\(programs)/pg_ctl -D \(folder)/data -o '\(options)' -l \(folder)/log -w start >/dev/null 2>&1")
        else { return nil }
        Self.stopping = (isRoot ? "su postgres -s /bin/sh -c " : "sh -c ")
            + "'\(programs)/pg_ctl -D \(folder)/data -m immediate stop >/dev/null 2>&1'; rm -rf \(folder)"
        atexit { if !PostgresServer.stopping.isEmpty { _ = PostgresServer.run(PostgresServer.stopping) } }
    }

    /// Set once while the server is made, read once when the process ends.
    nonisolated(unsafe) private static var stopping = ""

    private static var programs: String? {
        let folders = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql"))?.sorted().reversed() ?? []
        let places = folders.map { "/usr/lib/postgresql/\($0)/bin" } + ["/opt/homebrew/opt/postgresql@15/bin", "/usr/local/pgsql/bin", "/usr/bin"]
        return places.first { FileManager.default.isExecutableFile(atPath: $0 + "/initdb") }
    }

    /// By the C library: a `Process` waits for everything that its child leaves running, and a server is left running.
    private static func run(_ command: String) -> Bool { system(command) == 0 }
}
