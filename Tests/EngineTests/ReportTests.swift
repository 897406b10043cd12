import Engine
import Formula
import JSON
import Model
import SourceText
import Storage
import Testing

/// Reports: groups, figures, totals, and what is kept of what was sent.
@Suite struct ReportTests {
    private static let desk = """
        app: { name: desk, timezone: Asia/Shanghai }
        objects:
          team: { shows: "{name}", fields: { name: text } }
          job:
            fields:
              team: { type: link, to: team, as: jobs }
              kind: { type: choice, options: { late: { zh: 晚, en: Late }, early: { zh: 早, en: Early } } }
              hours: { type: number, decimals: 1 }
              parts: number
              due: date
              left: { formula: due - today() }
        reports:
          median_hours: { from: job where hours is not blank, rows: team, columns: kind, value: median(hours) }
          share: { from: job, rows: kind, value: count(where hours > 5) / count() }
          spread: { from: job, rows: hours / parts, value: count() }
          most: { from: job, rows: kind, value: "max(sum(hours where hours > 5), 10)" }
          weighed: { from: job where kind is not blank, rows: kind, value: count() / count(job) }
          peers: { from: job where kind is not blank, rows: kind, value: sum(count(team.jobs)) }
          每件工时: { from: job, value: sum(hours / parts) }
          soon: { from: job where left <= 2, value: count() }
          按日: { from: job, value: sum(hours) }
          every_day: { from: job, rows: team, value: sum(hours), every: day at 09:00, send: { to: users in role boss } }
        connectors: { erp: { kind: webhook, url: "https://erp.example.com/in", secret: $ERP } }
        channels: { out: { connector: erp, message: "{subject} {link}" } }
        automations:
          outside: { when: job.parts becomes 99, do: { report: 按日, to: users in role boss, via: out } }
          both: { when: team is created, do: [ { report: soon, to: users in role boss }, { report: share, to: users in role boss } ] }
        roles: { boss: { label: { zh: 老板, en: Boss } } }
        """

    private func table(_ bench: Bench, _ name: String) async throws -> ReportTable { try #require(try await bench.engine.report(named: name)) }

    /// Random records, and every figure worked out here by the plainest means.
    @Test(arguments: Array(1...6) as [UInt64])
    func everyFigureIsThatOfItsRecords(seed: UInt64) async throws {
        let bench = try Bench(Self.desk)
        var dice = Dice(seed: seed)
        for name in ["乙", "甲"] { _ = try await bench.make("team", #"{"name":"\#(name)"}"#) }
        var jobs: [(team: Int?, kind: String?, hours: Int?)] = []
        for _ in 0..<60 {
            let job = (team: dice.roll(3) == 0 ? nil : 1 + dice.roll(2), kind: [nil, "late", "early"][dice.roll(3)], hours: dice.roll(4) == 0 ? nil : dice.roll(20))
            jobs.append(job)
            let team = job.team.map { #""team/\#($0)""# } ?? "null", kind = job.kind.map { #""\#($0)""# } ?? "null"
            _ = try await bench.make("job", #"{"team":\#(team),"kind":\#(kind),"hours":\#(job.hours.map(String.init) ?? "null")}"#)
        }
        func median(_ chosen: [(team: Int?, kind: String?, hours: Int?)]) -> Double? {
            let hours = chosen.compactMap(\.hours).sorted()
            guard !hours.isEmpty else { return nil }
            return Double(hours[(hours.count - 1) / 2] + hours[hours.count / 2]) / 2
        }
        let report = try await table(bench, "median_hours")
        let counted = jobs.filter { $0.hours != nil }
        // Teams by their names, options as they are declared, blank last.
        #expect(report.rows.map(\.words.zh) == ["乙", "甲", "空"])
        #expect(report.columns.map(\.words.en) == ["Late", "Early", "blank"])
        let teams: [Int?] = [1, 2, nil], kinds: [String?] = ["late", "early", nil]
        for (row, team) in teams.enumerated() {
            for (column, kind) in kinds.enumerated() {
                let expected = median(counted.filter { $0.team == team && $0.kind == kind })
                #expect(report.cells[row][column]?.number.flatMap { Double($0) } == expected)
            }
            #expect(report.rowTotals[row].number.flatMap { Double($0) } == median(counted.filter { $0.team == team }))
        }
        for (column, kind) in kinds.enumerated() {
            #expect(report.columnTotals[column].number.flatMap { Double($0) } == median(counted.filter { $0.kind == kind }))
        }
        #expect(report.total.number.flatMap { Double($0) } == median(counted))
        #expect(report.total.records == counted.count)
        let share = try await table(bench, "share")
        for (row, kind) in kinds.enumerated() {
            let all = jobs.filter { $0.kind == kind }
            let number = try #require(share.rowTotals[row].number.flatMap { Double($0) })
            #expect(abs(number - Double(all.count { ($0.hours ?? 0) > 5 }) / Double(all.count)) < 1e-9)
        }
        #expect(try ReportTable(JSONValue.parse(report.json.text())) == report)
    }

    /// Sets that are named are all of it; plain values stand beside aggregates; what fails for a record is passed by and counted.
    @Test func valuesLookBeyondTheGroupWhereTheyNameASet() async throws {
        let bench = try Bench(Self.desk)
        _ = try await bench.make("team", #"{"name":"甲"}"#)
        for job in [
            #"{"team":"team/1","kind":"late","hours":6,"parts":2}"#, #"{"team":"team/1","kind":"early","hours":9,"parts":0}"#, #"{"team":"team/1","hours":4,"parts":2}"#,
            #"{"team":"team/1","kind":"late","hours":8,"parts":4}"#,
        ] { _ = try await bench.make("job", job) }
        #expect(try await table(bench, "most").rowTotals.map(\.number) == ["14", "10", "10"])
        #expect(try await table(bench, "weighed").rowTotals.map(\.number) == ["0.5", "0.25"])
        #expect(try await table(bench, "peers").rowTotals.map(\.number) == ["8", "4"])
        let perPart = try await table(bench, "每件工时")
        #expect(perPart.total.number == "7")
        #expect(perPart.total.leftOut == 1)
        #expect(try ReportTable(JSONValue.parse(perPart.json.text())) == perPart)
    }

    @Test func whatCannotBePutAnywhereIsLeftOutAndCounted() async throws {
        let bench = try Bench(Self.desk)
        _ = try await bench.make("job", #"{"hours":6,"parts":2}"#)
        _ = try await bench.make("job", #"{"hours":9,"parts":3}"#)
        _ = try await bench.make("job", #"{"hours":9,"parts":0}"#)
        let report = try await table(bench, "spread")
        #expect(report.rows.map(\.words.zh) == ["3"])
        #expect(report.rowTotals.map(\.number) == ["2"])
        #expect(report.leftOut == 1)
    }

    /// `left` is computed when it is read: the database has no column of it.
    @Test func conditionsOnTheClockAreThoseOfTheMoment() async throws {
        let bench = try Bench(Self.desk, at: "2026-03-02 09:00")
        for day in ["2026-03-03", "2026-03-05"] { _ = try await bench.make("job", #"{"due":"\#(day)"}"#) }
        #expect(try await table(bench, "soon").total.number == "1")
        bench.clock.advance(seconds: 86_400)
        #expect(try await table(bench, "soon").total.number == "2")
    }

    /// What one run sends leads each to itself, and to the figures of then.
    @Test func everyNoticeLeadsToItsOwnReport() async throws {
        let bench = try Bench(Self.desk)
        let boss = try await bench.make("user", #"{"name":"老板","role":"boss"}"#)
        _ = try await bench.make("job", #"{"kind":"late","hours":6,"due":"2026-03-03"}"#)
        _ = try await bench.make("team", #"{"name":"甲"}"#)
        try await Automator(bench.engine).settle()
        _ = try await bench.make("job", #"{"kind":"late","hours":1,"due":"2026-03-03"}"#)
        let notices = try await bench.engine.notices(of: boss, limit: 10).notices
        var told: [String] = []
        for notice in notices.reversed() {
            let number = try #require(notice.report)
            let (sent, table) = try #require(try await bench.engine.sentReport(number))
            #expect(notice.title.zh == table.label.zh)
            told.append("\(sent.report) \(table.total.number ?? "-")")
        }
        #expect(told == ["soon 1", "share 1"])
    }

    /// Whoever reads it outside opens the figures that are told.
    @Test func messagesOutsideLeadToTheReport() async throws {
        let bench = try Bench(Self.desk)
        _ = try await bench.make("user", #"{"name":"老板","role":"boss"}"#)
        try await bench.engine.store.write { try $0.set("https://crm.example.com", forSetting: Engine.addressSetting) }
        let job = try await bench.make("job", #"{"hours":6,"parts":2}"#)
        try await bench.edit(job, #"{"parts":99}"#)
        try await Automator(bench.engine).settle()
        let effect = try #require(try await bench.engine.store.read { try $0.effects(after: 0, limit: 10) }.first)
        #expect(effect.payload.contains("按日 https://crm.example.com/reports/%E6%8C%89%E6%97%A5/sent/1"), "\(effect.payload)")
    }

    @Test func withoutRecordsThereAreNoRows() async throws {
        let report = try await table(Bench(Self.desk), "median_hours")
        #expect(report.rows.isEmpty && report.columns.isEmpty && report.total.records == 0)
        #expect(try await Bench(Self.desk).engine.report(named: "nothing") == nil)
    }
}
