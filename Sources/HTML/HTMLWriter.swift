/// A page, or a piece of one, under way.
///
/// What comes in: markup as `StaticString`, which only the source code can make, and data as `String`, which is always escaped. What
/// goes out: UTF-8 bytes. Always true: data can end neither its text nor its attribute; there is no way to write a run-time string
/// as markup, an event handler, a `style` attribute, or the address of a script.
///
/// A class, because nested closures write to one buffer; it belongs to the one who made it and is not shared.
package final class HTMLWriter {
    package private(set) var bytes: [UInt8]

    package init(expecting count: Int = 16 * 1024) {
        bytes = []
        bytes.reserveCapacity(count)
    }

    /// What was written, as text; for tests and for errors.
    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Markup written in our own source, as it is.
    package func markup(_ markup: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: markup.utf8Start, count: markup.utf8CodeUnitCount))
    }

    /// Data between tags.
    package func text(_ text: String) {
        append(escaped: text)
    }

    /// A number between tags, in plain digits.
    package func text(_ number: Int) {
        append(escaped: String(number))
    }

    /// `<name …>content</name>`.
    package func element(_ name: StaticString, _ attributes: [Attribute] = [], content: () throws -> Void) rethrows {
        open(name, attributes)
        try content()
        close(name)
    }

    /// `<name …>text</name>`, the text escaped.
    package func element(_ name: StaticString, _ attributes: [Attribute] = [], text: String) {
        open(name, attributes)
        append(escaped: text)
        close(name)
    }

    /// An element that has no content and no end tag, such as `input`.
    package func void(_ name: StaticString, _ attributes: [Attribute]) {
        open(name, attributes)
    }

    /// A text area. The newline after the start tag is the one that the reader of HTML drops, so the value's own first one stays.
    package func textarea(_ attributes: [Attribute], value: String) {
        open("textarea", attributes)
        bytes.append(UInt8(ascii: "\n"))
        append(escaped: value)
        close("textarea")
    }

    /// An ES module of our own. There are no inline scripts.
    package func module(_ source: Link) {
        markup("<script type=\"module\" src=\"")
        append(escaped: source.text)
        markup("\"></script>")
    }

    /// Another writer's bytes, which are escaped already.
    package func append(_ part: HTMLWriter) {
        bytes.append(contentsOf: part.bytes)
    }

    private func open(_ name: StaticString, _ attributes: [Attribute]) {
        precondition(!HTMLWriter.isRawText(name), "the text of a script or style element is not escaped by HTML's rules")
        bytes.append(UInt8(ascii: "<"))
        markup(name)
        for attribute in attributes { append(attribute) }
        bytes.append(UInt8(ascii: ">"))
    }

    private func close(_ name: StaticString) {
        bytes.append(UInt8(ascii: "<"))
        bytes.append(UInt8(ascii: "/"))
        markup(name)
        bytes.append(UInt8(ascii: ">"))
    }

    private func append(_ attribute: Attribute) {
        switch attribute.content {
        case .none:
            return
        case .several(let attributes):
            for attribute in attributes { append(attribute) }
        case .flag(let name):
            bytes.append(UInt8(ascii: " "))
            markup(name)
        case .literal(let prefix, let name, let value):
            startAttribute(prefix, name)
            append(escaped: UnsafeBufferPointer(start: value.utf8Start, count: value.utf8CodeUnitCount))
            bytes.append(UInt8(ascii: "\""))
        case .value(let prefix, let name, let value):
            startAttribute(prefix, name)
            append(escaped: value)
            bytes.append(UInt8(ascii: "\""))
        }
    }

    private func startAttribute(_ prefix: StaticString, _ name: StaticString) {
        bytes.append(UInt8(ascii: " "))
        markup(prefix)
        markup(name)
        bytes.append(UInt8(ascii: "="))
        bytes.append(UInt8(ascii: "\""))
    }

    private static func isRawText(_ name: StaticString) -> Bool {
        guard name.utf8CodeUnitCount >= 5, name.utf8Start[0] | 0x20 == UInt8(ascii: "s") else { return false }
        let lowered = name.description.lowercased()
        return lowered == "script" || lowered == "style"
    }
}

// Escaping. One rule serves text and double-quoted attributes.
extension HTMLWriter {
    private func append(escaped text: String) {
        var text = text
        text.withUTF8 { append(escaped: $0) }
    }

    /// Copies runs that need nothing and writes references for `& < > " '` and carriage return (which the reader would turn into a line
    /// feed). Control characters other than tab and line feed have no meaning in HTML and become U+FFFD.
    private func append(escaped source: UnsafeBufferPointer<UInt8>) {
        var runStart = 0
        var index = 0
        while index < source.count {
            let byte = source[index]
            switch HTMLWriter.treatment[Int(byte)] {
            case .plain:
                index += 1
                continue
            case .reference, .control:
                bytes.append(contentsOf: source[runStart..<index])
                markup(HTMLWriter.reference(for: byte))
                index += 1
            case .leadOfC1:
                // U+0080…U+009F are C2 80…C2 9F.
                guard index + 1 < source.count, source[index + 1] < 0xA0 else {
                    index += 1
                    continue
                }
                bytes.append(contentsOf: source[runStart..<index])
                markup("\u{FFFD}")
                index += 2
            }
            runStart = index
        }
        bytes.append(contentsOf: source[runStart..<source.count])
    }

    private enum Treatment: UInt8 { case plain, reference, control, leadOfC1 }

    private static let treatment: [Treatment] = (0...255).map { (byte: Int) -> Treatment in
        switch UInt8(byte) {
        case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"), 0x0D: .reference
        case 0x09, 0x0A: .plain
        case 0x00..<0x20, 0x7F: .control
        case 0xC2: .leadOfC1
        default: .plain
        }
    }

    private static func reference(for byte: UInt8) -> StaticString {
        switch byte {
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        case 0x0D: "&#13;"
        default: "\u{FFFD}"
        }
    }
}
