import Engine
import Formula
import Foundation
import JSON
import Model
import Program
import SourceText

/// Every address with its methods, parameters, bodies and answers.
struct OpenAPIPaths {
    let app: CompiledApp
    let language: Language
    let schemas: OpenAPISchemas

    var all: [JSONValue.Member] {
        var all = beside + feeds + approvals + absences + questions + reports + notices + runs + incoming
        for object in app.model.objects { all += paths(of: object) }
        return all
    }

    // MARK: An object

    private func paths(of object: CheckedObject) -> [JSONValue.Member] {
        let name = schemas.name(of: object)
        let segment = object.name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "\0"..."\u{7E}")).union(.init(charactersIn: "-_.~"))) ?? object.name
        let base = "/api/v1/records/\(segment)"
        let record = JSONValue.reference("\(name).record")
        let id = parameter("id", in: "path", .members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807"))), isRequired: true)
        var paths: [JSONValue.Member] = [
            .init(base, .members(
                ("get", operation("list", object, Words(zh: "列表", en: "A list"), parameters: listParameters(object), answers: [(200, ok(.reference("\(name).list")))], [400])),
                ("post", operation(
                    "create", object, Words(zh: "新建", en: "Create one"), parameters: [idempotencyKey], body: body("\(name).new"),
                    answers: [(201, ok(record, headers: ["ETag", "Location"]))], [400, 409, 413, 415, 422])))),
            .init("\(base)/{id}", .members(
                ("parameters", .array([id])),
                ("get", operation(
                    "read", object, Words(zh: "读取", en: "Read one"), parameters: [fieldsParameter(object)],
                    answers: [(200, ok(record, headers: ["ETag"]))], [400, 404])),
                ("patch", operation(
                    "edit", object, Words(zh: "修改", en: "Change one"), parameters: [ifMatch, idempotencyKey], body: body("\(name).change"),
                    answers: [(200, ok(record, headers: ["ETag"]))], [400, 404, 409, 412, 413, 415, 422, 428])),
                ("delete", operation(
                    "delete", object, Words(zh: "删除（进回收站）", en: "Delete one (into the recycle bin)"), parameters: [ifMatch],
                    answers: [(204, done)], [400, 404, 412, 422, 428])))),
            .init("\(base)/{id}/automation", .members(
                ("parameters", .array([id])),
                ("get", operation(
                    "automation", object, Words(zh: "自动化做了什么，什么在计时", en: "What automation did about it, and what times run"),
                    answers: [(200, ok(automation))], [404])))),
            .init("\(base)/batch", .members(("post", operation(
                "batch", object, Words(zh: "批量新建、修改、删除", en: "Create, change and delete many"), parameters: [idempotencyKey],
                body: json(batch(of: object)), answers: [(200, ok(batchAnswer))], [400, 409, 413, 415, 422])))),
            .init("/api/v1/aggregate/\(segment)", .members(("get", operation(
                "aggregate", object, Words(zh: "汇总", en: "Figures"), parameters: aggregateParameters(object),
                answers: [(200, ok(.reference("Aggregate")))], [400])))),
        ]
        if let field = object.stage, case .stage(let stages) = object.fields[field.index].kind {
            let stage = JSONValue.members(("type", "string"), ("enum", .array(stages.stages.map { .string($0.key) })))
            paths.append(.init("\(base)/{id}/gate", .members(
                ("parameters", .array([id])),
                ("get", operation(
                    "gate", object, Words(zh: "进入某阶段还差什么", en: "What a stage asks for"), parameters: [parameter("to", in: "query", stage, isRequired: true)],
                    answers: [(200, ok(.reference("Gate")))], [400, 404])))))
            let move = JSONValue.members(
                ("type", "object"), ("required", ["to"]), ("additionalProperties", .bool(false)), ("properties", .members(("to", stage))))
            paths.append(.init("\(base)/{id}/stage", .members(
                ("parameters", .array([id])),
                ("post", operation(
                    "move", object, Words(zh: "推进阶段", en: "Move to a stage"), parameters: [ifMatch, idempotencyKey], body: json(move),
                    answers: [(200, ok(record, headers: ["ETag"]))], [400, 404, 409, 412, 413, 415, 422, 428])))))
        }
        return paths
    }

    private func listParameters(_ object: CheckedObject) -> [JSONValue] {
        let sortable = object.fields.filter { isSortable($0) }.map(\.name)
        return [
            whereParameter,
            parameter("q", in: "query", .members(("type", "string")), Words(zh: "在所有文本字段里找", en: "text to be found in any text field")),
            list(
                "sort", .members(("type", "string"), ("enum", .array(sortable.flatMap { [.string($0), .string("-" + $0)] }))), most: APIRoutes.mostSortKeys,
                Words(zh: "排序字段，- 为降序；缺省按编号", en: "fields to sort by, `-` for descending; by id unless given")),
            fieldsParameter(object), limit(200, usual: 50),
            parameter(
                "after", in: "query", .members(("type", "string"), ("format", "cursor")),
                Words(zh: "上一页的 next；其他参数须相同", en: "`next` of the page before; the other parameters must be the same")),
        ]
    }

    private func aggregateParameters(_ object: CheckedObject) -> [JSONValue] {
        let formula = JSONValue.members(("type", "string"), ("format", "group-formula"))
        let figure = JSONValue.members(("type", "string"), ("format", "figure"))
        return [
            list(
                "by", formula, most: APIRoutes.mostKeys,
                Words(zh: "分组：字段、日期的一部分（created.year、.quarter、.month、.day）或公式", en: "groups: a field, a part of a date (`created.year`, `.quarter`, `.month`, `.day`) or a formula")),
            list(
                "value", figure, most: APIRoutes.mostMeasures,
                Words(zh: "count、sum(公式)、avg(公式)、min(公式)、max(公式)；缺省 count", en: "`count`, `sum(FORMULA)`, `avg(FORMULA)`, `min(FORMULA)`, `max(FORMULA)`; `count` unless given")),
            whereParameter,
            parameter("q", in: "query", .members(("type", "string"))), limit(APIRoutes.mostGroups, usual: 200),
        ]
    }

    private func isSortable(_ field: CheckedField) -> Bool {
        guard !app.objects[field.id.object.index].volatile.contains(where: { $0.field == field.id }) else { return false }
        switch field.kind {
        case .choices, .tags, .links, .files, .location: return false
        case .link(let targets): return targets.count == 1
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .email, .url, .phone, .address, .uscc,
            .cnID, .file, .autonumber, .stage:
            return true
        }
    }

    private func batch(of object: CheckedObject) -> JSONValue {
        let id = JSONValue.members(("type", "string"), ("pattern", .string("^\(OpenAPISchemas.literal(object.name))/[1-9][0-9]{0,17}$")))
        let version = JSONValue.members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807")))
        let fields = JSONValue.members(
            ("type", "object"),
            ("description", .string(Words(
                zh: "同单条新建或修改；有误的项各自在结果里说明", en: "as for one record; an item that is wrong says so in its result")[language])))
        func item(_ operation: String, _ members: [(String, JSONValue)]) -> JSONValue {
            .members(
                ("type", "object"), ("required", .array([.string("op")] + members.map { .string($0.0) })), ("additionalProperties", .bool(false)),
                ("properties", .object([.init("op", .members(("const", .string(operation))))] + members.map { .init($0.0, $0.1) })))
        }
        return .members(
            ("type", "object"), ("required", ["items"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("atomic", .members(
                    ("type", "boolean"), ("default", .bool(false)),
                    ("description", .string(Words(zh: "全部成功才保存", en: "nothing is saved unless all can be")[language])))),
                ("items", .members(
                    ("type", "array"), ("minItems", .int(1)), ("maxItems", .int(APIRoutes.mostItems)),
                    ("items", .members(("oneOf", [
                        item("create", [("fields", fields)]), item("update", [("id", id), ("version", version), ("fields", fields)]),
                        item("delete", [("id", id), ("version", version)]),
                    ]))))))))
    }

    private var batchAnswer: JSONValue {
        .members(
            ("type", "object"), ("required", ["done", "refused", "results"]), ("additionalProperties", .bool(false)),
            ("properties", .members(
                ("done", .members(("type", "integer"), ("minimum", .int(0)))), ("refused", .members(("type", "integer"), ("minimum", .int(0)))),
                ("results", .members(("type", "array"), ("items", .reference("BatchResult")))))))
    }

    // MARK: What every app has

    private var beside: [JSONValue.Member] {
        let file = app.model.objects.first { $0.builtIn == .file }
        let fileName = file.map(schemas.name) ?? "file"
        let nobody = JSONValue.array([])
        let isWell = ok(.members(("type", "object"), ("required", ["ok"]), ("properties", .members(("ok", .members(("const", .bool(true))))))))
        let signIn = JSONValue.members(
            ("type", "object"), ("required", ["login", "password"]),
            ("properties", .members(("login", .members(("type", "string"))), ("password", .members(("type", "string"), ("format", "password"))))))
        let formToken = JSONValue.members(
            ("type", "object"), ("required", ["form_token"]), ("properties", .members(("form_token", .members(("type", "string"))))))
        let anyBytes = JSONValue.members(("content", .members(("application/octet-stream", .members()))))
        return [
            .init("/api/v1/openapi.json", .members(("get", operation(
                "openapi", nil, Words(zh: "本文档", en: "This document"), answers: [(200, ok(.members(("type", "object"))))], [])))),
            .init("/api/v1/sign-in", .members(("post", operation(
                "signIn", nil, Words(zh: "登录，设置会话 cookie", en: "Sign in: sets the session cookie"), body: json(signIn), security: nobody,
                answers: [(200, ok(formToken))], [400, 401, 403, 413, 415])))),
            .init("/api/v1/sign-out", .members(("post", operation(
                "signOut", nil, Words(zh: "退出", en: "Sign out"), security: nobody, answers: [(204, done)], [401, 403])))),
            .init("/api/v1/files", .members(("put", operation(
                "upload", file, Words(zh: "上传文件", en: "Upload a file"),
                parameters: [
                    parameter("name", in: "query", .members(("type", "string"), ("minLength", .int(1))), isRequired: true),
                    parameter("kind", in: "query", .members(("type", "string")), Words(zh: "file 的 kind", en: "`kind` of the object `file`")),
                    parameter("about", in: "query", .members(("type", "string")), Words(zh: "关于哪条记录，如 lead/3", en: "the record it is about, such as `lead/3`")),
                ],
                body: anyBytes, answers: [(201, ok(.reference("\(fileName).record"), headers: ["ETag", "Location"]))], [400, 413, 422])))),
            .init("/api/v1/files/{id}", .members(
                ("parameters", .array([
                    parameter("id", in: "path", .members(("type", "integer"), ("minimum", .int(1)), ("maximum", .number("9223372036854775807"))), isRequired: true),
                ])),
                ("get", operation(
                    "download", file, Words(zh: "下载文件", en: "Download a file"),
                    answers: [(200, .members(
                        ("description", .string(Words(zh: "内容", en: "Its bytes")[language])), ("content", .members(("application/octet-stream", .members())))))],
                    [404])))),
            .init("/healthz", .members(("get", operation("healthz", nil, Words(zh: "进程在运行", en: "The process runs"), security: nobody, answers: [(200, isWell)], [])))),
            .init("/readyz", .members(("get", operation(
                "readyz", nil, Words(zh: "数据库可读", en: "The database can be read"), security: nobody, answers: [(200, isWell)], [])))),
            .init("/metrics", .members(("get", operation(
                "metrics", nil, Words(zh: "Prometheus 指标：凭密钥，或来自本机", en: "Figures for Prometheus: with a key, or from the machine itself"),
                security: .array([.object([]), .object([.init("key", .array([]))])]),
                answers: [(200, .members(
                    ("description", .string(Words(zh: "文本", en: "Text")[language])),
                    ("content", .members(("text/plain", .members(("schema", .members(("type", "string"))))))))) ],
                [])))),
        ]
    }

    // MARK: Parts

    func operation(
        _ name: String, _ object: CheckedObject?, _ words: Words, parameters: [JSONValue] = [], body: JSONValue? = nil, security: JSONValue? = nil,
        answers: [(status: Int, JSONValue)], _ problems: [Int]
    ) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("operationId", .string(object.map { "\(name)_\(schemas.name(of: $0))" } ?? name)), .init("summary", .string(words[language])),
        ]
        if let object { members.append(.init("tags", .array([.string(object.name)]))) }
        if !parameters.isEmpty { members.append(.init("parameters", .array(parameters))) }
        if let body { members.append(.init("requestBody", body)) }
        if let security { members.append(.init("security", security)) }
        let everywhere = [401, 403, 429, 500, 503, 507]
        let all = answers.map { (String($0.status), $0.1) } + Set(problems + everywhere).sorted().map { status in
            ("\(status)", JSONValue.members(("$ref", .string("#/components/responses/\(status)"))))
        }
        members.append(.init("responses", .object(all.map { .init($0.0, $0.1) })))
        return .object(members)
    }

    func parameter(_ name: String, in place: String, _ schema: JSONValue, isRequired: Bool = false, _ words: Words? = nil) -> JSONValue {
        var members: [JSONValue.Member] = [.init("name", .string(name)), .init("in", .string(place)), .init("schema", schema)]
        if isRequired { members.append(.init("required", .bool(true))) }
        if let words { members.append(.init("description", .string(words[language]))) }
        return .object(members)
    }

    /// Several in one value, with commas between them.
    private func list(_ name: String, _ items: JSONValue, most: Int, _ words: Words) -> JSONValue {
        .members(
            ("name", .string(name)), ("in", "query"), ("style", "form"), ("explode", .bool(false)), ("description", .string(words[language])),
            ("schema", .members(("type", "array"), ("items", items), ("minItems", .int(1)), ("maxItems", .int(most)), ("uniqueItems", .bool(true)))))
    }

    func limit(_ most: Int, usual: Int) -> JSONValue {
        parameter("limit", in: "query", .members(("type", "integer"), ("minimum", .int(1)), ("maximum", .int(most)), ("default", .int(usual))))
    }

    private func fieldsParameter(_ object: CheckedObject) -> JSONValue {
        .members(
            ("name", "fields"), ("in", "query"), ("style", "form"), ("explode", .bool(false)),
            ("description", .string(Words(zh: "只要这些字段", en: "only these fields")[language])),
            ("schema", .members(
                ("type", "array"), ("items", .members(("type", "string"), ("enum", .array(object.fields.map { .string($0.name) })))), ("minItems", .int(1)),
                ("uniqueItems", .bool(true)))))
    }

    private var whereParameter: JSONValue {
        parameter(
            "where", in: "query", .members(("type", "string"), ("minLength", .int(1)), ("format", "condition")),
            Words(zh: "条件公式，如 amount > 5万 and stage = 'won'", en: "a condition, a formula such as `amount > 50000 and stage = 'won'`"))
    }

    private var ifMatch: JSONValue {
        parameter(
            "If-Match", in: "header", .members(("type", "string"), ("pattern", "^(\"[1-9][0-9]{0,17}\"|[1-9][0-9]{0,17})$")), isRequired: true,
            Words(zh: "读到的版本，如 \"4\"", en: "the version that was read, such as \"4\""))
    }

    private var idempotencyKey: JSONValue {
        parameter(
            "Idempotency-Key", in: "header", .members(("type", "string"), ("pattern", .string("^[!-~]{1,\(APIRoutes.longestKey)}$"))),
            Words(zh: "同一个请求重发时用同一个值", en: "the same for a request that is sent again"))
    }

    private func body(_ schema: String) -> JSONValue {
        json(.members(("anyOf", [
            .members(
                ("type", "object"), ("required", ["fields"]), ("additionalProperties", .bool(false)), ("properties", .members(("fields", .reference(schema))))),
            .reference(schema),
        ])))
    }

    private func json(_ schema: JSONValue) -> JSONValue {
        .members(("required", .bool(true)), ("content", .members(("application/json", .members(("schema", schema))))))
    }

    func ok(_ schema: JSONValue, headers: [String] = []) -> JSONValue {
        var members: [JSONValue.Member] = [.init("description", .string(Words(zh: "完成", en: "Done")[language]))]
        if !headers.isEmpty {
            members.append(.init("headers", .object(headers.map {
                .init($0, .members(("required", .bool(true)), ("schema", .members(("type", "string")))))
            })))
        }
        members.append(.init("content", .members(("application/json", .members(("schema", schema))))))
        return .object(members)
    }

    var done: JSONValue { .members(("description", .string(Words(zh: "完成", en: "Done")[language]))) }

    /// An answer for every status that says no.
    var problems: [JSONValue.Member] {
        let words: [(Int, Words)] = [
            (400, Words(zh: "请求本身不对", en: "The request itself is not right")), (401, Words(zh: "未登录", en: "Nobody is signed in")),
            (403, Words(zh: "不允许", en: "Not allowed")), (404, Words(zh: "没有", en: "There is none")),
            (409, Words(zh: "Idempotency-Key 已用于别的请求", en: "The Idempotency-Key was used for another request")),
            (412, Words(zh: "已被别人修改", en: "Somebody changed it meanwhile")), (413, Words(zh: "太大", en: "Too large")),
            (415, Words(zh: "不是 JSON", en: "No JSON")), (422, Words(zh: "不能保存：`violations` 或 `missing` 说明原因", en: "Cannot be saved: `violations` or `missing` say why")),
            (428, Words(zh: "缺 If-Match", en: "If-Match is missing")), (429, Words(zh: "太频繁", en: "Too many requests")),
            (500, Words(zh: "服务器内部错误", en: "Something went wrong on the server")), (503, Words(zh: "数据库暂不可用", en: "The database is not available")),
            (507, Words(zh: "磁盘已满", en: "The disk is full")),
        ]
        return words.map { status, words in
            var members: [JSONValue.Member] = [.init("description", .string(words[language]))]
            let header: (String, JSONValue)? =
                switch status {
                case 401: ("WWW-Authenticate", .members(("type", "string")))
                case 429: ("Retry-After", .members(("type", "integer"), ("minimum", .int(1))))
                default: nil
                }
            if let header {
                members.append(.init("headers", .object([.init(header.0, .members(("required", .bool(true)), ("schema", header.1)))])))
            }
            members.append(.init("content", .members(("application/problem+json", .members(("schema", .reference("Problem")))))))
            return .init("\(status)", .object(members))
        }
    }
}
