import Engine
import Formula
import HTTPTypes
import Hummingbird
import JSON
import Model
import Program
import SourceText
import Storage

extension APIRoutes {
    /// `GET /notices?unread=true&limit=50&before=ID`: what the person was told, newest first, and how much of it is not read.
    @Sendable func notices(_ request: Request, context: WeirContext) async throws -> Response {
        let user = try reader(context)
        let query = request.fields
        var unreadOnly = false
        switch query["unread"] {
        case nil, "false": break
        case "true": unreadOnly = true
        default:
            throw Problem(.badRequest, code: "bad_unread", Words(zh: "unread 应为 true 或 false", en: "unread is true or false"), field: "unread")
        }
        let limit = try number(query["limit"], in: 1...200, "limit") ?? 50
        let before = try number(query["before"], in: 1...Int64.max, "before")
        let found = try await engine.notices(of: user, unreadOnly: unreadOnly, limit: Int(limit), before: before)
        return jsonResponse(
            .object([
                .init("unread", .int(found.unread)),
                .init("notices", .array(found.notices.map { notice in
                    func reference(_ id: RecordID) -> JSONValue {
                        .object([.init("id", .string(engine.app.text(of: id))), .init("title", .string(found.titles[id] ?? ""))])
                    }
                    return .object([
                        .init("id", .int(notice.id)), .init("at", .string(notice.at.description)), .init("title", .string(notice.title[context.language])),
                        .init("message", .string(notice.message[context.language])), .init("record", notice.record.map(reference) ?? .null),
                        .init("suggested", .array(notice.suggested.map(reference))), .init("folded", notice.folded.map { JSONValue.int($0) } ?? .null),
                        .init("run", notice.run.map { JSONValue.int($0) } ?? .null), .init("read", notice.read.map { .string($0.description) } ?? .null),
                    ])
                })),
            ]), language: context.language)
    }

    /// `POST /notices/read {"through": ID}`: everything up to that one is read.
    @Sendable func readNotices(_ request: Request, context: WeirContext) async throws -> Response {
        let user = try reader(context)
        let (body, _) = try await json(request)
        for member in body.asObject ?? [] where member.name != "through" {
            throw Problem(.badRequest, code: "unknown_member", Words(zh: "没有 `\(member.name)` 这一项", en: "there is no `\(member.name)` here"), field: member.name)
        }
        guard let through = body["through"]?.asInt, (1...JSONValue.largestExactInteger).contains(through) else {
            throw Problem(
                .badRequest, code: "missing_through", Words(zh: "请给出 through：最后一条通知的 id", en: "say `through`: the id of the last notice"), field: "through")
        }
        try await engine.markRead(through: Int64(through), of: user)
        return try await unread(of: user, context)
    }

    @Sendable func readNotice(_ request: Request, context: WeirContext) async throws -> Response {
        let user = try reader(context)
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), let notice = try await engine.notice(id, of: user) else { throw Problem.notFound }
        try await engine.markRead(notice.id, of: user)
        return try await unread(of: user, context)
    }

    private func unread(of user: RecordID, _ context: WeirContext) async throws -> Response {
        jsonResponse(.object([.init("unread", .int(try await engine.unreadNotices(of: user)))]), language: context.language)
    }

    private func reader(_ context: WeirContext) throws -> RecordID {
        guard let user = try context.person().principal.user else { throw Problem.notFound }
        return user
    }
}
