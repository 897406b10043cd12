/// Part of a statement: text with placeholders, and what goes into them.
struct Piece: Sendable {
    enum Argument: Sendable, Hashable {
        case null
        case integer(Int64)
        case text(String)
    }

    var text: String
    var arguments: [Argument]

    init(_ text: String, _ arguments: [Argument] = []) {
        self.text = text
        self.arguments = arguments
    }

    static func + (left: Piece, right: Piece) -> Piece {
        Piece(left.text + right.text, left.arguments + right.arguments)
    }

    static func + (left: Piece, right: String) -> Piece { Piece(left.text + right, left.arguments) }
    static func + (left: String, right: Piece) -> Piece { Piece(left + right.text, right.arguments) }

    static func joined(_ pieces: [Piece], by separator: String) -> Piece {
        Piece(pieces.map(\.text).joined(separator: separator), pieces.flatMap(\.arguments))
    }
}

extension Statement {
    func bind(_ arguments: [Piece.Argument]) {
        for (position, argument) in arguments.enumerated() {
            let index = Int32(position) + 1
            switch argument {
            case .null: bindNull(at: index)
            case .integer(let number): bind(number, at: index)
            case .text(let text): bind(text, at: index)
            }
        }
    }
}
