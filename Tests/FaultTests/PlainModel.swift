/// What a `Story` comes to, worked out in the plainest way there is: no index, nothing armed, nothing kept up to date. Whatever is asked is
/// found by going through everything that has happened; when a watch is due, five minutes by five, which everything is a multiple of.
final class PlainModel {
    struct Item: Equatable {
        var name: String
        var n: Int
        var state: String
        var hold: Bool
        var mark: String
        var stage: String
        var asked = 0
    }

    struct Log {
        let id: Int
        let what: String
        var item: Int?
    }

    indirect enum Step {
        case log(String, isOfItem: Bool)
        case tell(String)
        case tellSlow
        case mark(String)
        case markAsked
        case hold
        case rest(Int)
        case waitFor(within: Int, otherwise: [Step])
        case ifDone([Step], otherwise: [Step])
        case countUp
    }

    struct Run {
        let process: String
        let item: Int?
        /// Of what is set off by a log.
        let log: Int?
        let started: Int
        let due: Int?
        var steps: [Step]
        var state = "ready"
        var wake: Int?
        var isBegun = false
    }

    /// How an item was from an instant on; nil: gone.
    struct Image {
        let at: Int
        let item: Item?
    }

    let shape: Story.Shape
    /// Minutes since 1970 in UTC.
    private(set) var now: Int
    private(set) var images: [Int: [Image]] = [:]
    private(set) var logs: [Log] = []
    private var goneLogs: Set<Int> = []
    private(set) var runs: [Run] = []
    private(set) var notices: [String] = []
    private var lastItem = 0
    private var lastLog = 0
    private var messages: Set<Int> = []
    private var lastDaily: Int
    private var visits: [Int: [String]] = [:]

    init(_ shape: Story.Shape, at start: Int) {
        self.shape = shape
        now = start
        lastDaily = start
    }

    func item(_ id: Int) -> Item? { images[id]?.last?.item }

    // MARK: What people do

    /// - Returns: In a word, what became of it.
    @discardableResult
    func take(_ event: Story.Event) -> String {
        switch event {
        case .make(let n, let state): make(n, state, "i\(lastItem + 1)")
        case .set(let id, let n): change(id) { $0.n = n }
        case .state(let id, let state): change(id) { $0.state = state }
        case .hold(let id, let hold): change(id) { $0.hold = hold }
        case .move(let id, let stage):
            if stage == "quoted", let item = item(id), item.stage != stage, item.n <= 2 { "held" } else { change(id) { $0.stage = stage } }
        case .delete(let id): delete(id)
        case .log(let id): if item(id) == nil { "missing" } else { log("by hand", id) }
        case .forget(let id): forget(id)
        case .message(let number, let n): messages.insert(number).inserted ? make(n, "new", "m\(number)") : "repeated"
        case .wait(let minutes): wait(minutes)
        }
    }

    private func make(_ n: Int, _ state: String, _ name: String) -> String {
        lastItem += 1
        save(lastItem, Item(name: name, n: n, state: state, hold: false, mark: "new \(name)", stage: "open"))
        return "saved"
    }

    private func change(_ id: Int, _ work: (inout Item) -> Void) -> String {
        guard var item = item(id) else { return "missing" }
        let old = item
        work(&item)
        guard item != old else { return "unchanged" }
        save(id, item)
        return "saved"
    }

    private func delete(_ id: Int) -> String {
        guard item(id) != nil else { return "missing" }
        for index in logs.indices where logs[index].item == id { logs[index].item = nil }
        save(id, nil)
        return "saved"
    }

    @discardableResult
    private func log(_ what: String, _ item: Int?) -> String {
        lastLog += 1
        logs.append(Log(id: lastLog, what: what, item: item))
        if what == "late" { setOff("counted", nil, log: lastLog, [.countUp]) }
        count(item)
        return "saved"
    }

    private func forget(_ id: Int) -> String {
        guard let index = logs.firstIndex(where: { $0.id == id }) else { return "missing" }
        let item = logs.remove(at: index).item
        count(item)
        return "saved"
    }

    /// The logs of an item are counted anew.
    private func count(_ id: Int?) {
        guard let id, var item = item(id) else { return }
        let asked = logs.count { $0.item == id }
        guard asked != item.asked else { return }
        item.asked = asked
        save(id, item)
    }

    private func save(_ id: Int, _ new: Item?) {
        let old = item(id)
        images[id, default: []].append(Image(at: now, item: new))
        if let new, old?.stage != new.stage { visits[id, default: []].append(new.stage) }
        if let new {
            if old == nil { setOff("made", id, [.log("made", isOfItem: true), .tell("made")]) }
            if new.state == "busy", old?.state != "busy", new.n >= shape.busyFrom {
                setOff("busy", id, [.mark("started"), .rest(shape.rest), .ifDone([.log("fast", isOfItem: true)], otherwise: [.tellSlow])])
            }
            if new.stage == "quoted", old?.stage != "quoted" {
                setOff("quoted", id, [.waitFor(within: shape.within, otherwise: [.log("late", isOfItem: true)]), .markAsked])
            }
            if isHeld(new), !(old.map(isHeld) ?? false) { setOff("held", id, [.hold, .tell("held")]) }
        }
        for index in runs.indices where runs[index].item == id && runs[index].state == "waiting" {
            if case .waitFor? = runs[index].steps.first { runs[index].state = "ready" }
        }
    }

    private func isHeld(_ item: Item) -> Bool { item.n > shape.heldFrom || item.asked > shape.asked }

    private func setOff(_ name: String, _ item: Int?, log: Int? = nil, _ steps: [Step]) {
        runs.append(Run(process: "automation/\(name)", item: item, log: log, started: now, due: nil, steps: steps))
    }

    // MARK: Watches

    struct Watch {
        let name: String
        let rungs: [(name: String, steps: [Step])]
    }

    private var watches: [Watch] {
        [
            Watch(name: "fresh", rungs: [("\(shape.first)min", [.tell("fresh")]), ("\(shape.second)min", [.log("stale", isOfItem: true)])]),
            Watch(name: "slow", rungs: [("\(shape.businessDays) business days", [.log("slow", isOfItem: true)])]),
            Watch(name: "lazy", rungs: [("\(shape.businessHours) business hours", [.mark("lazy")])]),
        ].sorted { $0.name < $1.name }
    }

    private func holds(_ watch: String, _ item: Item?) -> Bool {
        guard let item else { return false }
        switch watch {
        case "fresh": return item.state == "new"
        case "slow": return item.n > shape.slowFrom && item.stage == "open"
        default: return item.asked < 3 && item.state != "done"
        }
    }

    /// Since when the watch's condition holds without a break, with what came after; nil: it does not hold.
    private func since(_ watch: String, _ id: Int) -> (at: Int, rest: ArraySlice<Image>)? {
        let all = images[id] ?? []
        guard let last = all.last, holds(watch, last.item) else { return nil }
        var start = all.count - 1
        while start > 0, holds(watch, all[start - 1].item) {
            if watch == "fresh", all[start - 1].item?.n != all[start].item?.n { break }
            start -= 1
        }
        return (all[start].at, all[start...])
    }

    /// What was worked out before holds until the item has another image.
    private var known: [String: Int?] = [:]

    /// When the rung at that position is due; nil: not as things stand.
    private func due(_ watch: String, _ rung: Int, _ id: Int) -> Int? {
        let key = "\(watch) \(rung) \(id) \(images[id]?.count ?? 0)"
        if let known = known[key] { return known }
        let due = workedOut(watch, rung, id)
        known[key] = .some(due)
        return due
    }

    private func workedOut(_ watch: String, _ rung: Int, _ id: Int) -> Int? {
        guard let (start, rest) = since(watch, id) else { return nil }
        switch watch {
        case "fresh":
            if rest.last?.item?.hold ?? false { return nil }
            return Self.walk(from: start, rung == 0 ? shape.first : shape.second) { minute in !(rest.last { $0.at <= minute }?.item?.hold ?? false) }
        case "slow": return Self.businessDays(shape.businessDays, after: start)
        default: return Self.walk(from: start, shape.businessHours * 60, counting: Self.isWorked)
        }
    }

    private static let stride = 5

    /// When so many minutes that count have passed.
    private static func walk(from start: Int, _ minutes: Int, counting: (Int) -> Bool) -> Int {
        var minute = start, left = minutes
        while true {
            if counting(minute) { left -= stride }
            minute += stride
            if left <= 0 { return minute }
        }
    }

    /// In Shanghai, from 09:00 to 18:00 from Monday to Friday; the first day of 1970 was a Thursday.
    private static func isWorked(_ minute: Int) -> Bool {
        let local = minute + 8 * 60
        return (local / 1_440 + 3) % 7 < 5 && (540..<1_080).contains(local % 1_440)
    }

    private static func businessDays(_ count: Int, after start: Int) -> Int {
        var moment = start
        while !isWorked(moment) { moment += stride }
        var left = count
        while left > 0 {
            moment += 1_440
            if isWorked(moment) { left -= 1 }
        }
        return moment
    }

    private func hasFired(_ watch: String, _ rung: String, _ id: Int, _ due: Int) -> Bool {
        runs.contains { $0.process == "watch/\(watch)/\(rung)" && $0.item == id && $0.due == due }
    }

    /// All that is to come by itself: when, of which item, of which watch, which rung.
    private func rungs() -> [(due: Int, item: Int, watch: Watch, rung: Int)] {
        var found: [(due: Int, item: Int, watch: Watch, rung: Int)] = []
        for id in images.keys.sorted() {
            for watch in watches {
                for (index, rung) in watch.rungs.enumerated() {
                    if let due = due(watch.name, index, id), !hasFired(watch.name, rung.name, id, due) { found.append((due, id, watch, index)) }
                }
            }
        }
        return found.sorted { ($0.due, $0.item, $0.watch.name, $0.rung) < ($1.due, $1.item, $1.watch.name, $1.rung) }
    }

    private var nextDaily: Int {
        var minute = lastDaily + Self.stride
        while (minute + 8 * 60) % 1_440 != shape.daily || ((minute + 8 * 60) / 1_440 + 3) % 7 >= 5 { minute += Self.stride }
        return minute
    }

    // MARK: Time

    private func wait(_ minutes: Int) -> String {
        let end = now + minutes
        while true {
            settle()
            let next = [rungs().first?.due, runs.filter { $0.state == "waiting" }.compactMap(\.wake).min(), nextDaily].compactMap { $0 }.min() ?? end
            guard next <= end else { break }
            now = max(now, next)
        }
        now = end
        settle()
        return "waited"
    }

    /// Everything that can be done without time passing.
    func settle() {
        while true {
            for (due, id, watch, rung) in rungs() where due <= now {
                runs.append(Run(process: "watch/\(watch.name)/\(watch.rungs[rung].name)", item: id, log: nil, started: now, due: due, steps: watch.rungs[rung].steps))
            }
            for index in runs.indices where runs[index].state == "waiting" {
                if let wake = runs[index].wake, wake <= now { runs[index].state = "ready" }
            }
            while nextDaily <= now {
                lastDaily = nextDaily
                runs.append(Run(process: "automation/daily", item: nil, log: nil, started: now, due: lastDaily, steps: [.log("daily", isOfItem: false)]))
            }
            let ready = runs.indices.filter { runs[$0].state == "ready" }
            guard !ready.isEmpty else { return }
            for index in ready { goOn(index) }
        }
    }

    private func goOn(_ index: Int) {
        if let due = runs[index].due, let item = runs[index].item, !runs[index].isBegun {
            let watch = runs[index].process.split(separator: "/")[1]
            guard let since = since(String(watch), item)?.at, since < due else { return end(index, "canceled") }
        }
        runs[index].isBegun = true
        while let step = runs[index].steps.first {
            let id = runs[index].item
            if let id, item(id) == nil { return end(index, "canceled") }
            if let log = runs[index].log, !logs.contains(where: { $0.id == log }) { return end(index, "canceled") }
            var rest = Array(runs[index].steps.dropFirst())
            switch step {
            case .log(let what, let isOfItem): log(what, isOfItem ? id : nil)
            case .tell(let what): tell("\(what) \(id.flatMap { item($0)?.name } ?? "")")
            case .tellSlow: tell("slow \(id.flatMap { item($0)?.name } ?? "") \(id.flatMap { item($0)?.n } ?? 0)")
            case .mark(let mark): _ = id.map { change($0) { $0.mark = mark } }
            case .markAsked: _ = id.map { change($0) { $0.mark = "q\($0.asked)" } }
            case .hold: _ = id.map { change($0) { $0.hold = true } }
            case .countUp:
                let log = logs.first { $0.id == runs[index].log }
                _ = log?.item.map { change($0) { $0.n += 1 } }
            case .ifDone(let then, let otherwise): rest = (id.flatMap { item($0)?.state } == "done" ? then : otherwise) + rest
            case .rest(let minutes):
                guard let wake = runs[index].wake else { return pause(index, until: now + minutes) }
                guard wake <= now else { return pause(index, until: wake) }
            case .waitFor(let within, let otherwise):
                if let item = id.flatMap({ item($0) }), item.n >= shape.waitFor { break }
                guard let wake = runs[index].wake else { return pause(index, until: now + within) }
                guard wake <= now else { return pause(index, until: wake) }
                rest = otherwise + rest
            }
            runs[index].wake = nil
            runs[index].steps = rest
        }
        end(index, "done")
    }

    private func pause(_ index: Int, until wake: Int) {
        runs[index].state = "waiting"
        runs[index].wake = wake
    }

    private func end(_ index: Int, _ state: String) {
        runs[index].state = state
        runs[index].wake = nil
    }

    private func tell(_ message: String) { notices.append("\(now) \(message)") }

    // MARK: How it stands

    func account() -> [String] {
        var lines: [String] = []
        for id in images.keys.sorted() {
            guard let item = item(id) else { continue }
            lines.append("item \(id) \(item.name) \(item.n) \(item.state) \(item.hold) \(item.mark) \(item.stage) \(item.asked) \(visits[id] ?? [])")
            for watch in watches {
                guard let since = since(watch.name, id)?.at else { continue }
                let due = watch.rungs.enumerated().compactMap { index, rung in
                    self.due(watch.name, index, id).flatMap { hasFired(watch.name, rung.name, id, $0) ? nil : $0 }
                }.min()
                lines.append("watch \(watch.name) \(id) since \(since) due \(due.map(String.init) ?? "never")")
            }
        }
        for log in logs { lines.append("log \(log.id) \(log.what) \(log.item.map(String.init) ?? "-")") }
        for (index, run) in runs.enumerated() {
            lines.append("run \(index + 1) \(run.process) \(run.item.map(String.init) ?? "-") \(run.state) \(run.wake.map(String.init) ?? "-")")
        }
        lines += notices.map { "notice \($0)" }
        lines.append("daily \(nextDaily)")
        return lines
    }
}
