// What comes into this room: checked formulas, and where fields lie in a database. What goes out: fragments of SQL, the functions that
// they call, and reasons where a formula has no such form. Always true: no value ever stands in the text of a statement, and a fragment
// means what the evaluator means, or is not made.

/// A value that goes into a statement, or comes out of a function of ours.
package enum SQLArgument: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
    case real(Double)
}

/// A name of the database's own: a table, a column, an alias. Always quoted.
package struct Identifier: Sendable, Hashable {
    package let name: String

    package init(_ name: String) {
        self.name = name
    }

    package var quoted: String {
        var quoted = "\""
        for character in name.unicodeScalars {
            quoted.unicodeScalars.append(character)
            if character == "\"" { quoted += "\"" }
        }
        return quoted + "\""
    }
}

/// A piece of SQL: text that we wrote, names, and values that stay apart from it until the statement is bound.
///
/// Made by writing it: `"\(column) >= \(bound: .integer(5))"`. Nothing but fragments, identifiers and bound values can be spliced in.
package struct SQLFragment: Sendable, Hashable {
    package enum Piece: Sendable, Hashable {
        case text(String)
        case identifier(Identifier)
        case argument(SQLArgument)
    }

    package private(set) var pieces: [Piece]
    /// Bytes of text, roughly, and one per value.
    package private(set) var length: Int

    package init() {
        pieces = []
        length = 0
    }

    package init(_ identifier: Identifier) {
        pieces = [.identifier(identifier)]
        length = identifier.name.utf8.count + 2
    }

    package init(bound argument: SQLArgument) {
        pieces = [.argument(argument)]
        length = 2
    }

    package mutating func append(_ other: SQLFragment) {
        guard let first = other.pieces.first else { return }
        length += other.length
        if case .text(let next) = first, case .text(let last) = pieces.last {
            pieces[pieces.count - 1] = .text(last + next)
            pieces += other.pieces.dropFirst()
        } else {
            pieces += other.pieces
        }
    }

    package static func + (left: SQLFragment, right: SQLFragment) -> SQLFragment {
        var sum = left
        sum.append(right)
        return sum
    }

    package static func joined(_ fragments: [SQLFragment], by separator: SQLFragment) -> SQLFragment {
        var result = SQLFragment()
        for (position, fragment) in fragments.enumerated() {
            if position > 0 { result.append(separator) }
            result.append(fragment)
        }
        return result
    }

    /// A call `name(argument, …)`; `name` is one of our own functions.
    static func call(_ name: SQLFragment, _ arguments: [SQLFragment]) -> SQLFragment {
        "\(name)(\(joined(arguments, by: ", ")))"
    }
}

extension SQLFragment: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        pieces = text.isEmpty ? [] : [.text(text)]
        length = text.utf8.count
    }

    package init(stringInterpolation interpolation: Interpolation) {
        self = interpolation.fragment
    }

    package struct Interpolation: StringInterpolationProtocol {
        var fragment = SQLFragment()

        package init(literalCapacity: Int, interpolationCount: Int) {}

        package mutating func appendLiteral(_ literal: String) { fragment.append(SQLFragment(stringLiteral: literal)) }
        package mutating func appendInterpolation(_ other: SQLFragment) { fragment.append(other) }
        package mutating func appendInterpolation(_ identifier: Identifier) { fragment.append(SQLFragment(identifier)) }
        package mutating func appendInterpolation(bound argument: SQLArgument) { fragment.append(SQLFragment(bound: argument)) }
    }
}
