import Engine
import HTTPTypes
import Hummingbird
import JSON
import Model
import Program
import SourceText

extension APIRoutes {
    /// `GET /search?q=zhangsan&limit=5&object=lead`:
    /// `{"groups":[{"object":"lead","label":"线索","records":[{"id":"lead/3","title":"张三"}],"more":false}]}`
    @Sendable func search(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let query = request.fields
        var limit = 5
        if let text = query["limit"] {
            guard let number = Int(text), (1...Engine.mostHits).contains(number) else {
                throw Problem(
                    .badRequest, code: "bad_limit",
                    Words(zh: "limit 应为 1 到 \(Engine.mostHits)", en: "limit is a number from 1 to \(Engine.mostHits)"), field: "limit")
            }
            limit = number
        }
        let objects = try query["object"].map { name in
            guard let object = engine.app.model.object(named: name) else { throw Problem.notFound }
            return [object.id]
        }
        let groups = try await engine.search(query["q"] ?? "", in: objects, limit: limit, as: person.principal)
        let app = engine.app
        let language = context.language
        return jsonResponse(
            .object([
                .init("groups", .array(groups.map { group in
                    .object([
                        .init("object", .string(app.model[group.object].name)), .init("label", .string(app.model[group.object].label[language])),
                        .init("records", .array(group.hits.map { hit in
                            .object([.init("id", .string(app.text(of: hit.record))), .init("title", .string(hit.title))])
                        })),
                        .init("more", .bool(group.hasMore)),
                    ])
                }))
            ]), language: language)
    }
}
