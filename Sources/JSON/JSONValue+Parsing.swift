extension JSONValue {
    /// Reads a whole document, strictly by RFC 8259: no comments, no trailing commas, no name twice, no lone surrogates. A byte
    /// order mark in front is passed over.
    ///
    /// - Throws: The first mistake, with its place.
    package static func parse(_ bytes: [UInt8], limits: JSONLimits = .standard) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeBufferPointer { (buffer) throws(JSONError) in try parse(buffer, limits: limits) }
    }

    package static func parse(_ text: String, limits: JSONLimits = .standard) throws(JSONError) -> JSONValue {
        let inPlace = text.utf8.withContiguousStorageIfAvailable { buffer in
            Result { () throws(JSONError) in try parse(buffer, limits: limits) }
        }
        guard let inPlace else { return try parse(Array(text.utf8), limits: limits) }
        return try inPlace.get()
    }

    package static func parse(_ bytes: UnsafeRawBufferPointer, limits: JSONLimits = .standard) throws(JSONError) -> JSONValue {
        let result = bytes.withMemoryRebound(to: UInt8.self) { buffer in
            Result { () throws(JSONError) in try parse(buffer, limits: limits) }
        }
        return try result.get()
    }

    package static func parse(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits = .standard) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes: bytes, limits: limits)
        do throws(JSONFault) {
            return try parser.document()
        } catch {
            throw error.located(in: bytes)
        }
    }
}

/// A mistake before its line is counted.
struct JSONFault: Error {
    let kind: JSONError.Kind
    let offset: Int

    func located(in bytes: UnsafeBufferPointer<UInt8>) -> JSONError {
        var line = 1
        var column = 1
        for index in 0..<min(offset, bytes.count) {
            if bytes[index] == UInt8(ascii: "\n") {
                line += 1
                column = 1
            } else if bytes[index] & 0xC0 != 0x80 {
                column += 1
            }
        }
        return JSONError(kind: kind, offset: offset, line: line, column: column)
    }
}

/// A recursive descent over the bytes; a recursion is a level of nesting.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let limits: JSONLimits
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>, limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(JSONFault) -> JSONValue {
        guard bytes.count <= limits.bytes else { throw JSONFault(kind: .tooLarge(limitBytes: limits.bytes), offset: limits.bytes) }
        if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { position = 3 }
        skipSpace()
        guard position < bytes.count else { throw JSONFault(kind: .empty, offset: position) }
        let value = try value(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw JSONFault(kind: .textBehindTheDocument, offset: position) }
        return value
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    private func current() throws(JSONFault) -> UInt8 {
        guard position < bytes.count else { throw JSONFault(kind: .unexpectedEnd, offset: bytes.count) }
        return bytes[position]
    }

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        switch try current() {
        case UInt8(ascii: "{"): return .object(try members(depth: depth + 1))
        case UInt8(ascii: "["): return .array(try elements(depth: depth + 1))
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw JSONFault(kind: .unexpected(.value), offset: position)
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        let start = position
        let length = word.utf8CodeUnitCount
        for index in 0..<length {
            guard position < bytes.count else { throw JSONFault(kind: .unexpectedEnd, offset: bytes.count) }
            guard bytes[position] == word.utf8Start[index] else { throw JSONFault(kind: .unexpected(.value), offset: start) }
            position += 1
        }
        return value
    }

    private mutating func elements(depth: Int) throws(JSONFault) -> [JSONValue] {
        guard depth <= limits.depth else { throw JSONFault(kind: .tooDeep(limit: limits.depth), offset: position) }
        position += 1
        skipSpace()
        var elements: [JSONValue] = []
        if try current() == UInt8(ascii: "]") {
            position += 1
            return elements
        }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            switch try current() {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "]"):
                position += 1
                return elements
            default: throw JSONFault(kind: .unexpected(.commaOrBracket), offset: position)
            }
        }
    }

    private mutating func members(depth: Int) throws(JSONFault) -> [JSONValue.Member] {
        guard depth <= limits.depth else { throw JSONFault(kind: .tooDeep(limit: limits.depth), offset: position) }
        position += 1
        skipSpace()
        var members: [JSONValue.Member] = []
        // Names compare scalar by scalar: `é` and `e` + accent are two names, as on the wire.
        var known: Set<[UInt8]> = []
        if try current() == UInt8(ascii: "}") {
            position += 1
            return members
        }
        while true {
            let start = position
            guard try current() == UInt8(ascii: "\"") else { throw JSONFault(kind: .unexpected(.name), offset: position) }
            let name = try string()
            // A search is quicker than a set for the objects that occur; the set keeps large ones from going quadratic.
            if members.count < 16 {
                if members.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
                    throw JSONFault(kind: .duplicateName(name), offset: start)
                }
            } else {
                if known.isEmpty { known = Set(members.map { Array($0.name.utf8) }) }
                guard known.insert(Array(name.utf8)).inserted else { throw JSONFault(kind: .duplicateName(name), offset: start) }
            }
            skipSpace()
            guard try current() == UInt8(ascii: ":") else { throw JSONFault(kind: .unexpected(.colon), offset: position) }
            position += 1
            skipSpace()
            members.append(JSONValue.Member(name, try value(depth: depth)))
            skipSpace()
            switch try current() {
            case UInt8(ascii: ","):
                position += 1
                skipSpace()
            case UInt8(ascii: "}"):
                position += 1
                return members
            default: throw JSONFault(kind: .unexpected(.commaOrBrace), offset: position)
            }
        }
    }

    /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number() throws(JSONFault) -> String {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        if position < bytes.count, bytes[position] == UInt8(ascii: "0") {
            position += 1
            if position < bytes.count, isDigit(bytes[position]) { throw JSONFault(kind: .invalidNumber, offset: start) }
        } else {
            try digits(from: start)
        }
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            position += 1
            try digits(from: start)
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < bytes.count, bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-") { position += 1 }
            try digits(from: start)
        }
        guard position - start <= limits.numberLength else {
            throw JSONFault(kind: .numberTooLong(limit: limits.numberLength), offset: start)
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func digits(from start: Int) throws(JSONFault) {
        let first = position
        while position < bytes.count, isDigit(bytes[position]) { position += 1 }
        guard position > first else { throw JSONFault(kind: .invalidNumber, offset: start) }
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                let text = try validated(bytes[start..<position], at: start)
                position += 1
                return text
            case UInt8(ascii: "\\"): return try stringWithEscapes(from: start)
            case 0..<0x20: throw JSONFault(kind: .controlCharacterInString, offset: position)
            default: position += 1
            }
        }
        throw JSONFault(kind: .unexpectedEnd, offset: bytes.count)
    }

    /// Goes on from the first backslash, collecting into a buffer.
    private mutating func stringWithEscapes(from start: Int) throws(JSONFault) -> String {
        // Checked run by run, so that a mistake keeps its place.
        var buffer: [UInt8] = []
        var runStart = start
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                try checkUTF8(bytes[runStart..<position])
                buffer.append(contentsOf: bytes[runStart..<position])
                position += 1
                return String(decoding: buffer, as: UTF8.self)
            case UInt8(ascii: "\\"):
                try checkUTF8(bytes[runStart..<position])
                buffer.append(contentsOf: bytes[runStart..<position])
                try escape(into: &buffer)
                runStart = position
            case 0..<0x20: throw JSONFault(kind: .controlCharacterInString, offset: position)
            default: position += 1
            }
        }
        throw JSONFault(kind: .unexpectedEnd, offset: bytes.count)
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSONFault) {
        let start = position
        position += 1
        let letter = try current()
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(letter)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            var code = try fourHexDigits(of: start)
            if (0xDC00...0xDFFF).contains(code) { throw JSONFault(kind: .loneSurrogate, offset: start) }
            if (0xD800...0xDBFF).contains(code) {
                guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"), bytes[position + 1] == UInt8(ascii: "u") else {
                    throw JSONFault(kind: .loneSurrogate, offset: start)
                }
                position += 2
                let low = try fourHexDigits(of: position - 2)
                guard (0xDC00...0xDFFF).contains(low) else { throw JSONFault(kind: .loneSurrogate, offset: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw JSONFault(kind: .loneSurrogate, offset: start) }
            buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        default: throw JSONFault(kind: .invalidEscape, offset: start)
        }
    }

    private mutating func fourHexDigits(of start: Int) throws(JSONFault) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            let digit: UInt32
            switch try current() {
            case let byte where isDigit(byte): digit = UInt32(byte - UInt8(ascii: "0"))
            case let byte where (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20): digit = UInt32(byte | 0x20 - UInt8(ascii: "a")) + 10
            default: throw JSONFault(kind: .invalidEscape, offset: start)
            }
            code = code << 4 | digit
            position += 1
        }
        return code
    }

    private func validated(_ run: Slice<UnsafeBufferPointer<UInt8>>, at start: Int) throws(JSONFault) -> String {
        guard let text = String(validating: run, as: UTF8.self) else { throw JSONFault(kind: .invalidUTF8, offset: start + firstInvalidByte(run)) }
        return text
    }

    private func checkUTF8(_ run: Slice<UnsafeBufferPointer<UInt8>>) throws(JSONFault) {
        guard run.contains(where: { $0 >= 0x80 }), String(validating: run, as: UTF8.self) == nil else { return }
        throw JSONFault(kind: .invalidUTF8, offset: run.startIndex + firstInvalidByte(run))
    }

    private func firstInvalidByte(_ run: Slice<UnsafeBufferPointer<UInt8>>) -> Int {
        var decoder = UTF8()
        var iterator = run.makeIterator()
        var good = 0
        while case .scalarValue(let scalar) = decoder.decode(&iterator) { good += UTF8.width(scalar) }
        return good
    }
}
