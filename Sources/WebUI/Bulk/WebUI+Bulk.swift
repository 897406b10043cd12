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
    /// Editing many records of a list at once.
    func addBulk(to router: Router<WeirContext>) {
        router.get("records/:object/bulk", use: page { visit in try await bulk(visit, visit.query) })
        router.post("records/:object/bulk", use: action(bulk))
        router.get("records/:object/bulk/:job", use: page(bulkJob))
        router.post("records/:object/bulk/:job/cancel", use: action { visit, _ in
            bulkJobs.cancel(jobKey(visit), of: visit.principal.user)
            return redirect(to: try jobLink(visit))
        })
        router.post("records/:object/bulk/:job/undo", use: action { visit, _ in
            _ = try await job(jobKey(visit), visit)
            bulkJobs.undo(jobKey(visit), as: visit.principal, with: engine)
            return redirect(to: try jobLink(visit))
        })
    }

    /// More records than this are edited in several goes: each go is one list that is kept in memory.
    private static let mostRecords = 10_000
    /// Records that a preview tries; it holds up other writers as long as it takes.
    private static let mostTried = 1_000
    private static let triedEach = 200
    private static let shownInPreview = 5
    private static let shownReasons = 10

    private func jobKey(_ visit: Visit) -> String { visit.context.parameters.get("job") ?? "" }

    private func jobLink(_ visit: Visit) throws -> Link { Link("records", try object(visit).name, "bulk", jobKey(visit)) }

    // MARK: Steps

    @Sendable private func bulk(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let object = try object(visit)
        guard object.builtIn != .file else { throw Problem.notFound }
        let address = ListAddress(object: object.name, query: form)
        let (ids, kept) = try await selected(visit, form, object, address)
        let builder = FormBuilder(ui: self, visit: visit)
        let fields = object.fields.filter { whyNoCell($0) == nil && builder.isEntered($0) }
        var view = BulkView(
            label: object.label, list: address.link, count: ids.count, action: Link("records", object.name, "bulk"), kept: kept,
            choices: fields.map { ($0.name, $0.label[visit.language]) }, chosen: nil, errors: [], preview: nil, requestKey: newRequestKey())
        if ids.count > Self.mostRecords {
            view.errors = [Say.tooManySelected(Self.mostRecords)[visit.language]]
            view.count = 0
            return bulkPage(visit, object, view, status: .unprocessableContent)
        }
        guard !ids.isEmpty, let name = form.filled("field"), let field = fields.first(where: { $0.name == name }) else {
            return bulkPage(visit, object, view, status: .ok)
        }
        let sent = builder.sent(form, for: object)
        var filling = FormBuilder.Filling(entries: sent.entries, lookedUp: sent.lookedUp)
        let wantsMore = form.filled("_preview") != nil || form.filled("_run") != nil
        var input: FieldInput?
        if wantsMore, form.filled("_find") == nil {
            // Here blank is a value too: what was entered counts, touched or not.
            var meant = FormBuilder.Sent()
            meant.entries[field.id] = field.kind == .bool && (sent.entries[field.id] ?? "").isEmpty ? "no" : sent.entries[field.id] ?? ""
            meant.opened[field.id] = meant.entries[field.id] == "\u{1}" ? "" : "\u{1}"
            input = try await builder.inputs(meant).first
            if case .unreadable(let violation)? = input?.entry {
                filling.errors[field.id] = [violation.words[visit.language]]
                input = nil
            }
        }
        view.chosen = (field.name, field.label[visit.language], try await builder.field(field, filling, prefix: "bulk"))
        guard let input else { return bulkPage(visit, object, view, status: filling.errors.isEmpty ? .ok : .unprocessableContent) }

        if form.filled("_run") != nil { return try await runBulk(visit, form, object, field, input, ids, address.link) }
        view.preview = try await preview(visit, field, input, ids)
        return bulkPage(visit, object, view, status: .ok)
    }

    private func bulkPage(_ visit: Visit, _ object: CheckedObject, _ view: BulkView, status: HTTPResponse.Status) -> Response {
        html(visit, title: visit.say(Say.bulkEdit), current: object.name, status: status, isError: status != .ok) { $0.bulkPage(view) }
    }

    /// The records that are meant: those ticked, or all that the list's filter meets.
    private func selected(
        _ visit: Visit, _ form: FormFields, _ object: CheckedObject, _ address: ListAddress
    ) async throws -> (ids: [RecordID], kept: [(String, String)]) {
        let listed = address.query.filter { $0.0 != "after" }
        guard form.filled("all") != nil else {
            var seen: Set<Int64> = []
            let numbers = form.all("id").flatMap { $0.split(separator: ",") }.compactMap { Int64($0) }.filter { $0 > 0 && seen.insert($0).inserted }
            return (
                numbers.map { RecordID(object: object.id, number: $0) },
                listed + (numbers.isEmpty ? [] : [("id", numbers.map(String.init).joined(separator: ","))])
            )
        }
        guard case .success(let condition) = condition(address.wheres, on: object, language: visit.language) else {
            throw Problem(.badRequest, code: "bad_condition", Say.filterWrong)
        }
        let ids = try await engine.ids(
            ListRequest(object: object.id, condition: condition, search: address.search.isEmpty ? nil : address.search),
            most: Self.mostRecords + 1, as: visit.principal)
        return (ids, listed + [("all", "yes")])
    }

    // MARK: Preview

    private func preview(_ visit: Visit, _ field: CheckedField, _ input: FieldInput, _ ids: [RecordID]) async throws -> BulkView.Preview {
        let tried = Array(ids.prefix(Self.mostTried))
        var outcomes: [SaveOutcome] = []
        var start = 0
        while start < tried.count {
            let part = tried[start..<min(start + Self.triedEach, tried.count)]
            outcomes += try await engine.trial(part.map { SaveCommand(.edit($0, [input]), by: visit.principal) })
            start += part.count
        }
        var preview = BulkView.Preview(rows: [], changes: 0, stays: 0, refusals: 0, reasons: [], tried: tried.count < ids.count ? tried.count : nil)
        var counts: [String: Int] = [:]
        var order: [String] = []
        for outcome in outcomes {
            switch outcome {
            case .saved: preview.changes += 1
            case .unchanged, .repeated: preview.stays += 1
            case .refused, .held, .conflict, .missing, .denied, .requestKeyReused:
                preview.refusals += 1
                let words = outcome.reason[visit.language]
                if counts[words] == nil { order.append(words) }
                counts[words, default: 0] += 1
            }
        }
        preview.reasons = order.sorted { (counts[$1] ?? 0) < (counts[$0] ?? 0) }.prefix(Self.shownReasons).map { ($0, counts[$0] ?? 0) }
        let display = display(visit.language)
        for (id, outcome) in zip(tried, outcomes).prefix(Self.shownInPreview) {
            guard let view = try await engine.record(id, as: visit.principal), let row = view.rows.first else { continue }
            preview.rows.append(
                BulkView.Preview.Row(
                    title: title(of: id, view.titles), link: link(to: id), old: display.plain(row[field.id], of: field, titles: view.titles),
                    new: try await shown(input, field, display), refusal: outcome.isDone ? nil : outcome.reason[visit.language]))
        }
        return preview
    }

    private func shown(_ input: FieldInput, _ field: CheckedField, _ display: Display) async throws -> String {
        guard case .value(let value) = input.entry else { return "" }
        var titles: [RecordID: String] = [:]
        if case .link(let id) = value { titles = try await engine.titles(of: [id]) }
        return display.plain(value, of: field, titles: titles)
    }

    // MARK: Running

    private func runBulk(
        _ visit: Visit, _ form: FormFields, _ object: CheckedObject, _ field: CheckedField, _ input: FieldInput, _ ids: [RecordID], _ list: Link
    ) async throws -> Response {
        // The key of the form names the job, so that a second press leads to the first one's.
        let key = form.filled("_request").flatMap { $0.utf8.count <= 100 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) } ? $0 : nil }
            ?? newRequestKey()
        let link = Link("records", object.name, "bulk", key)
        guard try await job(key, visit) == nil else { return redirect(to: link) }
        let job = BulkJobs.Job(
            key: key, owner: visit.principal.user, object: object.id, field: field.id,
            value: try await shown(input, field, display(visit.language)), list: list, total: ids.count, goal: ids.count)
        bulkJobs.run(job, ids.map { SaveCommand(.edit($0, [input]), by: visit.principal) }, with: engine)
        return redirect(to: link)
    }

    /// Nil if the person has no such job.
    private func job(_ key: String, _ visit: Visit) async throws -> BulkJobs.Job? {
        if let job = bulkJobs.job(key, of: visit.principal.user) { return job }
        return try await bulkJobs.kept(key, of: visit.principal.user, by: engine)
    }

    @Sendable private func bulkJob(_ visit: Visit) async throws -> Response {
        let object = try object(visit)
        guard let job = try await job(jobKey(visit), visit), job.object == object.id else {
            throw Problem(.notFound, code: "no_job", Say.jobGone)
        }
        let link = try jobLink(visit)
        let titles = try await engine.titles(of: Set(job.reasons.map(\.id)))
        let state: BulkJobView.State =
            switch job.state {
            case .running: .running
            case .done: .done
            case .cancelled: .cancelled
            case .failed: .failed
            case .interrupted: .interrupted
            case .undoing: .undoing
            case .undone: .undone
            }
        let isOver = state == .done || state == .cancelled || state == .failed || state == .interrupted
        let view = BulkJobView(
            label: object.label, list: job.list, field: engine.app.model[job.field].label[visit.language], value: job.value, state: state,
            tried: job.tried, total: job.goal, changed: job.changed.count, unchanged: job.unchanged, refused: job.refused,
            reasons: job.reasons.map { (title(of: $0.id, titles), self.link(to: $0.id), $0.words[visit.language]) }, undone: job.undone,
            kept: job.kept, link: link, cancelling: Link("records", object.name, "bulk", job.key, "cancel"),
            undoing: Link("records", object.name, "bulk", job.key, "undo"), mayUndo: isOver && !job.changed.isEmpty)
        var response = html(visit, title: visit.say(Say.bulkEdit), current: object.name) { $0.bulkJobPage(view) }
        // Without scripts the browser asks again by itself; with them the page does, sooner.
        if view.isUnderWay, let refresh = HTTPField.Name("Refresh") { response.headers[refresh] = "5" }
        return response
    }
}
