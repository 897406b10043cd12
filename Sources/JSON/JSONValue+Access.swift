extension JSONValue {
    /// The value of the member called `name`; nil if this is no object or has no such member. A member that is `null` is `.null`.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// Nil unless this is `true` or `false`.
    package var asBool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// Nil unless this is a string.
    package var asString: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The digits of a number as they are written; nil unless this is a number.
    package var asDigits: String? {
        if case .number(let digits) = self { digits } else { nil }
    }

    /// The number as an `Int`, however it is written: `12`, `12.0` and `1.2e1` are one (JSON Schema core §4.2.3). Nil unless it is whole and fits.
    package var asInt: Int? {
        if case .number(let digits) = self { Int(digits) ?? Self.whole(digits) } else { nil }
    }

    private static func whole(_ digits: String) -> Int? {
        let parts = digits.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard let number = parts.first, parts.count <= 2, var exponent = parts.count == 2 ? Int(parts[1]) : 0, abs(exponent) <= 1_000 else { return nil }
        let sides = number.split(separator: ".", omittingEmptySubsequences: false)
        guard sides.count <= 2 else { return nil }
        var significant = sides.joined()
        exponent -= sides.count == 2 ? sides[1].count : 0
        while exponent < 0, significant.last == "0" {
            significant.removeLast()
            exponent += 1
        }
        guard significant.contains(where: { $0 != "0" && $0 != "-" }) else { return 0 }
        guard (0...18).contains(exponent) else { return nil }
        return Int(significant + String(repeating: "0", count: exponent))
    }

    /// Nil unless this is an array.
    package var asArray: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members in their order; nil unless this is an object.
    package var asObject: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension JSONValue: ExpressibleByBooleanLiteral {
    package init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension JSONValue: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .int(value) }
}

extension JSONValue: ExpressibleByNilLiteral {
    package init(nilLiteral: ()) { self = .null }
}

extension JSONValue: ExpressibleByArrayLiteral {
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
}

extension JSONValue: ExpressibleByDictionaryLiteral {
    /// The members in the order in which they are written here.
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}

extension JSONValue {
    /// 2⁵³ − 1: the largest whole number that every reader of JSON takes exactly (RFC 8259 §6).
    package static let largestExactInteger = 9_007_199_254_740_991

    package static func int(_ value: some BinaryInteger) -> JSONValue { .number(String(value)) }

    /// `text`, or `null` if there is none.
    package static func string(orNull text: String?) -> JSONValue {
        text.map { .string($0) } ?? .null
    }
}
