import Engine
import Formula
import Model
import SourceText
import Storage
import Testing

@Suite struct RestoringTests {
    private let ann = Principal(user: RecordID(object: ObjectID(index: 0), number: 1), name: "安", roles: [])

    @Test func aRestoredRecordIsAsItWasAndSoIsAllThatCountsIt() async throws {
        let bench = try Bench(desk)
        let company = try await bench.make("company", #"{"name":"华芯"}"#)
        let first = try await bench.make("deal", #"{"title":"a","company":"华芯","amount":5,"tags":["x","y"]}"#)
        try await bench.make("deal", #"{"title":"b","company":"华芯","amount":7}"#)
        let before = try await bench.read(first, "title", "company", "amount", "net", "tags", "stage", "no")
        try await bench.delete(first)
        #expect(try await bench.read(company, "total", "open", "best") == ["7", "1", "7"])
        #expect(try await bench.read(first, "title") == ["gone"])

        let bin = try await bench.engine.deleted(of: first.object, limit: 10, offset: 0, as: .system)
        #expect(bin.total == 1 && bin.entries.map(\.title) == ["华芯 a"])
        #expect(try await bench.restore(first).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(first, "title", "company", "amount", "net", "tags", "stage", "no") == before)
        #expect(try await bench.read(company, "total", "open", "best") == ["12", "2", "7"])
        let history = try await bench.engine.history(of: first, limit: 10, before: nil)
        #expect(history.map(\.kind) == [.restored, .deleted, .created] && history[0].version == 2)
        #expect(try await bench.restore(first).brief(bench.model) == "missing")
    }

    @Test func linksComeBackUnlessTheyLeadElsewhere() async throws {
        let bench = try Bench(desk)
        let user = try await bench.make("user", #"{"name":"安","login":"ann"}"#)
        try await bench.make("user", #"{"name":"柏","login":"bo"}"#)
        try await bench.make("company", #"{"name":"华芯"}"#)
        let kept = try await bench.make("deal", #"{"title":"a","company":"华芯","owner":"ann"}"#)
        let moved = try await bench.make("deal", #"{"title":"b","company":"华芯","owner":"ann"}"#)
        let gone = try await bench.make("deal", #"{"title":"c","company":"华芯","owner":"ann"}"#)
        try await bench.delete(gone)
        try await bench.delete(user)
        #expect(try await bench.read(kept, "owner") == ["null"])
        try await bench.edit(moved, #"{"owner":"bo"}"#)
        #expect(try await bench.restore(user).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(kept, "owner") == [#"{"id":"user/1","label":"安"}"#])
        #expect(try await bench.read(moved, "owner") == [#"{"id":"user/2","label":"柏"}"#])
        // Also those of records that lie in the bin themselves.
        #expect(try await bench.restore(gone).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(gone, "owner") == [#"{"id":"user/1","label":"安"}"#])
    }

    @Test func whatCannotStandIsRefusedWithWords() async throws {
        let bench = try Bench(desk)
        let company = try await bench.make("company", #"{"name":"华芯","code":"hx"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯"}"#)
        try await bench.delete(deal)
        try await bench.delete(company)
        let refused = try await bench.restore(deal)
        guard case .refused(let violations) = refused else { throw Surprise(outcome: "\(refused)") }
        #expect(violations.map(\.words.zh) == ["“company”指向的 company/1 已删除，请先恢复它"])
        let other = try await bench.make("company", #"{"name":"华芯","code":"hx"}"#)
        let before = try await bench.content()
        #expect(try await bench.restore(company).brief(bench.model) == "refused not_unique:name not_unique:code")
        #expect(try await bench.content() == before)
        try await bench.edit(other, #"{"name":"别家","code":"b"}"#)
        #expect(try await bench.restore(company).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.restore(deal).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(company, "open") == ["1"])
    }

    @Test func deletingForGoodIsForAdministrators() async throws {
        let bench = try Bench(desk.replacing("sales: { label: 销售 }", with: "sales: { label: 销售 }\n  boss: { includes: sales, administers: yes }"))
        let user = try await bench.make("user", #"{"name":"安","login":"ann"}"#)
        try await bench.make("company", #"{"name":"华芯"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯","tags":["x"]}"#)
        func person(_ role: String) throws -> Principal {
            let role = try #require(bench.model.roles.first { $0.name == role })
            return Principal(user: user, name: "安", roles: role.covers)
        }
        let purge = SaveCommand.Action.purge(deal)
        #expect(try await bench.engine.save(SaveCommand(purge, by: try person("boss"))).brief(bench.model) == "missing")
        try await bench.delete(deal)
        guard case .denied = try await bench.engine.save(SaveCommand(purge, by: try person("sales"))) else { throw Surprise(outcome: "not denied") }
        #expect(try await bench.engine.save(SaveCommand(purge, by: try person("boss"))).brief(bench.model) == "saved")
        #expect(try await bench.engine.deleted(of: deal.object, limit: 10, offset: 0, as: .system).total == 0)
        #expect(try await bench.restore(deal).brief(bench.model) == "missing")
        let history = try await bench.engine.history(of: deal, limit: 10, before: nil)
        #expect(history.count == 2 && history.allSatisfy { $0.changes.isEmpty })
        #expect(try await bench.make("deal", #"{"title":"b","company":"华芯"}"#).number == 2)
    }
}

@Suite struct UndoTests {
    @Test func theOneWhoChangedTakesItBack() async throws {
        let bench = try Bench(desk)
        let user = try await bench.make("user", #"{"name":"安","login":"ann"}"#)
        let ann = Principal(user: user, name: "安", roles: [])
        let company = try await bench.make("company", #"{"name":"华芯"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯","amount":5}"#)
        try await bench.edit(deal, #"{"amount":9,"note":"n"}"#, by: ann)
        #expect(try await bench.read(company, "total") == ["9"])
        #expect(try await bench.undo(deal, 2).brief(bench.model).hasPrefix("refused"))
        #expect(try await bench.undo(deal, 2, by: ann).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(deal, "amount", "note", "net") == ["5", "null", "4.75"])
        #expect(try await bench.read(company, "total") == ["5"])
        // Once somebody has saved since, there is nothing to be taken back any more.
        try await bench.edit(deal, #"{"amount":9}"#, by: ann)
        try await bench.edit(deal, #"{"note":"m"}"#)
        #expect(try await bench.undo(deal, 4, by: ann).brief(bench.model).hasPrefix("conflict"))
        bench.clock.advance(seconds: 60)
        try await bench.edit(deal, #"{"note":"o"}"#, by: ann)
        bench.clock.advance(seconds: 86_401)
        #expect(try await bench.undo(deal, 6, by: ann).brief(bench.model).hasPrefix("refused"))
    }

    @Test func aMoveTakenBackLeavesNoTraceInTheStages() async throws {
        let bench = try Bench(desk)
        try await bench.make("company", #"{"name":"华芯"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯","amount":5,"note":"n"}"#)
        bench.clock.advance(seconds: 3600)
        #expect(try await bench.move(deal, to: "lost").brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.undo(deal, 2).brief(bench.model).hasPrefix("saved"))
        #expect(try await bench.read(deal, "stage") == [#""new""#])
        let visits = try await bench.engine.visits(of: deal)
        #expect(visits.map(\.stage) == ["new"] && visits[0].left == nil)
    }
}

@Suite struct TogetherTests {
    @Test func fillingInAndMovingIsOneSaveOrNone() async throws {
        let bench = try Bench(desk)
        try await bench.make("company", #"{"name":"华芯"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯"}"#)
        let amount = try await bench.inputs("deal", #"{"amount":5}"#).inputs
        let call = try await bench.inputs("activity", #"{"kind":"call","about":"deal/1"}"#).inputs
        let activity = try bench.object("activity").id
        let edit = SaveCommand(.edit(deal, amount), by: .system, expecting: .openedOn(1))
        let move = SaveCommand(.move(deal, to: "talked"), by: .system, expecting: .openedOn(1))
        let before = try await bench.content()
        let held = try await bench.engine.saveTogether([edit, move])
        #expect(held.count == 2 && held[0].isDone && !held[1].isDone)
        #expect(try await bench.content() == before)
        let done = try await bench.engine.saveTogether([SaveCommand(.create(activity, call), by: .system), edit, move])
        #expect(done.count == 3 && done.allSatisfy { $0.isDone })
        #expect(try await bench.read(deal, "stage", "amount") == [#""talked""#, "5"])
    }

    @Test func aTrialWritesNothing() async throws {
        let bench = try Bench(desk)
        try await bench.make("company", #"{"name":"华芯"}"#)
        let deal = try await bench.make("deal", #"{"title":"a","company":"华芯"}"#)
        let before = try await bench.content()
        let inputs = try await bench.inputs("deal", #"{"discount":0.1}"#).inputs
        let wrong = try await bench.inputs("deal", #"{"discount":0.9}"#).inputs
        let outcomes = try await bench.engine.trial([SaveCommand(.edit(deal, inputs), by: .system), SaveCommand(.edit(deal, wrong), by: .system)])
        #expect(outcomes.map(\.isDone) == [true, false])
        #expect(try await bench.content() == before)
    }
}

@Suite struct BoardTests {
    @Test func columnsCountAndSumWhatTheFilterLeaves() async throws {
        let bench = try Bench(desk)
        try await bench.make("company", #"{"name":"华芯"}"#)
        for (title, amount) in [("a", "5"), ("b", "7.25"), ("c", "null"), ("d", "-1")] {
            try await bench.make("deal", #"{"title":"\#(title)","company":"华芯","amount":\#(amount),"note":"n"}"#)
        }
        let object = try bench.object("deal")
        let stage = try #require(object.stage), amount = try bench.field("deal", "amount").id
        try await bench.move(RecordID(object: object.id, number: 4), to: "lost")
        bench.clock.advance(seconds: 86_400)
        func condition(_ text: String) throws -> CheckedExpression {
            guard case .ready(let condition) = bench.engine.condition(text, on: object.id) else { throw Surprise(outcome: text) }
            return condition
        }
        func request(_ filter: String) throws -> BoardRequest {
            BoardRequest(
                field: stage, condition: try condition(filter),
                columns: try ["new", "talked", "won", "lost"].map { key in
                    BoardRequest.Column(
                        key: key, own: try condition("stage = '\(key)'"), condition: try condition("(\(filter)) and stage = '\(key)'"),
                        late: key == "new" ? nil : try condition("stage = '\(key)' and amount < 0"), limit: 2)
                }, search: nil, sort: [], sums: [amount])
        }
        let board = try await bench.engine.board(try request("true"), as: .system)
        #expect(board.columns.map(\.late) == [0, 0, 0, 1])
        #expect(board.columns.map(\.totals.count) == [3, 0, 0, 1])
        #expect(board.columns.map { $0.totals.sums[0]?.description } == ["12.25", nil, nil, "-1"])
        #expect(board.columns[0].cards.map { board.titles[$0.row.id] } == ["华芯 a", "华芯 b"])
        let gate = try #require(board.columns[0].cards[0].gate)
        #expect(gate.to == "talked" && gate.items.map(\.isMet) == [false, true])
        #expect(board.columns[3].cards[0].gate == nil && board.columns[3].cards[0].entered != nil)
        #expect(try await bench.engine.board(try request("amount > 6"), as: .system).columns.map(\.totals.count) == [1, 0, 0, 0])
    }
}

extension Bench {
    @discardableResult
    func restore(_ id: RecordID) async throws -> SaveOutcome {
        try await engine.save(SaveCommand(.restore(id), by: .system))
    }

    func undo(_ id: RecordID, _ version: Int64, by principal: Principal = .system) async throws -> SaveOutcome {
        try await engine.save(SaveCommand(.undo(id, version: version), by: principal))
    }
}
