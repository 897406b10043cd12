import CShims
import HTTPTypes
package import Hummingbird
import NIOCore

/// Sends text answers gzipped to clients that take it (RFC 9110 §12.5.3).
package struct Compression: RouterMiddleware {
    package typealias Context = WeirContext

    /// Below this the headers outweigh the gain.
    static let smallestBody = 1024

    package init() {}

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        guard response.status != .notModified, response.headers[.contentEncoding] == nil, Self.takesGzip(request),
            Self.isText(response.headers[.contentType]), let length = response.body.contentLength, length >= Self.smallestBody
        else { return response }
        let collector = BodyCollector()
        try await response.body.write(collector)
        guard let packed = gzip(collector.bytes) else {
            response.body = .init(byteBuffer: ByteBuffer(bytes: collector.bytes))
            return response
        }
        response.headers[.contentEncoding] = "gzip"
        response.headers[.contentLength] = nil
        response.headers.append(HTTPField(name: .vary, value: "Accept-Encoding"))
        response.body = .init(byteBuffer: ByteBuffer(bytes: packed))
        return response
    }

    package static func takesGzip(_ request: Request) -> Bool {
        guard let accepted = request.headers[.acceptEncoding] else { return false }
        return accepted.split(separator: ",").contains { part in
            let pieces = part.split(separator: ";").map(\.trimmed)
            return (pieces.first == "gzip" || pieces.first == "*") && !pieces.dropFirst().contains { $0 == "q=0" || $0 == "q=0.0" }
        }
    }

    private static func isText(_ type: String?) -> Bool {
        guard let type else { return false }
        return type.hasPrefix("text/html") || type.hasPrefix("application/json") || type.hasPrefix("application/problem+json")
            || type.hasPrefix("text/css") || type.hasPrefix("text/javascript") || type.hasPrefix("image/svg+xml") || type.hasPrefix("text/plain")
    }
}

/// The gzip form (RFC 1952) of the bytes, or nil if there is no memory for it.
package func gzip(_ bytes: [UInt8]) -> [UInt8]? {
    var output = [UInt8](repeating: 0, count: weir_gzip_bound(bytes.count))
    let written = bytes.withUnsafeBufferPointer { input in
        output.withUnsafeMutableBufferPointer { weir_gzip(input.baseAddress, input.count, $0.baseAddress, $0.count) }
    }
    guard written > 0 else { return nil }
    output.removeLast(output.count - written)
    return output
}

private final class BodyCollector: ResponseBodyWriter {
    var bytes: [UInt8] = []

    func write(_ buffer: ByteBuffer) async throws { bytes.append(contentsOf: buffer.readableBytesView) }
    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
