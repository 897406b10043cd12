import Formula
import Foundation
import GRDB
import Model
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite
import TestKit
import Testing

@Suite struct Restarts {
    private let deal = SampleApp.row(SampleApp.deal, 1, ["name": .text("甲"), "words": .options(["a"]), "stage": .option("won")])

    @Test func whatWasWrittenIsThereAfterwards() async throws {
        try await TestFiles.withFolder { folder in
            let first = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            try await first.write { [deal] transaction in
                try transaction.insert(deal)
                try transaction.append(CrashWork.history(of: deal))
            }
            _ = try await first.write { try $0.nextAutonumber(of: SampleApp.field(SampleApp.deal, "no")) }
            await first.close()
            let second = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            #expect(second.appliedPlan.isEmpty)
            let kept = try await second.read { [deal] in try $0.row(deal.id) }
            #expect(kept == deal)
            let number = try await second.write { try $0.nextNumber(of: SampleApp.deal) }
            #expect(number == 2)
            let auto = try await second.write { try $0.nextAutonumber(of: SampleApp.field(SampleApp.deal, "no")) }
            #expect(auto == 2)
            let entry = try await second.write { [deal] transaction in
                try transaction.append(CrashWork.history(of: deal))
                return try transaction.history(of: deal.id, limit: 1, before: nil)
            }
            #expect(entry.map(\.sequence) == [2])
            await second.close()
        }
    }

    @Test func oneProcessHoldsTheFolderAndOthersMayRead() async throws {
        try await TestFiles.withFolder { folder in
            let server = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            await #expect(throws: StoreError.locked(path: folder)) {
                try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            }
            try await server.write { [deal] in try $0.insert(deal) }
            let reader = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make(), access: .reading)
            let seen = try await reader.read { [deal] in try $0.row(deal.id) }
            #expect(seen == deal)
            await #expect(throws: StoreError.readOnly) { try await reader.write { try $0.set("a", forSetting: "b") } }
            await reader.close()
            await server.close()
            let next = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            await next.close()
        }
    }

    @Test func aFolderWithoutDataCannotBeReadButIsNotTouched() async throws {
        try await TestFiles.withFolder { folder in
            await #expect(throws: StoreError.self) {
                try await StorageSQLite.open(folder: folder + "/none", app: SampleApp.app, world: TestWorld.make(), access: .reading)
            }
            #expect(!TestFiles.exists(folder + "/none"))
        }
    }

    @Test func aFileThatIsNoDatabaseIsToldAndLeft() async throws {
        try await TestFiles.withFolder { folder in
            try TestFiles.write(String(repeating: "no database ", count: 500), to: folder + "/app.sqlite")
            await #expect(throws: StoreError.notADatabase("file is not a database")) {
                try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            }
            #expect(try TestFiles.read(folder + "/app.sqlite").hasPrefix("no database"))
        }
    }

    @Test func aDatabaseOfAnotherProgramIsLeftAlone() async throws {
        try await TestFiles.withFolder { folder in
            let other = try DatabaseQueue(path: folder + "/app.sqlite")
            try await other.write { try $0.execute(sql: "CREATE TABLE theirs (a)") }
            try other.close()
            await #expect(throws: StoreError.notADatabase("the file holds tables of another program")) {
                try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            }
            let again = try DatabaseQueue(path: folder + "/app.sqlite")
            let names = try await again.read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
            #expect(names == ["theirs"])
        }
    }

    @Test func theFolderOfAnotherAppIsRefused() async throws {
        try await TestFiles.withFolder { folder in
            let first = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            await first.close()
            await #expect(throws: StoreError.self) {
                try await StorageSQLite.open(folder: folder, app: CrashWork.orders, world: TestWorld.make())
            }
        }
    }

    @Test func requestConnectionsAreShut() async throws {
        try await TestFiles.withFolder { folder in
            let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            for sql in [
                "ATTACH DATABASE '/tmp/x' AS x", "PRAGMA writable_schema = 1; UPDATE sqlite_master SET sql = ''", "SELECT \"no such column\"",
                "SELECT load_extension('x')",
            ] {
                #expect(throws: (any Error).self, "\(sql)") { try store.probe(sql) }
            }
            await store.close()
        }
    }
}

@Suite struct Trouble {
    /// The whole group of a commit is lost together, told so, and the next one goes through.
    @Test("T04: a full disk refuses what it cannot hold and nothing else") func aFullDiskRefusesWhatItCannotHoldAndNothingElse() async throws {
        let store = try await StorageSQLite.inMemory(app: SampleApp.app, world: TestWorld.make())
        try await store.write { transaction in
            for number in 1...20 { try CrashWork.write(Int64(number), seed: 1, to: transaction) }
        }
        // As many pages as there are: SQLite says that the disk is full.
        try store.probe("PRAGMA max_page_count = 1")
        let outcomes = await withTaskGroup(of: StoreError?.self) { group in
            for task in 0..<8 {
                group.addTask {
                    do {
                        try await store.write { transaction in
                            for number in 1...200 { try CrashWork.write(Int64(1_000 * (task + 1) + number), seed: 1, to: transaction) }
                        }
                        return nil
                    } catch {
                        return error as? StoreError ?? .other("\(error)")
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 == .diskFull }, "\(outcomes)")
        try store.probe("PRAGMA max_page_count = 1000000")
        let numbers = try await store.read { try $0.rows(of: SampleApp.deal).map(\.id.number) }
        #expect(numbers == Array(1...20))
        let next = try await store.write { transaction in
            let number = try transaction.nextNumber(of: SampleApp.deal)
            try CrashWork.write(number, seed: 1, to: transaction)
            return try transaction.history(of: RecordID(object: SampleApp.deal, number: number), limit: 1, before: nil)
        }
        #expect(next.map(\.sequence) == [21], "the sequence has no gap where the disk was full")
        await store.close()
    }

    @Test func aStoreThatIsClosedTakesNothing() async throws {
        let store = try await StorageSQLite.inMemory(app: SampleApp.app, world: TestWorld.make())
        await store.close()
        await #expect(throws: StoreError.other("the store is closed")) { try await store.write { try $0.set("a", forSetting: "b") } }
        await #expect(throws: (any Error).self) { try await store.read { try $0.setting("b") } }
    }

    @Test func writesThatWereBegunEndBeforeClosing() async throws {
        try await TestFiles.withFolder { folder in
            let store = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            let written = await withTaskGroup(of: Bool.self) { group in
                for number in 1...50 {
                    group.addTask { (try? await store.write { try CrashWork.write(Int64(number), seed: 1, to: $0) }) != nil }
                }
                group.addTask {
                    await store.close()
                    return false
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            let again = try await StorageSQLite.open(folder: folder, app: SampleApp.app, world: TestWorld.make())
            let kept = try await again.read { try $0.rows(of: SampleApp.deal).count }
            #expect(kept == written, "every work was answered as it ended")
            await again.close()
        }
    }
}

@Suite struct SchemaChanges {
    private static let base = """
        app: { name: desk }
        objects:
          client:
            fields:
              name: { type: text, unique: yes }
              level: { type: choice, options: [low, mid] }
              amount: money

        """

    @Test func newFieldsAndFormulasComeToRecordsThatStand() async throws {
        try await TestFiles.withFolder { folder in
            try await withStore(folder, Self.base) { store, client in
                try await store.write { transaction in
                    for number in 1...1_203 {
                        try transaction.insert(
                            row(store.app, client, Int64(number), ["name": .text("c\(number)"), "amount": .number(ExactDecimal(number))]))
                    }
                }
            }
            let later = Self.base + """
                      vip: bool
                      twice: { type: money, formula: amount * 2 }
                      more: { type: money, formula: twice + 1 }
                      broken: { formula: amount / (amount - 7) }
                      upon: { formula: "if(amount > 1200, upper(name) & '!', blank)" }
                      mended: { formula: "iferror(broken, 0)" }
                      large: { type: bool, formula: amount >= 1000 }
                      state: { type: stage, stages: { open: {}, done: {} } }

                """.replacing("        ", with: "      ")
            try await withStore(folder, later) { store, client in
                let rows = try await store.read { try $0.rows(of: client) }
                #expect(rows.count == 1_203)
                for row in rows {
                    let number = row.id.number
                    #expect(value(store.app, row, "twice") == .number(ExactDecimal(number * 2)))
                    #expect(value(store.app, row, "more") == .number(ExactDecimal(number * 2 + 1)))
                    #expect(value(store.app, row, "state") == .option("open"))
                    #expect(value(store.app, row, "upon") == (number > 1_200 ? .text("C\(number)!") : .blank))
                    #expect(value(store.app, row, "large") == .bool(number >= 1_000))
                    if number == 7 { #expect(value(store.app, row, "mended") == .number(.zero)) }
                    if number == 7 { #expect(value(store.app, row, "broken") == .failure(FormulaFailure(.divisionByZero))) }
                }
                let audit = try await store.read { try $0.audit(limit: 5, before: nil) }
                #expect(audit.map(\.action) == ["schema"])
            }
            // And back again: the formulas are gone, the records are not.
            try await withStore(folder, Self.base) { store, client in
                let count = try await store.read { try $0.count(client, where: nil) }
                #expect(count == 1_203)
            }
        }
    }

    @Test func theSearchKnowsNewFieldsOfRecordsThatStand() async throws {
        @Sendable func found(_ text: String, _ store: some Store, _ client: ObjectID) async throws -> [Int64] {
            try await store.read { try $0.found(SearchText.words(of: text), in: client, limit: 9).map(\.number) }
        }
        try await TestFiles.withFolder { folder in
            try await withStore(folder, Self.base) { store, client in
                try await store.write { transaction in
                    for (number, name) in [(1, "欧阳商贸"), (2, "Acme"), (3, "张江")] {
                        try transaction.insert(
                            row(store.app, client, Int64(number), ["name": .text(name), "amount": .number(ExactDecimal(number * 100))]))
                    }
                }
            }
            let formulas = """
                      called: { formula: "if(amount >= 200, 'Firma ' & name, blank)" }
                      class: { formula: "if(amount >= 200, 'Grossklasse', 'Kleinklasse')" }

                """.replacing("        ", with: "      ")
            try await withStore(folder, Self.base + formulas) { store, client in
                let found1 = try await found("firma", store, client)
                #expect(found1 == [3, 2])
                let found2 = try await found("ouyang", store, client)
                #expect(found2 == [1], "as it was spoken")
                let found3 = try await found("grossklasse", store, client)
                #expect(found3 == [], "a class is no name")
            }
            let another = formulas.replacing("called", with: "named").replacing("Firma", with: "ＨＡＵＳ")
            try await withStore(folder, Self.base + another) { store, client in
                let found4 = try await found("haus", store, client)
                #expect(found4 == [3, 2])
                let found5 = try await found("firma", store, client)
                #expect(found5 == [])
            }
            // Without its name, which it was called by, the index is made from the beginning.
            try await withStore(folder, Self.base.replacing("name: { type: text, unique: yes }", with: "code: text")) { store, client in
                let found6 = try await found("ouyang", store, client)
                #expect(found6 == [])
            }
        }
    }

    @Test func aTypeChangeIsRefusedAndNothingIsTouched() async throws {
        try await TestFiles.withFolder { folder in
            try await withStore(folder, Self.base) { store, client in
                try await store.write { try $0.insert(row(store.app, client, 1, ["amount": .number(ExactDecimal(5))])) }
            }
            let refused = Self.base.replacing("amount: money", with: "amount: date\n      added: text")
            let error = await #expect(throws: StoreError.self) {
                try await StorageSQLite.open(folder: folder, app: CrashWork.app(refused), world: TestWorld.make())
            }
            guard case .incompatible(let words) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(words.en.contains("`client.amount` is money in CNY with 2 decimals and cannot become a date"))
            #expect(words.zh.contains("不能改成日期"))
            try await withStore(folder, Self.base) { store, client in
                #expect(store.appliedPlan.isEmpty)
                let kept = try await store.read { try $0.rows(of: client) }
                #expect(kept.map { value(store.app, $0, "amount") } == [.number(ExactDecimal(5))])
            }
        }
    }

    @Test func whatRecordsStandAgainstIsRefusedWithTheirNumber() async throws {
        try await TestFiles.withFolder { folder in
            try await withStore(folder, Self.base) { store, client in
                try await store.write { transaction in
                    for number in 1...3 {
                        try transaction.insert(
                            row(store.app, client, Int64(number), ["level": .option("mid"), "amount": .number(ExactDecimal(number / 2))]))
                    }
                }
            }
            let refused = Self.base.replacing("[low, mid]", with: "[low]").replacing("amount: money", with: "amount: { type: money, unique: yes }")
            let error = await #expect(throws: StoreError.self) {
                try await StorageSQLite.open(folder: folder, app: CrashWork.app(refused), world: TestWorld.make())
            }
            guard case .incompatible(let words) = error else { return #expect(Bool(false), "\(String(describing: error))") }
            #expect(words.en.contains("cannot lose the options `mid`: 3 records still have them"))
            #expect(words.en.contains("`client.amount` cannot be made unique: 1 of them occur more than once"))
        }
    }

    private func withStore(_ folder: String, _ text: String, _ work: (SQLiteStore, ObjectID) async throws -> Void) async throws {
        let app = CrashWork.app(text)
        let store = try await StorageSQLite.open(folder: folder, app: app, world: TestWorld.make())
        try await work(store, try #require(app.model.object(named: "client")).id)
        await store.close()
    }

    private func row(_ app: CompiledApp, _ object: ObjectID, _ number: Int64, _ values: [String: Value]) -> Row {
        var row = Row(id: RecordID(object: object, number: number), values: Array(repeating: .blank, count: app.model[object].fields.count))
        row[.id] = .number(ExactDecimal(number))
        row[.version] = .number(ExactDecimal(1))
        row[.created] = .instant(Instant(microseconds: 1))
        row[.changed] = .instant(Instant(microseconds: 1))
        for field in app.model[object].fields { if let value = values[field.name] { row[field.id] = value } }
        return row
    }

    private func value(_ app: CompiledApp, _ row: Row, _ name: String) -> Value {
        app.model[row.id.object].field(named: name).map { row[$0.id] } ?? .blank
    }
}
