import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A server on this machine that does as a test tells it: an SMS or voice gateway, a robot of WeCom, somebody's program.
final class FakeServer: Sendable {
    struct Request: Sendable {
        let method: String
        let path: String
        let headers: [String: String]
        let body: String

        subscript(header: String) -> String? { headers[header.lowercased()] }
    }

    enum Reply: Sendable {
        case answer(Int, [String: String] = [:], String = "")
        /// Takes the request and says nothing until `release`.
        case hang
        /// Closes after the request.
        case cut
        /// Begins an answer of 200 and closes in the middle.
        case half
    }

    let port: Int
    private let channel: any Channel
    private let seen = Mutex<[Request]>([])
    private let open: Mutex<[any Channel]>

    var requests: [Request] { seen.withLock { $0 } }
    var address: String { "http://127.0.0.1:\(port)" }

    init(_ reply: @escaping @Sendable (Request) -> Reply) async throws {
        let arrivals = Arrivals()
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                    try channel.pipeline.syncOperations.addHandler(Handler(arrivals: arrivals))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
        open = Mutex([])
        arrivals.take = { [weak self] request, channel in
            self?.seen.withLock { $0.append(request) }
            self?.open.withLock { $0.append(channel) }
            return reply(request)
        }
    }

    /// Closes what hangs.
    func release() {
        for channel in open.withLock({ $0 }) { channel.close(promise: nil) }
    }

    func stop() async {
        release()
        try? await channel.close()
    }

    private final class Arrivals: @unchecked Sendable {
        // Set before the first connection can come: the port is not known to anybody until then.
        var take: (@Sendable (Request, any Channel) -> Reply)?
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart

        private let arrivals: Arrivals
        private var head: HTTPRequestHead?
        private var body = ""

        init(arrivals: Arrivals) {
            self.arrivals = arrivals
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head):
                self.head = head
                body = ""
            case .body(let buffer): body += String(buffer: buffer)
            case .end:
                guard let head else { return }
                var headers: [String: String] = [:]
                for header in head.headers { headers[header.name.lowercased()] = header.value }
                let request = Request(method: head.method.rawValue, path: head.uri, headers: headers, body: body)
                answer(arrivals.take?(request, context.channel) ?? .cut, context)
            }
        }

        private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
            switch reply {
            case .hang: break
            case .cut: context.close(promise: nil)
            case .half:
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "1000"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: "{\"st")))), promise: nil)
                context.close(promise: nil)
            case .answer(let status, let headers, let text):
                var fields = HTTPHeaders(headers.map { ($0.key, $0.value) })
                fields.replaceOrAdd(name: "content-length", value: String(text.utf8.count))
                context.write(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .init(statusCode: status), headers: fields))), promise: nil)
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }
    }
}
