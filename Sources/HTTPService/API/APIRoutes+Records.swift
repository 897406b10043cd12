import Engine
package import Formula
import Foundation
import HTTPTypes
package import Hummingbird
import JSON
import Model
import Program
import SourceText
import Storage

extension APIRoutes {
    /// `GET /records/lead?where=…&sort=-amount,name&fields=name,amount&limit=50&after=…`
    @Sendable func list(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let object = try object(in: context)
        let query = request.fields
        var listing = ListRequest(object: object.id, limit: 50)
        if let text = query["where"], !text.isEmpty { listing.condition = try condition(text, on: object, context) }
        if let text = query["q"], !text.isEmpty { listing.search = text }
        if let text = query["sort"], !text.isEmpty { listing.sort = try sort(text, of: object) }
        if let text = query["limit"] {
            guard let limit = Int(text), (1...200).contains(limit) else {
                throw Problem(.badRequest, code: "bad_limit", Words(zh: "limit 应为 1 到 200", en: "limit is a number from 1 to 200"), field: "limit")
            }
            listing.limit = limit
        }
        if let text = query["after"] {
            guard let cursor = RecordQuery.Cursor(text: text), cursor.keys.count == listing.sort.count else {
                throw Problem(
                    .badRequest, code: "bad_cursor", Words(zh: "翻页位置无效，请从第一页开始", en: "the page position is not valid; begin with the first page"),
                    field: "after")
            }
            listing.after = cursor
        }
        let fields = try query["fields"].map { try self.fields($0, of: object) }
        let view = try await engine.list(listing, as: person.principal)
        return jsonResponse(RecordJSON(app: engine.app, language: context.language).list(view, fields: fields), language: context.language)
    }

    @Sendable func read(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        guard let view = try await engine.record(id, as: person.principal), let row = view.rows.first else { throw Problem.notFound }
        let fields = try request.fields["fields"].map { try self.fields($0, of: engine.app.model[id.object]) }
        return document(of: row, titles: view.titles, fields: fields, status: .ok, context)
    }

    @Sendable func create(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let object = try object(in: context)
        let (body, digest) = try await json(request)
        let inputs = try await engine.inputs(json: members(of: body), for: object.id)
        var command = SaveCommand(.create(object.id, inputs.inputs), by: person.principal, request: requestKey(request, digest))
        command.strays = inputs.strays
        return try answer(try await engine.saveAndRead(command), created: true, context)
    }

    @Sendable func edit(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        let version = try expectedVersion(request)
        let (body, digest) = try await json(request)
        let inputs = try await engine.inputs(json: members(of: body), for: id.object)
        var command = SaveCommand(
            .edit(id, inputs.inputs), by: person.principal, expecting: .exactly(version), request: requestKey(request, digest))
        command.strays = inputs.strays
        return try answer(try await engine.saveAndRead(command), created: false, context)
    }

    @Sendable func delete(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        let version = try expectedVersion(request)
        let outcome = try await engine.save(SaveCommand(.delete(id), by: person.principal, expecting: .exactly(version)))
        if case .saved = outcome { return Response(status: .noContent) }
        return try answer((outcome, nil), created: false, context)
    }

    /// `GET …/gate?to=STAGE`: what would stand against the move. Writes nothing.
    @Sendable func gate(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        guard let to = request.fields["to"] else {
            throw Problem(.badRequest, code: "missing_stage", Words(zh: "请给出目标阶段 to=…", en: "say which stage: to=…"), field: "to")
        }
        guard let verdict = try await engine.gate(of: id, to: to, as: person.principal) else { throw Problem.notFound }
        return jsonResponse(RecordJSON(app: engine.app, language: context.language).gate(verdict), language: context.language)
    }

    /// `POST …/stage {"to":"quoted"}`
    @Sendable func move(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        let version = try expectedVersion(request)
        let (body, digest) = try await json(request)
        guard let to = body["to"]?.asString else {
            throw Problem(.badRequest, code: "missing_stage", Words(zh: "请给出目标阶段 {\"to\": …}", en: "say which stage: {\"to\": …}"), field: "to")
        }
        let command = SaveCommand(.move(id, to: to), by: person.principal, expecting: .exactly(version), request: requestKey(request, digest))
        return try answer(try await engine.saveAndRead(command), created: false, context)
    }

    // MARK: Outcomes

    func answer(_ saved: (outcome: SaveOutcome, view: RecordsView?), created: Bool, _ context: WeirContext) throws -> Response {
        switch saved.outcome {
        case .saved, .unchanged, .repeated:
            guard let view = saved.view, let row = view.rows.first else { throw Problem.notFound }
            var response = document(of: row, titles: view.titles, fields: nil, status: created ? .created : .ok, context)
            if created { response.headers[.location] = "/api/v1/records/\(engine.app.text(of: row.id))" }
            return response
        case .requestKeyReused:
            throw Problem(
                .conflict, code: "idempotency_key_reused",
                Words(zh: "这个 Idempotency-Key 已用于另一个请求", en: "this Idempotency-Key was used for another request"))
        case .refused(let violations):
            let json = RecordJSON(app: engine.app, language: context.language)
            throw Problem(
                .unprocessableContent, code: "refused",
                Words(
                    zh: "未保存：有 \(violations.count) 处需要修改",
                    en: violations.count == 1 ? "not saved: 1 thing to mend" : "not saved: \(violations.count) things to mend"),
                field: violations.first?.field.map { engine.app.model[$0].name }, members: [.init("violations", json.violations(violations))])
        case .held(let verdict):
            let json = RecordJSON(app: engine.app, language: context.language).gate(verdict)
            throw Problem(
                .unprocessableContent, code: "held", verdict.moveRefusal ?? Words(zh: "还不能进入该阶段", en: "the stage cannot be entered yet"),
                members: [.init("to", .string(verdict.to)), .init("missing", json["missing"] ?? .array([]))])
        case .conflict(let current, let fields):
            throw Problem(
                .preconditionFailed, code: "changed_meanwhile",
                Words(zh: "记录已被别人修改，请先取得最新版本", en: "somebody changed the record meanwhile; read it again first"),
                members: [
                    .init("version", .int(current.version)),
                    .init("fields", .array(fields.map { engine.app.model[$0].name }.sorted().map(JSONValue.string))),
                ])
        case .missing: throw Problem.notFound
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        }
    }

    func document(
        of row: Row, titles: [RecordID: String], fields: [FieldID]?, status: HTTPResponse.Status, _ context: WeirContext
    ) -> Response {
        let json = RecordJSON(app: engine.app, language: context.language).record(row, titles: titles, fields: fields)
        var response = jsonResponse(json, status: status, language: context.language)
        response.headers[.eTag] = "\"\(row.version)\""
        return response
    }

    // MARK: Reading requests

    func object(in context: WeirContext) throws -> CheckedObject {
        guard let name = context.parameters.get("object")?.removingPercentEncoding, let object = engine.app.model.object(named: name) else {
            throw Problem(.notFound, code: "unknown_object", Words(zh: "没有这个对象", en: "there is no such object"))
        }
        return object
    }

    func recordID(in context: WeirContext) throws -> RecordID {
        let object = try object(in: context)
        guard let number = context.parameters.get("id").flatMap({ Int64($0) }), number > 0 else { throw Problem.notFound }
        return RecordID(object: object.id, number: number)
    }

    /// `If-Match: "4"`; a write without it is 428 (RFC 6585 §3).
    func expectedVersion(_ request: Request) throws -> Int64 {
        guard let text = request.headers[.ifMatch] else {
            throw Problem(
                .preconditionRequired, code: "version_required", Words(zh: "请用 If-Match 给出您读到的版本", en: "say with If-Match which version you have read"))
        }
        let digits = text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 2 ? String(text.dropFirst().dropLast()) : text
        guard let version = Int64(digits) else {
            throw Problem(.badRequest, code: "bad_version", Words(zh: "If-Match 应为版本号，如 \"4\"", en: "If-Match is a version, such as \"4\""))
        }
        return version
    }

    func json(_ request: Request) async throws -> (JSONValue, digest: String) {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false else {
            throw Problem(
                .unsupportedMediaType, code: "not_json", Words(zh: "请以 application/json 提交", en: "send the body as application/json"))
        }
        let buffer = try await request.body.collect(upTo: Self.largestJSON)
        let bytes = Array(buffer.readableBytesView)
        do {
            let value = try JSONValue.parse(bytes)
            return (value, requestDigest(request, bytes))
        } catch {
            throw Problem(
                .badRequest, code: "bad_json",
                Words(
                    zh: "JSON 有误，第 \(error.line) 行第 \(error.column) 列：\(error.chinese)",
                    en: "the JSON is not right, line \(error.line), column \(error.column): \(error.english)"))
        }
    }

    /// The members of `fields`, or of the body itself where it has no `fields`.
    private func members(of body: JSONValue) throws -> [JSONValue.Member] {
        if let fields = body["fields"]?.asObject { return fields }
        guard let fields = body.asObject else {
            throw Problem(.badRequest, code: "bad_json", Words(zh: "应为 {\"fields\": {…}}", en: "the body is {\"fields\": {…}}"))
        }
        return fields
    }

    func requestKey(_ request: Request, _ digest: String) -> SaveCommand.Request? {
        guard let key = request.headers[Self.idempotencyKey], !key.isEmpty else { return nil }
        return SaveCommand.Request(key: String(key.prefix(200)), digest: digest)
    }

    private func requestDigest(_ request: Request, _ body: [UInt8]) -> String {
        base64URL(sha256(Array("\(request.method.rawValue) \(request.uri.path)\n".utf8) + body))
    }

    func condition(_ text: String, on object: CheckedObject, _ context: WeirContext) throws -> CheckedExpression {
        switch engine.condition(text, on: object.id) {
        case .ready(let expression): return expression
        case .wrong(_, let diagnostics):
            let first = diagnostics.found.first
            throw Problem(
                .badRequest, code: first?.code ?? "bad_condition", first?.message ?? Words(zh: "条件有误", en: "the condition is not right"),
                field: "where",
                members: [
                    .init("diagnostics", .array(diagnostics.found.map { diagnostic in
                        .object([
                            .init("code", .string(diagnostic.code)), .init("message", .string(diagnostic.message[context.language])),
                            .init("start", .int(diagnostic.span.start)), .init("end", .int(diagnostic.span.end)),
                            .init("hint", .string(orNull: diagnostic.hint?[context.language])),
                        ])
                    })),
                ])
        }
    }

    private func sort(_ text: String, of object: CheckedObject) throws -> [RecordQuery.Sort] {
        try text.split(separator: ",").prefix(5).map { part in
            let name = part.hasPrefix("-") ? String(part.dropFirst()) : String(part)
            return RecordQuery.Sort(field: try field(name, of: object).id, descending: part.hasPrefix("-"))
        }
    }

    private func fields(_ text: String, of object: CheckedObject) throws -> [FieldID] {
        try text.split(separator: ",").map { try field(String($0), of: object).id }
    }

    private func field(_ name: String, of object: CheckedObject) throws -> CheckedField {
        if let field = object.field(named: name) { return field }
        let guess = closestMatch(to: name, among: object.fields.map(\.name))
        throw Problem(
            .badRequest, code: "unknown_field",
            Words(
                zh: "“\(object.label.zh)”没有字段 `\(name)`" + (guess.map { "，是指 `\($0)` 吗？" } ?? ""),
                en: "`\(object.name)` has no field `\(name)`" + (guess.map { "; did you mean `\($0)`?" } ?? "")),
            field: name)
    }

    private static let idempotencyKey = headerName("Idempotency-Key")
}

extension WeirContext {
    /// - Throws: `Problem` 401 for anonymous visitors, 403 where a new password must be chosen first.
    package func person() throws -> SignedIn {
        guard let person = visitor.signedIn else { throw Problem.notSignedIn }
        guard !person.mustChangePassword else {
            throw Problem(.forbidden, code: "password_change_required", Words(zh: "请先修改初始密码", en: "choose a new password first"))
        }
        return person
    }
}

extension Row {
    /// Counts up by one from 1.
    package var version: Int {
        if case .number(let number) = self[SystemField.version] { Int(truncatingIfNeeded: number.mantissa) } else { 0 }
    }
}
