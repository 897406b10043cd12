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
    /// Home, and the two menus of phones.
    func addOverviews(to router: Router<WeirContext>) {
        router.get("", use: page(home))
        addWork(to: router)
        router.get("new", use: page { visit in
            let links = engine.app.model.objects.filter { canBeMade($0) && $0.builtIn != .user }
                .map { (visit.say(Say.create($0.label)), Link("records", $0.name, "new")) }
            return html(visit, title: visit.say(Say.new), current: "new") { $0.menuPage(Say.new, links) }
        })
        router.get("more", use: page { visit in
            let links = (hasApprovals ? [(visit.say(Say.approvals), Link("approvals"))] : []) + (visit.shell.hasReports ? [(visit.say(Say.reports), Link("reports"))] : []) + visit.shell.places.map { (visit.say($0.label), Link("records", $0.name)) }
                + [(visit.say(Say.search), Link("search")), (visit.say(Say.objectMap), Link("map")), (visit.say(Say.shortcuts), Link("shortcuts")), (visit.say(Say.profile), Link("profile"))]
                + (engine.administers(visit.principal) ? [(more(Say.runs, visit.shell.failedRuns ?? 0, visit), Link("runs")), (visit.say(Say.outbox), Link("outbox"))] : [])
            return html(visit, title: visit.say(Say.more), current: "more") { page in
                page.menuPage(Say.more, links) {
                    page.html.form(.method(.post), .action(Link("sign-out"))) {
                        page.formToken()
                        page.html.button(.class("button"), text: page.say(Say.signOut))
                    }
                }
            }
        })
    }

    private func more(_ label: Words, _ failed: Int, _ visit: Visit) -> String {
        failed == 0 ? visit.say(label) : visit.say(label) + visit.language.bracketed(visit.say(Say.runsFailed(failed)))
    }

    /// Files come as uploads.
    func canBeMade(_ object: CheckedObject) -> Bool { object.builtIn != .file }

    private static let openTasksOfMine = "owner = me and not done"
    private var taskObject: CheckedObject? { engine.app.model.objects.first { $0.builtIn == .task } }

    var myTasks: Link {
        Link("records", taskObject?.name ?? "task", query: [("where", "owner = me"), ("where", "not done"), ("sort", "due")])
    }

    @Sendable private func home(_ visit: Visit) async throws -> Response {
        let objects = engine.app.model.objects.filter { $0.builtIn == nil }
        let counts = try await engine.store.read { transaction in
            try objects.map { try transaction.count($0.id, where: nil) }
        }
        let tiles = Dictionary(uniqueKeysWithValues: zip(objects, counts).map { object, count in
            (object.name, HomeView.Tile(label: object.label, link: Link("records", object.name), count: count))
        })
        let groups = visit.shell.placesByGroup.map { HomeView.TileGroup(heading: $0.heading, tiles: $0.places.compactMap { tiles[$0.name] }) }
        let view = HomeView(name: visit.principal.name, groups: groups, tasks: try await openTasks(visit), recent: try await latestActivities(visit), allTasks: myTasks)
        return html(visit, title: visit.say(Say.home), current: "home") { $0.homePage(view) }
    }

    /// - Parameter most: So many at most.
    func openTasks(_ visit: Visit, most: Int = 20) async throws -> [HomeView.Task] {
        guard let object = taskObject, case .ready(let condition) = engine.condition(Self.openTasksOfMine, on: object.id),
            let due = object.field(named: "due"), let about = object.field(named: "about")
        else { return [] }
        let view = try await engine.list(
            ListRequest(
                object: object.id, condition: condition, sort: [RecordQuery.Sort(field: due.id, descending: false)], limit: most, wantsTotal: false),
            as: visit.principal)
        let display = display(visit.language)
        return view.rows.map { row in
            HomeView.Task(
                title: view.titles[row.id] ?? engine.app.text(of: row.id), link: display.link(to: row.id),
                due: display.value(row[due.id], of: due, titles: view.titles), isLate: isPast(row[due.id], display.now),
                about: display.value(row[about.id], of: about, titles: view.titles))
        }
    }

    private func latestActivities(_ visit: Visit) async throws -> [HomeView.Activity] {
        guard let object = engine.app.model.objects.first(where: { $0.builtIn == .activity }), let at = object.field(named: "at"),
            let about = object.field(named: "about"), let kind = object.field(named: "kind"), let text = object.field(named: "text")
        else { return [] }
        let view = try await engine.list(
            ListRequest(object: object.id, sort: [RecordQuery.Sort(field: at.id, descending: true)], limit: 8, wantsTotal: false), as: visit.principal)
        let display = display(visit.language)
        return view.rows.map { row in
            var words = ""
            if case .text(let written) = row[text.id] { words = written }
            return HomeView.Activity(
                kind: row[kind.id].isBlank ? visit.say(object.label) : display.plain(row[kind.id], of: kind, titles: view.titles), text: words,
                link: display.link(to: row.id), about: display.value(row[about.id], of: about, titles: view.titles),
                when: display.value(row[at.id], of: at, titles: view.titles))
        }
    }

    private func isPast(_ due: Value, _ now: Instant) -> Bool {
        switch due {
        case .instant(let instant): instant < now
        case .date(let day): day < engine.app.model.zone.day(of: now)
        case .blank, .bool, .number, .text, .duration, .option, .options, .location, .link, .links, .list, .failure: false
        }
    }
}
