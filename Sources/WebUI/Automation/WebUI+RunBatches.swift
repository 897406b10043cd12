import Engine
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

/// What would be done about all failed runs of a filter.
struct RunBatchView: Sendable {
    struct Row: Sendable {
        var run: RunRowView
        var words: Words
        var isDone: Bool
    }

    var command: RunCommand
    var count: Int
    var isMore: Bool
    var rows: [RunRowView]
    /// Carried along, so that it is done to what was seen.
    var fields: [(name: String, value: String)]
    var back: Link
}

extension Say {
    static let allFailed = Words(zh: "处理所有符合条件的失败运行", en: "All failed runs that match")
    static let resumeAll = Words(zh: "全部继续…", en: "Resume all …")
    static let cancelAll = Words(zh: "全部取消…", en: "Cancel all …")
    static let batchHint = Words(zh: "先显示有多少条，确认后逐条执行，每条都有结果", en: "First you see how many there are; then each is done by itself, with its result")
    static func resumeCount(_ count: Int) -> Words { Words(zh: "让 \(count) 次运行从出错的一步继续", en: count == 1 ? "Resume 1 run at the step that failed" : "Resume \(count) runs at the step that failed") }
    static func cancelCount(_ count: Int) -> Words { Words(zh: "取消 \(count) 次运行", en: count == 1 ? "Cancel 1 run" : "Cancel \(count) runs") }
    static func batchMore(_ count: Int) -> Words { Words(zh: "还有更多；一次处理最早的 \(count) 次", en: "There are more; the oldest \(count) are done at once") }
    static let doIt = Words(zh: "确认", en: "Do it")
    static let noFailedRuns = Words(zh: "没有符合条件的失败运行", en: "No failed runs match")
    static let runResults = Words(zh: "每次运行的结果", en: "What became of each")
    static func runsDone(_ done: Int, _ all: Int) -> Words { Words(zh: "\(all) 次中成功 \(done) 次", en: "\(done) of \(all) done") }
    static let backToRuns = Words(zh: "回到运行列表", en: "Back to the runs")
    static let batchResumed = Words(zh: "继续了", en: "resumed")
    static let batchCanceled = Words(zh: "已取消", en: "canceled")
    static let andOthers = Words(zh: "等等", en: "and others")
}

extension WebUI {
    private static let batchShown = 20

    func addRunBatches(to router: Router<WeirContext>) {
        router.get("runs/all", use: page(runBatch))
        router.post("runs/all", use: action(commandRuns))
    }

    private func batchCommand(_ fields: FormFields) throws -> RunCommand {
        switch fields.filled("command").flatMap({ RunCommand(rawValue: $0) }) {
        case .resume: .resume
        case .cancel: .cancel
        // What a step is skipped for is looked at one by one.
        case .skip, nil: throw Problem.notFound
        }
    }

    @Sendable private func runBatch(_ visit: Visit) async throws -> Response {
        guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.runsForAdmins) }
        let command = try batchCommand(visit.query)
        let filter = RunFilter(visit.query, engine.app)
        let (count, isMore, last) = try await engine.failedRuns(filter.query(limit: 1))
        var query = filter.query(limit: Self.batchShown)
        query.states = AutomationRun.State.broken
        let shown = try await engine.runs(query)
        let view = RunBatchView(
            command: command, count: count, isMore: isMore, rows: shown.runs.map { runRow($0, shown.titles, visit.language) },
            fields: filter.entries(engine.app) + [("command", command.rawValue), ("through", String(last))], back: filter.link(before: nil, engine.app))
        return html(visit, title: visit.say(Say.allFailed), current: "runs") { $0.runBatchPage(view) }
    }

    @Sendable private func commandRuns(_ visit: Visit, _ form: FormFields) async throws -> Response {
        guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.runsForAdmins) }
        let command = try batchCommand(form)
        guard let through = form.filled("through").flatMap({ Int64($0) }), through >= 0 else { throw Problem.notFound }
        let filter = RunFilter(form, engine.app)
        let results = try await engine.command(command, all: filter.query(limit: 1), through: through, by: visit.principal)
        let titles = try await engine.titles(of: Set(results.compactMap(\.run.record)))
        let rows = results.map { result -> RunBatchView.Row in
            switch result.outcome {
            case .done(let run): .init(run: runRow(run, titles, visit.language), words: command == .cancel ? Say.batchCanceled : Say.batchResumed, isDone: true)
            case .refused(let words), .denied(let words): .init(run: runRow(result.run, titles, visit.language), words: words, isDone: false)
            case .missing: .init(run: runRow(result.run, titles, visit.language), words: Say.noFailedRuns, isDone: false)
            }
        }
        let back = filter.link(before: nil, engine.app)
        return html(visit, title: visit.say(Say.allFailed), current: "runs") { $0.runBatchResults(rows, back: back) }
    }
}

extension Page {
    /// Below the filter: what can be done about all that it finds.
    func runBatchLinks(_ links: [(words: Words, link: Link)]) {
        guard !links.isEmpty else { return }
        html.section(.class("card"), .aria("label", say(Say.allFailed))) {
            html.p(.class("small muted"), text: "\(say(Say.allFailed))\(language.colon)\(say(Say.batchHint))")
            html.div(.class("actions")) { for link in links { html.a(.class("button"), .href(link.link), text: say(link.words)) } }
        }
    }

    func runBatchPage(_ view: RunBatchView) {
        crumbs([(view.back, say(Say.runs))], here: say(Say.allFailed))
        html.div(.class("page-head")) {
            html.h1(text: say(view.count == 0 ? Say.noFailedRuns : view.command == .cancel ? Say.cancelCount(view.count) : Say.resumeCount(view.count)))
        }
        if view.isMore { html.p(.class("muted"), text: say(Say.batchMore(view.count))) }
        if !view.rows.isEmpty {
            html.ul(.class("card rows runs")) { for row in view.rows { runRow(row) } }
            if view.count > view.rows.count { html.p(.class("muted small"), text: say(Say.andOthers)) }
        }
        html.form(.class("card actions"), .method(.post), .action(Link("runs", "all"))) {
            formToken()
            for field in view.fields { html.hidden(field.name, field.value) }
            if view.count > 0 { html.button(.class(view.command == .cancel ? "button danger" : "button primary"), text: say(Say.doIt)) }
            html.a(.class("button"), .href(view.back), text: say(Say.backToRuns))
        }
    }

    func runBatchResults(_ rows: [RunBatchView.Row], back: Link) {
        crumbs([(back, say(Say.runs))], here: say(Say.allFailed))
        html.div(.class("page-head")) { html.h1(text: say(Say.runsDone(rows.count { $0.isDone }, rows.count))) }
        html.section(.class("card"), .aria("label", say(Say.runResults))) {
            html.ul(.class("rows")) {
                for row in rows {
                    html.li {
                        html.span(.class("grow")) {
                            html.a(.class("inline-link"), .href(row.run.link), text: "\(row.run.label) · \(say(Say.runNumber(row.run.id)))")
                            if let record = row.run.record {
                                html.text(" · ")
                                html.span(.userContent, text: record.title)
                            }
                        }
                        html.span(.class(row.isDone ? "chip good" : "chip bad"), .userContent, text: say(row.words))
                    }
                }
            }
            html.p { html.a(.class("button"), .href(back), text: say(Say.backToRuns)) }
        }
    }
}
