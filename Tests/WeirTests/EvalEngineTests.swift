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
            #"{"id":8,"expr":"irr(xs)","inputs":{"xs":[-100,60,60]}}"#,
        ]
        let file = folder.appendingPathComponent("cases.jsonl")
        try lines.joined(separator: "\n").write(to: file, atomically: true, encoding: .utf8)
        let result = try WeirProcess.run(["eval", "--batch", file.path, "--engine", engine, "--lang", "en"])
        #expect(result.exitCode == 0, "\(result.error)")
        let answers = try result.out.split(separator: "\n").map { try JSONValue.parse(String($0)) }
        #expect(answers.count == lines.count)
        #expect(answers.map { $0["value"]?.text() ?? $0["error"]?["code"]?.asString ?? "?" } == [
            "3", "DIV0", "\"2024-02-29\"", "3", "\"2026-02-13\"", "\"中文!\"", "unknown-function", answers.last?["value"]?.text() ?? "?",
        ])
        #expect(answers.last?["value"]?.text().hasPrefix("0.13066238629") == true, "\(answers)")
        if engine == "all" { #expect(answers.first?["engines"]?.text() == #"["native","sqlite"]"#) }
    }
}
