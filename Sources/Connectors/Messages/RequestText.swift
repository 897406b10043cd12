import Engine
import Formula
import JSON
import Model
import SourceText

extension InputText {
    /// The text with the inputs in their places.
    ///
    /// - Parameter change: What is done to each input, such as escaping it for an address.
    func filled(_ inputs: [String: JSONValue], key: String, _ change: (String) -> String = { $0 }) throws(DeliveryTrouble) -> String {
        var text = ""
        for part in parts {
            switch part {
            case .text(let literal): text += literal
            case .input(let name): text += change(try Self.value(name, inputs, key: key).plainText)
            }
        }
        return text
    }

    static func value(_ name: String, _ inputs: [String: JSONValue], key: String) throws(DeliveryTrouble) -> JSONValue {
        if name == InputText.key { return .string(key) }
        guard let value = inputs[name] else {
            throw DeliveryTrouble(.badPayload, Words(zh: "缺少输入 \(name)", en: "the input \(name) is missing"))
        }
        return value
    }
}

extension JSONValue {
    /// As it stands inside a text.
    var plainText: String {
        switch self {
        case .null: ""
        case .bool(let bool): bool ? "true" : "false"
        case .number(let digits): digits
        case .string(let text): text
        case .array, .object: text()
        }
    }
}

extension CallPayload {
    func filled(_ inputs: [String: JSONValue], key: String) throws(DeliveryTrouble) -> JSONValue {
        switch self {
        case .text(let text):
            if let name = text.onlyInput { return try InputText.value(name, inputs, key: key) }
            return .string(try text.filled(inputs, key: key))
        case .number(let digits): return .number(digits)
        case .bool(let bool): return .bool(bool)
        case .list(let items):
            var filled: [JSONValue] = []
            for item in items { filled.append(try item.filled(inputs, key: key)) }
            return .array(filled)
        case .map(let members):
            var filled: [JSONValue.Member] = []
            for member in members { filled.append(.init(member.name, try member.value.filled(inputs, key: key))) }
            return .object(filled)
        }
    }
}

/// Lengths of texts in bytes, cut where a character ends.
package enum MessageLength {
    /// The text if it fits, else as many whole characters as fit with `…` behind them.
    package static func cut(_ text: String, bytes limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        let mark = "…"
        var kept = ""
        var count = mark.utf8.count
        for character in text {
            count += character.utf8.count
            guard count <= limit else { break }
            kept.append(character)
        }
        return kept + mark
    }

    /// As many of the texts as fit into one message, numbered; at least one, cut if it must be.
    ///
    /// - Returns: The message, and how many of the texts, from the first, it holds.
    package static func digest(_ texts: [String], bytes limit: Int) -> (text: String, count: Int) {
        guard texts.count > 1, let first = texts.first else { return (cut(texts.first ?? "", bytes: limit), texts.count) }
        var digest = ""
        var count = 0
        for (index, text) in texts.enumerated() {
            let line = (index == 0 ? "" : "\n") + "\(index + 1). \(text)"
            guard digest.utf8.count + line.utf8.count <= limit else { break }
            digest += line
            count += 1
        }
        return count < 2 ? (cut(first, bytes: limit), 1) : (digest, count)
    }
}
