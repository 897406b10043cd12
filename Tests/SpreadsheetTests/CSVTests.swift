import SourceText
import Spreadsheet
import Testing

@Suite struct CSVTests {
    private func read(_ text: String) throws -> [[String]] { try ScratchFile(Array(text.utf8)).rows().map(\.cells) }

    @Test func quotesSeparatorsAndLines() throws {
        #expect(try read("h;i\n\"x; \"\"y\"\"\";\"1\r\n2\"\r\n\r\n;\n;z\r") == [["x; \"y\"", "1\r\n2"], ["", ""], ["", "z"]])
        #expect(try ScratchFile(Array("a\tb\n\"1\n\n2\"\t3\n\n4\t5\n".utf8)).rows().map(\.line) == [2, 6])
        #expect(try read("h\nab\"c\"\n\"q\"x\n") == [["ab\"c\""], ["qx"]])
    }

    @Test func cellsThatReachOverTheBuffer() throws {
        let long = String(repeating: "长", count: 60_000)
        let lines = (0..<400).map { "\($0),\($0 % 97 == 0 ? long : "短"),\"a\"\"\($0)\"" }
        let rows = try read("n,t,q\n" + lines.joined(separator: "\r\n"))
        #expect(rows.count == 400)
        #expect(rows.enumerated().allSatisfy { $1 == [String($0), $0 % 97 == 0 ? long : "短", "a\"\($0)"] })
    }

    @Test func gb18030InAnyLength() throws {
        // 中 is D6 D0; 𠮷 is 95 34 B2 35.
        let line: [UInt8] = [0xD6, 0xD0, 0x2C, 0x95, 0x34, 0xB2, 0x35, 0x0A]
        let file = try ScratchFile((0..<60_001).flatMap { _ in line })
        #expect(try TableFile(path: file.path).format == .csv(CSVFormat(encoding: .gb18030, separator: .comma)))
        let rows = try file.rows()
        #expect(rows.count == 60_000 && rows.allSatisfy { $0.cells == ["中", "𠮷"] })
    }

    @Test func utf8CutAnywhereIsStillUTF8() throws {
        for shift in 0..<4 {
            let file = try ScratchFile(Array((String(repeating: "a", count: shift) + "\n" + String(repeating: "𠮷中é", count: 30_000)).utf8))
            guard case .csv(let format) = try TableFile(path: file.path).format else { Issue.record("no CSV"); continue }
            #expect(format.encoding == .utf8)
        }
    }

    @Test(arguments: [
        ([UInt8](), "the file is empty"), (Array("a,\"b\nc".utf8), "line 1 has a quote that never ends"), ([0xFF, 0xFE, 0x61, 0], "UTF-16"),
        ([0x61, 0x00, 0x62], "not a text file"), ([0x61, 0xFF, 0xFF, 0x62], "neither in UTF-8 nor in GB18030"), ([0xD0, 0xCF, 0x11, 0xE0, 0xA1], "old Excel"),
        ([0xEF, 0xBB, 0xBF, 0x61, 0xFF], "neither"), (Array(String(repeating: "a,", count: 1_200).utf8), "too many columns"),
        (Array(String(repeating: "a,", count: 600).utf8), "601 columns"), ([UInt8](repeating: 0x61, count: 1_100_000), "more than 1 MB"),
    ])
    func filesThatAreNone(bytes: [UInt8], wanted: String) throws {
        let file = try ScratchFile(bytes)
        let found = #expect(throws: TableTrouble.self) { try TableFile(path: file.path) }
        #expect(found?.words.en.contains(wanted) == true, "\(found?.words.en ?? "")")
    }

    @Test(arguments: ["=1+1", "+1-1", "-x", "@a", "\tx", "＝1", "'=1", "''@", "'", "it's", "-42", "+8613800000000", "plain", ""])
    func neutralisedTextsReadBackTheSame(text: String) {
        let cell = CSVText.neutralised(text)
        #expect(CSVText.restored(cell) == text)
        #expect(cell.unicodeScalars.first.map { "=+-@\t＝".unicodeScalars.contains($0) } != true)
        #expect(CSVText.restored(CSVText.neutralised(text, keepsNumbers: true)) == text)
    }
}
