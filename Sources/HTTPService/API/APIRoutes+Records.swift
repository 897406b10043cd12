import Engine
package import Formula
import Foundation
import HTTPTypes
import Hummingbird
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
        if let text = query["where"] { listing.condition = try condition(text, on: object, context) }
        if let text = query["q"], !text.isEmpty { listing.search = text }
        if let text = query["sort"] { listing.sort = try sort(text, of: object) }
        if let text = query["limit"] {
            guard let limit = Self.digits(text), (1...200).contains(limit) else {
                throw Problem(.badRequest, code: "bad_limit", Words(zh: "limit 应为 1 到 200", en: "limit is a number from 1 to 200"), field: "limit")
            }
            listing.limit = limit
        }
        if let text = query["after"] {
            guard let cursor = RecordQuery.Cursor(text: text), cursor.keys.count == listing.sort.prefix(while: { $0.field.index != SystemField.id.rawValue }).count
            else {
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
        let saved = try await engine.saveAndRead(
            .create(object.id), json: members(of: body), by: person.principal, request: try requestKey(request, digest))
        return try answer(saved, created: true, context)
    }

    @Sendable func edit(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        let version = try expectedVersion(request)
        let (body, digest) = try await json(request)
        let saved = try await engine.saveAndRead(
            .edit(id), json: members(of: body), by: person.principal, expecting: .exactly(version), request: try requestKey(request, digest))
        return try answer(saved, created: false, context)
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
        try checkStage(to, of: engine.app.model[id.object])
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
        if let other = body.asObject?.first(where: { $0.name != "to" }) {
            throw Problem(.badRequest, code: "unknown_member", Words(zh: "没有 `\(other.name)` 这一项", en: "there is no `\(other.name)` here"), field: other.name)
        }
        let command = SaveCommand(.move(id, to: to), by: person.principal, expecting: .exactly(version), request: try requestKey(request, digest))
        return try answer(try await engine.saveAndRead(command), created: false, context)
    }

    /// - Throws: `Problem` 404 that names the stages.
    private func checkStage(_ name: String, of object: CheckedObject) throws {
        guard let field = object.stage, case .stage(let stages) = object.fields[field.index].kind else {
            throw Problem(
                .notFound, code: "unknown_stage", Words(zh: "“\(object.label.zh)”没有阶段", en: "\(object.label.en) has no stages"), field: "to")
        }
        guard stages.stage(name) == nil else { return }
        let known = stages.options.options
        throw Problem(
            .notFound, code: "unknown_stage",
            Words(
                zh: "“\(object.label.zh)”没有阶段“\(name)”，可选：\(known.map { "\($0.key)（\($0.labelZh)）" }.joined(separator: "、"))",
                en: "\(object.label.en) has no stage `\(name)`; there are \(known.map(\.key).joined(separator: ", "))"),
            field: "to", members: [.init("stages", .array(known.map { .string($0.key) }))])
    }

    // MARK: Outcomes

    func answer(_ saved: (outcome: SaveOutcome, view: RecordsView?), created: Bool, _ context: WeirContext) throws -> Response {
        if let problem = problem(of: saved.outcome, context.language) { throw problem }
        guard let view = saved.view, let row = view.rows.first else { throw Problem.notFound }
        var response = document(of: row, titles: view.titles, fields: nil, status: created ? .created : .ok, context)
        if created { response.headers[.location] = "/api/v1/records/\(engine.app.text(of: row.id))" }
        return response
    }

    /// Why a command was not done; nil if it was.
    func problem(of outcome: SaveOutcome, _ language: Language) -> Problem? {
        switch outcome {
        case .saved, .unchanged, .repeated:
            return nil
        case .requestKeyReused:
            return Problem(
                .conflict, code: "idempotency_key_reused",
                Words(zh: "这个 Idempotency-Key 已用于另一个请求", en: "this Idempotency-Key was used for another request"))
        case .refused(let violations):
            let json = RecordJSON(app: engine.app, language: language)
            return Problem(
                .unprocessableContent, code: "refused",
                Words(
                    zh: "未保存：有 \(violations.count) 处需要修改",
                    en: violations.count == 1 ? "not saved: 1 thing to mend" : "not saved: \(violations.count) things to mend"),
                field: violations.first?.field.map { engine.app.model[$0].name }, members: [.init("violations", json.violations(violations))])
        // Done later, once people have agreed.
        case .held(let verdict) where verdict.approval != nil:
            return Problem(
                .conflict, code: "sent_for_approval", verdict.moveRefusal ?? Words(zh: "已提交审批", en: "sent for approval"),
                members: [.init("to", .string(verdict.to)), .init("approval", .int(verdict.approval ?? 0))])
        case .held(let verdict):
            let json = RecordJSON(app: engine.app, language: language).gate(verdict)
            return Problem(
                .unprocessableContent, code: "held", verdict.moveRefusal ?? Words(zh: "还不能进入该阶段", en: "the stage cannot be entered yet"),
                members: [.init("to", .string(verdict.to)), .init("missing", json["missing"] ?? .array([]))])
        case .conflict(let current, let fields):
            return Problem(
                .preconditionFailed, code: "changed_meanwhile",
                Words(zh: "记录已被别人修改，请先取得最新版本", en: "somebody changed the record meanwhile; read it again first"),
                members: [
                    .init("version", .int(current.version)),
                    .init("fields", .array(fields.map { engine.app.model[$0].name }.sorted().map(JSONValue.string))),
                ])
        case .missing: return Problem.notFound
        case .denied(let words): return Problem(.forbidden, code: "denied", words)
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
        guard let number = context.parameters.get("id").flatMap({ Self.digits($0) }), number > 0 else { throw Problem.notFound }
        return RecordID(object: object.id, number: Int64(number))
    }

    /// `If-Match: "4"`; a write without it is 428 (RFC 6585 §3).
    func expectedVersion(_ request: Request) throws -> Int64 {
        guard let text = request.headers[.ifMatch] else {
            throw Problem(
                .preconditionRequired, code: "version_required", Words(zh: "请用 If-Match 给出您读到的版本", en: "say with If-Match which version you have read"))
        }
        let digits = text.hasPrefix("\"") && text.hasSuffix("\"") && text.count > 2 ? String(text.dropFirst().dropLast()) : text
        guard let version = Self.digits(digits).map(Int64.init), version > 0 else {
            throw Problem(.badRequest, code: "bad_version", Words(zh: "If-Match 应为版本号，如 \"4\"", en: "If-Match is a version, such as \"4\""))
        }
        return version
    }

    /// The body, and the digest by which a repeated request is told from another one; empty without an Idempotency-Key.
    func json(_ request: Request) async throws -> (JSONValue, digest: String) {
        guard request.headers[.contentType]?.lowercased().hasPrefix("application/json") ?? false else {
            throw Problem(
                .unsupportedMediaType, code: "not_json", Words(zh: "请以 application/json 提交", en: "send the body as application/json"))
        }
        let buffer = try await request.body.collect(upTo: Self.largestJSON)
        let bytes = Array(buffer.readableBytesView)
        do {
            let value = try JSONValue.parse(bytes)
            return (value, request.headers[Self.idempotencyKey] == nil ? "" : requestDigest(request, bytes))
        } catch {
            throw Problem(
                .badRequest, code: "bad_json",
                Words(
                    zh: "JSON 有误，第 \(error.line) 行第 \(error.column) 列：\(error.chinese)",
                    en: "the JSON is not right, line \(error.line), column \(error.column): \(error.english)"))
        }
    }

    /// A number of digits alone, without a sign.
    static func digits(_ text: some StringProtocol) -> Int? {
        text.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(text) : nil
    }

    /// The members of `fields`, or of the body itself where it has no `fields`.
    func members(of body: JSONValue) throws -> [JSONValue.Member] {
        if let fields = body["fields"]?.asObject {
            if let other = body.asObject?.first(where: { $0.name != "fields" }) {
                throw Problem(
                    .badRequest, code: "unknown_member",
                    Words(zh: "除 fields 外不应有 `\(other.name)`", en: "there is no `\(other.name)` beside `fields`"), field: other.name)
            }
            return fields
        }
        guard let fields = body.asObject else {
            throw Problem(.badRequest, code: "bad_json", Words(zh: "应为 {\"fields\": {…}}", en: "the body is {\"fields\": {…}}"))
        }
        return fields
    }

    /// Characters of an Idempotency-Key.
    static let longestKey = 200

    /// - Throws: `Problem` 400 for a key that is empty, too long or no visible ASCII.
    func requestKey(_ request: Request, _ digest: String) throws -> SaveCommand.Request? {
        guard let key = request.headers[Self.idempotencyKey] else { return nil }
        guard (1...Self.longestKey).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(
                .badRequest, code: "bad_idempotency_key",
                Words(zh: "Idempotency-Key 应为 1 到 \(Self.longestKey) 个可见的 ASCII 字符", en: "an Idempotency-Key has 1 to \(Self.longestKey) visible ASCII characters"))
        }
        return SaveCommand.Request(key: key, digest: digest)
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
                members: [.init("diagnostics", self.diagnostics(diagnostics, context.language))])
        }
    }

    /// What is wrong with a formula, with its places in UTF-8 offsets.
    func diagnostics(_ diagnostics: Diagnostics, _ language: Language) -> JSONValue {
        .array(diagnostics.found.map { diagnostic in
            .object([
                .init("code", .string(diagnostic.code)), .init("message", .string(diagnostic.message[language])),
                .init("start", .int(diagnostic.span.start)), .init("end", .int(diagnostic.span.end)),
                .init("hint", .string(orNull: diagnostic.hint?[language])),
            ])
        })
    }

    private func sort(_ text: String, of object: CheckedObject) throws -> [RecordQuery.Sort] {
        try names(text, "sort", atMost: Self.mostSortKeys).map { part in
            let name = part.hasPrefix("-") ? String(part.dropFirst()) : String(part)
            return RecordQuery.Sort(field: try field(name, of: object).id, descending: part.hasPrefix("-"))
        }
    }

    /// Fields to sort by.
    static let mostSortKeys = 5

    private func fields(_ text: String, of object: CheckedObject) throws -> [FieldID] {
        try names(text, "fields", atMost: object.fields.count).map { try field($0, of: object).id }
    }

    /// What stands between the commas of a parameter: something, and nothing twice.
    private func names(_ text: String, _ parameter: String, atMost most: Int) throws -> [String] {
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard names.count <= most, Set(names).count == names.count, !names.contains("") else {
            throw Problem(
                .badRequest, code: "bad_\(parameter)",
                Words(zh: "\(parameter) 应为 1 到 \(most) 个字段名，以逗号分隔，不能重复", en: "`\(parameter)` is 1 to \(most) names of fields with commas between them, none of them twice"),
                field: parameter)
        }
        return names
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
