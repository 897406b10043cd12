package import Hummingbird
import Foundation
import HTTPTypes
import SourceText

/// Refuses requests that another site made a browser send.
///
/// An unsafe method with a cookie must come from our own pages: `Sec-Fetch-Site` says so, else `Origin` is compared with `Host`
/// (Fetch Metadata, W3C; the scheme of Go's `net/http.CrossOriginProtection`). Browsers that send neither — some embedded ones — must
/// carry the session's token: forms have it in `_token`, programs in `X-Form-Token`. Keys are exempt.
package struct SameSite: RouterMiddleware {
    package typealias Context = WeirContext

    package init() {}

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        switch Self.verdict(on: request, visitor: context.visitor) {
        case .sameSite: return try await next(request, context)
        case .undecided:
            // Forms carry the token in their body, which their own routes read; a program's request has no such body.
            if context.visitor.signedIn != nil, request.uri.path.hasPrefix("/api/") { throw Problem.formToken }
            return try await next(request, context)
        case .crossSite:
            throw Problem(
                .forbidden, code: "cross_site", .init(zh: "请求来自其他网站，已拒绝", en: "the request comes from another site and was refused"))
        }
    }

    package enum Verdict: Sendable { case sameSite, crossSite, undecided }

    /// `.undecided` means that only the form token can tell.
    package static func verdict(on request: Request, visitor: Visitor) -> Verdict {
        switch request.method {
        case .get, .head, .options: return .sameSite
        default: break
        }
        if case .signedIn(let person) = visitor, case .key = person.way { return .sameSite }
        if let site = request.headers[secFetchSite] {
            return site == "same-origin" || site == "none" ? .sameSite : .crossSite
        }
        if let origin = request.headers[.origin] {
            guard let host = request.head.authority, let separator = origin.range(of: "://") else { return .crossSite }
            return origin[separator.upperBound...] == host ? .sameSite : .crossSite
        }
        if let token = request.headers[formTokenHeader], let expected = visitor.signedIn?.formToken {
            return constantTimeEqual(Array(token.utf8), Array(expected.utf8)) ? .sameSite : .crossSite
        }
        return .undecided
    }

    private static let secFetchSite = headerName("Sec-Fetch-Site")
    private static let formTokenHeader = headerName("X-Form-Token")
}

/// For names written in our own source.
func headerName(_ name: String) -> HTTPField.Name {
    guard let field = HTTPField.Name(name) else { preconditionFailure("\(name) is no header name") }
    return field
}
