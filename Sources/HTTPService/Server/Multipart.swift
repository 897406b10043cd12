import Foundation
import HTTPTypes
package import Hummingbird
import NIOCore
import SourceText

/// A form with files (RFC 7578), read as it arrives: fields into memory, files to disk.
package struct MultipartForm: Sendable {
    package struct UploadedFile: Sendable {
        package let field: String
        /// As the client names it, without folders.
        package let name: String
        /// Where the bytes lie; nil for an input that was left empty.
        package let path: String?
        package let size: Int64
    }

    /// Several values of one name keep their order.
    package private(set) var fields: [(name: String, value: String)] = []
    package private(set) var files: [UploadedFile] = []

    package func first(_ name: String) -> String? { fields.first { $0.name == name }?.value }

    static let largestField = 1 << 20
    static let mostParts = 500
    static let largestPartHead = 16 << 10

    /// - Parameters:
    ///   - newPath: Gives a fresh place for an upload.
    ///   - largestFile: In bytes; a larger one is `Problem` 413.
    /// - Throws: `Problem` 400 if the body is not what its content type says. Uploads written so far are left in the incoming folder,
    ///   which is swept at the next start.
    package static func read(
        _ request: Request, largestFile: Int64, newPath: () throws -> String
    ) async throws -> MultipartForm {
        guard let boundary = boundary(of: request.headers[.contentType]) else { throw malformed }
        var parser = MultipartParser(boundary: boundary)
        var form = MultipartForm()
        var current: Part?
        var parts = 0
        for try await buffer in request.body {
            for event in try parser.take(buffer.readableBytesView) {
                switch event {
                case .head(let head):
                    parts += 1
                    guard parts <= mostParts else { throw malformed }
                    current = try Part(head, newPath: newPath)
                case .bytes(let bytes):
                    try current?.append(bytes, largestFile: largestFile)
                case .end:
                    try current?.finish(into: &form)
                    current = nil
                }
            }
        }
        guard parser.isComplete, current == nil else { throw malformed }
        return form
    }

    fileprivate mutating func add(field: String, _ value: String) { fields.append((field, value)) }
    fileprivate mutating func add(_ file: UploadedFile) { files.append(file) }

    static let malformed = Problem(
        .badRequest, code: "malformed_form", Words(zh: "表单内容不完整，请重试", en: "the form did not arrive whole; please try again"))

    private static func boundary(of contentType: String?) -> [UInt8]? {
        guard let contentType, contentType.lowercased().hasPrefix("multipart/form-data"),
            let range = contentType.range(of: "boundary=", options: .caseInsensitive)
        else { return nil }
        var value = String(contentType[range.upperBound...].prefix { $0 != ";" })
        if value.hasPrefix("\""), value.hasSuffix("\""), value.count >= 2 { value = String(value.dropFirst().dropLast()) }
        return (1...70).contains(value.utf8.count) ? Array(value.utf8) : nil
    }
}

/// One part while it arrives.
private final class Part {
    private let name: String
    private let fileName: String?
    private var bytes: [UInt8] = []
    private let file: UploadFile?

    init(_ head: String, newPath: () throws -> String) throws {
        guard let disposition = head.split(separator: "\r\n").first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            let name = Part.parameter("name", of: disposition)
        else { throw MultipartForm.malformed }
        self.name = name
        self.fileName = Part.parameter("filename", of: disposition).map(UploadFile.baseName)
        self.file = if let fileName, !fileName.isEmpty { try UploadFile(path: newPath()) } else { nil }
    }

    func append(_ more: ArraySlice<UInt8>, largestFile: Int64) throws {
        if let file {
            try file.write(more, largest: largestFile)
        } else {
            guard bytes.count + more.count <= MultipartForm.largestField else { throw UploadFile.tooLarge }
            bytes.append(contentsOf: more)
        }
    }

    func finish(into form: inout MultipartForm) throws {
        if let fileName {
            try file?.close()
            form.add(MultipartForm.UploadedFile(field: name, name: fileName, path: file?.path, size: file?.size ?? 0))
        } else {
            guard let text = String(validating: bytes, as: UTF8.self) else { throw MultipartForm.malformed }
            form.add(field: name, text)
        }
    }

    /// `name="…"` with the escapes that browsers use (HTML Standard, multipart/form-data encoding: %22, %0D, %0A).
    private static func parameter(_ name: String, of line: Substring) -> String? {
        guard let range = line.range(of: "; \(name)=\"", options: .caseInsensitive),
            let end = line[range.upperBound...].firstIndex(of: "\"")
        else { return nil }
        return line[range.upperBound..<end].replacingOccurrences(of: "%22", with: "\"")
            .replacingOccurrences(of: "%0D", with: "\r").replacingOccurrences(of: "%0A", with: "\n")
    }
}

/// The parts of a multipart body, as a state machine over chunks cut anywhere.
struct MultipartParser {
    enum Event {
        /// The part's header lines.
        case head(String)
        case bytes(ArraySlice<UInt8>)
        case end
    }

    private enum State { case preamble, head, body, done }

    private let delimiter: [UInt8]
    private var state = State.preamble
    private var buffer: [UInt8]

    var isComplete: Bool { state == .done }

    init(boundary: [UInt8]) {
        delimiter = Array("\r\n--".utf8) + boundary
        // The first delimiter has no line before it.
        buffer = Array("\r\n".utf8)
    }

    mutating func take(_ chunk: some Sequence<UInt8>) throws -> [Event] {
        buffer.append(contentsOf: chunk)
        var events: [Event] = []
        var position = 0
        loop: while true {
            switch state {
            case .preamble:
                guard let next = find(delimiter, from: position), buffer.count >= next + delimiter.count + 2 else { break loop }
                position = next + delimiter.count
                guard try enterPart(at: &position) else { break loop }
            case .head:
                guard let end = find(Array("\r\n\r\n".utf8), from: position) else {
                    guard buffer.count - position <= MultipartForm.largestPartHead else { throw MultipartForm.malformed }
                    break loop
                }
                guard let head = String(validating: buffer[position..<end], as: UTF8.self) else { throw MultipartForm.malformed }
                events.append(.head(head))
                position = end + 4
                state = .body
            case .body:
                if let next = find(delimiter, from: position) {
                    guard buffer.count >= next + delimiter.count + 2 else {
                        if next > position { events.append(.bytes(buffer[position..<next])) }
                        position = next
                        break loop
                    }
                    if next > position { events.append(.bytes(buffer[position..<next])) }
                    events.append(.end)
                    position = next + delimiter.count
                    guard try enterPart(at: &position) else { break loop }
                } else {
                    // The tail may be the beginning of a delimiter.
                    let safe = max(position, buffer.count - delimiter.count - 2)
                    if safe > position { events.append(.bytes(buffer[position..<safe])) }
                    position = safe
                    break loop
                }
            case .done:
                position = buffer.count
                break loop
            }
        }
        buffer.removeFirst(position)
        return events
    }

    /// Behind a delimiter: a line break begins a part, two dashes end the body. False at the end.
    private mutating func enterPart(at position: inout Int) throws -> Bool {
        if buffer[position] == UInt8(ascii: "-"), buffer[position + 1] == UInt8(ascii: "-") {
            state = .done
            position = buffer.count
            return false
        }
        guard buffer[position] == 13, buffer[position + 1] == 10 else { throw MultipartForm.malformed }
        position += 2
        state = .head
        return true
    }

    private func find(_ pattern: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, buffer.count - start >= pattern.count else { return nil }
        var index = start
        let last = buffer.count - pattern.count
        while index <= last {
            if buffer[index] == first, buffer[index..<(index + pattern.count)].elementsEqual(pattern) { return index }
            index += 1
        }
        return nil
    }
}
