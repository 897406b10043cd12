import CLibYAML

/// What libyaml says stands in a file, one thing after another, with byte offsets in the file.
enum YAMLEvent {
    case streamStart, streamEnd
    case documentStart(Range<Int>)
    case documentEnd(Range<Int>)
    case alias(String, Range<Int>)
    case scalar(text: String, style: YAMLScalar.Style, properties: Properties, Range<Int>)
    case sequenceStart(isFlow: Bool, properties: Properties, Range<Int>)
    case mappingStart(isFlow: Bool, properties: Properties, Range<Int>)
    case collectionEnd(Range<Int>)

    /// What an author may not write in front of a node.
    struct Properties {
        let anchor: String?
        let tag: String?

        var isEmpty: Bool { anchor == nil && tag == nil }
    }
}

/// Where and why libyaml could not go on, in its own words.
struct YAMLFailure: Error {
    let problem: String
    let context: String
    /// Byte offset at which it noticed.
    let offset: Int
    /// Byte offset of the beginning of what it was reading; `offset` if it says none.
    let contextOffset: Int
}

/// One libyaml parser over one text. A class, since the parser in C is one thing and must be ended once.
final class EventReader {
    /// libyaml keeps the parser's own address, so it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let start: Int
    /// Byte offsets of the characters, since libyaml counts characters; nil if they are the same.
    private let offsets: [Int32]?
    private let end: Int

    /// - Parameter bytes: Must outlive the reader. Valid UTF-8.
    init(_ bytes: UnsafeBufferPointer<UInt8>, start: Int) {
        parser = .allocate(capacity: 1)
        // Fails only where memory for some kilobytes is missing.
        precondition(yaml_parser_initialize(parser) == 1, "libyaml starts")
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        let text = UnsafeBufferPointer(rebasing: bytes[start...])
        yaml_parser_set_input_string(parser, text.baseAddress, text.count)
        self.start = start
        self.end = bytes.count
        offsets = text.allSatisfy { $0 < 0x80 } ? nil : EventReader.characterOffsets(text)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    private static func characterOffsets(_ text: UnsafeBufferPointer<UInt8>) -> [Int32] {
        var offsets: [Int32] = []
        offsets.reserveCapacity(text.count)
        for index in 0..<text.count where text[index] & 0xC0 != 0x80 { offsets.append(Int32(index)) }
        return offsets
    }

    private func offset(_ mark: yaml_mark_t) -> Int {
        let index = Int(mark.index)
        guard let offsets else { return min(start + index, end) }
        return index < offsets.count ? start + Int(offsets[index]) : end
    }

    func next() throws(YAMLFailure) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        let low = offset(event.start_mark)
        let range = low..<max(low, offset(event.end_mark))
        switch event.type {
        case YAML_STREAM_START_EVENT, YAML_NO_EVENT: return .streamStart
        case YAML_STREAM_END_EVENT: return .streamEnd
        case YAML_DOCUMENT_START_EVENT: return .documentStart(range)
        case YAML_DOCUMENT_END_EVENT: return .documentEnd(range)
        case YAML_ALIAS_EVENT: return .alias(text(event.data.alias.anchor) ?? "", range)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
            return .scalar(
                text: String(decoding: bytes, as: UTF8.self), style: style(scalar.style), properties: properties(scalar.anchor, scalar.tag), range)
        case YAML_SEQUENCE_START_EVENT:
            let sequence = event.data.sequence_start
            return .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE, properties: properties(sequence.anchor, sequence.tag), range)
        case YAML_MAPPING_START_EVENT:
            let mapping = event.data.mapping_start
            return .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE, properties: properties(mapping.anchor, mapping.tag), range)
        default: return .collectionEnd(range)
        }
    }

    private func failure() -> YAMLFailure {
        let parser = parser.pointee
        let problem = parser.problem.map { String(cString: $0) } ?? ""
        let context = parser.context.map { String(cString: $0) } ?? ""
        let at = offset(parser.problem_mark)
        return YAMLFailure(problem: problem, context: context, offset: at, contextOffset: context.isEmpty ? at : offset(parser.context_mark))
    }

    private func properties(_ anchor: UnsafeMutablePointer<yaml_char_t>?, _ tag: UnsafeMutablePointer<yaml_char_t>?) -> YAMLEvent.Properties {
        YAMLEvent.Properties(anchor: text(anchor), tag: text(tag))
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: $0) }
    }

    private func style(_ style: yaml_scalar_style_t) -> YAMLScalar.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}
