import SourceText
import Storage

extension Say {
    static let automation = Words(zh: "自动化", en: "Automation")
    static let runs = Words(zh: "自动化运行", en: "Runs of automations")
    static let runsForAdmins = Words(zh: "只有管理员可以查看全部运行", en: "only those who look after the app may see all runs")
    static let runsHere = Words(zh: "运行", en: "Runs")
    static let timers = Words(zh: "计时", en: "Running timers")
    static let assignments = Words(zh: "分配", en: "Assignments")
    static let allRunsHere = Words(zh: "全部运行", en: "All runs")
    static let journal = Words(zh: "执行记录", en: "Journal")
    static let explanation = Words(zh: "详细说明", en: "Explanation")
    static let stepsOfRun = Words(zh: "步骤", en: "Steps")
    static let valuesOfRun = Words(zh: "运行中的值", en: "Values of the run")
    static let beforeChange = Words(zh: "改动之前", en: "Before the change")
    static let effectsOfRun = Words(zh: "发出的消息和调用", en: "What it sent")
    static let setOffAt = Words(zh: "触发时间", en: "Set off")
    static let setOffBy = Words(zh: "触发者", en: "Set off by")
    static let clock = Words(zh: "时间", en: "the clock")
    static let scheduledFor = Words(zh: "应在", en: "Due at")
    static let versionOfRun = Words(zh: "应用版本", en: "Version of the app")
    static let isEarlier = Words(zh: "，不是现在的版本", en: ", not the present one")

    static func versionSince(_ time: String) -> Words { Words(zh: "\(time) 起", en: "since \(time)") }

    static let lastStep = Words(zh: "最近一步", en: "Last step")
    static let causedByRun = Words(zh: "由运行引起", en: "Set off by run")
    static let rule = Words(zh: "规则", en: "Rule")
    static let aboutRecord = Words(zh: "记录", en: "Record")
    static let object = Words(zh: "对象", en: "Object")
    static let state = Words(zh: "状态", en: "State")
    static let fromDay = Words(zh: "从", en: "From")
    static let untilDay = Words(zh: "到", en: "To")
    static let show = Words(zh: "查看", en: "Show")
    static let noRuns = Words(zh: "没有运行过", en: "Nothing has run")
    static let noRunsMatch = Words(zh: "没有符合条件的运行", en: "No run matches")
    static let anyState = Words(zh: "全部", en: "All")
    static let stateFailed = Words(zh: "失败", en: "Failed")
    static let stateWaiting = Words(zh: "等待中", en: "Waiting")
    static let stateRunning = Words(zh: "执行中", en: "Running")
    static let stateDone = Words(zh: "已结束", en: "Over")
    static let resumeRun = Words(zh: "从这一步继续", en: "Resume at the failed step")
    static let skipStep = Words(zh: "跳过这一步", en: "Skip the step")
    static let cancelRun = Words(zh: "取消运行", en: "Cancel the run")
    static let skipQuestion = Words(zh: "跳过失败的步骤，从下一步继续？这一步不会再做。", en: "Skip the failed step and go on behind it? It will not be done.")
    static let cancelQuestion = Words(
        zh: "取消这次运行？后面的步骤都不会做；已经写下要发送的消息照常发送。", en: "Cancel this run? No further step is done; messages that were written already still go out.")
    static let timeSince = Words(zh: "开始于", en: "since")
    static let stoodStill = Words(zh: "暂停于", en: "standing still since")
    static let fired = Words(zh: "已过", en: "passed")
    static let nextUp = Words(zh: "下一个", en: "next")
    static let givenTo = Words(zh: "分配给", en: "Given to")
    static let nobodySuitable = Words(zh: "没有合适的人选", en: "Nobody was suitable")
    static let inQueue = Words(zh: "排队中", en: "waits in the queue")
    static let protectedUntil = Words(zh: "保护到", en: "protected until")
    static let whyThem = Words(zh: "为什么", en: "Why")
    static let notSuitable = Words(zh: "不符合", en: "out")
    static let stepDone = Words(zh: "已完成", en: "done")
    static let stepRefused = Words(zh: "没有成功", en: "could not be done")
    static let stepNo = Words(zh: "条件不成立", en: "did not hold")
    static let stepCurrent = Words(zh: "正在这一步", en: "here it stands")
    static let stepAhead = Words(zh: "还没到", en: "not reached yet")
    static let stepSkipped = Words(zh: "没有执行", en: "not done")
    static let writtenAt = Words(zh: "写在", en: "written in")
    static let hollowHere = Words(zh: "空心", en: "Hollow")
    static func hollow(_ stage: String) -> Words {
        Words(zh: "“\(stage)”的条件已不再满足", en: "The conditions of “\(stage)” do not hold any more")
    }

    static func runsFailed(_ count: Int) -> Words {
        Words(zh: "\(count) 次运行失败，需要处理", en: count == 1 ? "1 run has failed and waits for somebody" : "\(count) runs have failed and wait for somebody")
    }

    static func runNumber(_ id: String) -> Words { Words(zh: "运行 \(id)", en: "Run \(id)") }
    static func points(_ points: String) -> Words { Words(zh: "\(points) 分", en: points == "1" ? "1 point" : "\(points) points") }

    static func run(_ state: AutomationRun.State) -> (words: Words, mood: Mood) {
        switch state {
        case .ready: (Words(zh: "执行中", en: "Running"), .busy)
        case .waiting: (Words(zh: "等待中", en: "Waiting"), .busy)
        case .calling: (Words(zh: "等待外部结果", en: "Waiting for an answer"), .busy)
        case .deciding: (Words(zh: "等待审批", en: "Waiting for approval"), .busy)
        case .done: (Words(zh: "已完成", en: "Done"), .good)
        case .failed: (Words(zh: "失败", en: "Failed"), .bad)
        case .stopped: (Words(zh: "已停止", en: "Stopped"), .plain)
        case .canceled: (Words(zh: "已取消", en: "Canceled"), .plain)
        case .looped: (Words(zh: "循环，已截断", en: "Cut off: a circle"), .bad)
        }
    }

    static func effect(_ effect: Effect) -> (words: Words, mood: Mood) {
        switch effect.state {
        case .waiting where effect.attempts == 0: (Words(zh: "等待发送", en: "waits to be sent"), .busy)
        case .waiting:
            (Words(zh: "已尝试 \(effect.attempts) 次，会再试", en: effect.attempts == 1 ? "tried once, will be tried again" : "tried \(effect.attempts) times, will be tried again"), .busy)
        case .told: (Words(zh: "已送到，等待确认", en: "arrived, waits to be acknowledged"), .busy)
        case .failed: (Words(zh: "没有送达", en: "given up"), .bad)
        case .done: (Words(zh: "已送达", en: "arrived"), .good)
        }
    }
}
