import Program
import SourceText
import Testing

/// One slip of an author, told once: what it takes away elsewhere is not told again.
@Suite struct OneMistakeTests {
    private static let app = """
        app: { name: repair }
        choices:
          level: [low, high]
        objects:
          machine:
            shows: "{code}"
            fields:
              code:  { type: text, required: yes }
              level: choice of level
              spent: { formula: sum(jobs.cost) }
          job:
            fields:
              machine: { type: link, to: machine, as: jobs }
              cost:    money
              done_on: date
              stage:
                type: stage
                stages:
                  open: {}
                  done:
                    end: won
                    enter:
                      dated: { must: done_on is not blank }
                  dropped: { end: lost }
                moves: { from_any: [dropped] }
        tests:
          a job is done:
            given: { machine: { press: { code: P1, level: high } } }
            steps:
              - { create: job, name: oil, with: { machine: press, cost: 12 } }
              - { move: done, of: oil }
              - expect held: [dated]
              - { expect: { spent: 12 }, of: press }
        """

    @Test func theAppIsRight() {
        #expect(codes(Self.app) == [])
    }

    @Test(arguments: [
        ("objects:", "object:", "wrong-word"),
        ("app: {", "ap: {", "unknown-key"),
        ("choices:", "choises:", "unknown-key"),
        ("fields:\n      code", "字段:\n      code", "wrong-word"),
        ("{ type: text, required", "{ 类型: text, required", "wrong-word"),
        ("must: done_on is not blank", "condition: done_on is not blank", "wrong-word"),
        ("must: done_on is not blank", "must: done is not blank", "unknown-name"),
        ("must: done_on is not blank", "say: 请填写日期", "missing-key"),
        ("cost: 12 } }\n      - { move: done", "cost: 12 } }\n      - { move: Done", "unknown-stage"),
        ("enter:", "gate:", "wrong-word"),
        ("level: [low, high]", "level: low、high", "wrong-shape"),
        ("choice of level", "choice of levels_of_risk", "unknown-choices"),
        ("from_any: [dropped]", "from_any: [droped]", "unknown-stage"),
        ("    shows: \"{code}\"\n", "    shows: \"{code}\"\n\tlabel: 设备\n", "tab"),
        ("cost:    money", "cost:    money\n      state: { type: stage, stages: { a: {}, b: { end: won } } }", "second-stage"),
    ]) func aSlipIsToldOnce(_ right: String, _ slip: String, _ code: String) {
        #expect(Self.app.contains(right))
        #expect(codes(Self.app.replacing(right, with: slip)) == [code])
    }

    @Test func aRecordIsCalledTheSameInEveryLanguage() {
        #expect(codes(Self.app.replacing("shows: \"{code}\"", with: "shows: { zh: \"{code}\", en: \"{level} {code}\" }")) == ["wrong-shape"])
        #expect(codes(Self.app.replacing("shows: \"{code}\"", with: "shows: { zh: \"{code}\", en: \"{code}\" }")) == [])
    }

    @Test func hintsSayWhatToWrite() {
        #expect(hint(Self.app.replacing("move: done", with: "move: 完成").replacing("          done:\n", with: "          done:\n            label: 完成\n")) == "did you mean `done`?")
        #expect(hint(Self.app.replacing("done_on: date", with: "done_on: { type: date, default: today() }")) == "write `=today()`")
        #expect(hint(Self.app.replacing("cost:    money", with: "real cost: money")) == "write `real_cost`: names are letters, digits and underscores, and do not start with a digit; what people see is the `label`")
    }

    private func hint(_ text: String) -> String? {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text + "\n")
        return compile(sources).diagnostics.inOrder.first?.hint?.en
    }

    private func codes(_ text: String) -> [String] {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text + "\n")
        return compile(sources).diagnostics.inOrder.map(\.code)
    }
}
