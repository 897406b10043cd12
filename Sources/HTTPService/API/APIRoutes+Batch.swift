import Engine
import Formula
import Hummingbird
import JSON
import Model
import SourceText
import Storage

extension APIRoutes {
    /// Records in one batch: so many saves hold up other writers for less than a tenth of a second.
    static let mostItems = 200

    /// `POST /records/lead/batch {"atomic":false,"items":[{"op":"create","fields":{…}},{"op":"update","id":"lead/3","version":4,"fields":{…}},
    /// {"op":"delete","id":"lead/3","version":4}]}`
    @Sendable func batch(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let object = try object(in: context)
        let (body, digest) = try await json(request)
        let (items, isAtomic) = try items(of: body, object)
        let key = try requestKey(request, digest)
        var commands: [SaveCommand] = []
        for (index, item) in items.enumerated() {
            // Each item is remembered by itself, so that a repeated batch does what is left of it.
            let itemKey = key.map { SaveCommand.Request(key: "\($0.key)#\(index)", digest: $0.digest) }
            commands.append(try await command(item, of: object.id, by: person.principal, itemKey))
        }
        switch try await engine.saveBatch(commands, isAtomic: isAtomic) {
        case .done(let answers):
            let results = zip(items, answers).map { result($0, $1, context.language) }
            let done = answers.count { $0.outcome.isDone }
            return jsonResponse(
                .object([.init("done", .int(done)), .init("refused", .int(answers.count - done)), .init("results", .array(results))]),
                language: context.language)
        case .none(let outcomes):
            let isAnother = outcomes.contains { if case .requestKeyReused = $0 { true } else { false } }
            if isAnother, let problem = problem(of: .requestKeyReused, context.language) { throw problem }
            let refused = outcomes.count { !$0.isDone }
            throw Problem(
                .unprocessableContent, code: "batch_refused",
                Words(zh: "全部未保存：\(refused) 项有问题", en: refused == 1 ? "nothing is saved: 1 item is refused" : "nothing is saved: \(refused) items are refused"),
                members: [.init("results", .array(outcomes.map { result($0, context.language) }))])
        }
    }

    private enum Item {
        case create([JSONValue.Member])
        case update(RecordID, version: Int64, [JSONValue.Member])
        case delete(RecordID, version: Int64)
    }

    private func items(of body: JSONValue, _ object: CheckedObject) throws -> ([Item], isAtomic: Bool) {
        func wrong(_ words: Words, _ field: String) -> Problem { Problem(.badRequest, code: "bad_batch", words, field: field) }
        guard let members = body.asObject, let list = body["items"]?.asArray else {
            throw wrong(Words(zh: "应为 {\"items\": […]}", en: "the body is {\"items\": […]}"), "items")
        }
        if let other = members.first(where: { $0.name != "items" && $0.name != "atomic" }) {
            throw wrong(Words(zh: "没有 `\(other.name)` 这一项", en: "there is no `\(other.name)` here"), other.name)
        }
        guard (1...Self.mostItems).contains(list.count) else {
            throw wrong(Words(zh: "items 应有 1 到 \(Self.mostItems) 项", en: "`items` has 1 to \(Self.mostItems) entries"), "items")
        }
        let isAtomic = body["atomic"]?.asBool ?? false
        guard body["atomic"].map({ $0.asBool != nil }) ?? true else {
            throw wrong(Words(zh: "atomic 应为 true 或 false", en: "`atomic` is true or false"), "atomic")
        }
        return (
            try list.enumerated().map { index, entry in
                guard let item = item(entry, object) else {
                    throw wrong(
                        Words(
                            zh: "items[\(index)] 应为 {\"op\":\"create\",\"fields\"}、{\"op\":\"update\",\"id\",\"version\",\"fields\"} 或 {\"op\":\"delete\",\"id\",\"version\"}",
                            en: "items[\(index)] is {\"op\":\"create\",\"fields\"}, {\"op\":\"update\",\"id\",\"version\",\"fields\"} or {\"op\":\"delete\",\"id\",\"version\"}"),
                        "items[\(index)]")
                }
                return item
            }, isAtomic
        )
    }

    /// Nil if it has not exactly the members that its `op` needs.
    private func item(_ entry: JSONValue, _ object: CheckedObject) -> Item? {
        guard let members = entry.asObject, let operation = entry["op"]?.asString else { return nil }
        let names = Set(members.map(\.name))
        var record: (RecordID, Int64)? {
            guard let id = entry["id"]?.asString.flatMap({ engine.app.recordID(from: $0) }), id.object == object.id,
                let version = entry["version"]?.asDigits.flatMap({ ExactDecimal($0) }), let whole = version.scaled(decimals: 0), whole > 0,
                ExactDecimal(whole) == version
            else { return nil }
            return (id, whole)
        }
        switch operation {
        case "create":
            guard names == ["op", "fields"], let fields = entry["fields"]?.asObject else { return nil }
            return .create(fields)
        case "update":
            guard names == ["op", "id", "version", "fields"], let fields = entry["fields"]?.asObject, let record else { return nil }
            return .update(record.0, version: record.1, fields)
        case "delete":
            guard names == ["op", "id", "version"], let record else { return nil }
            return .delete(record.0, version: record.1)
        default: return nil
        }
    }

    private func command(
        _ item: Item, of object: ObjectID, by principal: Principal, _ request: SaveCommand.Request?
    ) async throws -> SaveCommand {
        func command(_ fields: [JSONValue.Member], _ version: Int64?, _ action: ([FieldInput]) -> SaveCommand.Action) async throws -> SaveCommand {
            let read = try await engine.inputs(json: fields, for: object)
            var command = SaveCommand(
                action(read.inputs), by: principal, expecting: version.map(SaveCommand.Expectation.exactly) ?? .any, request: request)
            command.strays = read.strays
            return command
        }
        switch item {
        case .create(let fields): return try await command(fields, nil) { .create(object, $0) }
        case .update(let id, let version, let fields): return try await command(fields, version) { .edit(id, $0) }
        case .delete(let id, let version): return SaveCommand(.delete(id), by: principal, expecting: .exactly(version), request: request)
        }
    }

    private func result(_ item: Item, _ answer: (outcome: SaveOutcome, view: RecordsView?), _ language: Language) -> JSONValue {
        if let problem = problem(of: answer.outcome, language) {
            return .object([.init("status", .int(problem.status.code)), .init("problem", problem.document(in: language))])
        }
        switch item {
        case .delete(let id, _):
            return .object([.init("status", .int(204)), .init("id", .string(engine.app.text(of: id)))])
        case .create, .update:
            let status = if case .create = item { 201 } else { 200 }
            guard let view = answer.view, let row = view.rows.first else {
                return .object([.init("status", .int(404)), .init("problem", Problem.notFound.document(in: language))])
            }
            let record = RecordJSON(app: engine.app, language: language).record(row, titles: view.titles)
            return .object([.init("status", .int(status)), .init("record", record)])
        }
    }

    /// Of a batch that was taken back: why, or that others were the reason (424, RFC 4918 §11.4).
    private func result(_ outcome: SaveOutcome, _ language: Language) -> JSONValue {
        guard let problem = problem(of: outcome, language) else { return .object([.init("status", .int(424))]) }
        return .object([.init("status", .int(problem.status.code)), .init("problem", problem.document(in: language))])
    }
}
