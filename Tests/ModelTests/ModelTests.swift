import Formula
import Model
import Program
import SourceText
import TestKit
import Testing

/// Compiles one text; the model, and the codes of what was told.
func model(of text: String) -> (model: CheckedApp?, codes: [String]) {
    var sources = SourceSet()
    sources.add(path: "app.yaml", text: text)
    let (app, report) = compile(sources)
    return (app?.model, report.inOrder.map(\.code))
}

@Suite struct ResolutionTests {
    @Test func rolesCoverWhatTheyInclude() throws {
        let app = try #require(model(of: "app: { name: a }\nroles:\n  c: { includes: b }\n  b: { includes: [a] }\n  a:\n").model)
        #expect(app.roles.map { $0.covers.map(\.index).sorted() } == [[0, 1, 2], [1, 2], [2]])
    }

    @Test func builtInObjectsComeFirst() throws {
        let app = try #require(model(of: "app: { name: a }\nroles: { sales: { label: 销售 } }\nobjects:\n  lead: { fields: { name: text } }\n").model)
        #expect(app.objects.map(\.name) == ["user", "activity", "file", "task", "lead"])
        let lead = try #require(app.object(named: "lead"))
        #expect(lead.collections.map(\.name) == ["activities", "files", "tasks"])
        #expect(lead.fields.prefix(6).map(\.name) == ["id", "version", "created", "created_by", "changed", "changed_by"])
        #expect(lead.shows.expressions.count == 1)
        let about = try #require(app.object(named: "activity")?.field(named: "about"))
        #expect(about.kind == .link(to: [app.objects[0].id, lead.id]))
        let role = try #require(app.object(named: "user")?.field(named: "role"))
        #expect(role.kind == .choice(OptionList(name: "roles", options: [.init(key: "sales", labelZh: "销售", labelEn: "销售")])))
    }

    @Test func kindsOfABuiltInFieldAreAddedTo() throws {
        let app = try #require(
            model(of: "app: { name: a }\nobjects:\n  file:\n    fields:\n      kind: { options: { image: 照片, minutes: 会议纪要 } }\n").model)
        guard case .choice(let list)? = app.object(named: "file")?.field(named: "kind")?.kind else {
            Issue.record("kind is a choice")
            return
        }
        #expect(list.options.map(\.key) == ["document", "image", "other", "minutes"])
        #expect(list.options.map(\.labelZh) == ["文档", "照片", "其他", "会议纪要"])
    }

    @Test func aFormulaGivesItsFieldAType() throws {
        let app = try #require(
            model(of: """
                app: { name: a }
                objects:
                  o:
                    fields:
                      later:  { formula: sum * 2 }
                      sum:    { formula: price + price }
                      price:  { type: money, currency: USD }
                      share:  { type: percent, decimals: 3, formula: 1 / 3 }
                      text:   { formula: "'x' & price" }
                      who:    { formula: owner.manager }
                      owner:  link to user
                      scored: { points: { one: 1 if price > 0, two: 2 }, decimals: 0 }
                """).model)
        let kinds = try #require(app.object(named: "o")).fields.dropFirst(6).map(\.kind)
        #expect(
            kinds == [
                .money(decimals: 2, currency: "USD"), .money(decimals: 2, currency: "USD"), .money(decimals: 2, currency: "USD"), .percent(decimals: 3),
                .text, .link(to: [app.objects[0].id]), .link(to: [app.objects[0].id]), .number(decimals: 0),
            ])
    }

    @Test func everyMistakeIsToldAtOnce() {
        let (app, codes) = model(of: """
            app: { name: a, timezone: Nowhere }
            objects:
              o:
                fields:
                  a: link to p
                  b: choice of c
                  d: { formula: e + 1 }
                rules:
                  r: { must: f }
            """)
        #expect(app == nil)
        #expect(codes == ["unknown-timezone", "unknown-object", "unknown-choices", "unknown-name", "unknown-name"])
    }

    @Test func aFieldThatCouldNotBeReadIsNotMissed() {
        #expect(model(of: "app: { name: a }\nobjects:\n  o:\n    fields:\n      a: strange\n      b: { formula: a + 1 }\n").codes == ["unknown-type"])
    }

    @Test(arguments: [
        // By a formula whose type is written down, which typing does not look into.
        "a: { type: number, formula: b }\nb: { type: number, formula: a }",
        "a: { formula: a + 1 }",
        "parent: { type: link, to: o, as: parts }\na: { type: number, formula: sum(parts.a) + 1 }",
        "x: { type: number, default: =y }\ny: { type: number, default: =x }",
    ])
    func circlesAreFound(_ fields: String) {
        let indented = fields.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n")
        #expect(model(of: "app: { name: a }\nobjects:\n  o:\n    fields:\n\(indented)\n").codes == ["formula-cycle"])
    }

    @Test func tooManyObjects() {
        let objects = (0...500).map { "  o\($0): { fields: { name: text } }" }.joined(separator: "\n")
        #expect(model(of: "app: { name: a }\nobjects:\n\(objects)\n").codes == ["too-many"])
    }
}

@Suite struct StageTests {
    static func stages(_ stages: String, moves: String = "{}") throws -> CheckedStages {
        let text = "app: { name: a }\nobjects:\n  o:\n    fields:\n      s:\n        type: stage\n        stages: \(stages)\n        moves: \(moves)\n"
        let app = try #require(model(of: text).model)
        guard case .stage(let stages)? = app.object(named: "o")?.field(named: "s")?.kind else { throw Missing() }
        return stages
    }
    struct Missing: Error {}

    @Test func oneStepForwardAndAnyBack() throws {
        let path = try Self.stages("{ a: , b: , c: , won: { end: won }, lost: { end: lost } }")
        #expect(path.allowsMove(from: "a", to: "b"))
        #expect(!path.allowsMove(from: "a", to: "c"))
        #expect(path.allowsMove(from: "c", to: "a"))
        #expect(path.allowsMove(from: "a", to: "lost"))
        #expect(!path.allowsMove(from: "won", to: "lost"))
        #expect(path.allowsMove(from: "lost", to: "b"))
        #expect(!path.allowsMove(from: "b", to: "b"))
        #expect(!path.allowsMove(from: "b", to: "nowhere"))
    }

    @Test func movesChangeThat() throws {
        let path = try Self.stages("{ a: , b: , c: , won: { end: won }, lost: { end: lost } }", moves: "{ skip: yes, back: no, from_any: [lost, b] }")
        #expect(path.allowsMove(from: "a", to: "won"))
        #expect(!path.allowsMove(from: "lost", to: "a"))
        #expect(path.allowsMove(from: "c", to: "b"))
        #expect(!path.allowsMove(from: "won", to: "b"))
    }
}

@Suite struct ScenarioResolutionTests {
    static let app = """
        app: { name: a }
        roles: { sales: }
        objects:
          o:
            fields: { name: { type: text, required: yes }, owner: link to user, n: number }
          p:
            fields: { name: text }
        tests:
          t:
            given:
              user: { 小王: { name: 小王 } }
            steps:

        """

    private func codes(_ steps: String) -> [String] {
        model(of: Self.app + steps.split(separator: "\n").map { "      " + $0 }.joined(separator: "\n") + "\n").codes
    }

    @Test func namesOfRecordsAreFollowed() {
        #expect(codes("- { create: o, name: x, with: { name: 一, owner: 小王 } }\n- { edit: o, with: { n: 2 } }\n- { expect: { owner: 小王 }, of: x }") == [])
        // The second `o` has no name and is the last; the first cannot be meant.
        #expect(codes("- create: o\n- create: p\n- { edit: o, with: { n: 2 } }\n- expect: { n: 2 }") == ["no-record"])
        #expect(codes("- { create: o, name: x }\n- create: p\n- { edit: o, with: { n: 2 } }\n- expect: { n: 2 }") == [])
        #expect(codes("- { create: o, name: 小王 }\n- expect: { n: 2 }") == ["duplicate-name"])
    }

    @Test func aRefusedCreationLeavesNothing() {
        #expect(codes("- { create: o, name: x }\n- expect refused: [name]\n- { expect: { n: 1 }, of: x }") == ["unknown-record"])
    }

    @Test func valuesAreReadAsTheirFields() {
        #expect(codes("- { create: o, with: { n: 1.5万 } }\n- expect: { n: twelve }") == ["bad-value"])
        #expect(codes("- { create: o, with: { n: =1 + 'a' } }\n- expect: { n: 1 }") == ["type-mismatch"])
        #expect(codes("- { create: o, with: { id: 3 } }\n- expect: { id: 1 }") == ["not-writable"])
        #expect(codes("- create: o\n- wait: 3 business days\n- expect: { n: 1 }").isEmpty)
    }
}
