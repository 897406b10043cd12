import HTTPService
import HTTPTypes
import Hummingbird
import NIOCore
import WebAssets

extension WebUI {
    /// `/a/<hash>/<name>`: kept by browsers for a year, since another content has another address.
    func addAssets(to router: Router<WeirContext>) {
        router.get("a/:hash/:name") { request, context in
            guard let asset = Packed.all[context.parameters.get("name") ?? ""] else { throw Problem.notFound }
            var headers: HTTPFields = [.contentType: asset.contentType, .vary: "Accept-Encoding"]
            // A page from before an update asks under the old hash: it gets what there is, but must not keep it.
            let isCurrent = context.parameters.get("hash") == WebAssets.hash
            headers[.cacheControl] = isCurrent ? "public, max-age=31536000, immutable" : "no-cache"
            guard let gzipped = asset.gzipped, Compression.takesGzip(request) else {
                return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: asset.plain)))
            }
            headers[.contentEncoding] = "gzip"
            return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: gzipped)))
        }
    }

    /// An asset in both forms, made once.
    private struct Packed: Sendable {
        let contentType: String
        let plain: [UInt8]
        let gzipped: [UInt8]?

        static let all: [String: Packed] = Dictionary(
            uniqueKeysWithValues: WebAssets.all.map { ($0.name, Packed(contentType: $0.contentType, plain: $0.bytes, gzipped: gzip($0.bytes))) })
    }
}
