package import JSON
import Model
package import Program
package import SourceText

/// The description of the API (OpenAPI 3.1), made from the compiled app: every object with its fields, every address of `APIRoutes.table`.
///
/// A request that fits the document is never answered with 400; what only the app's rules can tell is 422.
package struct OpenAPIDocument: Sendable {
    let app: CompiledApp

    package init(_ app: CompiledApp) {
        self.app = app
    }

    /// - Parameter language: Of titles and descriptions.
    package func json(in language: Language) -> JSONValue {
        let schemas = OpenAPISchemas(app: app, language: language)
        let paths = OpenAPIPaths(app: app, language: language, schemas: schemas)
        return .object([
            .init("openapi", "3.1.0"),
            .init("info", .object([
                .init("title", .string(app.model.label[language])), .init("version", .string(app.model.version.isEmpty ? "1" : app.model.version)),
                .init("description", .string(Self.introduction[language])),
            ])),
            .init("servers", .array([.object([.init("url", "/")])])),
            .init("security", Self.person),
            .init("tags", .array(app.model.objects.map {
                .object([.init("name", .string($0.name)), .init("description", .string($0.label[language]))])
            })),
            .init("paths", .object(paths.all)),
            .init("components", .object([
                .init("schemas", .object(schemas.all)), .init("responses", .object(paths.problems)), .init("securitySchemes", securitySchemes(language)),
            ])),
        ])
    }

    /// A person, by key or by session.
    static let person = JSONValue.array([.object([.init("key", .array([]))]), .object([.init("session", .array([]))])])

    private func securitySchemes(_ language: Language) -> JSONValue {
        .object([
            .init("key", .object([
                .init("type", "http"), .init("scheme", "bearer"),
                .init("description", .string(Words(
                    zh: "`weir key create` 给出的密钥，以该用户的身份行事", en: "A key of `weir key create`; it acts as its person")[language])),
            ])),
            .init("session", .object([
                .init("type", "apiKey"), .init("in", "cookie"), .init("name", .string(Authentication.cookieName)),
                .init("description", .string(Words(
                    zh: "浏览器会话；写操作须来自本站，或带 X-Form-Token", en: "A browser's session; what writes must come from this site, or carry X-Form-Token")[language])),
            ])),
        ])
    }

    private static let introduction = Words(
        zh: "值的写法见 spec/api-values.md，约定见 spec/http.md。错误都是 RFC 9457 的问题文档，语言随 Accept-Language。",
        en: "How values are written: spec/api-values.md; how requests behave: spec/http.md. Every error is a problem document (RFC 9457), in the language of Accept-Language.")
}

extension JSONValue {
    /// Members in their order.
    static func members(_ members: (String, JSONValue)...) -> JSONValue { .object(members.map { Member($0.0, $0.1) }) }
    static func reference(_ name: String) -> JSONValue { members(("$ref", .string("#/components/schemas/\(name)"))) }
}
