import Hummingbird
import JSON

extension APIRoutes {
    /// `GET /openapi.json`: what this API is, in the reader's language.
    @Sendable func openAPI(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        return jsonResponse(document.json(in: context.language), language: context.language)
    }
}
