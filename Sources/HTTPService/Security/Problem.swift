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

    package init(_ status: HTTPResponse.Status, code: String, _ words: Words, field: String? = nil, members: [JSONValue.Member] = []) {
        self.status = status
        self.code = code
        self.words = words
        self.field = field
        self.members = members
    }

    package func response(in language: Language) -> Response {
        var document: [JSONValue.Member] = [
            .init("type", .string("about:blank")), .init("title", .string(status.reasonPhrase)), .init("status", .number(String(status.code))),
            .init("code", .string(code)), .init("message", .string(words[language])), .init("detail", .string(words[language])),
        ]
        if let field { document.append(.init("field", .string(field))) }
        document += members
        return jsonResponse(.object(document), status: status, contentType: "application/problem+json; charset=utf-8", language: language)
    }

    package static let notSignedIn = Problem(
        .unauthorized, code: "not_signed_in", Words(zh: "请先登录", en: "sign in first"))
    package static let notFound = Problem(.notFound, code: "not_found", Words(zh: "没有找到", en: "not found"))
}

package func jsonResponse(
    _ value: JSONValue, status: HTTPResponse.Status = .ok, contentType: String = "application/json; charset=utf-8", language: Language? = nil
) -> Response {
    var headers: HTTPFields = [.contentType: contentType, .cacheControl: "no-store"]
    if let language { headers[.contentLanguage] = language.rawValue }
    return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: value.text(pretty: false))))
}
