import HTTPTypes
package import Hummingbird

/// The headers of every answer. No inline script, no inline style, nothing from elsewhere, no framing.
package struct SecurityHeaders: RouterMiddleware {
    package typealias Context = WeirContext

    private static let policy =
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
    private static let headers: HTTPFields = [
        .contentSecurityPolicy: policy,
        .xContentTypeOptions: "nosniff",
        headerName("Referrer-Policy"): "same-origin",
        headerName("Cross-Origin-Opener-Policy"): "same-origin",
        headerName("Permissions-Policy"): "camera=(self), microphone=(self), geolocation=(self)",
    ]

    package init() {}

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        var response = try await next(request, context)
        for header in Self.headers where response.headers[header.name] == nil { response.headers.append(header) }
        return response
    }
}
