import Foundation
import JSON
import Testing

/// `weir eval` on the engines that it names.
@Suite struct EvalEngineTests {
    @Test func postgresWithoutAServerIsRefused() throws {
        let result = try WeirProcess.run(["eval", "1", "--engine", "postgres"])
        #expect(result.exitCode == 2)
        #expect(result.error.contains("--database"), "\(result.error)")
        #expect(try WeirProcess.run(["eval", "1", "--engine", "mysql"]).exitCode == 2)
    }

    @Test(arguments: ["native", "sqlite", "all"])
    func batchesGiveALineEach(engine: String) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-eval-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let lines = [
            #"{"id":1,"expr":"sum(xs)","inputs":{"xs":[1,2,null]}}"#,
            #"{"id":2,"expr":"a / b","inputs":{"a":1,"b":0}}"#,
            #"{"id":3,"expr":"edate(d, 1)","inputs":{"d":"2024-01-31"},"types":{"d":"date"}}"#,
            #"{"id":4,"expr":"networkdays(d, d + 7)","inputs":{"d":"2026-02-12"},"types":{"d":"date"},"calendar":"china"}"#,
            #"{"id":5,"expr":"today()","now":"2026-02-12T20:00:00Z","zone":"Asia/Shanghai"}"#,
            #"{"id":6,"expr":"t & '!'","inputs":{"t":"中文"}}"#,
            #"{"id":7,"expr":"nothing(1)"}"#,
            #"{"id":9,"expr":"max(ds)","inputs":{"ds":["2026-02-12",null,"2026-03-01"]},"types":{"ds[]":"date"}}"#,
            #"{"id":10,"expr":"sum(m)","inputs":{"m":[[1,2],[null,4]]}}"#,
            #"{"id":8,"expr":"irr(xs)","inputs":{"xs":[-100,60,60]}}"#,
        ]
        let file = folder.appendingPathComponent("cases.jsonl")
        try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let result = try WeirProcess.run(["eval", "--batch", file.path, "--engine", engine, "--lang", "en"])
        #expect(result.exitCode == 0, "\(result.error)")
        let answers = try result.out.split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(answers.count == lines.count)
        #expect(answers.map { $0["value"]?.text() ?? $0["error"]?["code"]?.asString ?? "?" } == [
            "3", "DIV0", "\"2024-02-29\"", "3", "\"2026-02-13\"", "\"中文!\"", "unknown-function", "\"2026-03-01\"", "7", answers.last?["value"]?.text() ?? "?",
        ])
        #expect(answers.last?["value"]?.text().hasPrefix("0.13066238629") == true, "\(answers)")
        if engine == "all" { #expect(answers.first?["engines"]?.text() == #"["native","sqlite"]"#) }
    }

    @Test func anAppLendsItsZoneAndItsCalendars() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("weir-eval-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let app = """
            app: { name: desk, timezone: Europe/Berlin, calendar: shop }
            calendars:
              shop: { like: china, holidays: [2026-02-12] }
            """
        try app.write(to: folder.appendingPathComponent("app.yaml"), atomically: true, encoding: .utf8)
        func said(_ arguments: String...) throws -> String {
            let result = try WeirProcess.run(["eval", "--lang", "en"] + arguments)
            return (result.out + result.error).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let day = "isworkday(date(2026, 2, 12))"
        #expect(try said(day) == "true")
        #expect(try said(day, "--app", folder.path) == "false")
        #expect(try said(day, "--app", folder.path, "--calendar", "china") == "true")
        #expect(try said("isworkday(date(2026, 2, 12), 'shop')", "--app", folder.path, "--calendar", "plain") == "false")
        #expect(try said("date_of(now())", "--app", folder.path, "--now", "2026-02-12T22:30:00Z") == "2026-02-12")
        #expect(try said("date_of(now())", "--now", "2026-02-12T22:30:00Z") == "2026-02-13")
        #expect(try said(day, "--app", folder.path, "--calendar", "shops").contains("`shops`, only china, plain, shop"))
        #expect(try said("isworkday(date(2026, 2, 12), 'shop')").contains("not-constant"))
    }
}
