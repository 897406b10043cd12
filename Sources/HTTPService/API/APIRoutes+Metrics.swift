import Engine
import HTTPTypes
import Hummingbird
import NIOCore
import SourceText
import Storage

extension APIRoutes {
    /// `GET /metrics`. For a program with a key, and for whoever asks from the machine itself: a figure of how much is done is nobody else's
    /// business. What came through a proxy does not count as from the machine.
    @Sendable func metricsPage(_ request: Request, context: WeirContext) async throws -> Response {
        let isProgram = if case .key = context.visitor.signedIn?.way { true } else { false }
        guard isProgram || Self.isFromHere(request, context) else { throw Problem.notSignedIn }
        let text = metrics.text(store: try await engine.store.figures(), saves: engine.tally.figures, failedRuns: try await engine.failedRuns(), now: engine.world.clock.now())
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func isFromHere(_ request: Request, _ context: WeirContext) -> Bool {
        guard forwarding.allSatisfy({ request.headers[$0] == nil }), let address = context.address else { return false }
        return address == "::1" || address.hasPrefix("127.") || address.hasPrefix("::ffff:127.")
    }

    private static let forwarding = ["Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"].map(headerName)
}
