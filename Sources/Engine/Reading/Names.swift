package import Formula
import Foundation
import JSON
import Model
package import Program
package import Storage

extension CompiledApp {
    /// `lead/123`.
    package func text(of id: RecordID) -> String {
        "\(model[id.object].name)/\(id.number)"
    }

    /// The record that `lead/123` names, whether or not it exists; nil if no object has that name or it is no such text.
    package func recordID(from text: some StringProtocol) -> RecordID? {
        guard let slash = text.lastIndex(of: "/") else { return nil }
        let digits = text[text.index(after: slash)...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let number = Int64(digits), number > 0,
            let object = model.object(named: String(text[..<slash]))
        else { return nil }
        return RecordID(object: object.id, number: number)
    }
}

extension RecordQuery.Cursor {
    /// The most characters of a cursor that are looked at: a few sort keys, of which a text is a thousand characters at most.
    private static let longestText = 64_000

    /// The cursor as it stands in an address: letters, digits, `-` and `_` only.
    package var text: String {
        let document = JSONValue.array([.int(number)] + keys.map(Self.json))
        return Data(document.utf8()).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads a cursor's text back; nil if it is none.
    package init?(text: String) {
        guard text.utf8.count <= Self.longestText else { return nil }
        let padding = String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: text.replacing("-", with: "+").replacing("_", with: "/") + padding),
            let document = try? JSONValue.parse(Array(data)), let parts = document.asArray, let number = parts.first?.asInt
        else { return nil }
        var keys: [Value] = []
        for part in parts.dropFirst() {
            guard let key = Self.value(part) else { return nil }
            keys.append(key)
        }
        self.init(keys: keys, number: Int64(number))
    }

    /// A letter for the kind, then what it holds.
    private static func json(_ value: Value) -> JSONValue {
        func pair(_ kind: String, _ content: JSONValue) -> JSONValue { .array([.string(kind), content]) }
        switch value {
        // Lists are not sorted by these.
        case .blank, .failure, .list, .links, .location: return .null
        case .bool(let bool): return .bool(bool)
        case .number(let number): return pair("n", .string(number.description))
        case .text(let text): return pair("t", .string(text))
        case .date(let day): return pair("d", .int(day.daysSinceEpoch))
        case .instant(let instant): return pair("i", .int(instant.microseconds))
        case .duration(let span): return pair("s", .int(span.microseconds))
        case .option(let key): return pair("o", .string(key))
        case .options(let keys): return pair("m", .array(keys.map(JSONValue.string)))
        case .link(let record): return pair("l", .array([.int(record.object.index), .int(record.number)]))
        }
    }

    private static func value(_ json: JSONValue) -> Value? {
        if json.isNull { return .blank }
        if let bool = json.asBool { return .bool(bool) }
        guard let pair = json.asArray, pair.count == 2, let kind = pair[0].asString else { return nil }
        let content = pair[1]
        switch kind {
        case "n": return content.asString.flatMap { ExactDecimal($0) }.map(Value.number)
        case "t": return content.asString.map { Value(text: $0) }
        case "d": return content.asInt.flatMap { Day(exactly: Int64($0)) }.map(Value.date)
        case "i": return content.asInt.map { .instant(Instant(microseconds: Int64($0))) }
        case "s": return content.asInt.map { .duration(TimeSpan(microseconds: Int64($0))) }
        case "o": return content.asString.map(Value.option)
        case "m":
            guard let parts = content.asArray else { return nil }
            let keys = parts.compactMap(\.asString)
            return keys.count == parts.count && !keys.isEmpty ? .options(keys) : nil
        case "l":
            guard let parts = content.asArray, parts.count == 2, let object = parts[0].asInt, object >= 0, let number = parts[1].asInt else { return nil }
            return .link(RecordID(object: ObjectID(index: object), number: Int64(number)))
        default: return nil
        }
    }
}
