/// How values of a type compare: numbers by size, texts by code points, times by time, false before true, options by their declaration.
package struct ValueOrder: Sendable {
    private let positions: [String: Int]

    /// The order of the values of these types.
    package init(_ types: FormulaType...) {
        var positions: [String: Int] = [:]
        for type in types {
            guard case .choice(let list) = type, positions.isEmpty else { continue }
            for (position, option) in list.options.enumerated() { positions[option.key] = position }
        }
        self.positions = positions
    }

    /// Negative, 0 or positive; nil with a blank, or where there is no order.
    package func compare(_ left: Value, _ right: Value) -> Int? {
        switch (left, right) {
        case (.number(let left), .number(let right)): left.compared(to: right)
        case (.text(let left), .text(let right)): ExactText.compare(left, right)
        case (.date(let left), .date(let right)): sign(left.daysSinceEpoch, right.daysSinceEpoch)
        case (.instant(let left), .instant(let right)): sign(left.microseconds, right.microseconds)
        case (.duration(let left), .duration(let right)): sign(left.microseconds, right.microseconds)
        case (.bool(let left), .bool(let right)): sign(left ? 1 : 0, right ? 1 : 0)
        case (.option(let left), .option(let right)), (.option(let left), .text(let right)), (.text(let left), .option(let right)):
            // An option that was retired stands behind all others.
            sign(positions[left] ?? .max, positions[right] ?? .max)
        case (.link(let left), .link(let right)): sign(left.number, right.number)
        case (.blank, _), (_, .blank), (.number, _), (.text, _), (.date, _), (.instant, _), (.duration, _), (.bool, _), (.option, _), (.options, _),
            (.location, _), (.link, _), (.links, _), (.list, _), (.failure, _):
            nil
        }
    }

    /// As `compare`, with blank before everything: for sorting.
    package func sortingCompare(_ left: Value, _ right: Value) -> Int {
        switch (left.isBlank, right.isBlank) {
        case (true, true): 0
        case (true, false): -1
        case (false, true): 1
        case (false, false): compare(left, right) ?? 0
        }
    }

    private func sign<Number: Comparable>(_ left: Number, _ right: Number) -> Int {
        left == right ? 0 : left < right ? -1 : 1
    }

    /// `=` of the language: blank equals blank, and texts are the same letter by letter.
    package static func areEqual(_ left: Value, _ right: Value) -> Bool {
        switch (left, right) {
        case (.text(let left), .text(let right)), (.option(let left), .text(let right)), (.text(let left), .option(let right)):
            ExactText.areEqual(left, right)
        case (.options(let left), .options(let right)):
            left.count == right.count && zip(left, right).allSatisfy(ExactText.areEqual)
        case (.blank, _), (.bool, _), (.number, _), (.text, _), (.date, _), (.instant, _), (.duration, _), (.option, _), (.options, _), (.location, _), (.link, _), (.links, _),
            (.list, _), (.failure, _):
            left == right
        }
    }

    static func isMember(_ needle: Value, of set: Value) -> Bool {
        switch (needle, set) {
        case (.option(let key), .options(let keys)), (.text(let key), .options(let keys)): keys.contains { ExactText.areEqual($0, key) }
        case (_, .list(let values)): values.contains { areEqual(needle, $0) }
        case (.link(let record), .links(let records)): records.contains(record)
        case (.option, .option), (.link, .link), (.text, .text): areEqual(needle, set)
        case (.blank, _), (.bool, _), (.number, _), (.text, _), (.date, _), (.instant, _), (.duration, _), (.option, _), (.options, _), (.location, _), (.link, _), (.links, _),
            (.list, _), (.failure, _):
            false
        }
    }

    /// A text or an option's key; blank is empty.
    static func text(_ value: Value) -> String {
        switch value {
        case .text(let text): text
        case .option(let key): key
        case .blank, .bool, .number, .date, .instant, .duration, .options, .location, .link, .links, .list, .failure: ""
        }
    }
}

/// Texts as databases see them: by their bytes, which is the order of code points, and never by what looks alike.
package enum ExactText {
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && left.utf8.elementsEqual(right.utf8)
    }

    package static func compare(_ left: String, _ right: String) -> Int {
        var others = right.utf8.makeIterator()
        for byte in left.utf8 {
            guard let other = others.next() else { return 1 }
            if byte != other { return byte < other ? -1 : 1 }
        }
        return others.next() == nil ? 0 : -1
    }

    /// Every text holds the empty one.
    package static func contains(_ text: String, _ part: String) -> Bool {
        var text = text, part = part
        return text.withUTF8 { text in
            part.withUTF8 { part in
                guard let first = part.first else { return true }
                guard part.count <= text.count else { return false }
                for start in 0...(text.count - part.count) where text[start] == first {
                    if text[start..<start + part.count].elementsEqual(part) { return true }
                }
                return false
            }
        }
    }
}

/// A value as `count distinct` tells them apart.
struct DistinctValue: Hashable {
    private let bytes: [UInt8]?
    private let value: Value

    init(_ value: Value) {
        if case .text(let text) = value {
            bytes = Array(text.utf8)
            self.value = .blank
        } else {
            bytes = nil
            self.value = value
        }
    }
}
