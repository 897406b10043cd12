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
    /// `GET /questions?limit=50`: what waits for an answer of the person, newest first.
    @Sendable func questions(_ request: Request, context: WeirContext) async throws -> Response {
        guard let user = try context.person().principal.user else { throw Problem.notFound }
        let limit = try number(request.fields["limit"], in: 1...200, "limit") ?? 50
        let found = try await engine.openQuestions(of: user, limit: Int(limit))
        return jsonResponse(.object([.init("questions", .array(found.map { document(of: $0, context.language) }))]), language: context.language)
    }

    @Sendable func question(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        guard let found = try await engine.question(try questionID(context)) else { throw Problem.notFound }
        return jsonResponse(document(of: found, context.language), language: context.language)
    }

    /// `POST /questions/3 {"answer":{"seen":true}}`
    @Sendable func answer(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try questionID(context)
        let (body, _) = try await json(request)
        for member in body.asObject ?? [] where member.name != "answer" {
            throw Problem(.badRequest, code: "unknown_member", Words(zh: "没有 `\(member.name)` 这一项", en: "there is no `\(member.name)` here"), field: member.name)
        }
        guard let members = body["answer"]?.asObject else {
            throw Problem(.badRequest, code: "bad_member", Words(zh: "`answer` 应为对象", en: "`answer` is an object"), field: "answer")
        }
        switch try await engine.answer(id, members.map { ($0.name, .json($0.value)) }, by: person.principal) {
        case .done:
            guard let found = try await engine.question(id) else { throw Problem.notFound }
            return jsonResponse(document(of: found, context.language), language: context.language)
        case .answered(let name, let instant):
            throw Problem(
                .conflict, code: "answered_already", Words(zh: "\(name) 已经回答", en: "\(name) has answered already"), members: [.init("answered", .string(instant.description))])
        case .refused(let troubles):
            let first = troubles.first
            throw Problem(
                .unprocessableContent, code: "refused",
                Words(zh: troubles.map(\.words.zh).joined(separator: "；"), en: troubles.map(\.words.en).joined(separator: "; ")), field: first?.field)
        case .over(let words): throw Problem(.unprocessableContent, code: "refused", words)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }

    private func questionID(_ context: WeirContext) throws -> Int64 {
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    private func document(of view: QuestionView, _ language: Language) -> JSONValue {
        func record(_ id: RecordID?) -> JSONValue {
            guard let id else { return .null }
            return .object([.init("id", .string(engine.app.text(of: id))), .init("title", .string(view.titles[id] ?? ""))])
        }
        func time(_ instant: Instant?) -> JSONValue { instant.map { .string($0.description) } ?? .null }
        let question = view.question
        return .object([
            .init("id", .int(question.id)), .init("state", .string(question.state.rawValue)), .init("title", .string(question.title[language])),
            .init("message", .string(question.message[language])), .init("record", record(question.record)), .init("run", .int(question.run)),
            .init("asked", time(question.asked)), .init("due", time(question.due)), .init("people", .array(question.people.map { record($0) })),
            .init("by", record(question.by)), .init("answered", time(question.answered)), .init("answer", question.note.map { .string($0[language]) } ?? .null),
            .init("fields", .array((view.fields ?? []).map { field(of: $0, language) })),
        ])
    }

    private func field(of field: CheckedField, _ language: Language) -> JSONValue {
        let options: [OptionList.Option] =
            switch field.kind {
            case .choice(let list), .choices(let list): list.options
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link,
                .links, .file, .files, .autonumber, .stage: []
            }
        return .object([
            .init("name", .string(field.name)), .init("label", .string(field.label[language])), .init("type", .string(word(for: field.kind))),
            .init("required", .bool(field.isRequired)), .init("help", field.help.map { .string($0[language]) } ?? .null),
            .init("options", .array(options.map { .object([.init("key", .string($0.key)), .init("label", .string(language == .zh ? $0.labelZh : $0.labelEn))]) })),
        ])
    }

    /// As authors write it.
    private func word(for kind: FieldKind) -> String {
        switch kind {
        case .text, .address, .uscc, .cnID, .autonumber: "text"
        case .longText: "long_text"
        case .number: "number"
        case .money: "money"
        case .percent: "percent"
        case .bool: "bool"
        case .date: "date"
        case .datetime: "datetime"
        case .duration: "duration"
        case .choice, .stage: "choice"
        case .choices: "choices"
        case .tags: "tags"
        case .email: "email"
        case .url: "url"
        case .phone: "phone"
        case .location: "location"
        case .link: "link"
        case .links: "links"
        case .file: "file"
        case .files: "files"
        }
    }
}
