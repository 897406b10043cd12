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
    /// `GET /approvals?list=mine|asked|decided&limit=50&before=ID`, newest first.
    @Sendable func approvals(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let query = request.fields
        var list = ApprovalList.mine
        if let name = query["list"] {
            guard let known = ApprovalList(rawValue: name) else {
                throw Problem(
                    .badRequest, code: "bad_list", Words(zh: "list 应为 mine、asked 或 decided", en: "list is mine, asked or decided"), field: "list")
            }
            list = known
        }
        let limit = try number(query["limit"], in: 1...200, "limit") ?? 50
        let before = try number(query["before"], in: 1...Int64.max, "before")
        guard let user = person.principal.user else { throw Problem.notFound }
        let found = try await engine.approvals(list, of: user, limit: Int(limit), before: before)
        return jsonResponse(.object([.init("approvals", .array(found.map { document(of: $0, context.language) }))]), language: context.language)
    }

    @Sendable func approval(_ request: Request, context: WeirContext) async throws -> Response {
        _ = try context.person()
        guard let found = try await engine.approval(try approvalID(context)) else { throw Problem.notFound }
        return jsonResponse(document(of: found, context.language), language: context.language)
    }

    /// `POST /approvals/3 {"decision":"approve","seen":1,"comment":"…","to":"…"}`
    @Sendable func decide(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let id = try approvalID(context)
        let (body, _) = try await json(request)
        let choice = try choice(body["decision"])
        var seen: Int64?, to: String?, comment: String?
        for member in body.asObject ?? [] {
            switch member.name {
            case "decision": break
            case "seen" where choice.isAnswer:
                guard let revision = member.value.asInt, (1...JSONValue.largestExactInteger).contains(revision) else {
                    throw Problem(.badRequest, code: "bad_member", Words(zh: "`seen` 应为正整数", en: "`seen` is a whole number from 1 on"), field: "seen")
                }
                seen = Int64(revision)
            case "to" where choice.goesSomewhere: to = try text(member)
            case "comment": comment = try text(member)
            default:
                throw Problem(
                    .badRequest, code: "unknown_member",
                    Words(zh: "\(choice.rawValue) 没有 `\(member.name)` 这一项", en: "there is no `\(member.name)` in \(choice.rawValue)"), field: member.name)
            }
        }
        guard seen != nil || !choice.isAnswer else {
            throw Problem(
                .badRequest, code: "missing_seen",
                Words(zh: "请给出看到的版本 seen（取自 revision）", en: "say which revision was seen: `seen`, as `revision` gave it"), field: "seen")
        }
        let decision = try decision(choice, to)
        switch try await engine.decide(id, decision, by: person.principal, seen: seen, comment: comment) {
        case .done, .unchanged:
            guard let found = try await engine.approval(id) else { throw Problem.notFound }
            return jsonResponse(document(of: found, context.language), language: context.language)
        case .conflict(let request):
            throw Problem(
                .conflict, code: "changed_meanwhile", Words(zh: "审批内容已有变化，请重新查看", en: "what is to be decided has changed; look at it again"),
                members: [.init("revision", .int(request.revision))])
        case .refused(let words): throw Problem(.unprocessableContent, code: "refused", words)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }

    private func choice(_ name: JSONValue?) throws -> ApprovalView.Choice {
        guard let choice = (name?.asString).flatMap(ApprovalView.Choice.init(rawValue:)) else {
            throw Problem(
                .badRequest, code: "bad_decision",
                Words(
                    zh: "decision 应为 approve、reject、send_back、delegate、add_signer_before、add_signer_after、withdraw 或 resubmit",
                    en: "decision is approve, reject, send_back, delegate, add_signer_before, add_signer_after, withdraw or resubmit"), field: "decision")
        }
        return choice
    }

    private func text(_ member: JSONValue.Member) throws -> String {
        guard let text = member.value.asString else {
            throw Problem(.badRequest, code: "bad_member", Words(zh: "`\(member.name)` 应为文字", en: "`\(member.name)` is a text"), field: member.name)
        }
        return text
    }

    private func decision(_ choice: ApprovalView.Choice, _ to: String?) throws -> ApprovalDecision {
        func needed() throws -> String {
            guard let to else { throw Problem(.badRequest, code: "missing_to", Words(zh: "请给出 to", en: "say `to`"), field: "to") }
            return to
        }
        func person() throws -> RecordID {
            guard let person = engine.app.recordID(from: try needed()) else {
                throw Problem(
                    .unprocessableContent, code: "bad_person", Words(zh: "to 应为人员编号，如 user/3", en: "`to` is a person's id, such as user/3"), field: "to")
            }
            return person
        }
        switch choice {
        case .approve: return .approve
        case .reject: return .reject(to: to)
        case .sendBack: return .sendBack(to: try needed())
        case .delegate: return .delegate(to: try person())
        case .addSignerBefore: return .addSigner(try person(), .before)
        case .addSignerAfter: return .addSigner(try person(), .after)
        case .withdraw: return .withdraw
        case .resubmit: return .resubmit
        }
    }

    private func approvalID(_ context: WeirContext) throws -> Int64 {
        guard let id = context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    func number(_ text: String?, in range: ClosedRange<Int64>, _ name: String) throws -> Int64? {
        guard let text else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            throw Problem(
                .badRequest, code: "bad_\(name)",
                Words(zh: "\(name) 应为 \(range.lowerBound) 到 \(range.upperBound)", en: "\(name) is a number from \(range.lowerBound) to \(range.upperBound)"),
                field: name)
        }
        return number
    }

    private func document(of view: ApprovalView, _ language: Language) -> JSONValue {
        func record(_ id: RecordID?) -> JSONValue {
            guard let id else { return .null }
            return .object([.init("id", .string(engine.app.text(of: id))), .init("title", .string(view.titles[id] ?? ""))])
        }
        func time(_ instant: Instant?) -> JSONValue { instant.map { .string($0.description) } ?? .null }
        let request = view.request
        return .object([
            .init("id", .int(request.id)), .init("approval", .string(request.approval)),
            .init("label", .string(view.model?.label[language] ?? request.approval)), .init("record", record(request.record)),
            .init("by", record(request.by)), .init("asked", time(request.asked)), .init("state", .string(request.state.rawValue)),
            .init("level", request.level.map(JSONValue.string) ?? .null), .init("revision", .int(request.revision)),
            .init("stage", request.stage.map(JSONValue.string) ?? .null), .init("due", time(request.due)), .init("decided", time(request.decided)),
            .init("note", request.note.map { .string($0[language]) } ?? .null), .init("waiting", .array(view.waiting.map { record($0) })),
            .init("seats", .array(view.current.map { seat in
                .object([
                    .init("person", record(seat.person)), .init("level", .string(seat.level)), .init("state", .string(seat.state.rawValue)),
                    .init("instead_of", record(seat.insteadOf)), .init("away", .bool(seat.isAway)), .init("added", seat.added.map { .string($0.order.rawValue) } ?? .null),
                    .init("added_by", record(seat.added?.by)), .init("at", time(seat.at)),
                ])
            })),
            .init("steps", .array(view.steps.map { step in
                .object([
                    .init("at", time(step.at)), .init("by", record(step.by)), .init("level", step.level.map(JSONValue.string) ?? .null),
                    .init("words", .string(step.words[language])), .init("comment", step.comment.map(JSONValue.string) ?? .null),
                ])
            })),
        ])
    }
}

extension ApprovalView.Choice {
    /// Answers the request, and so names what was seen of it.
    fileprivate var isAnswer: Bool {
        switch self {
        case .approve, .reject, .sendBack, .delegate, .addSignerBefore, .addSignerAfter: true
        case .withdraw, .resubmit: false
        }
    }

    /// Takes `to`: a level, or a person.
    fileprivate var goesSomewhere: Bool {
        switch self {
        case .reject, .sendBack, .delegate, .addSignerBefore, .addSignerAfter: true
        case .approve, .withdraw, .resubmit: false
        }
    }
}
