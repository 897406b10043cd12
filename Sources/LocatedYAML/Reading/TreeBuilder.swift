import SourceText

/// Makes the tree out of events, and checks each collection when it is complete.
struct TreeBuilder {
    /// A key or a value while its collection is being read.
    struct Part {
        /// Nil: something was wrong with it, it was reported, and it is left out.
        let node: YAMLNode?
        let range: Range<Int>
        let style: YAMLScalar.Style?

        var isPlain: Bool { style == .plain }
        var isEmptyPlain: Bool { isPlain && range.isEmpty }
    }

    struct Frame {
        let isMapping: Bool
        let isFlow: Bool
        let start: Range<Int>
        /// From 0; of the first key or dash, or of the opening bracket.
        let column: Int
        var items: [Part] = []
        var pairs: [(key: Part, value: Part)] = []
        var pendingKey: Part?
    }

    let text: YAMLText
    private(set) var frames: [Frame] = []
    private(set) var root: YAMLNode?
    private(set) var nodeCount = 0
    /// Every scalar in the order of the file, with its quotes or header, up to its real end.
    private(set) var scalars: [Range<Int>] = []
    /// The scalar or closing bracket read last.
    private(set) var last: (range: Range<Int>, style: YAMLScalar.Style?)?
    private(set) var lastKey: Range<Int>?

    init(text: YAMLText) {
        self.text = text
    }

    /// Columns, from 0, of the block collections that are open, the innermost last.
    var openBlockColumns: [Int] { frames.filter { !$0.isFlow }.map(\.column) }
    var isInFlow: Bool { frames.last?.isFlow ?? false }
    /// The outermost bracket that is open.
    var openBracket: Range<Int>? { frames.last { $0.isFlow }.map(\.start) }

    private var parentIndentation: Int { frames.last { !$0.isFlow }?.column ?? -1 }

    /// Thrown after a bound was reported: there is no going on.
    struct BoundExceeded: Error {}

    mutating func add(_ event: YAMLEvent, _ report: inout Diagnostics) throws(BoundExceeded) {
        switch event {
        case .streamStart, .streamEnd, .documentStart, .documentEnd: break
        case .alias(let name, let range):
            try count(range, &report)
            // Of `<<: *base` the key is complained about.
            let isMerged = frames.last?.pendingKey.map { text.string($0.range) == "<<" } ?? false
            if !isMerged { report.report(.alias(text.span(range), name: name.shortened(), quoted: text.line(quoting: range))) }
            scalars.append(range)
            last = (range, nil)
            put(Part(node: nil, range: range, style: nil), &report)
        case .scalar(let value, let style, let properties, let range):
            try count(range, &report)
            put(scalar(value, style, check(properties, range, &report), &report), &report)
        case .sequenceStart(let isFlow, let properties, let range):
            try open(isMapping: false, isFlow: isFlow, properties, range, &report)
        case .mappingStart(let isFlow, let properties, let range):
            try open(isMapping: true, isFlow: isFlow, properties, range, &report)
        case .collectionEnd(let range):
            guard let frame = frames.popLast() else { return }
            let end = frame.isFlow ? range.upperBound : (frame.isMapping ? frame.pairs.last?.value.range.upperBound : frame.items.last?.range.upperBound) ?? frame.start.lowerBound
            if frame.isFlow { last = (range, nil) }
            put(close(frame, end: end, &report), &report)
        }
    }

    private mutating func count(_ range: Range<Int>, _ report: inout Diagnostics) throws(BoundExceeded) {
        nodeCount += 1
        guard nodeCount <= YAMLLimits.nodes else {
            report.report(.tooManyNodes(text.span(range.lowerBound..<range.lowerBound), limit: YAMLLimits.nodes))
            throw BoundExceeded()
        }
    }

    private mutating func open(
        isMapping: Bool, isFlow: Bool, _ properties: YAMLEvent.Properties, _ range: Range<Int>, _ report: inout Diagnostics
    ) throws(BoundExceeded) {
        try count(range, &report)
        let bare = check(properties, range, &report)
        guard frames.count < YAMLLimits.depth else {
            report.report(.tooDeep(text.span(bare.lowerBound..<min(bare.lowerBound + 1, text.bytes.count)), limit: YAMLLimits.depth))
            throw BoundExceeded()
        }
        let lineStart = text.lines.range(ofLine: text.line(of: bare.lowerBound)).lowerBound
        let column = text.bytes[min(lineStart, bare.lowerBound)..<bare.lowerBound].count { $0 & 0xC0 != 0x80 }
        frames.append(Frame(isMapping: isMapping, isFlow: isFlow, start: bare, column: column))
    }

    /// Reports anchor and tag, and says where the node itself begins.
    private func check(_ properties: YAMLEvent.Properties, _ range: Range<Int>, _ report: inout Diagnostics) -> Range<Int> {
        guard !properties.isEmpty else { return range }
        var start = range.lowerBound
        let end = max(range.upperBound, start)
        while start < text.bytes.count {
            let sign = text.bytes[start]
            guard sign == UInt8(ascii: "&") || sign == UInt8(ascii: "!") else { break }
            var wordEnd = start
            while wordEnd < text.bytes.count, !isBlankByte(text.bytes[wordEnd]), !isBreakByte(text.bytes[wordEnd]) { wordEnd += 1 }
            if let anchor = properties.anchor, sign == UInt8(ascii: "&") {
                report.report(.anchor(text.span(start..<min(wordEnd, start + 1 + anchor.utf8.count)), name: anchor.shortened()))
            } else if properties.tag != nil, sign == UInt8(ascii: "!") {
                let value = text.parts(ofLine: text.line(of: start)).value
                let whole = value.contains(start) && !isInFlow ? start..<value.upperBound : start..<max(wordEnd, min(end, text.lines.range(ofLine: text.line(of: start)).upperBound))
                report.report(.tag(text.span(start..<wordEnd), quoted: text.line(quoting: whole)))
            }
            start = wordEnd
            while start < end, isBlankByte(text.bytes[start]) || isBreakByte(text.bytes[start]) { start += 1 }
            if start >= end { break }
        }
        return min(start, end)..<end
    }

    private mutating func put(_ part: Part, _ report: inout Diagnostics) {
        guard let index = frames.indices.last else {
            root = part.node
            return
        }
        guard frames[index].isMapping else {
            frames[index].items.append(part)
            return
        }
        if let key = frames[index].pendingKey {
            frames[index].pairs.append((key, part))
            frames[index].pendingKey = nil
        } else {
            frames[index].pendingKey = part
            lastKey = part.range
        }
    }

    // MARK: Scalars

    private mutating func scalar(_ value: String, _ style: YAMLScalar.Style, _ range: Range<Int>, _ report: inout Diagnostics) -> Part {
        var decoder = ScalarDecoder(text.bytes)
        var end = range.upperBound
        switch style {
        case .plain: decoder.plain(range)
        case .singleQuoted: decoder.singleQuoted(inside(range))
        case .doubleQuoted: decoder.doubleQuoted(inside(range))
        case .literal, .folded:
            let block = decoder.block(range, parentIndentation: parentIndentation)
            end = block.end
            if let stray = block.strayBlankLine { report.report(.wrongIndentation(text.span(stray), .blankLines)) }
        }
        let written = range.lowerBound..<max(range.lowerBound, end)
        let isFaithful = decoder.text.elementsEqual(value.utf8)
        let embedded = EmbeddedText(text: value, span: text.span(written), segments: isFaithful ? decoder.segments : [])
        var part = Part(node: YAMLNode(span: embedded.span, content: .scalar(YAMLScalar(embedded: embedded, style: style))), range: written, style: style)
        let isKey = frames.last.map { $0.isMapping && $0.pendingKey == nil } ?? false
        if !ScalarCheck(text: text, range: written, style: style, value: value, isKey: isKey, isInFlow: isInFlow, parentIndentation: parentIndentation)
            .run(isItem: frames.last.map { !$0.isMapping } ?? false, &report)
        {
            part = Part(node: nil, range: written, style: style)
        }
        scalars.append(written)
        last = (written, style)
        return part
    }

    private func inside(_ range: Range<Int>) -> Range<Int> {
        range.count >= 2 ? range.lowerBound + 1..<range.upperBound - 1 : range.lowerBound..<range.lowerBound
    }

    // MARK: Collections

    private func close(_ frame: Frame, end: Int, _ report: inout Diagnostics) -> Part {
        var frame = frame
        let range = frame.start.lowerBound..<max(end, frame.start.lowerBound)
        if frame.isFlow {
            if frames.last?.isFlow != true { checkContinuation(range, &report) }
            if let scalar = FlowCheck(text: text).run(&frame, range: range, &report) {
                return Part(node: scalar, range: range, style: .plain)
            }
        }
        let span = text.span(range)
        guard frame.isMapping else {
            if frame.items.contains(where: { $0.node == nil }) { report.markUnreadPart() }
            return Part(node: YAMLNode(span: span, content: .sequence(frame.items.compactMap(\.node))), range: range, style: nil)
        }
        return Part(node: YAMLNode(span: span, content: .mapping(entries(of: frame, &report))), range: range, style: nil)
    }

    private func entries(of frame: Frame, _ report: inout Diagnostics) -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        entries.reserveCapacity(frame.pairs.count)
        var first: [String: Span] = [:]
        for (key, value) in frame.pairs {
            guard let node = key.node else {
                report.markUnreadPart()
                continue
            }
            guard case .scalar(let scalar) = node.content else {
                report.report(.keyIsNotText(node.span))
                report.markUnreadPart()
                continue
            }
            let name = Located(scalar.text.normalizedName, at: node.span)
            if name.value == "<<", scalar.style == .plain {
                report.report(.mergeKey(name.span))
                report.markUnreadPart()
                continue
            }
            guard !name.value.isEmpty else {
                report.report(.emptyKey(value.range.isEmpty ? name.span : text.span(key.range.lowerBound..<value.range.lowerBound)))
                report.markUnreadPart()
                continue
            }
            if let earlier = first[name.value] {
                report.report(.duplicateKey(name, first: earlier))
                report.markUnreadPart()
                continue
            }
            first[name.value] = name.span
            guard let value = value.node else {
                report.markUnreadPart()
                continue
            }
            entries.append(YAMLEntry(key: name, value: value))
        }
        return entries
    }

    /// The lines of a bracket that stands in a block must be indented deeper than the block, save closing brackets, which nobody misreads.
    private func checkContinuation(_ range: Range<Int>, _ report: inout Diagnostics) {
        let parent = parentIndentation
        guard parent >= 0 else { return }
        let firstLine = text.line(of: range.lowerBound)
        let lastLine = text.line(of: max(range.lowerBound, range.upperBound - 1))
        guard lastLine > firstLine else { return }
        for line in firstLine + 1...lastLine where text.indentation(ofLine: line) <= parent {
            let content = text.content(ofLine: line)
            guard let first = text.bytes[content].first, first != UInt8(ascii: "#"), first != UInt8(ascii: "]"), first != UInt8(ascii: "}") else { continue }
            let start = text.lines.range(ofLine: line).lowerBound + text.indentation(ofLine: line)
            // A tab has a message of its own.
            guard text.bytes[start] != UInt8(ascii: "\t") else { continue }
            report.report(.wrongIndentation(text.span(text.character(at: start)), .continuation(atLeast: parent + 2)))
            return
        }
    }
}
