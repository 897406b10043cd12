import Formula
import Model
import Program
import SchemaPlan
import SourceText
import TestKit
import Testing

/// Two definitions in, the printed plan out: `NAME.before` (none for a first start) and `NAME.yaml`.
@Suite struct Plans {
    static let folder = Golden.folder("Plans")

    @Test(arguments: Golden.inputs(in: folder)) func planReadsAsExpected(_ golden: Golden) throws {
        let before = Golden(path: Self.folder + "/" + golden.name + ".before")
        var existing = ExistingSchema()
        if let bytes = try? before.bytes() { existing = try schema(of: bytes).difference(from: existing).after }
        let plan = try schema(of: golden.bytes()).difference(from: existing)
        var text = plan.text(in: .en) + "\n" + plan.text(in: .zh) + "\n"
        for change in plan.changes {
            for statement in SQLiteStatements.statements(for: change) {
                text += statement.text + (statement.arguments.isEmpty ? "" : " -- \(statement.arguments)") + ";\n"
            }
            if let check = SQLiteStatements.check(of: change) {
                text += "-- none of: \(check.text)\(check.arguments.isEmpty ? "" : " -- \(check.arguments)")\n"
            }
        }
        let difference = try golden.difference(from: text)
        #expect(difference == nil, "\(difference ?? "")")
        let again = try schema(of: golden.bytes()).difference(from: plan.after)
        if plan.refusals.isEmpty { #expect(again.isEmpty, "a plan that is carried out leaves nothing to do, but: \(again.text(in: .en))") }
    }

    private func schema(of bytes: [UInt8]) throws -> DesiredSchema {
        var sources = SourceSet()
        sources.add(path: "app.yaml", bytes: bytes)
        let (app, diagnostics) = compile(sources)
        let problems = DiagnosticText(sources: sources, language: .en).render(diagnostics)
        let compiled = try #require(app, "\(problems)")
        return DesiredSchema(app: compiled.model, volatile: Set(compiled.objects.flatMap { $0.volatile.map(\.field) }))
    }
}

@Suite struct ComingBack {
    private let with = text("      phone: phone\n      total: { formula: 1 + 1 }\n")
    private let without = text("")
    private let asDate = text("      phone: date\n      total: { formula: 1 + 1 }\n")

    private static func text(_ fields: String) -> String {
        "app: { name: desk }\nobjects:\n  client:\n    fields:\n      name: text\n\(fields)"
    }

    @Test func aRemovedFieldComesBackWithItsColumn() throws {
        let first = try schema(with).difference(from: ExistingSchema())
        let second = try schema(without).difference(from: first.after)
        #expect(second.changes.map(\.class) == [.retire, .retire])
        let third = try schema(with).difference(from: second.after)
        #expect(third.changes.map(\.class) == [.safe, .safe, .backfill], "\(third.text(in: .en))")
        #expect(fields(third.after).map(\.column) == fields(first.after).map(\.column))
        #expect(fields(third.after).allSatisfy { !$0.isRetired })
    }

    @Test func withAnotherTypeItGetsANewColumnAndTheOldOneIsKept() throws {
        let first = try schema(with).difference(from: ExistingSchema())
        let second = try schema(without).difference(from: first.after)
        let third = try schema(asDate).difference(from: second.after)
        let phones = fields(third.after).filter { $0.name == "phone" }
        #expect(phones.map(\.isRetired) == [true, false])
        #expect(Set(phones.map(\.column)).count == 2)
        let fourth = try schema(with).difference(from: third.after)
        #expect(fourth.refusals.count == 1, "a date in use does not become a phone: \(fourth.text(in: .en))")
    }

    @Test func aRemovedObjectComesBackWithItsTable() throws {
        let first = try schema(with).difference(from: ExistingSchema())
        let second = try schema("app: { name: desk }\nobjects:\n  other:\n    fields:\n      name: text\n").difference(from: first.after)
        #expect(second.after.objects.first { $0.name == "client" }?.isRetired == true)
        let third = try schema(with).difference(from: second.after)
        #expect(third.after.objects.first { $0.name == "client" }?.isRetired == false)
        #expect(third.after.objects.filter { $0.name == "client" }.count == 1)
    }

    private func fields(_ schema: ExistingSchema) -> [ExistingField] {
        schema.objects.first { $0.name == "client" }?.fields ?? []
    }

    private func schema(_ text: String) throws -> DesiredSchema {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text)
        let app = try #require(compile(sources).app)
        return DesiredSchema(app: app.model, volatile: Set(app.objects.flatMap { $0.volatile.map(\.field) }))
    }
}

@Suite struct Names {
    @Test(arguments: [
        ("lead", "lead"), ("客户续费率", "ke_hu_xu_fei_lu"), ("近3月互动次数", "jin3yue_hu_dong_ci_shu"), ("Café Noir", "cafe_noir"), ("  a--b  ", "a_b"),
        ("3d", "n3d"), ("😀", "n"), ("\"; DROP TABLE x", "drop_table_x"), ("名 称", "ming_cheng"),
    ]) func slugsAreReadableASCII(_ name: String, _ slug: String) {
        #expect(PhysicalNames.slug(of: name) == slug)
    }

    @Test func longNamesStayBelowTheLimitWithEverySuffix() {
        let name = PhysicalNames.name(slugOf: String(repeating: "机会阶段", count: 40), number: 99_999_999)
        for physical in [
            PhysicalNames.objectColumn(of: name), PhysicalNames.errorColumn(of: name), PhysicalNames.sideTable(of: name),
            PhysicalNames.index(on: name), PhysicalNames.uniqueIndex(on: name),
        ] {
            #expect(physical.utf8.count <= PhysicalNames.maximumBytes)
            #expect(physical.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) })
        }
    }

    @Test func quotingLeavesNoWayOut() {
        #expect(PhysicalNames.quoted("a\"b") == "\"a\"\"b\"")
    }
}

@Suite struct Codes {
    @Test(arguments: [
        ColumnStorage.number(decimals: 6), .money(decimals: 2, currency: "CNY"), .percent(decimals: 4), .bool, .date, .datetime, .duration, .text,
        .choice, .choices, .tags, .link(object: "a:b"), .link(object: "客户"), .linkAny,
    ]) func storageReadsBack(_ storage: ColumnStorage) {
        #expect(ColumnStorage(code: storage.code) == storage)
    }

    @Test(arguments: ["", "money", "number:x", "date:1", "blob"]) func unknownCodesAreNone(_ code: String) {
        #expect(ColumnStorage(code: code) == nil)
    }

    @Test func listsReadBackWhateverTheyHold() {
        var random = RepeatableRandom(seed: 3)
        let signs = ["\u{1F}", "\u{1B}", "u", "e", "甲", "a", ""]
        for _ in 0..<500 {
            let list = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                (0..<Int.random(in: 0...5, using: &random)).map { _ in signs[Int.random(in: 0..<signs.count, using: &random)] }.joined()
            }
            #expect(ValueList.split(ValueList.joined(list)) == list)
        }
    }
}
