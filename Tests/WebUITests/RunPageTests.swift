import HTML
import SourceText
import Storage
import Testing

@testable import WebUI

@Suite struct RunPageTests {
    private func written(_ language: Language = .zh, _ write: (Page) -> Void) -> String {
        var shell = Shell(language: language, theme: .system, app: Words(same: "desk"))
        shell.person = Shell.Person(name: "主管", formToken: "token", id: "user/1")
        let page = Page(html: HTMLWriter(), shell: shell)
        write(page)
        return page.html.string
    }

    private let moment = TimeView(shown: "刚刚", full: "3月2日", stamp: "2026-03-02T01:00:00Z")

    private var row: RunRowView {
        RunRowView(
            id: "7", link: Link("runs", "7"), label: "下订单", rung: nil, state: Say.run(.failed).words, mood: .bad, note: "请填写<标题>",
            record: ("<展台>", Link("records", "job", "1")), moment: moment)
    }

    private func page(commands: [RunPageView.Command], action: Link?) -> RunPageView {
        func entry(_ words: String, _ isDone: Bool) -> RunEntryView { .init(words: words, isDone: isDone, moment: moment, record: nil) }
        return RunPageView(
            row: row, facts: [], source: ("app.yaml:9", Link("source", "0")),
            parts: [
                .init(step: "1", depth: 0, words: "如果 a > b", state: .no, entries: [entry("条件不成立", false)], reason: nil, source: nil),
                .init(step: "1.then.1", depth: 1, words: "通知", state: .skipped, entries: [], reason: "条件不成立", source: nil),
                .init(step: "2", depth: 0, words: "新建订单", state: .refused, entries: [entry("请填写", false)], reason: nil, source: ("app.yaml:12", Link("source", "0"))),
            ],
            values: [("made", .text("<x>"))], before: [], effects: [.init(target: "erp", state: Words(same: "x"), mood: .bad, trouble: "不通", moment: moment)],
            outbox: Link("outbox"), approvals: [], action: action, commands: commands, hint: nil, list: Link("runs"))
    }

    @Test func whoLooksAfterTheAppHasAButtonACommandAndOthersNone() {
        let commands: [RunPageView.Command] = [
            .init(name: "resume", label: Say.resumeRun, isFirst: true, isDangerous: false, question: nil),
            .init(name: "cancel", label: Say.cancelRun, isFirst: false, isDangerous: true, question: Say.cancelQuestion),
        ]
        let text = written { $0.runPage(page(commands: commands, action: Link("runs", "7"))) }
        #expect(text.ranges(of: "<form").count == 2 && text.ranges(of: "name=\"_token\" value=\"token\"").count == 2)
        #expect(text.contains("name=\"command\" value=\"resume\"") && text.contains("data-confirm=\"取消这次运行"))
        #expect(!written { $0.runPage(page(commands: [], action: nil)) }.contains("<form"))
    }

    @Test func everyStepSaysHowItStandsInWordsAndNotByColourAlone() {
        let text = written { $0.runPage(page(commands: [], action: nil)) }
        for (state, words) in [("no", "（条件不成立）"), ("skipped", "（没有执行）"), ("refused", "（没有成功）")] {
            #expect(text.contains("data-state=\"\(state)\"") && text.contains(words), "\(state)")
        }
        #expect(text.contains("没有执行：条件不成立") && text.contains("class=\"deep-1\"") && text.contains("<code>app.yaml:12</code>"))
        #expect(text.contains("&lt;x&gt;") && text.contains("请填写&lt;标题&gt;") && !text.contains("<x>"))
        #expect(text.ranges(of: "class=\"refused\"").count == 1, "a condition that does not hold is no failure")
        #expect(text.contains("href=\"/outbox\""))
    }

    @Test func aTimeThatHasPassedIsLate() {
        let timer = TimerRowView(
            label: "拖延", record: nil, since: moment, paused: nil, isLate: true, rungs: [("2 天", .fired, nil), ("3 天", .next, moment)], source: nil)
        let text = written { $0.timerRow(timer) }
        #expect(text.contains("超时") && text.contains("2 天 · 已过") && text.contains("（下一个）"))
    }

    @Test func whyThemNamesPointsAndDemands() {
        let row = AssignmentRowView(
            label: "分派", chosen: ("<小王>", Link("records", "user", "1")), record: nil, isWaiting: false, moment: moment, protected: nil,
            candidates: [("<小王>", "10", ["free 10"])], out: [("小李", "role = 'sales'")], source: nil)
        let text = written { $0.assignmentRow(row) }
        #expect(text.contains("10 分") && text.contains("（free 10）") && text.contains("role = &#39;sales&#39;") || text.contains("role = 'sales'"))
        #expect(!text.contains("<小王>"))
    }

    @Test func workThatIsDoneLeavesAnEmptyPage() {
        var view = WorkView(approvals: [], approvalCount: 0, questions: [], hollow: [], timers: [], tasks: [], assigned: [], queued: [], failedRuns: 0, allTasks: Link())
        #expect(written { $0.workPage(view) }.contains("没有等您处理的事"))
        view.failedRuns = 2
        #expect(written(.en) { $0.workPage(view) }.contains("2 runs have failed and wait for somebody"))
        view.hollow = [
            .init(label: Words(same: "deal"), entries: [("<一期>", Link("records", "deal", "1"), "已计划", ["请填写预算"])], all: Link(), isMore: false)
        ]
        view.questions = [.init(message: "<客户>看了吗？", title: "跟进", link: Link("questions", "3"), about: nil, due: nil, isLate: false)]
        let text = written { $0.workPage(view) }
        #expect(text.contains("href=\"/questions/3\"") && text.contains("&lt;客户&gt;看了吗"))
        #expect(text.contains("id=\"hollow-records\"") && text.contains("&lt;一期&gt;") && text.contains("请填写预算") && !text.contains("没有等您处理的事"))
    }
}
