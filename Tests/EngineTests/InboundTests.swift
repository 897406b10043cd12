import Engine
import Formula
import Model
import Program
import SourceText
import Storage
import StorageSQLite
import TestKit
import Testing

/// Messages that become records.
@Suite struct InboundTests {
    private static let app = """
        app: { name: desk }
        objects:
          lead:
            fields:
              name:  { type: text, required: yes }
              level: { type: choice, options: { high: 高, low: 低 } }
              share: percent
          note:
            fields: { text: text }
        inbound:
          form:
            verify: { bearer: $TOKEN }
            once: body.id
            creates: lead
            map: { name: body.name, level: body.level, share: body.share }
          whole: { verify: { bearer: $TOKEN }, creates: lead, map: { name: body.name } }
        automations:
          noted: { when: inbound form, do: { create: note, with: { text: "{name}" } } }
          other: { when: inbound whole, do: { create: note, with: { text: other } } }

        """

    private func makeEngine() throws -> Engine {
        let app = CrashWork.app(Self.app)
        let world = TestWorld.make()
        return Engine(app: app, store: try SQLiteStore.inMemory(app: app, world: world), world: world)
    }

    private func receive(_ engine: Engine, _ name: String, _ body: String, type: String? = "application/json") async throws -> InboundOutcome {
        let inbound = try #require(engine.app.model.inbound(named: name))
        return try await engine.receive(inbound, Array(body.utf8), contentType: type, digest: body)
    }

    private func count(_ engine: Engine, _ object: String) async throws -> Int {
        let object = try #require(engine.app.model.object(named: object))
        return try await engine.store.read { try $0.page(RecordQuery(object: object.id, limit: 100)).rows.count }
    }

    @Test("T13: ten at once are one record and one run") func tenAtOnceAreOneRecordAndOneRun() async throws {
        let engine = try makeEngine()
        let outcomes = try await withThrowingTaskGroup(of: InboundOutcome.self) { tasks in
            for _ in 0..<10 { tasks.addTask { try await self.receive(engine, "form", #"{"id":1,"name":"a"}"#) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        let first = outcomes.count { if case .taken(_, isRepeated: false) = $0 { true } else { false } }
        let repeated = outcomes.count { if case .taken(_, isRepeated: true) = $0 { true } else { false } }
        #expect(first == 1 && repeated == 9)
        try await Automator(engine).settle()
        #expect(try await count(engine, "lead") == 1)
        #expect(try await count(engine, "note") == 1)
    }

    @Test func textsAreReadAsPeopleTypeThem() async throws {
        let engine = try makeEngine()
        guard case .taken(let record, _) = try await receive(engine, "form", "id=9&name=%E5%BC%A0+%E4%B8%89&level=%E9%AB%98&share=15%25", type: "application/x-www-form-urlencoded")
        else {
            Issue.record("it was not taken")
            return
        }
        let row = try #require(try await engine.record(record, as: .system)?.rows.first)
        let lead = engine.app.model[record.object]
        func value(_ name: String) throws -> Value { row[try #require(lead.field(named: name)).id] }
        #expect(try value("name") == .text("张 三"))
        #expect(try value("level") == .option("high"))
        #expect(try value("share") == .number(try #require(ExactDecimal("0.15"))))
    }

    @Test("T13: the same number with other content changes nothing") func theSameNumberWithOtherContentChangesNothing() async throws {
        let engine = try makeEngine()
        _ = try await receive(engine, "form", #"{"id":1,"name":"a"}"#)
        let outcome = try await receive(engine, "form", #"{"id":1,"name":"b"}"#)
        guard case .differs = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(try await count(engine, "lead") == 1)
        // A number counts within its own entry.
        guard case .taken(_, isRepeated: false) = try await receive(engine, "whole", #"{"id":1,"name":"b"}"#) else {
            Issue.record("it was not taken")
            return
        }
    }

    @Test("T13: what is refused may come again") func whatIsRefusedMayComeAgain() async throws {
        let engine = try makeEngine()
        for body in [#"{"id":5}"#, #"{"id":5,"name":"a","level":"middle"}"#] {
            guard case .refused(.refused(let violations)) = try await receive(engine, "form", body) else {
                Issue.record("it was not refused")
                return
            }
            #expect(violations.count == 1)
        }
        guard case .taken(_, isRepeated: false) = try await receive(engine, "form", #"{"id":5,"name":"a"}"#) else {
            Issue.record("it was not taken")
            return
        }
    }

    @Test(arguments: ["{", #"{"name":"a"}"#, #"{"id":"","name":"a"}"#]) func whatHasNoNumberIsNotTaken(body: String) async throws {
        let engine = try makeEngine()
        guard case .unreadable = try await receive(engine, "form", body) else {
            Issue.record("it was taken")
            return
        }
        #expect(try await count(engine, "lead") == 0)
    }
}
