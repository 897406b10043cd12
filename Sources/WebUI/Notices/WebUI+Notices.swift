import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Program
import SourceText
import Storage

extension WebUI {
    /// What a person was told inside the app, and that it was read.
    func addNotices(to router: Router<WeirContext>) {
        router.get("notices", use: page(notices))
        router.get("notices/:id", use: page(openNotice))
        router.post("notices/read", use: action { visit, form in
            let person = try reader(visit)
            guard let through = form.filled("through").flatMap({ Int64($0) }) else { throw Problem.notFound }
            try await engine.markRead(through: through, of: person)
            return redirect(to: back(form) ?? Link("notices"))
        })
        router.post("notices/:id/read", use: action { visit, form in
            let person = try reader(visit)
            let notice = try await notice(visit, of: person)
            try await engine.markRead(notice.id, of: person)
            return redirect(to: back(form) ?? Link("notices"))
        })
    }

    private static let noticesEach = 30

    private func back(_ form: FormFields) -> Link? { form.first("_back").flatMap(Link.init(sitePath:)) }

    private func reader(_ visit: Visit) throws -> RecordID {
        guard let person = visit.principal.user else { throw Problem.notFound }
        return person
    }

    private func notice(_ visit: Visit, of person: RecordID) async throws -> Storage.Notice {
        guard let id = visit.context.parameters.get("id").flatMap({ Int64($0) }), let notice = try await engine.notice(id, of: person) else {
            throw Problem.notFound
        }
        return notice
    }

    @Sendable private func notices(_ visit: Visit) async throws -> Response {
        let person = try reader(visit)
        let isUnreadOnly = visit.query.filled("unread") == "1"
        let before = visit.query.filled("before").flatMap { Int64($0) }
        let found = try await engine.notices(of: person, unreadOnly: isUnreadOnly, limit: Self.noticesEach + 1, before: before)
        let newest = before == nil ? found.notices.first?.id : try await engine.notices(of: person, limit: 1).notices.first?.id
        let display = display(visit.language)
        let shown = found.notices.prefix(Self.noticesEach)
        let open = Set(try await engine.openQuestions(of: person, limit: Self.noticesEach).map(\.question.run))
        let filter = isUnreadOnly ? [("unread", "1")] : []
        let view = NoticesView(
            entries: shown.map { notice in
                let about = notice.record.flatMap { found.titles[$0] }
                return NoticesView.Entry(
                    id: String(notice.id), title: notice.title[visit.language], message: notice.message[visit.language],
                    open: about == nil && notice.folded == nil && notice.report == nil && !(notice.run.map { open.contains($0) } ?? false) ? nil : Link("notices", String(notice.id)), about: about,
                    suggested: notice.suggested.compactMap { id in found.titles[id].map { ($0.isEmpty ? engine.app.text(of: id) : $0, link(to: id)) } }, isRead: notice.read != nil, at: display.moment(notice.at),
                    ago: display.ago(notice.at), stamp: notice.at.description)
            },
            unread: found.unread, isUnreadOnly: isUnreadOnly, newest: newest.map { String($0) },
            back: Link("notices", query: filter + (before.map { [("before", String($0))] } ?? [])),
            next: found.notices.count > shown.count ? shown.last.map { Link("notices", query: filter + [("before", String($0.id))]) } : nil,
            first: before == nil ? nil : Link("notices", query: filter))
        return html(visit, title: visit.say(Say.notices), current: "notices") { $0.noticesPage(view) }
    }

    /// To what it is about. Only a person who follows the link has read it: nothing that looks ahead, and no page of another site.
    @Sendable private func openNotice(_ visit: Visit) async throws -> Response {
        let person = try reader(visit)
        let notice = try await notice(visit, of: person)
        let headers = visit.request.headers
        let looksAhead = [HTTPField.Name("Sec-Purpose"), HTTPField.Name("Purpose")].contains { $0.flatMap { headers[$0] }?.contains("prefetch") ?? false }
        let site = HTTPField.Name("Sec-Fetch-Site").flatMap { headers[$0] } ?? "none"
        if notice.read == nil, !looksAhead, site == "same-origin" || site == "none" { try await engine.markRead(notice.id, of: person) }
        if let run = notice.run, let question = try await openQuestion(of: run, person) { return redirect(to: question) }
        if let view = try await folded(notice, visit) { return html(visit, title: view.title, current: "notices") { $0.foldedPage(view) } }
        if let report = notice.report, let report = try await sentReport(report) { return redirect(to: report) }
        guard let record = notice.record, try await engine.titles(of: [record])[record] != nil else { return redirect(to: Link("notices")) }
        return redirect(to: link(to: record))
    }

    /// The list behind a notice that stands for many; nil if it is none.
    private func folded(_ notice: Storage.Notice, _ visit: Visit) async throws -> FoldedPageView? {
        let place = visit.query.filled("from").flatMap { Int($0) } ?? 0
        guard notice.folded != nil, let view = try await engine.folded(notice, from: max(0, place), limit: Self.foldedEach) else { return nil }
        let address = Link("notices", String(notice.id))
        return FoldedPageView(
            title: notice.title[visit.language], message: notice.message[visit.language], records: view.records.map { ($0.title, link(to: $0.id)) },
            first: place > 0 ? address : nil, next: view.next.map { Link("notices", String(notice.id), query: [("from", String($0))]) })
    }

    private static let foldedEach = 100
}
