import Testing

@testable import HTTPService

@Suite struct MultipartTests {
    private static let body = [
        "--XX", "Content-Disposition: form-data; name=\"title\"", "", "会议纪要", "--XX",
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.pdf\"", "Content-Type: application/pdf", "", "%PDF\r\n--X", "--XX",
        "Content-Disposition: form-data; name=\"empty\"", "", "", "--XX--", "",
    ].joined(separator: "\r\n")

    /// The parts with their bytes, however the body is cut.
    private func parts(of bytes: [UInt8], chunk: Int) throws -> [(head: String, body: String)] {
        var parser = MultipartParser(boundary: Array("XX".utf8))
        var parts: [(head: String, body: [UInt8])] = []
        var ended = 0
        for start in stride(from: 0, to: bytes.count, by: chunk) {
            for event in try parser.take(bytes[start..<min(start + chunk, bytes.count)]) {
                switch event {
                case .head(let head): parts.append((head, []))
                case .bytes(let more): parts[parts.count - 1].body += more
                case .end: ended += 1
                }
            }
        }
        #expect(parser.isComplete && ended == parts.count)
        return parts.map { ($0.head, String(decoding: $0.body, as: UTF8.self)) }
    }

    @Test(arguments: [1, 2, 3, 5, 7, 16, 64, 10_000]) func readsTheSameHoweverTheBodyIsCut(chunk: Int) throws {
        let parts = try parts(of: Array(Self.body.utf8), chunk: chunk)
        #expect(parts.map(\.body) == ["会议纪要", "%PDF\r\n--X", ""])
        #expect(parts[1].head.contains("filename=\"a.pdf\""))
    }

    @Test func aCutOffBodyIsNotComplete() throws {
        var parser = MultipartParser(boundary: Array("XX".utf8))
        _ = try parser.take(Array(Self.body.utf8.dropLast(8)))
        #expect(!parser.isComplete)
    }

    @Test func aBodyWithoutLineBreakBehindTheBoundaryIsRefused() {
        var parser = MultipartParser(boundary: Array("XX".utf8))
        #expect(throws: Problem.self) { try parser.take(Array("--XXoops".utf8)) }
    }

    @Test(arguments: [
        ("C:\\文档\\纪要.pdf", "纪要.pdf"), ("../../etc/passwd", "passwd"), ("..", ""), ("a\u{0}b\n.txt", "ab.txt"), ("  报价 单.xlsx ", "报价 单.xlsx"),
    ]) func aFileIsCalledByTheLastPartOfItsName(given: String, expected: String) {
        #expect(UploadFile.baseName(given) == expected)
    }
}
