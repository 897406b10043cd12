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
    private static let absencesShown = 100

    /// `GET /absences`: the person's own, and those in which they stand in for somebody; newest first.
    @Sendable func absences(_ request: Request, context: WeirContext) async throws -> Response {
        guard let user = try context.person().principal.user else { throw Problem.notFound }
        let found = try await engine.absences(with: user, limit: Self.absencesShown)
        return jsonResponse(.object([.init("absences", .array(found.map { document(of: $0) }))]), language: context.language)
    }

    /// `POST /absences {"deputy":"user/3","from":"…","until":"…"}`
    @Sendable func announceAbsence(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        guard let user = person.principal.user else { throw Problem.notFound }
        let (body, _) = try await json(request)
        for member in body.asObject ?? [] where !["deputy", "from", "until"].contains(member.name) {
            throw Problem(.badRequest, code: "unknown_member", Words(zh: "没有 `\(member.name)` 这一项", en: "there is no `\(member.name)` here"), field: member.name)
        }
        guard let named = body["deputy"]?.asString else {
            throw Problem(.badRequest, code: "missing_member", Words(zh: "请给出 deputy", en: "say `deputy`"), field: "deputy")
        }
        guard let deputy = engine.app.recordID(from: named) else {
            throw Problem(.unprocessableContent, code: "bad_person", Words(zh: "deputy 应为人员编号，如 user/3", en: "`deputy` is a person's id, such as user/3"), field: "deputy")
        }
        guard let until = try instant(body["until"], "until") else {
            throw Problem(.badRequest, code: "missing_member", Words(zh: "请给出 until", en: "say `until`"), field: "until")
        }
        switch try await engine.announceAbsence(of: person.principal, deputy: deputy, from: try instant(body["from"], "from"), until: until) {
        case .done(let absence):
            let view = try await engine.absences(with: user, limit: Self.absencesShown).first { $0.absence.id == absence.id }
            return jsonResponse(document(of: view ?? AbsenceView(absence: absence, person: "", deputy: "")), status: .created, language: context.language)
        case .refused(let words): throw Problem(.unprocessableContent, code: "refused", words)
        case .missing: throw Problem.notFound
        }
    }

    /// `DELETE /absences/3`: it ends now.
    @Sendable func endAbsence(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        switch try await engine.endAbsence(id, by: person.principal) {
        case .done: return Response(status: .noContent)
        case .refused(let words): throw Problem(.unprocessableContent, code: "refused", words)
        case .missing: throw Problem.notFound
        }
    }

    private func instant(_ value: JSONValue?, _ name: String) throws -> Instant? {
        guard let value, !value.isNull else { return nil }
        guard let instant = value.asString.flatMap({ Instant($0) }) else {
            throw Problem(
                .badRequest, code: "bad_member", Words(zh: "`\(name)` 应为时间，如 2026-02-12T09:00:00Z", en: "`\(name)` is a time such as 2026-02-12T09:00:00Z"), field: name)
        }
        return instant
    }

    private func document(of view: AbsenceView) -> JSONValue {
        func person(_ id: RecordID, _ title: String) -> JSONValue { .object([.init("id", .string(engine.app.text(of: id))), .init("title", .string(title))]) }
        let absence = view.absence
        return .object([
            .init("id", .int(absence.id)), .init("person", person(absence.person, view.person)), .init("deputy", person(absence.deputy, view.deputy)),
            .init("from", .string(absence.from.description)), .init("until", .string(absence.until.description)), .init("state", .string(absence.state.rawValue)),
        ])
    }
}
