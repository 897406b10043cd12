/// The SQL of one database.
package enum Dialect: Sendable, Hashable, CaseIterable {
    case sqlite
    case postgres

    /// Of the argument at this position, counted from 1. PostgreSQL is told the type, so that nothing is left to guess.
    func placeholder(_ position: Int, for argument: SQLArgument) -> String {
        switch self {
        case .sqlite: "?"
        case .postgres:
            switch argument {
            case .null, .text: "$\(position)::text"
            case .integer: "$\(position)::bigint"
            case .real: "$\(position)::float8"
            }
        }
    }
}

/// A fragment as a database takes it.
package struct RenderedSQL: Sendable, Hashable {
    package let text: String
    /// For the placeholders, in order.
    package let arguments: [SQLArgument]
}

extension SQLFragment {
    /// - Parameter argumentsBefore: How many placeholders the statement has in front of this fragment.
    package func rendered(for dialect: Dialect, argumentsBefore: Int = 0) -> RenderedSQL {
        var text = ""
        text.reserveCapacity(length)
        var arguments: [SQLArgument] = []
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .identifier(let identifier): text += identifier.quoted
            case .argument(let argument):
                arguments.append(argument)
                text += dialect.placeholder(argumentsBefore + arguments.count, for: argument)
            }
        }
        return RenderedSQL(text: text, arguments: arguments)
    }
}
