import Engine
package import Formula
import Foundation
import Hummingbird
import Storage
import Synchronization

/// Figures of the running server, in the text form of Prometheus (exposition format 0.0.4). No record, name or secret is among them.
package final class Metrics: Sendable {
    /// Upper bounds of the classes of latencies, in seconds.
    private static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Request: Hashable {
        let method: String
        /// The route as it was declared, never an address with ids in it.
        let route: String
        let status: Int
    }

    private struct Latency {
        var classes = [Int](repeating: 0, count: Metrics.bounds.count)
        var count = 0
        var seconds = 0.0
    }

    private struct Figures {
        var requests: [Request: Int] = [:]
        var latencies: [String: Latency] = [:]
        var underWay = 0
    }

    private let figures = Mutex(Figures())
    private let started: Instant

    package init(started: Instant) {
        self.started = started
    }

    func began() { figures.withLock { $0.underWay += 1 } }

    func ended(method: String, route: String, status: Int, microseconds: Int64) {
        let seconds = Double(max(0, microseconds)) / 1e6
        figures.withLock { figures in
            figures.underWay -= 1
            figures.requests[Request(method: method, route: route, status: status), default: 0] += 1
            var latency = figures.latencies[route] ?? Latency()
            if let place = Self.bounds.firstIndex(where: { seconds <= $0 }) { latency.classes[place] += 1 }
            latency.count += 1
            latency.seconds += seconds
            figures.latencies[route] = latency
        }
    }

    /// The whole page.
    func text(store: StoreFigures, saves: (saved: Int, unchanged: Int, refused: Int), failedRuns: Int, now: Instant) -> String {
        let figures = figures.withLock { $0 }
        var page = ""
        func family(_ name: String, _ kind: String, _ help: String, _ samples: [(labels: String, value: String)]) {
            page += "# HELP \(name) \(help)\n# TYPE \(name) \(kind)\n"
            for sample in samples { page += "\(name)\(sample.labels) \(sample.value)\n" }
        }
        family(
            "weir_http_requests_total", "counter", "Requests answered, by route and status.",
            figures.requests.sorted { ($0.key.route, $0.key.method, $0.key.status) < ($1.key.route, $1.key.method, $1.key.status) }.map {
                ("{method=\"\($0.key.method)\",route=\"\(Self.escaped($0.key.route))\",status=\"\($0.key.status)\"}", "\($0.value)")
            })
        page += "# HELP weir_http_request_seconds How long answers took, by route.\n# TYPE weir_http_request_seconds histogram\n"
        for (route, latency) in figures.latencies.sorted(by: { $0.key < $1.key }) {
            var below = 0
            for (bound, count) in zip(Self.bounds, latency.classes) {
                below += count
                page += "weir_http_request_seconds_bucket{route=\"\(Self.escaped(route))\",le=\"\(bound)\"} \(below)\n"
            }
            page += "weir_http_request_seconds_bucket{route=\"\(Self.escaped(route))\",le=\"+Inf\"} \(latency.count)\n"
            page += "weir_http_request_seconds_sum{route=\"\(Self.escaped(route))\"} \(latency.seconds)\n"
            page += "weir_http_request_seconds_count{route=\"\(Self.escaped(route))\"} \(latency.count)\n"
        }
        family("weir_http_requests_under_way", "gauge", "Requests that are being answered.", [("", "\(figures.underWay)")])
        family(
            "weir_saves_total", "counter", "Commands on records, by what became of them.",
            [("{outcome=\"saved\"}", "\(saves.saved)"), ("{outcome=\"unchanged\"}", "\(saves.unchanged)"), ("{outcome=\"refused\"}", "\(saves.refused)")])
        family("weir_write_queue_length", "gauge", "Writes that wait for their turn.", [("", "\(store.waitingWrites)")])
        family("weir_reads_under_way", "gauge", "Reads of the database that are under way.", [("", "\(store.reads)")])
        family("weir_outbox_length", "gauge", "Messages that are not delivered yet.", [("", "\(store.outbox)")])
        family("weir_runs_failed", "gauge", "Runs of automations that failed or were cut off, and wait for somebody.", [("", "\(failedRuns)")])
        family("weir_sessions", "gauge", "Sessions that are open.", [("", "\(store.sessions)")])
        family("weir_database_bytes", "gauge", "Size of the database.", [("", "\(store.databaseBytes)")])
        family("weir_database_log_bytes", "gauge", "Size of the database's write-ahead log.", [("", "\(store.logBytes)")])
        family("weir_uptime_seconds", "gauge", "Time since the server started.", [("", "\(Double(now.microseconds - started.microseconds) / 1e6)")])
        return page
    }

    /// A label's value: backslash, quote and line break are escaped.
    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// Counts every request and how long its answer took.
struct Measuring: RouterMiddleware {
    typealias Context = WeirContext

    let metrics: Metrics
    let clock: any WorldClock

    func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        let started = clock.now()
        metrics.began()
        do {
            let response = try await next(request, context)
            note(request, context, response.status.code, since: started)
            return response
        } catch {
            note(request, context, 500, since: started)
            throw error
        }
    }

    private func note(_ request: Request, _ context: WeirContext, _ status: Int, since started: Instant) {
        metrics.ended(
            method: Self.known.contains(request.method.rawValue) ? request.method.rawValue : "OTHER", route: context.endpointPath ?? "none",
            status: status, microseconds: clock.now().microseconds - started.microseconds)
    }

    /// Anybody can invent methods; a figure for each would have no end.
    private static let known: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}
