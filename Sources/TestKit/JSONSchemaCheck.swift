import Foundation
package import JSON
import Synchronization

/// Checks documents against a JSON Schema (2020-12), as far as ours use it. A keyword that is not known here is a precondition, so that no
/// schema is thought to hold more than is looked at.
package struct JSONSchemaCheck: Sendable {
    private let root: JSONValue
    private let patterns = Patterns()

    /// Says nothing about the document.
    private static let annotations: Set<String> = ["$schema", "$id", "$defs", "title", "description"]

    package init(_ schema: JSONValue) {
        root = schema
    }

    /// Where and why the document does not meet the schema: a sentence with a JSON pointer; nil if it does.
    package func complaint(about document: JSONValue) -> String? {
        complaint(document, root, at: "")
    }

    private func complaint(_ value: JSONValue, _ schema: JSONValue, at path: String) -> String? {
        switch schema {
        case .bool(let truth): return truth ? nil : "\(path) must not be there"
        case .object(let members):
            for member in members {
                if let complaint = complaint(value, member.name, member.value, schema, at: path) { return complaint }
            }
            return nil
        case .null, .number, .string, .array: preconditionFailure("a schema is an object or a truth")
        }
    }

    private func complaint(_ value: JSONValue, _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, at path: String) -> String? {
        func holds(_ other: JSONValue) -> Bool { complaint(value, other, at: path) == nil }
        let list = argument.asArray ?? []
        switch keyword {
        case "$ref": return complaint(value, resolved(argument), at: path)
        case "type":
            let types = argument.asString.map { [$0] } ?? list.compactMap(\.asString)
            return types.contains { Self.is(value, $0) } ? nil : "\(path) is not \(types.joined(separator: " or "))"
        case "enum": return list.contains(value) ? nil : "\(path) is none of \(argument.text())"
        case "anyOf": return list.contains(where: holds) ? nil : "\(path) fits no form"
        case "allOf": return list.lazy.compactMap { complaint(value, $0, at: path) }.first
        case "not": return holds(argument) ? "\(path) must not fit" : nil
        case "if":
            guard holds(argument) else { return nil }
            return schema["then"].flatMap { complaint(value, $0, at: path) }
        case "then": return nil
        case "properties", "additionalProperties", "required", "propertyNames", "minProperties", "dependentRequired":
            guard case .object(let members) = value else { return nil }
            return complaint(about: members, keyword, argument, schema, at: path)
        case "items":
            guard let items = value.asArray else { return nil }
            return items.enumerated().lazy.compactMap { complaint($1, argument, at: "\(path)/\($0)") }.first
        case "pattern":
            guard let text = value.asString, let pattern = argument.asString else { return nil }
            return patterns.matches(text, pattern) ? nil : "\(path) does not match \(pattern)"
        case "minLength": return value.asString.map { $0.unicodeScalars.count < argument.asInt ?? 0 } == true ? "\(path) is too short" : nil
        case "minItems": return value.asArray.map { $0.count < argument.asInt ?? 0 } == true ? "\(path) has too few items" : nil
        case "minimum": return value.asInt.map { $0 < argument.asInt ?? .min } == true ? "\(path) is too small" : nil
        case "maximum": return value.asInt.map { $0 > argument.asInt ?? .max } == true ? "\(path) is too large" : nil
        default:
            precondition(Self.annotations.contains(keyword), "the keyword `\(keyword)` is not checked here")
            return nil
        }
    }

    private func complaint(
        about members: [JSONValue.Member], _ keyword: String, _ argument: JSONValue, _ schema: JSONValue, at path: String
    ) -> String? {
        switch keyword {
        case "properties":
            return members.lazy.compactMap { member in argument[member.name].flatMap { complaint(member.value, $0, at: "\(path)/\(member.name)") } }.first
        case "additionalProperties":
            let known = Set((schema["properties"]?.asObject ?? []).map(\.name))
            return members.lazy.filter { !known.contains($0.name) }.compactMap { complaint($0.value, argument, at: "\(path)/\($0.name)") }.first
        case "propertyNames":
            return members.lazy.compactMap { complaint(.string($0.name), argument, at: "\(path)/\($0.name)") }.first
        case "required":
            let names = Set(members.map(\.name))
            return (argument.asArray ?? []).compactMap(\.asString).first { !names.contains($0) }.map { "\(path) lacks \($0)" }
        case "dependentRequired":
            let names = Set(members.map(\.name))
            for dependent in argument.asObject ?? [] where names.contains(dependent.name) {
                if let missing = (dependent.value.asArray ?? []).compactMap(\.asString).first(where: { !names.contains($0) }) { return "\(path) lacks \(missing)" }
            }
            return nil
        default:
            return members.count < argument.asInt ?? 0 ? "\(path) is empty" : nil
        }
    }

    private func resolved(_ reference: JSONValue) -> JSONValue {
        var value = root
        for step in (reference.asString ?? "").dropFirst(2).split(separator: "/") {
            guard let next = value[String(step)] else { preconditionFailure("nothing stands at \(reference.text())") }
            value = next
        }
        return value
    }

    private static func `is`(_ value: JSONValue, _ type: String) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", .number): value.asInt != nil
        default: false
        }
    }

    /// Regular expressions, each made once.
    private final class Patterns: Sendable {
        private let made = Mutex<[String: NSRegularExpression]>([:])

        func matches(_ text: String, _ pattern: String) -> Bool {
            let expression = made.withLock { made in
                if let known = made[pattern] { return known }
                guard let new = try? NSRegularExpression(pattern: pattern) else { preconditionFailure("`\(pattern)` is no pattern") }
                made[pattern] = new
                return new
            }
            return expression.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        }
    }
}
