import HTTPTypes
import Hummingbird
package import HummingbirdCore
import Logging
import NIOCore

/// Runs tasks on the thread of a connection, so that a request that is answered from memory or by a brief read changes no thread at all.
final class LoopExecutor: TaskExecutor {
    private let loop: any EventLoop

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}

/// A connection of HTTP/1.1 whose requests are handled on its own thread; `LongWork` takes those elsewhere that may take long.
struct LoopChannel: ServerChildChannel {
    typealias Value = HTTP1Channel.Value

    let base: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> { base.setup(channel: channel, logger: logger) }

    func handle(value: Value, logger: Logger) async {
        await withTaskExecutorPreference(LoopExecutor(value.channel.eventLoop)) { await base.handle(value: value, logger: logger) }
    }
}

extension HTTPServerBuilder {
    /// What `weir serve` listens with.
    package static var onLoop: HTTPServerBuilder {
        HTTPServerBuilder { responder in LoopChannel(base: HTTP1Channel(responder: responder)) }
    }
}

/// Pages, files and everything else that may take a while go to the threads for that, so that no other connection of the same thread waits.
struct LongWork: RouterMiddleware {
    typealias Context = WeirContext

    func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        if Self.isBrief(request) { return try await next(request, context) }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try await next(request, context) }
    }

    /// Single records and first pages, whose saving and searching have threads of their own.
    static func isBrief(_ request: Request) -> Bool {
        let path = request.uri.path
        if path.hasPrefix("/api/v1/records/") { return !path.hasSuffix("/batch") }
        return path == "/healthz" || path == "/readyz"
    }
}
