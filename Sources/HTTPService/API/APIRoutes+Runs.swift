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
    /// `GET /runs?state=failed&rule=automation/route&object=lead&record=lead/3&from=2026-03-01&until=2026-03-31&limit=50&before=ID`, newest first. Those of one record
    /// are told to everybody, all to those who look after the app.
    @Sendable func runs(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let query = request.fields
        var wanted = RunQuery(limit: Int(try number(query["limit"], in: 1...200, "limit") ?? 50))
        wanted.before = try number(query["before"], in: 1...Int64.max, "before")
        wanted.process = query["rule"]
        if let name = query["state"] {
            guard let group = RunGroup(rawValue: name) else {
                throw Problem(
                    .badRequest, code: "bad_state", Words(zh: "state 应为 failed、waiting、running 或 done", en: "state is failed, waiting, running or done"), field: "state")
            }
            wanted.states = group.states
        }
        if let name = query["object"] {
            guard let object = engine.app.model.object(named: name) else { throw Problem.notFound }
            wanted.object = object.id
        }
        if let text = query["record"] {
            guard let record = engine.app.recordID(from: text) else {
                throw Problem(.badRequest, code: "bad_record", Words(zh: "record 应为记录编号，如 lead/3", en: "record is a record's id, such as lead/3"), field: "record")
            }
            wanted.record = record
        }
        let zone = engine.app.model.zone
        wanted.from = try day(query["from"], "from").map { zone.startOfDay($0) }
        wanted.until = try day(query["until"], "until").flatMap { $0.adding(days: 1) }.map { zone.startOfDay($0) }
        guard wanted.record != nil || engine.administers(person.principal) else { throw Problem(.forbidden, code: "denied", Self.runsForAdmins) }
        let found = try await engine.runs(wanted)
        let json = AutomationJSON(engine.app, in: context.language)
        return jsonResponse(
            .object([
                .init("failed", .int(try await engine.failedRuns())),
                .init("runs", .array(found.runs.map { .object(json.head($0, engine, titles: found.titles)) })),
            ]), language: context.language)
    }

    @Sendable func run(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        return try await answer(try runID(context), context)
    }

    /// `POST /runs/3 {"command":"resume"}`, also `skip` and `cancel`: for those who look after the app.
    @Sendable func commandRun(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try runID(context)
        let (body, _) = try await json(request)
        for member in body.asObject ?? [] where member.name != "command" {
            throw Problem(.badRequest, code: "unknown_member", Words(zh: "没有 `\(member.name)` 这一项", en: "there is no `\(member.name)` here"), field: member.name)
        }
        guard let command = body["command"]?.asString.flatMap({ RunCommand(rawValue: $0) }) else {
            throw Problem(
                .badRequest, code: "bad_command", Words(zh: "command 应为 resume、skip 或 cancel", en: "command is resume, skip or cancel"), field: "command")
        }
        switch try await engine.command(command, run: id, by: person.principal) {
        case .done: return try await answer(id, context)
        case .refused(let words): throw Problem(.unprocessableContent, code: "refused", words)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }

    /// `GET /records/lead/3/automation`: the times that run over it, to whom it was given and why, its latest runs, and whether its stage still holds.
    @Sendable func automation(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try recordID(in: context)
        guard try await engine.record(id, as: person.principal) != nil else { throw Problem.notFound }
        var query = RunQuery(limit: Self.runsOfRecord)
        query.record = id
        let runs = try await engine.runs(query)
        let json = AutomationJSON(engine.app, in: context.language)
        return jsonResponse(
            .object([
                .init("timers", .array(try await engine.timers(of: id).map(json.timer))),
                .init("assignments", .array(try await engine.assignments(of: id, limit: Self.runsOfRecord).map(json.assignment))),
                .init("runs", .array(runs.runs.map { .object(json.head($0, engine, titles: runs.titles)) })),
                .init("hollow", json.hollow(try await engine.hollow(id))),
            ]), language: context.language)
    }

    private static let runsOfRecord = 50
    private static let runsForAdmins = Words(
        zh: "只有管理员可以查看全部运行；给出 record 可查看一条记录的", en: "only those who look after the app may see all runs; `record` asks for those of one record")

    /// What runs are asked for by.
    enum RunGroup: String, CaseIterable {
        case failed, waiting, running, done

        var states: Set<AutomationRun.State> {
            switch self {
            case .failed: AutomationRun.State.broken
            case .waiting: [.waiting, .calling, .deciding]
            case .running: [.ready]
            case .done: [.done, .stopped, .canceled]
            }
        }
    }

    private func answer(_ id: Int64, _ context: WeirContext) async throws -> Response {
        guard let view = try await engine.run(id) else { throw Problem.notFound }
        return jsonResponse(AutomationJSON(engine.app, in: context.language).run(view, engine), language: context.language)
    }

    private func runID(_ context: WeirContext) throws -> Int64 {
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    private func day(_ text: String?, _ name: String) throws -> Day? {
        guard let text else { return nil }
        guard let day = Day(text) else {
            throw Problem(.badRequest, code: "bad_\(name)", Words(zh: "\(name) 应为日期，如 2026-03-18", en: "\(name) is a day, such as 2026-03-18"), field: name)
        }
        return day
    }
}
