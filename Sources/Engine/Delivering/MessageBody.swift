package import Formula
package import JSON

/// A message that came in, or an answer, by its parts.
package enum MessageBody: Sendable {
    case json(JSONValue)
    case form([(name: String, value: String)])
    /// Something else, or nothing; it has no parts.
    case text(String)

    /// By its content type; what says nothing of itself is tried as JSON. Nil if it is not what it says.
    package init?(_ bytes: [UInt8], contentType: String?) {
        let type = contentType?.prefix { $0 != ";" }.lowercased().filter { $0 != " " } ?? ""
        switch type {
        case "application/x-www-form-urlencoded":
            guard let fields = FormEncoding.fields(in: bytes) else { return nil }
            self = .form(fields)
        case _ where type == "application/json" || type.hasSuffix("+json"):
            guard let value = try? JSONValue.parse(bytes) else { return nil }
            self = .json(value)
        default:
            if let value = try? JSONValue.parse(bytes) { self = .json(value) } else { self = .text(String(decoding: bytes, as: UTF8.self)) }
        }
    }

    /// The part to which the names lead, as a text; nil if there is none or it is null.
    package func text(at path: [String]) -> String? {
        switch self {
        case .json(var value):
            for name in path {
                if let next = value[name] {
                    value = next
                } else if let items = value.asArray, let index = Int(name), items.indices.contains(index) {
                    value = items[index]
                } else {
                    return nil
                }
            }
            return Self.text(of: value)
        case .form(let fields):
            if path.isEmpty { return fields.map { "\($0.name)=\($0.value)" }.joined(separator: "&") }
            // Some write `user[name]`, others `user.name`.
            let spellings = [path.joined(separator: "."), path[0] + path.dropFirst().map { "[\($0)]" }.joined()]
            return fields.first { spellings.contains($0.name) }?.value
        case .text(let text): return path.isEmpty ? text : nil
        }
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .null: return nil
        case .bool(let bool): return bool ? "true" : "false"
        case .number(let digits): return digits
        case .string(let text): return text
        case .array(let items):
            let texts = items.map { item -> String? in
                switch item {
                case .string(let text): text
                case .number(let digits): digits
                case .bool(let bool): bool ? "true" : "false"
                case .null, .array, .object: nil
                }
            }
            // A list of single values is what tags and options are; anything deeper keeps its own notation.
            return texts.contains(nil) ? value.text() : texts.compactMap { $0 }.joined(separator: ",")
        case .object: return value.text()
        }
    }

    /// The values of the variables of a formula over this message.
    package func inputs(of expression: CheckedExpression) -> [Value] {
        var inputs = [Value](repeating: .blank, count: expression.variableCount)
        for read in expression.body { inputs[read.slot] = Value(text: text(at: read.path) ?? "") }
        return inputs
    }

    /// The value of a formula over this message.
    package func value(of expression: CheckedExpression, at moment: Moment) -> Value {
        let frame = Frame(this: nil, inputs: inputs(of: expression), moment: moment, source: NoRecords())
        return (try? Evaluator(expression).value(in: frame)) ?? .blank
    }
}

/// For formulas that look at a message alone.
private struct NoRecords: RowSource {
    func row(_ id: RecordID) -> Row? { nil }
    func rows(linking link: FieldID, to parent: RecordID) -> [Row] { [] }
    func rows(of object: ObjectID) -> [Row] { [] }
    func users(in role: RoleID) -> [Row] { [] }
    func title(of id: RecordID) -> String { "" }
}

/// `application/x-www-form-urlencoded`, both ways.
package enum FormEncoding {
    /// More fields than any form has.
    static let mostFields = 2_000

    static func fields(in bytes: [UInt8]) -> [(name: String, value: String)]? {
        var fields: [(name: String, value: String)] = []
        for pair in bytes.split(separator: UInt8(ascii: "&")) {
            guard fields.count < mostFields else { return nil }
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = decoded(parts[0]), let value = decoded(parts.count > 1 ? parts[1] : []) else { return nil }
            fields.append((name: name, value: value))
        }
        return fields
    }

    private static func decoded(_ bytes: ArraySlice<UInt8>) -> String? {
        var result: [UInt8] = []
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "+"): result.append(0x20)
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.endIndex, let high = hex(bytes[index + 1]), let low = hex(bytes[index + 2]) else { return nil }
                result.append(high << 4 | low)
                index += 2
            default: result.append(bytes[index])
            }
            index += 1
        }
        return String(validating: result, as: UTF8.self)
    }

    private static func hex(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Letters, digits and `-._~` as they are, all else as `%XX`.
    package static func escaped(_ text: String) -> String {
        var result = ""
        let digits = Array("0123456789ABCDEF")
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: result.append(Character(UnicodeScalar(byte)))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}
