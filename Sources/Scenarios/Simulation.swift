package import Engine
package import Formula
package import JSON
import Model
import Program
package import SourceText
import Storage

/// Lets an app act by itself for a while, on a virtual clock, and tells what happened.
package struct Simulation: Sendable {
    private let engine: Engine
    private let clock: VirtualClock

    package init(engine: Engine, clock: VirtualClock) {
        self.engine = engine
        self.clock = clock
    }

    package struct Report: Sendable {
        package struct Line: Sendable, Hashable {
            /// As runs name it.
            package let process: String
            package let label: Words
            package var count = 0
            package var failed = 0
        }

        package let from: Instant
        package let to: Instant
        package let records: Int
        /// Processes that ran, those of most runs first.
        package let lines: [Line]
        package let notices: Int
        package let effects: Int
        package let looped: Int
        /// What could not be done, the first few: the process and why.
        package let failures: [(process: String, words: Words)]
    }

    private static let mostFailures = 10
    private static let page = 1_000

    /// - Parameters:
    ///   - progress: Told each instant to which the clock jumps; false ends it there.
    ///   - each: Told, line by line and always in the same order, all that stands written at the end: for a digest.
    /// - Throws: `StoreError`.
    package func run(
        to end: Instant, progress: (Instant) -> Bool = { _ in true }, each: (String) -> Void = { _ in }
    ) async throws -> Report {
        let from = clock.now()
        let automator = Automator(engine)
        try await automator.setUp()
        let (lastRun, lastNotice, lastEffect) = try await engine.store.read { transaction in
            (try transaction.runs(of: nil, process: nil, states: [], limit: 1, before: nil).first?.id ?? 0, try transaction.lastNotice(), try transaction.lastEffect())
        }
        try await VirtualTime(engine: engine, clock: clock).pass(to: end, progress: progress)
        return try await report(from: from, after: lastRun, lastNotice, lastEffect, each)
    }

    private func report(
        from: Instant, after lastRun: Int64, _ lastNotice: Int64, _ lastEffect: Int64, _ each: (String) -> Void
    ) async throws -> Report {
        var lines: [String: Report.Line] = [:]
        var looped = 0
        var failures: [(process: String, words: Words)] = []
        var before: Int64?
        reading: while true {
            let runs = try await engine.store.read { [before] in try $0.runs(of: nil, process: nil, states: [], limit: Self.page, before: before) }
            for run in runs {
                guard run.id > lastRun else { break reading }
                let record = run.record.map { engine.app.text(of: $0) } ?? ""
                each("run \(run.id) \(run.process) \(record) \(run.state.rawValue) \(run.position) \(run.variables) \(run.started) \(run.changed) \(run.note?.zh ?? "")")
                let label = engine.app.automations.processes[run.process]?.label ?? Words(same: run.process)
                lines[run.process, default: Report.Line(process: run.process, label: label)].count += 1
                switch run.state {
                case .failed:
                    lines[run.process]?.failed += 1
                    if failures.count < Self.mostFailures { failures.append((run.process, run.note ?? Words(same: ""))) }
                case .looped: looped += 1
                case .ready, .waiting, .calling, .deciding, .done, .stopped, .canceled: break
                }
            }
            guard let last = runs.last else { break }
            before = last.id
        }
        let notices = try await count(after: lastNotice, each) { [app = engine.app] transaction, id in
            try transaction.notices(after: id, limit: Self.page).map { notice in
                (notice.id, "notice \(notice.id) \(notice.user.number) \(notice.at) \(notice.record.map { app.text(of: $0) } ?? "") \(notice.message.zh)")
            }
        }
        let effects = try await count(after: lastEffect, each) { transaction, id in
            try transaction.effects(after: id, limit: Self.page).map { ($0.id, "effect \($0.key) \($0.target) \($0.payload) \($0.state.rawValue)") }
        }
        return Report(
            from: from, to: clock.now(), records: try await records(each),
            lines: lines.values.sorted { ($0.count, $1.process) > ($1.count, $0.process) }, notices: notices, effects: effects, looped: looped, failures: failures)
    }

    private func count(
        after first: Int64, _ each: (String) -> Void, _ page: @escaping @Sendable (any ReadTransaction, Int64) throws -> [(Int64, String)]
    ) async throws -> Int {
        var count = 0
        var last = first
        while true {
            let lines = try await engine.store.read { [last] in try page($0, last) }
            guard let end = lines.last else { return count }
            for line in lines { each(line.1) }
            count += lines.count
            last = end.0
        }
    }

    private func text(_ value: Value) -> String {
        switch value {
        case .blank: ""
        case .bool(let bool): bool ? "yes" : "no"
        case .number(let number): number.description
        case .text(let text): text
        case .date(let day): String(day.daysSinceEpoch)
        case .instant(let instant): String(instant.microseconds)
        case .duration(let span): String(span.microseconds)
        case .option(let key): key
        case .options(let keys): keys.joined(separator: ",")
        case .link(let record): engine.app.text(of: record)
        case .links(let records): records.map { engine.app.text(of: $0) }.joined(separator: ",")
        case .location(let location): location.description
        case .list(let values): values.map(text).joined(separator: ",")
        case .failure(let failure): "\(failure.code.rawValue) \(failure.text ?? "")"
        }
    }

    /// Every record as it stands at the end.
    private func records(_ each: (String) -> Void) async throws -> Int {
        var count = 0
        for object in engine.app.model.objects {
            var after: RecordQuery.Cursor?
            repeat {
                let page = try await engine.store.read { [after] in try $0.page(RecordQuery(object: object.id, after: after, limit: Self.page)) }
                for row in page.rows { each("record \(engine.app.text(of: row.id)) \(row.values.map(text).joined(separator: "|"))") }
                count += page.rows.count
                after = page.next
            } while after != nil
        }
        return count
    }
}

extension Simulation.Report {
    package func text(in language: Language, zone: Zone, digest: String) -> String {
        func day(_ instant: Instant) -> String {
            let wall = zone.wallClock(instant)
            return "\(wall.day) \(wall.time(withSeconds: false))"
        }
        let runs = lines.reduce(0) { $0 + $1.count }
        var text = [
            Words(zh: "从 \(day(from)) 到 \(day(to))，\(records) 条记录", en: "from \(day(from)) to \(day(to)), \(records) records")[language],
            Words(zh: "运行 \(runs) 次，通知 \(notices) 条，对外 \(effects) 次", en: "\(runs) runs, \(notices) notices, \(effects) messages to the outside")[language],
        ]
        for line in lines {
            let failed = line.failed == 0 ? "" : Words(zh: "，失败 \(line.failed)", en: ", \(line.failed) failed")[language]
            text.append("  \(line.count) × \(line.process)（\(line.label[language])）\(failed)")
        }
        if looped > 0 { text.append(Words(zh: "互相触发而停止：\(looped)", en: "stopped because they set each other off: \(looped)")[language]) }
        for failure in failures { text.append("  ✗ \(failure.process): \(failure.words[language])") }
        text.append("sha256 \(digest)")
        return text.joined(separator: "\n") + "\n"
    }

    package func json(in language: Language, digest: String) -> JSONValue {
        .object([
            .init("from", .string(from.description)), .init("to", .string(to.description)), .init("records", .int(records)),
            .init("notices", .int(notices)), .init("effects", .int(effects)), .init("looped", .int(looped)),
            .init(
                "runs",
                .array(lines.map { .object([.init("process", .string($0.process)), .init("label", .string($0.label[language])), .init("count", .int($0.count)), .init("failed", .int($0.failed))]) })),
            .init("failures", .array(failures.map { .object([.init("process", .string($0.process)), .init("why", .string($0.words[language]))]) })),
            .init("digest", .string(digest)),
        ])
    }
}
