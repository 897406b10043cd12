import HTML
import SourceText

/// What waits for a person, by kind.
struct WorkView: Sendable {
    struct Approval: Sendable {
        var label: String
        var title: String
        var link: Link
        var level: String?
        var due: TimeView?
        var isLate: Bool
    }

    struct Question: Sendable {
        var message: String
        var title: String
        var link: Link
        /// The record that it is about.
        var about: String?
        var due: TimeView?
        var isLate: Bool
    }

    struct Hollow: Sendable {
        var label: Words
        var entries: [(title: String, link: Link, stage: String, missing: [String])]
        var all: Link
        var isMore: Bool
    }

    var approvals: [Approval]
    /// All that wait, which may be more than are shown.
    var approvalCount: Int
    var questions: [Question]
    var hollow: [Hollow]
    var timers: [TimerRowView]
    var tasks: [HomeView.Task]
    var assigned: [AssignmentRowView]
    /// What waits for anybody, for those who look after the app.
    var queued: [AssignmentRowView]
    /// For those who look after the app.
    var failedRuns: Int
    var allTasks: Link
}

extension Say {
    static let work = Words(zh: "待办", en: "To do")
    static let workGroups = Words(zh: "待办分组", en: "Groups")
    static let nothingWaits = Words(zh: "没有等您处理的事", en: "Nothing waits for you")
    static let nothingWaitsHint = Words(
        zh: "待审批、问您的、空心记录、计时、任务和新分配给您的记录会列在这里", en: "Approvals, questions, hollow records, running timers, tasks and what was given to you are listed here")
    static let hollowRecords = Words(zh: "空心记录", en: "Hollow records")
    static let myTimers = Words(zh: "我的记录上的计时", en: "Timers on my records")
    static let myTasksHeading = Words(zh: "任务", en: "Tasks")
    static let assignedToMe = Words(zh: "最近分配给我", en: "Given to me lately")
    static let queueHeading = Words(zh: "排队等人接手", en: "Waiting for somebody")
    static let hollowHint = Words(zh: "当前阶段的条件已不再满足", en: "The conditions of its stage do not hold any more")
    static let allOfThem = Words(zh: "全部", en: "All")
}

extension Page {
    func workPage(_ view: WorkView) {
        html.div(.class("page-head")) { html.h1(text: say(Say.work)) }
        if view.failedRuns > 0 {
            html.div(.class("notice bad")) {
                icon("warning")
                html.div { html.a(.href(Link("runs", query: [("state", "failed")])), text: say(Say.runsFailed(view.failedRuns))) }
            }
        }
        let hollowCount = view.hollow.reduce(0) { $0 + $1.entries.count }
        let groups: [(id: String, label: Words, count: Int)] = [
            ("approvals", Say.approvalsMine, view.approvalCount), ("questions", Say.questions, view.questions.count), ("hollow-records", Say.hollowRecords, hollowCount), ("timers", Say.myTimers, view.timers.count),
            ("open-tasks", Say.myTasksHeading, view.tasks.count), ("assigned", Say.assignedToMe, view.assigned.count), ("queued", Say.queueHeading, view.queued.count),
        ].filter { $0.count > 0 }
        guard !groups.isEmpty else {
            html.div(.class("card")) { empty(Say.nothingWaits, hint: Say.nothingWaitsHint) {} }
            return
        }
        if groups.count > 1 {
            html.nav(.class("chips work-index"), .aria("label", say(Say.workGroups))) {
                for group in groups {
                    html.a(.class("chip"), .href(Link(fragment: group.id))) {
                        html.text(say(group.label))
                        html.strong(text: " \(grouped(group.count))")
                    }
                }
            }
        }
        html.div(.class("work")) {
            group("approvals", Say.approvalsMine, view.approvalCount, all: view.approvalCount > view.approvals.count ? Link("approvals") : nil) {
                html.ul(.class("rows")) { for approval in view.approvals { workApproval(approval) } }
            }
            group("questions", Say.questions, view.questions.count, all: nil) {
                html.ul(.class("rows")) { for question in view.questions { workQuestion(question) } }
            }
            group("hollow-records", Say.hollowRecords, hollowCount, all: nil) {
                for hollow in view.hollow { hollowRows(hollow, named: view.hollow.count > 1) }
            }
            group("timers", Say.myTimers, view.timers.count, all: nil) {
                html.ul(.class("rows")) { for timer in view.timers { timerRow(timer) } }
            }
            group("open-tasks", Say.myTasksHeading, view.tasks.count, all: view.allTasks) {
                html.ul(.class("rows")) { for task in view.tasks { taskRow(task) } }
            }
            group("assigned", Say.assignedToMe, view.assigned.count, all: nil) {
                html.ul(.class("rows")) { for assignment in view.assigned { assignmentRow(assignment) } }
            }
            group("queued", Say.queueHeading, view.queued.count, all: nil) {
                html.ul(.class("rows")) { for assignment in view.queued { assignmentRow(assignment) } }
            }
        }
    }

    private func group(_ id: String, _ label: Words, _ count: Int, all: Link?, rows: () -> Void) {
        guard count > 0 else { return }
        html.section(.class("card"), .id(id), .aria("label", say(label))) {
            html.div(.class("card-head")) {
                html.element("h2") {
                    html.text(say(label))
                    html.span(.class("chip"), text: grouped(count))
                }
                if let all { html.a(.class("button small"), .href(all), .aria("label", "\(say(Say.allOfThem))\(language.colon)\(say(label))"), text: say(Say.allOfThem)) }
            }
            rows()
        }
    }

    private func workApproval(_ approval: WorkView.Approval) {
        html.li {
            html.span(.class("grow")) {
                html.a(.class("inline-link"), .href(approval.link), .userContent, text: approval.title)
                html.text(" · \(approval.label)")
                if let level = approval.level { html.text(" · \(level)") }
            }
            if let due = approval.due {
                html.span(approval.isLate ? .class("small late") : .class("small muted")) {
                    html.text(approval.isLate ? "\(say(Say.late)) " : "\(say(Say.dueBy)) ")
                    time(due)
                }
            }
        }
    }

    private func workQuestion(_ question: WorkView.Question) {
        html.li {
            html.span(.class("grow")) {
                html.a(.class("inline-link"), .href(question.link), .userContent, text: question.message)
                if let about = question.about {
                    html.text(" · ")
                    html.span(.userContent, text: about)
                }
            }
            if let due = question.due {
                html.span(question.isLate ? .class("small late") : .class("small muted")) {
                    html.text("\(say(Say.answerBy)) ")
                    time(due)
                }
            }
        }
    }

    private func hollowRows(_ hollow: WorkView.Hollow, named: Bool) {
        if named { html.h3(text: say(hollow.label)) }
        html.ul(.class("rows")) {
            for entry in hollow.entries {
                html.li {
                    html.span(.class("hollow-mark"), .aria("hidden", "true")) {}
                    html.span(.class("grow")) {
                        html.a(.class("inline-link"), .href(entry.link), .userContent, text: entry.title)
                        html.text(" · \(entry.stage)")
                    }
                    if !entry.missing.isEmpty { html.p(.class("small muted"), text: entry.missing.joined(separator: language == .zh ? "；" : "; ")) }
                }
            }
        }
        if hollow.isMore {
            html.p { html.a(.class("button small"), .href(hollow.all), text: "\(say(Say.allOfThem))\(language.colon)\(say(hollow.label))") }
        }
    }

    /// Beside the title of a record whose stage does not hold any more.
    func hollowMark() {
        html.span(.class("hollow-chip"), .title(say(Say.hollowHint))) {
            html.span(.class("hollow-mark"), .aria("hidden", "true")) {}
            html.span(text: say(Say.hollowHere))
        }
    }
}
