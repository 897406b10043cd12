import Formula
import Model
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite
import TestKit
import Testing

/// New formulas over records that stand already.
@Suite struct FillingTests {
    private static func app(_ formulas: String) throws -> CompiledApp {
        var sources = SourceSet()
        sources.add(
            path: "app.yaml",
            text: """
                app: { name: stock, version: 1.0.0 }
                objects:
                  item:
                    fields:
                      count: { type: number, decimals: 0 }
                      remark: long_text
                \(formulas)
                """)
        let (app, diagnostics) = compile(sources)
        return try #require(app, Comment(rawValue: DiagnosticText(sources: sources, language: .en).render(diagnostics)))
    }

    private static let formulas = """
              double: { formula: count * 2 }
              share: { formula: 12 / count }
              size: { formula: "if(double >= 20, 'big', 'small')" }
        """

    private static func row(_ app: CompiledApp, _ number: Int64, count: Int64?, remark: String? = nil) throws -> Row {
        let item = try #require(app.model.object(named: "item"))
        var row = Row(id: RecordID(object: item.id, number: number), values: item.fields.map { _ in .blank })
        let now = Value.instant(TestWorld.make().clock.now())
        row[.version] = .number(.one)
        row[.created] = now
        row[.changed] = now
        if let count { row[try #require(item.field(named: "count")).id] = .number(ExactDecimal(scaled: count, decimals: 0)) }
        if let remark { row[try #require(item.field(named: "remark")).id] = .text(remark) }
        return row
    }

    /// Numbers stand close together, far apart and alone; some records are deleted, and for some a formula fails.
    @Test func fillsEveryRecordWhateverItsNumber() async throws {
        try await TestFiles.withFolder { folder in
            let before = try Self.app("")
            let numbers = Array(1...1_203) + [2_000, 2_001, 5_000, 70_000, 70_500, 70_501, 1_000_000_007, 9_000_000_000_000] as [Int64]
            let first = try await StorageSQLite.open(folder: folder, app: before, world: TestWorld.make())
            try await first.write { transaction in
                for number in numbers { try transaction.insert(Self.row(before, number, count: number % 7 == 0 ? nil : number % 5)) }
            }
            await first.close()
            let after = try Self.app(Self.formulas)
            let second = try await StorageSQLite.open(folder: folder, app: after, world: TestWorld.make())
            let item = try #require(after.model.object(named: "item"))
            let fields = try ["double", "share", "size"].map { try #require(item.field(named: $0)).id }
            let computations = after[item.id].computedOrder
            let filled = try await second.read { transaction in try numbers.map { try transaction.row(RecordID(object: item.id, number: $0)) } }
            for row in filled {
                let row = try #require(row)
                var computed = row
                for field in fields { computed[field] = .blank }
                for computation in computations {
                    computed[computation.field] = try computation.value(in: Frame(this: computed, moment: after.model.moment(at: TestWorld.make().clock.now()), source: NoRows()))
                }
                #expect(fields.map { row[$0] } == fields.map { computed[$0] }, "item/\(row.id.number)")
            }
            await second.close()
        }
    }

    /// The log of such a change is copied into the database beside everything else.
    @Test func aLongLogIsCopiedWhileOthersWrite() async throws {
        try await TestFiles.withFolder { folder in
            let before = try Self.app(""), count: Int64 = 9_000
            let first = try await StorageSQLite.open(folder: folder, app: before, world: TestWorld.make())
            let remark = String(repeating: "货", count: 1_700)
            try await first.write { transaction in
                for number in 1...count { try transaction.insert(Self.row(before, number, count: number, remark: remark)) }
            }
            await first.close()
            let after = try Self.app(Self.formulas)
            let item = try #require(after.model.object(named: "item")), double = try #require(item.field(named: "double")).id
            let second = try await StorageSQLite.open(folder: folder, app: after, world: TestWorld.make())
            for number in (count + 1)...(count + 20) { try await second.write { try $0.insert(Self.row(after, number, count: number)) } }
            await second.close()
            #expect(!TestFiles.exists(folder + "/app.sqlite-wal"))
            let third = try await StorageSQLite.open(folder: folder, app: after, world: TestWorld.make())
            #expect(third.appliedPlan.isEmpty)
            let (last, all) = try await third.read { transaction in
                (try transaction.row(RecordID(object: item.id, number: count))?[double], try transaction.count(item.id, where: nil))
            }
            #expect(last == .number(ExactDecimal(scaled: count * 2, decimals: 0)))
            #expect(all == Int(count) + 20)
            await third.close()
        }
    }
}

private struct NoRows: RowSource {
    func row(_ id: RecordID) throws -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) throws -> [Row] { [] }
    func rows(of object: ObjectID) throws -> [Row] { [] }
    func users(in role: RoleID) throws -> [Row] { [] }
    func title(of id: RecordID) throws -> String { "" }
}
