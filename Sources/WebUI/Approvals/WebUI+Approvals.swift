import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// The inbox, one request by itself, and what is decided.
    func addApprovals(to router: Router<WeirContext>) {
        router.get("approvals", use: page(approvals))
        router.get("approvals/:id", use: page { visit in try await approvalPage(try approvalID(visit), visit, trouble: nil, status: .ok) })
        router.post("approvals", use: action(decideSeveral))
        router.post("approvals/:id", use: action(decide))
        addAbsences(to: router)
    }

    var hasApprovals: Bool { !engine.app.model.approvals.isEmpty }

    private static let approvalsEach = 20

    private func approvalID(_ visit: Visit) throws -> Int64 {
        guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }), id > 0 else { throw Problem.notFound }
        return id
    }

    @Sendable private func approvals(_ visit: Visit) async throws -> Response {
        guard let person = visit.principal.user else { throw Problem.notFound }
        let list = visit.query.filled("list").flatMap { ApprovalList(rawValue: $0) } ?? .mine
        let before = visit.query.filled("before").flatMap { Int64($0) }
        let found = try await engine.approvals(list, of: person, limit: Self.approvalsEach + 1, before: before)
        var cards: [ApprovalCardView] = []
        for view in found.prefix(Self.approvalsEach) { cards.append(try await approvalCard(view, visit, back: Link("approvals", query: [("list", list.rawValue)]))) }
        let count = try await engine.approvalsWaiting(for: person)
        let labels: [(ApprovalList, Words)] = [(.mine, Say.approvalsMine), (.asked, Say.approvalsAsked), (.decided, Say.approvalsDecided)]
        let empty =
            switch list {
            case .mine: Say.noneWaiting
            case .asked: Say.noneAsked
            case .decided: Say.noneDecided
            }
        let last = found.prefix(Self.approvalsEach).last?.request.id
        let view = ApprovalsView(
            tabs: labels.map { .init(label: $1, link: Link("approvals", query: [("list", $0.rawValue)]), isCurrent: $0 == list, count: $0 == .mine ? count : nil) },
            batch: list == .mine && cards.count > 1 ? Link("approvals") : nil, absence: Link("absences"), cards: cards,
            next: found.count > Self.approvalsEach ? last.map { Link("approvals", query: [("list", list.rawValue), ("before", String($0))]) } : nil,
            emptyWords: empty)
        return html(visit, title: visit.say(Say.approvals), current: "approvals") { $0.approvalsPage(view) }
    }

    private func approvalPage(_ id: Int64, _ visit: Visit, trouble: Words?, status: HTTPResponse.Status) async throws -> Response {
        guard let found = try await engine.approval(id) else { throw Problem.notFound }
        let list = Link("approvals")
        let card = try await approvalCard(found, visit, back: Link("approvals", String(id)))
        return html(visit, title: card.title, current: "approvals", status: status, isError: trouble != nil) {
            $0.approvalPage(card, list: list, trouble: trouble.map { visit.say($0) })
        }
    }

    @Sendable private func decide(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let id = try approvalID(visit)
        let decision: ApprovalDecision
        switch form.filled("decision").flatMap({ ApprovalView.Choice(rawValue: $0) }) {
        case .approve: decision = .approve
        case .reject:
            guard let found = try await engine.approval(id) else { throw Problem.notFound }
            decision = .reject(to: found.model?.rejection == .toChoice ? form.filled("to") : nil)
        case .sendBack: decision = .sendBack(to: form.filled("to") ?? "start")
        case .delegate:
            guard let person = form.filled("person").flatMap({ engine.app.recordID(from: $0) }) else {
                return try await approvalPage(id, visit, trouble: Say.choosePerson, status: .unprocessableContent)
            }
            decision = .delegate(to: person)
        case .addSignerBefore, .addSignerAfter:
            guard let person = form.filled("person").flatMap({ engine.app.recordID(from: $0) }) else {
                return try await approvalPage(id, visit, trouble: Say.choosePerson, status: .unprocessableContent)
            }
            decision = .addSigner(person, form.first("decision") == ApprovalView.Choice.addSignerBefore.rawValue ? .before : .after)
        case .withdraw: decision = .withdraw
        case .resubmit: decision = .resubmit
        case nil: throw Problem.notFound
        }
        let seen = form.filled("seen").flatMap { Int64($0) }
        switch try await engine.decide(id, decision, by: visit.principal, seen: seen, comment: form.filled("comment")) {
        case .done: return redirect(to: form.first("_back").flatMap(Link.init(sitePath:)) ?? Link("approvals"), notice: .decided)
        case .unchanged: return redirect(to: form.first("_back").flatMap(Link.init(sitePath:)) ?? Link("approvals"), notice: .unchanged)
        case .conflict: return try await approvalPage(id, visit, trouble: Say.seenOther, status: .conflict)
        case .refused(let words): return try await approvalPage(id, visit, trouble: words, status: .unprocessableContent)
        case .denied(let words): throw Problem(.forbidden, code: "denied", words)
        case .missing: throw Problem.notFound
        }
    }

    /// So many are decided at once: as many as a page shows.
    private static let mostPicked = 100

    /// Each on the version that was seen, in a transaction of its own; one that cannot be decided holds up no other.
    @Sendable private func decideSeveral(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let approves = form.first("decision") == ApprovalView.Choice.approve.rawValue
        guard approves || form.first("decision") == ApprovalView.Choice.reject.rawValue else { throw Problem.notFound }
        var rows: [ApprovalsView.Row] = []
        var seen: Set<Int64> = []
        for pick in form.all("pick").prefix(Self.mostPicked) {
            let parts = pick.split(separator: ":").compactMap { Int64($0) }
            guard parts.count == 2, seen.insert(parts[0]).inserted, let found = try await engine.approval(parts[0]) else { continue }
            let outcome = try await engine.decide(
                parts[0], approves ? .approve : .reject(to: nil), by: visit.principal, seen: parts[1], comment: form.filled("comment"))
            let (words, isDone): (Words, Bool) =
                switch outcome {
                case .done: (Say.rowDone, true)
                case .unchanged: (Say.rowUnchanged, true)
                case .conflict: (Say.seenOther, false)
                case .refused(let words), .denied(let words): (words, false)
                case .missing: (Say.rowMissing, false)
                }
            rows.append(
                .init(
                    label: found.model?.label[visit.language] ?? found.request.approval,
                    title: found.titles[found.request.record] ?? engine.app.text(of: found.request.record), link: Link("approvals", String(parts[0])), words: words,
                    isDone: isDone))
        }
        if !rows.isEmpty, rows.allSatisfy(\.isDone) { return redirect(to: Link("approvals"), notice: .decided) }
        return html(
            visit, title: visit.say(Say.decideSeveral), current: "approvals", status: rows.contains { $0.isDone } ? .ok : .unprocessableContent, isError: true
        ) { $0.batchResults(rows, list: Link("approvals")) }
    }

    // MARK: Cards

    /// The open requests over a record, and the latest of those that are over.
    func approvalCards(of record: RecordID, _ visit: Visit) async throws -> [ApprovalCardView] {
        let all = try await engine.approvals(of: record)
        let open = all.filter { !$0.request.state.isOver }
        var cards: [ApprovalCardView] = []
        for view in open.isEmpty ? Array(all.prefix(1)) : open { cards.append(try await approvalCard(view, visit, back: link(to: record))) }
        return cards
    }

    private func approvalCard(_ view: ApprovalView, _ visit: Visit, back: Link) async throws -> ApprovalCardView {
        let language = visit.language, display = display(language), request = view.request
        func name(_ person: RecordID?) -> String { person.flatMap { view.titles[$0] } ?? visit.say(Say.system) }
        var levels: [ApprovalCardView.Level] = []
        let place = view.model?.levels.firstIndex { $0.name == request.level } ?? 0
        for (number, level) in (view.model?.levels ?? []).enumerated() {
            let latest = view.seats.last { $0.level == level.name }?.round
            let seats = view.seats.filter { $0.level == level.name && $0.round == latest }
            levels.append(
                .init(
                    label: level.label[language], people: seats.map { person(of: $0, among: seats, view.titles, visit) },
                    state: view.unneeded.contains(level.name) ? .unneeded
                        : !request.state.isOver && number == place ? .current : !seats.isEmpty && number <= place ? .over : .coming))
        }
        var facts: [(label: String, value: DisplayValue)] = []
        if let model = view.model, let found = try await engine.record(request.record, as: visit.principal), let row = found.rows.first {
            facts = model.freeze.map { field in
                let field = engine.app.model[field]
                return (field.label[language], display.value(row[field.id], of: field, titles: found.titles))
            }
        }
        let choices = Set(view.choices(of: visit.principal.user).map(\.rawValue))
        var form: ApprovalCardView.Form?
        if !choices.isEmpty {
            form = ApprovalCardView.Form(
                action: Link("approvals", String(request.id)), back: back, seen: String(request.revision), choices: choices,
                targets: view.targets.map { target in
                    (target, target == "start" ? visit.say(Say.toAsker) : view.model?.levels.first { $0.name == target }?.label[language] ?? target)
                },
                rejectsTo: view.model?.rejection == .toChoice,
                people: !choices.isDisjoint(with: ["delegate", "add_signer_before", "add_signer_after"]) ? try await people(except: Set(view.current.map(\.person) + [request.by].compactMap { $0 }), visit) : [])
        }
        let now = engine.world.clock.now()
        return ApprovalCardView(
            id: String(request.id), label: view.model?.label[language] ?? request.approval, title: name(request.record), record: link(to: request.record),
            state: state(request, view, visit), mood: mood(request.state), by: name(request.by), asked: display.moment(request.asked),
            stamp: request.asked.description, due: request.due.map { display.moment($0) }, isLate: request.due.map { $0 <= now } ?? false, facts: facts,
            levels: levels,
            events: view.steps.map { step in
                .init(
                    who: step.by.map { name($0) }, words: step.words[language], comment: step.comment, at: display.moment(step.at), stamp: step.at.description)
            }, form: form)
    }

    private func person(of seat: ApprovalSeat, among seats: [ApprovalSeat], _ titles: [RecordID: String], _ visit: Visit) -> ApprovalCardView.Person {
        func name(_ id: RecordID) -> String { titles[id] ?? engine.app.text(of: id) }
        let isAway = seat.state == .passed && seats.contains { $0.isAway && $0.insteadOf == seat.person }
        var whom: (words: Words, name: String)?
        if let other = seat.insteadOf {
            whom = (Say.standsFor, name(other))
        } else if let added = seat.added {
            whom = (added.order == .before ? Say.signsBefore : Say.signsAfter, name(added.by))
        }
        let state = isAway ? Say.seatAway : seat.isAway && seat.state == .passed ? Say.seatGivenBack : Say.seat(seat.state.rawValue)
        return .init(name: name(seat.person), state: visit.say(state), whom: whom)
    }

    private func state(_ request: ApprovalRequest, _ view: ApprovalView, _ visit: Visit) -> String {
        let words = Say.approval(request.state)
        guard request.state == .pending, let level = view.level else { return visit.say(words) }
        return "\(visit.say(words)) · \(level.label[visit.language])"
    }

    private func mood(_ state: ApprovalRequest.State) -> ApprovalCardView.Mood {
        switch state {
        case .pending, .returned: .open
        case .approved: .good
        case .rejected, .withdrawn, .void: .bad
        }
    }

    /// So many people are offered; an address or the API takes any.
    private static let mostPeople = 200

    func people(except others: Set<RecordID>, _ visit: Visit) async throws -> [(value: String, label: String)] {
        guard let users = engine.app.model.objects.first(where: { $0.builtIn == .user }) else { return [] }
        guard case .ready(let condition) = engine.condition("active", on: users.id) else { return [] }
        let ids = try await engine.ids(ListRequest(object: users.id, condition: condition), most: Self.mostPeople, as: visit.principal)
        let titles = try await engine.titles(of: Set(ids))
        return ids.filter { !others.contains($0) }.map { (engine.app.text(of: $0), titles[$0] ?? engine.app.text(of: $0)) }
    }
}
