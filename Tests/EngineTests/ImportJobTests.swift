import Engine
import Formula
import Foundation
import Model
import Program
import SourceText
import Spreadsheet
import Storage
import Testing

private let people = """
    app: { name: people, timezone: Asia/Shanghai }
    objects:
      firm:
        shows: "{name}"
        fields:
          name: { type: text, label: { zh: 名称, en: Name }, required: yes }
          code: { type: text, unique: yes, clean: [upper], label: { zh: 代码, en: Code } }
          parent: { type: link, to: firm, as: branches, label: { zh: 上级, en: Parent } }
      lead:
        shows: "{name}"
        fields:
          name: { type: text, label: { zh: 姓名, en: Name }, required: yes }
          phone: { type: phone, region: CN, label: { zh: 电话, en: Phone }, unique: yes, clean: [phone] }
          firm: { type: link, to: firm, as: leads, label: { zh: 公司, en: Firm } }
          budget: { type: money, label: { zh: 预算, en: Budget } }
          since: { type: date, label: { zh: 日期, en: Since } }
          note: { type: text, label: { zh: 备注, en: Note } }
    """

extension Bench {
    /// An import of these bytes, with its columns matched by name.
    fileprivate func job(_ object: String, _ bytes: [UInt8], match: String? = nil, found: ImportSettings.Found = .skip) async throws -> ImportJob {
        let path = try engine.store.files.newUploadPath(token: "u\(engine.world.entropy.bytes(1)[0])")
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        let job = try await engine.newImport(uploadAt: path, named: "table.csv", into: try self.object(object).id, by: .system)
        var settings = engine.settings(of: job)
        settings.match = match
        settings.found = found
        return try await engine.decide(job.id, settings)
    }

    fileprivate func job(_ object: String, _ csv: String, match: String? = nil, found: ImportSettings.Found = .skip) async throws -> ImportJob {
        try await job(object, Array(csv.utf8), match: match, found: found)
    }

    fileprivate func somebody() async throws -> Principal {
        Principal(user: try await make("user", #"{"name":"Eve"}"#), name: "Eve", roles: [])
    }

    fileprivate func fates(_ job: ImportJob, _ phase: ImportPart.Phase) async throws -> [String] {
        var told: [String] = []
        var number: Int? = 0
        while let from = number {
            let (results, next) = try await engine.importResults(of: job, phase, from: from)
            told += results.map { result in
                switch result.fate {
                case .created(let id, let version): "\(result.line) created \(id.number) v\(version)"
                case .updated(let id, let version): "\(result.line) updated \(id.number) v\(version)"
                case .skipped(let id): "\(result.line) skipped \(id.number)"
                case .refused(let violations): "\(result.line) refused " + violations.map { $0.told(in: engine.app, .en) }.joined(separator: "; ")
                case .takenBack(let id, let version): "\(result.line) taken back \(id.number)" + (version.map { " v\($0)" } ?? "")
                case .kept(let id, let why): "\(result.line) kept \(id.number): \(why.words.en)"
                }
            }
            number = next
        }
        return told
    }

    fileprivate func count(_ object: String) async throws -> Int {
        let id = try self.object(object).id
        return try await engine.store.read { try $0.count(id, where: nil) }
    }
}

extension ImportJob.Counts {
    fileprivate var brief: [Int] { [created, updated, skipped, refused] }
}

@Suite struct ImportJobTests {
    @Test func checksThenRunsThenIsTakenBack() async throws {
        let bench = try Bench(people)
        let old = try await bench.make("lead", #"{"name":"Ann","phone":"13800000001","note":"old"}"#)
        let csv = "姓名,电话,预算,星座\nAnn B,138 0000 0001,5万,白羊\nBob,13800000002,x,\nCy,13800000003,7,\n,13800000004,,\nDee,13800000003,8,\n"
        var job = try await bench.job("lead", csv, match: "phone", found: .update)
        #expect(bench.engine.settings(of: job).columns == ["name", "phone", "budget", nil])
        let preview = try bench.engine.preview(of: job)
        #expect(preview.header == ["姓名", "电话", "预算", "星座"] && preview.samples.map { $0[0] } == ["Ann B", "Bob", "Cy"])

        let before = try await bench.content()
        job = try await bench.engine.checkImport(job.id, as: .system)
        #expect(job.state == .checked && job.found?.brief == [1, 2, 0, 2])
        #expect(try await bench.fates(job, .check).map { $0.prefix(9) } == ["3 refused", "5 refused"])
        #expect(try await bench.content() == before, "a check writes nothing")

        job = try await bench.engine.runImport(job.id, as: .system)
        #expect(job.state == .done && job.counts.brief == [1, 2, 0, 2] && job.progress == 1000)
        #expect(try await bench.fates(job, .run).map { $0.prefix(13) } == ["2 updated 1 v", "3 refused Bud", "4 created 2 v", "5 refused Nam", "6 updated 2 v"])
        #expect(try await bench.read(old, "name", "budget", "note") == [#""Ann B""#, "50000", #""old""#])

        job = try await bench.engine.undoImport(job.id, as: .system)
        #expect(job.state == .undone)
        #expect(try await bench.read(old, "name", "budget", "note") == [#""Ann""#, "null", #""old""#])
        #expect(try await bench.count("lead") == 1)
        #expect(try await bench.fates(job, .undo) == ["6 taken back 2 v3", "4 taken back 2", "2 taken back 1 v3"])
    }

    @Test func whatSomebodyTouchedSinceStays() async throws {
        let bench = try Bench(people)
        let old = try await bench.make("lead", #"{"name":"Ann","phone":"13800000001"}"#)
        var job = try await bench.job("lead", "name,phone,note\nAnn,13800000001,n\nBob,13800000002,n\nCy,13800000003,n\nDee,13800000004,n\n", match: "phone", found: .update)
        job = try await bench.engine.runImport(job.id, as: .system)
        func lead(_ number: Int64) -> RecordID { RecordID(object: old.object, number: number) }
        let somebody = try await bench.somebody()
        try await bench.edit(lead(2), #"{"note":"mine"}"#, by: somebody)
        try await bench.edit(old, #"{"name":"Anna"}"#, by: somebody)
        _ = try await bench.make("activity", #"{"about":"lead/3","text":"called"}"#, by: somebody)
        job = try await bench.engine.undoImport(job.id, as: .system)
        let fates = try await bench.fates(job, .undo)
        #expect(fates.map { String($0.prefix(16)) } == ["5 taken back 4", "4 kept 3: it has", "3 kept 2: somebo", "2 kept 1: somebo"], "\(fates)")
        #expect(try await bench.count("lead") == 3)
    }

    /// What automations did with the records meanwhile is nobody's work, and goes with them.
    @Test func whatTheAppItselfDidSinceGoesToo() async throws {
        let rules = """

            automations:
              welcome:
                when: lead is created
                do:
                  - set: { note: welcome }
                  - create: task
                    with: { title: call, about: =this }
              richer:
                when: lead.budget changes
                do: { set: { note: richer } }
            """
        let bench = try Bench(people + rules)
        let old = try await bench.make("lead", #"{"name":"Ann","phone":"13800000001"}"#)
        let automator = Automator(bench.engine)
        try await automator.settle()
        var job = try await bench.job("lead", "name,phone,budget\nAnn,13800000001,9\nBob,13800000002,9\nCy,13800000003,9\n", match: "phone", found: .update)
        job = try await bench.engine.runImport(job.id, as: .system)
        try await automator.settle()
        let bob = RecordID(object: old.object, number: 2), cy = RecordID(object: old.object, number: 3)
        #expect(try await bench.read(old, "note", "budget") == [#""richer""#, "9"])
        #expect(try await bench.read(bob, "note") == [#""welcome""#])
        #expect(try await bench.count("task") == 3)
        try await bench.edit(cy, #"{"note":"mine"}"#, by: try await bench.somebody())
        job = try await bench.engine.undoImport(job.id, as: .system)
        let fates = try await bench.fates(job, .undo)
        #expect(fates.map { String($0.prefix(16)) } == ["4 kept 3: somebo", "3 taken back 2", "2 taken back 1 v"], "\(fates)")
        #expect(try await bench.read(old, "budget") == ["null"])
        #expect(try await bench.count("lead") == 2)
    }

    @Test(arguments: [
        (ImportSettings.Found.skip, "Ann", "null", [1, 0, 1, 0]), (.update, "Anna", "9", [1, 1, 0, 0]), (.fill, "Ann", "9", [1, 1, 0, 0]),
    ])
    func whatBecomesOfARecordThatIsFound(found: ImportSettings.Found, name: String, budget: String, counts: [Int]) async throws {
        let bench = try Bench(people)
        let old = try await bench.make("lead", #"{"name":"Ann","phone":"13800000001"}"#)
        let job = try await bench.job("lead", "name,phone,budget\nAnna,+86 138 0000 0001,9\nBob,,1\n", match: "phone", found: found)
        let done = try await bench.engine.runImport(job.id, as: .system)
        #expect(done.counts.brief == counts)
        #expect(try await bench.read(old, "name", "budget") == ["\"\(name)\"", budget])
    }

    @Test func recordsAreFoundByIdAndByTitle() async throws {
        let bench = try Bench(people)
        let ann = try await bench.make("lead", #"{"name":"Ann"}"#)
        try await bench.make("lead", #"{"name":"Twin"}"#)
        try await bench.make("lead", #"{"name":"Twin"}"#)
        var job = try await bench.job("lead", "id,note\nlead/1,a\n99,b\n", match: "id", found: .update)
        job = try await bench.engine.runImport(job.id, as: .system)
        #expect(job.counts.brief == [0, 1, 0, 1], "a new record has no name")
        #expect(try await bench.read(ann, "note") == [#""a""#])
        job = try await bench.job("lead", "name,note\nAnn,c\nTwin,d\n", match: "name", found: .update)
        job = try await bench.engine.runImport(job.id, as: .system)
        #expect(try await bench.fates(job, .run) == ["2 updated 1 v3", "3 refused Name: 2 records are called `Twin`, give the id instead"])
    }

    @Test func aCheckSeesRowsOfBatchesBefore() async throws {
        let bench = try Bench(people)
        // 450 firms, each below the one before; two codes twice, in batches far apart and in the same one.
        let rows = (1...450).map { "F\($0),c\($0 == 449 ? 1 : $0 == 450 ? 448 : $0),\($0 == 1 ? "" : "F\($0 - 1)")" }
        var job = try await bench.job("firm", "name,code,parent\n" + rows.joined(separator: "\n"))
        let before = try await bench.content()
        job = try await bench.engine.checkImport(job.id, as: .system)
        #expect(job.found?.brief == [448, 0, 0, 2])
        #expect(try await bench.fates(job, .check) == ["450 refused Code is the same as that of a row before", "451 refused Code is the same as that of a row before"])
        #expect(try await bench.content() == before)
        job = try await bench.engine.runImport(job.id, as: .system)
        // What the last one was to lead to was refused itself.
        #expect(job.counts.brief == [448, 0, 0, 2])
    }

    @Test func refusedRowsComeBackAsATable() async throws {
        let bench = try Bench(people)
        var job = try await bench.job("lead", "name,budget,note\nAnn,1,\nBob,x,'=1+1\n\n,2,=2\n")
        job = try await bench.engine.runImport(job.id, as: .system)
        for format in TableFormat.allCases {
            let sink = Sink()
            try await bench.engine.writeRejects(of: job, as: format, language: .zh) { sink.bytes += $0 }
            let table = try bench.engine.readTable(sink.bytes)
            #expect(table.header == ["name", "budget", "note", "原因"])
            #expect(table.rows.map { $0.cells.prefix(3) } == [["Bob", "x", "=1+1"], ["", "2", "=2"]])
            #expect(table.rows.last?.cells.last?.contains("请填写") == true)
        }
    }

    @Test("T35: a stopped run goes on where it stood") func aStoppedRunGoesOnWhereItStood() async throws {
        let bench = try Bench(people)
        let rows = (1...900).map { "L\($0),\(13_800_000_000 + $0)" }.joined(separator: "\n")
        var job = try await bench.job("lead", "name,phone\n" + rows)
        let engine = bench.engine, id = job.id
        job = try await engine.runImport(id, as: .system) { if $0.position == 400 { _ = engine.stopImport(id) } }
        #expect(job.state == .stopped && job.position == 400 && job.counts.created == 400)
        #expect(try await bench.count("lead") == 400)
        job = try await engine.runImport(id, as: .system)
        #expect(job.state == .done && job.counts.created == 900)
        #expect(try await bench.fates(job, .run).count == 900)
        #expect(try await bench.count("lead") == 900)
        await #expect(throws: Violation.self) { try await engine.runImport(id, as: .system) }
    }

    @Test func whatIsUnderWayIsBegunOnce() async throws {
        let bench = try Bench(people)
        let job = try await bench.job("lead", "name\nA\n")
        let engine = bench.engine
        engine.start(.run, onImport: job.id, as: .system)
        engine.start(.run, onImport: job.id, as: .system)
        while engine.isWorking(onImport: job.id) { await Task.yield() }
        #expect(try await engine.importJob(job.id)?.state == .done)
        #expect(try await bench.count("lead") == 1)
        await #expect(throws: Violation.self) { try await engine.discardImport(job.id) }
    }

    @Test func decisionsThatCannotBeMeant() async throws {
        let bench = try Bench(people)
        let job = try await bench.job("lead", "name,phone,x\nA,1,2\n")
        func trouble(_ columns: [String?], match: String? = nil) async throws -> String {
            do {
                _ = try await bench.engine.decide(job.id, ImportSettings(columns: columns, match: match))
                return "none"
            } catch let violation as Violation {
                return violation.words.en
            }
        }
        #expect(try await trouble(["name", "name", nil]) == "the columns `name` and `phone` are both for Name")
        #expect(try await trouble(["name", "fone", nil]).hasPrefix("lead has no field `fone`"))
        #expect(try await trouble(["version", nil, nil]).hasPrefix("lead has no field `version`"))
        #expect(try await trouble([nil, nil, nil]) == "no column is for a field that can be filled in")
        #expect(try await trouble(["name", nil, nil], match: "phone") == "no column is for Phone, so no record can be found by it")
        #expect(try await trouble(["name", "phone", "note"], match: "note").hasPrefix("lead has no field `note`"))
        #expect(try await trouble(["name"]).hasPrefix("the file's columns are not those"))
        #expect(try await trouble(["name", "phone", "note"]) == "none")
    }

    @Test func aWorkbookGoesInAndOut() async throws {
        let bench = try Bench(people)
        try await bench.make("firm", #"{"name":"Acme, Inc."}"#)
        try await bench.make("lead", #"{"name":"=Ann","phone":"13800000001","firm":"Acme, Inc.","budget":1234.5,"since":"2026-03-01"}"#)
        let sink = Sink()
        let lead = try bench.object("lead")
        try await bench.engine.exportTable(ListRequest(object: lead.id), as: .xlsx, language: .en, by: .system) { sink.bytes += $0 }
        let other = try Bench(people)
        try await other.make("firm", #"{"name":"Acme, Inc."}"#)
        var job = try await other.job("lead", sink.bytes)
        job = try await other.engine.runImport(job.id, as: .system)
        #expect(job.counts.brief == [1, 0, 0, 0])
        #expect(
            try await other.read(RecordID(object: lead.id, number: 1), "name", "phone", "firm", "budget", "since")
                == [#""=Ann""#, #""13800000001""#, #"{"id":"firm/1","label":"Acme, Inc."}"#, "1234.5", #""2026-03-01""#])
        // Again, by its ids: nothing differs.
        job = try await other.job("lead", sink.bytes, match: "id", found: .update)
        job = try await other.engine.runImport(job.id, as: .system)
        #expect(job.counts.brief == [0, 0, 1, 0])
    }
}

private final class Sink: @unchecked Sendable {
    var bytes: [UInt8] = []
}
