/// Reads XML (1.0) as a stream of tags and texts, as far as workbooks need it.
///
/// Names are local: a prefix is dropped. There are no entities but XML's five and numbered characters: a document that declares a type is
/// refused, so nothing can be swelled or fetched. Depth and lengths are bounded.
final class XMLReader {
    enum Event {
        /// `name` and `attributes` tell of it. An empty element starts and ends.
        case start
        case end
        /// A stretch of `text`.
        case text
        case done
    }

    private static let mostDepth = 100
    private static let mostNameBytes = 1_000
    private static let mostAttributes = 200
    private static let mostTextBytes = 8 << 20

    private let bytes: BufferedBytes
    private(set) var name: [UInt8] = []
    private(set) var text: [UInt8] = []
    private var attributes: [(name: [UInt8], value: [UInt8])] = []
    private var attributeCount = 0
    private var open: [UInt8] = []
    private var marks: [Int] = []
    private var hasRoot = false
    private var endsAtOnce = false
    private static let textStops = StopBytes([0x3C, 0x26])
    private static let nameStops = StopBytes([0x20, 0x09, 0x0A, 0x0D, 0x2F, 0x3E, 0x3D, 0x3C, 0x22, 0x27, 0x26])
    private static let doubleStops = StopBytes([0x22, 0x26, 0x3C]), singleStops = StopBytes([0x27, 0x26, 0x3C])

    init(_ source: any ByteSource) {
        bytes = BufferedBytes(source)
    }

    static let malformed = TableTrouble(zh: "工作簿内容的格式有误", en: "the workbook's content is malformed")

    var depth: Int { marks.count }

    func isNamed(_ wanted: StaticString) -> Bool { Self.equal(name, wanted) }

    /// The attribute's value; nil if it is not there.
    func attribute(_ wanted: StaticString) -> [UInt8]? {
        for index in 0..<attributeCount where Self.equal(attributes[index].name, wanted) { return attributes[index].value }
        return nil
    }

    func string(_ wanted: StaticString) -> String? { attribute(wanted).map { String(decoding: $0, as: UTF8.self) } }

    func int(_ wanted: StaticString) -> Int? { string(wanted).flatMap { Int($0) } }

    @inline(__always)
    static func equal(_ bytes: [UInt8], _ wanted: StaticString) -> Bool {
        guard bytes.count == wanted.utf8CodeUnitCount else { return false }
        for index in bytes.indices where bytes[index] != wanted.utf8Start[index] { return false }
        return true
    }

    func next() throws(TableTrouble) -> Event {
        if endsAtOnce {
            endsAtOnce = false
            try leave()
            return .end
        }
        while true {
            let byte = try bytes.next()
            if byte < 0 {
                guard hasRoot, marks.isEmpty else { throw Self.malformed }
                return .done
            }
            if byte == 0x3C {
                switch try bytes.peek() {
                case 0x2F:
                    _ = try bytes.next()
                    try readName()
                    try skipBlanks()
                    guard try bytes.next() == 0x3E else { throw Self.malformed }
                    try leave()
                    return .end
                case 0x3F:
                    try skip(until: "?>")
                case 0x21:
                    if try declaration() { return .text }
                default:
                    try startTag()
                    return .start
                }
            } else if marks.isEmpty {
                guard byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D || byte == 0xEF || byte == 0xBB || byte == 0xBF else { throw Self.malformed }
            } else {
                try readText(startingWith: UInt8(byte))
                return .text
            }
        }
    }

    /// Everything up to the end of the element that has just started.
    func skipElement() throws(TableTrouble) {
        let outside = marks.count - 1
        while marks.count > outside {
            if case .done = try next() { throw Self.malformed }
        }
    }

    /// Appends the texts of the element that has just started, those of elements in it too.
    func texts(into target: inout [UInt8]) throws(TableTrouble) {
        let outside = marks.count - 1
        while true {
            switch try next() {
            case .text: target += text
            case .start: continue
            case .end: if marks.count == outside { return }
            case .done: throw Self.malformed
            }
            guard target.count <= Self.mostTextBytes else { throw Self.malformed }
        }
    }

    private func startTag() throws(TableTrouble) {
        try readName()
        guard !name.isEmpty, marks.count < Self.mostDepth else { throw Self.malformed }
        if marks.isEmpty {
            guard !hasRoot else { throw Self.malformed }
            hasRoot = true
        }
        marks.append(open.count)
        open += name
        attributeCount = 0
        while true {
            try skipBlanks()
            let byte = try bytes.peek()
            if byte == 0x3E {
                _ = try bytes.next()
                return
            }
            if byte == 0x2F {
                _ = try bytes.next()
                guard try bytes.next() == 0x3E else { throw Self.malformed }
                endsAtOnce = true
                return
            }
            try readAttribute()
        }
    }

    private func readAttribute() throws(TableTrouble) {
        guard attributeCount < Self.mostAttributes else { throw Self.malformed }
        if attributeCount == attributes.count { attributes.append(([], [])) }
        try read(into: &attributes[attributeCount].name)
        guard !attributes[attributeCount].name.isEmpty else { throw Self.malformed }
        try skipBlanks()
        guard try bytes.next() == 0x3D else { throw Self.malformed }
        try skipBlanks()
        let quote = try bytes.next()
        guard quote == 0x22 || quote == 0x27 else { throw Self.malformed }
        let stops = quote == 0x22 ? Self.doubleStops : Self.singleStops
        attributes[attributeCount].value.removeAll(keepingCapacity: true)
        while true {
            try bytes.take(into: &attributes[attributeCount].value, until: stops.flags)
            let byte = try bytes.next()
            if byte == quote { break }
            switch byte {
            case 0x26: try reference(into: &attributes[attributeCount].value)
            case 0x3C, -1: throw Self.malformed
            default: attributes[attributeCount].value.append(UInt8(byte))
            }
            guard attributes[attributeCount].value.count <= Self.mostTextBytes else { throw Self.malformed }
        }
        attributeCount += 1
    }

    private func leave() throws(TableTrouble) {
        guard let start = marks.popLast() else { throw Self.malformed }
        let wanted = open[start...]
        if !endsSame(wanted) { throw Self.malformed }
        open.removeSubrange(start...)
    }

    /// An end tag must bear the name of the element that is open; an empty element ends under its own.
    private func endsSame(_ wanted: ArraySlice<UInt8>) -> Bool { name.elementsEqual(wanted) }

    private func readName() throws(TableTrouble) { try read(into: &name) }

    private func read(into name: inout [UInt8]) throws(TableTrouble) {
        name.removeAll(keepingCapacity: true)
        while true {
            try bytes.take(into: &name, until: Self.nameStops.flags)
            let byte = try bytes.peek()
            guard name.count <= Self.mostNameBytes else { throw Self.malformed }
            if byte < 0 || Self.nameStops.flags[byte] { break }
        }
        if let colon = name.firstIndex(of: 0x3A) { name.removeSubrange(...colon) }
    }

    private func skipBlanks() throws(TableTrouble) {
        while true {
            switch try bytes.peek() {
            case 0x20, 0x09, 0x0A, 0x0D: _ = try bytes.next()
            default: return
            }
        }
    }

    private func readText(startingWith byte: UInt8) throws(TableTrouble) {
        text.removeAll(keepingCapacity: true)
        if byte == 0x26 { try reference(into: &text) } else { text.append(byte) }
        while true {
            try bytes.take(into: &text, until: Self.textStops.flags)
            let next = try bytes.peek()
            guard text.count <= Self.mostTextBytes else { throw Self.malformed }
            if next < 0 || next == 0x3C { return }
            if next == 0x26 {
                _ = try bytes.next()
                try reference(into: &text)
            }
        }
    }

    /// Behind the `&`.
    private func reference(into target: inout [UInt8]) throws(TableTrouble) {
        var word: [UInt8] = []
        while true {
            let byte = try bytes.next()
            if byte == 0x3B { break }
            guard byte > 0x20, word.count < 10 else { throw Self.malformed }
            word.append(UInt8(byte))
        }
        if Self.equal(word, "amp") { return target.append(0x26) }
        if Self.equal(word, "lt") { return target.append(0x3C) }
        if Self.equal(word, "gt") { return target.append(0x3E) }
        if Self.equal(word, "quot") { return target.append(0x22) }
        if Self.equal(word, "apos") { return target.append(0x27) }
        guard word.first == 0x23 else { throw Self.malformed }
        let digits = String(decoding: word.dropFirst(), as: UTF8.self)
        let number = digits.first == "x" ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
        guard let number, number > 0, let scalar = Unicode.Scalar(number) else { throw Self.malformed }
        target += String(Character(scalar)).utf8
    }

    /// Behind the `<`: a comment is passed over, CDATA is text. True if there is text.
    private func declaration() throws(TableTrouble) -> Bool {
        _ = try bytes.next()
        var head: [UInt8] = []
        while head.count < 7 {
            let byte = try bytes.next()
            guard byte >= 0 else { throw Self.malformed }
            head.append(UInt8(byte))
            if Self.equal(head, "--") {
                try skip(until: "-->")
                return false
            }
            if Self.equal(head, "DOCTYPE") {
                throw TableTrouble(zh: "工作簿里有文档类型声明，没有读取", en: "the workbook declares a document type; it was not read")
            }
        }
        guard Self.equal(head, "[CDATA["), !marks.isEmpty else { throw Self.malformed }
        text.removeAll(keepingCapacity: true)
        while true {
            let byte = try bytes.next()
            guard byte >= 0, text.count <= Self.mostTextBytes else { throw Self.malformed }
            text.append(UInt8(byte))
            if byte == 0x3E, text.count >= 3, text[text.count - 2] == 0x5D, text[text.count - 3] == 0x5D {
                text.removeLast(3)
                return true
            }
        }
    }

    private func skip(until end: StaticString) throws(TableTrouble) {
        let wanted = Array(UnsafeBufferPointer(start: end.utf8Start, count: end.utf8CodeUnitCount))
        var last: [UInt8] = []
        while true {
            let byte = try bytes.next()
            guard byte >= 0 else { throw Self.malformed }
            last.append(UInt8(byte))
            if last.count > wanted.count { last.removeFirst() }
            if last == wanted { return }
        }
    }
}
