package import HTTPTypes
package import Hummingbird
package import JSON
package import SourceText
import NIOCore

/// An answer that says why not, as a problem document (RFC 9457).
package struct Problem: Error, Sendable {
    package let status: HTTPResponse.Status
    /// Stable, for programs.
    package let code: String
    package let words: Words
    /// The field it is about, by name.
    package let field: String?
    /// Further members of the document, such as `violations` or `missing`.
    package let members: [JSONValue.Member]
    /// Such as `WWW-Authenticate`, `Allow`, `Retry-After`.
    package let headers: HTTPFields

    package init(
        _ status: HTTPResponse.Status, code: String, _ words: Words, field: String? = nil, members: [JSONValue.Member] = [],
        headers: HTTPFields = [:]
    ) {
        self.status = status
        self.code = code
        self.words = words
        self.field = field
        self.members = members
        self.headers = headers
    }

    /// The document of RFC 9457.
    package func document(in language: Language) -> JSONValue {
        var document: [JSONValue.Member] = [
            .init("type", .string("about:blank")), .init("title", .string(status.reasonPhrase)), .init("status", .number(String(status.code))),
            .init("code", .string(code)), .init("message", .string(words[language])), .init("detail", .string(words[language])),
        ]
        if let field { document.append(.init("field", .string(field))) }
        return .object(document + members)
    }

    package func response(in language: Language) -> Response {
        var response = jsonResponse(document(in: language), status: status, contentType: "application/problem+json; charset=utf-8", language: language)
        response.headers.append(contentsOf: headers)
        return response
    }

    package static let notSignedIn = Problem(
        .unauthorized, code: "not_signed_in", Words(zh: "请先登录", en: "sign in first"), headers: bearerChallenge)

    /// What every 401 carries (RFC 9110 §15.5.2).
    package static let bearerChallenge: HTTPFields = [.wwwAuthenticate: "Bearer realm=\"weir\""]

    /// Come again in so many seconds (RFC 6585 §4).
    package static func tooMany(retryAfterSeconds seconds: Int, code: String = "too_many_requests", _ words: Words? = nil) -> Problem {
        Problem(
            .tooManyRequests, code: code,
            words ?? Words(zh: "请求太频繁，请 \(seconds) 秒后再试", en: "too many requests; try again in \(seconds) s"),
            headers: [.retryAfter: String(seconds)])
    }
    package static let notFound = Problem(.notFound, code: "not_found", Words(zh: "没有找到", en: "not found"))
}

package func jsonResponse(
    _ value: JSONValue, status: HTTPResponse.Status = .ok, contentType: String = "application/json; charset=utf-8", language: Language? = nil
) -> Response {
    var headers: HTTPFields = [.contentType: contentType, .cacheControl: "no-store"]
    if let language { headers[.contentLanguage] = language.rawValue }
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: value.utf8())))
}
