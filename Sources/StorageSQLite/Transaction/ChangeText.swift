import Formula
import JSON
import Storage

/// Changes of a record as the history keeps them: a JSON array of `[field, old, new]`, the field by its number in the catalogue.
///
/// A value is null or a text that begins with a letter for its type, so that it reads back digit for digit whatever the field has become:
/// `n` number, `t` text, `b` bool, `d` day, `i` instant, `u` span, `o` option, `s` several (an array), `l` link (`object/number`),
/// `p` place, `f` failure. Several links are an array of links.
struct ChangeText {
    let layout: Layout

    /// Changes of fields that are computed on read are left out; they are stored nowhere else either.
    func encoded(_ changes: [HistoryEntry.Change]) -> [UInt8] {
        var text: [UInt8] = [UInt8(ascii: "[")]
        text.reserveCapacity(32 * changes.count + 2)
        for change in changes {
            guard let number = layout[change.field]?.number else { continue }
            if text.count > 1 { text.append(UInt8(ascii: ",")) }
            text.append(UInt8(ascii: "["))
            text.append(contentsOf: String(number).utf8)
            text.append(UInt8(ascii: ","))
            append(change.old, to: &text)
            text.append(UInt8(ascii: ","))
            append(change.new, to: &text)
            text.append(UInt8(ascii: "]"))
        }
        text.append(UInt8(ascii: "]"))
        return text
    }

    private func append(_ value: Value, to text: inout [UInt8]) {
        switch value {
        case .blank: text.append(contentsOf: "null".utf8)
        case .bool(let flag): text.append(contentsOf: flag ? "\"b1\"".utf8 : "\"b0\"".utf8)
        case .number(let number): append(plain: "n", number.description, to: &text)
        case .text(let string): append(quoted: "t", string, to: &text)
        case .date(let day): append(plain: "d", String(day.daysSinceEpoch), to: &text)
        case .instant(let instant): append(plain: "i", String(instant.microseconds), to: &text)
        case .duration(let span): append(plain: "u", String(span.microseconds), to: &text)
        case .option(let key): append(quoted: "o", key, to: &text)
        case .options(let keys):
            text.append(UInt8(ascii: "["))
            for (position, key) in keys.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(quoted: "s", key, to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .link(let record): append(plain: "l", "\(layout[record.object].number)/\(record.number)", to: &text)
        case .links(let records):
            text.append(UInt8(ascii: "["))
            for (position, record) in records.enumerated() {
                if position > 0 { text.append(UInt8(ascii: ",")) }
                append(plain: "l", "\(layout[record.object].number)/\(record.number)", to: &text)
            }
            text.append(UInt8(ascii: "]"))
        case .location(let location): append(plain: "p", location.description, to: &text)
        case .failure(let failure): append(quoted: "f", failure.stored, to: &text)
        case .list: preconditionFailure("a field never holds a list")
        }
    }

    private func append(plain tag: Character, _ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: String(tag).utf8)
        text.append(contentsOf: string.utf8)
        text.append(UInt8(ascii: "\""))
    }

    /// JSON wants quotes, backslashes and control characters escaped (RFC 8259, section 7).
    private func append(quoted tag: Character, _ string: String, to text: inout [UInt8]) {
        text.append(UInt8(ascii: "\""))
        text.append(contentsOf: String(tag).utf8)
        for byte in string.utf8 {
            switch byte {
            case 0x22, 0x5C:
                text.append(0x5C)
                text.append(byte)
            case 0..<0x20:
                text.append(contentsOf: "\\u00".utf8)
                text.append(hexDigit(byte >> 4))
                text.append(hexDigit(byte & 15))
            default: text.append(byte)
            }
        }
        text.append(UInt8(ascii: "\""))
    }

    private func hexDigit(_ nibble: UInt8) -> UInt8 {
        nibble < 10 ? 0x30 + nibble : 0x57 + nibble
    }

    /// Changes of fields that the app no longer has are left out.
    ///
    /// - Throws: `StoreError.notADatabase` if the text is none of ours.
    func decoded(_ text: String) throws -> [HistoryEntry.Change] {
        guard case .array(let entries) = try? JSONValue.parse(text) else { throw damaged }
        return try entries.compactMap { entry in
            guard case .array(let parts) = entry, parts.count == 3, case .number(let digits) = parts[0], let number = Int64(digits) else {
                throw damaged
            }
            guard let field = layout.fieldsByNumber[number] else { return nil }
            return HistoryEntry.Change(field: field, old: try value(parts[1]), new: try value(parts[2]))
        }
    }

    private func value(_ json: JSONValue) throws -> Value {
        switch json {
        case .null: return .blank
        case .array(let parts) where parts.allSatisfy({ if case .string(let text) = $0 { text.first == "l" } else { false } }):
            let records = try parts.compactMap { part -> RecordID? in
                if case .link(let record) = try value(part) { record } else { nil }
            }
            return records.isEmpty ? .blank : .links(records)
        case .array(let keys):
            return .options(
                try keys.map { key in
                    guard case .string(let text) = key, text.first == "s" else { throw damaged }
                    return String(text.dropFirst())
                })
        case .string(let text):
            guard let tag = text.unicodeScalars.first else { throw damaged }
            let rest = String(text.unicodeScalars.dropFirst())
            switch tag {
            case "b": return .bool(rest == "1")
            case "n": if let number = ExactDecimal(rest) { return .number(number) }
            case "t": return .text(rest)
            case "d": if let days = Int32(rest) { return .date(Day(daysSinceEpoch: days)) }
            case "i": if let microseconds = Int64(rest) { return .instant(Instant(microseconds: microseconds)) }
            case "u": if let microseconds = Int64(rest) { return .duration(TimeSpan(microseconds: microseconds)) }
            case "o": return .option(rest)
            case "f": return .failure(FormulaFailure(stored: rest))
            case "p": if let location = Location(rest) { return .location(location) }
            case "l":
                let parts = rest.split(separator: "/")
                if parts.count == 2, let object = Int64(parts[0]), let number = Int64(parts[1]) {
                    return layout.objectsByNumber[object].map { .link(RecordID(object: $0, number: number)) } ?? .blank
                }
            default: break
            }
            throw damaged
        case .bool, .number, .object: throw damaged
        }
    }

    private var damaged: StoreError { .notADatabase("an entry of the history cannot be read") }
}
