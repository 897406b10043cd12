package import Formula
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
        guard let object = model.object(named: String(text[..<slash])), digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let number = Int64(digits), number > 0
        else { return nil }
        return RecordID(object: object.id, number: number)
    }
}

extension RecordQuery.Cursor {
    /// The cursor as it stands in an address: letters, digits, `-` and `_` only.
    package var text: String { "" }

    /// Reads a cursor's text back; nil if it is none.
    package init?(text: String) { return nil }
}
