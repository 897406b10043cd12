package import Formula
import JSON
import Model
import Program
import SourceText
import Storage

/// What became of one row of an import.
package enum ImportFate: Sendable, Hashable {
    case created(RecordID, version: Int64)
    case updated(RecordID, version: Int64)
    /// A record matched, and nothing was changed: it was to be left alone, or was so already.
    case skipped(RecordID)
    case refused([Violation])
    /// While undoing: taken back; the version is that of a record that stands again as it was before the import.
    case takenBack(RecordID, version: Int64?)
    /// While undoing: left as it is, and why.
    case kept(RecordID, Violation)
}

package struct ImportRowResult: Sendable, Hashable {
    /// 1-based, as in the file.
    package let line: Int
    package let fate: ImportFate

    package init(line: Int, fate: ImportFate) {
        self.line = line
        self.fate = fate
    }
}

/// Results as the database keeps them: an array for each row.
struct ImportResultText {
    let app: CompiledApp
    let object: ObjectID

    func text(_ results: [ImportRowResult]) -> String {
        JSONValue.array(results.map(json)).text()
    }

    private func json(_ result: ImportRowResult) -> JSONValue {
        let line = JSONValue.int(result.line)
        return switch result.fate {
        case .created(let id, let version): .array(["c", line, .int(id.number), .int(version)])
        case .updated(let id, let version): .array(["u", line, .int(id.number), .int(version)])
        case .skipped(let id): .array(["s", line, .int(id.number)])
        case .refused(let violations): .array(["e", line] + violations.map(json))
        case .takenBack(let id, let version): .array(["b", line, .int(id.number), version.map(JSONValue.int) ?? .null])
        case .kept(let id, let why): .array(["k", line, .int(id.number), json(why)])
        }
    }

    private func json(_ violation: Violation) -> JSONValue {
        .object([
            .init("field", .string(orNull: violation.field.map { app.model[$0].name })), .init("code", .string(violation.code.rawValue)),
            .init("rule", .string(orNull: violation.rule)), .init("zh", .string(violation.words.zh)), .init("en", .string(violation.words.en)),
        ])
    }

    /// - Throws: `StoreError` if the text is none.
    func results(_ text: String) throws -> [ImportRowResult] {
        guard let rows = try? JSONValue.parse(text).asArray else { throw Self.damaged }
        return try rows.map { row in
            guard let parts = row.asArray, parts.count >= 3, let kind = parts[0].asString, let line = parts[1].asInt else { throw Self.damaged }
            return ImportRowResult(line: line, fate: try fate(kind, Array(parts.dropFirst(2))))
        }
    }

    private static let damaged = StoreError.other("the result of an import cannot be read")

    private func fate(_ kind: String, _ parts: [JSONValue]) throws -> ImportFate {
        if kind == "e" { return .refused(parts.map(violation)) }
        guard let number = parts[0].asInt else { throw Self.damaged }
        let id = RecordID(object: object, number: Int64(number))
        let version = parts.count > 1 ? parts[1].asInt.map(Int64.init) : nil
        switch kind {
        case "c": return .created(id, version: version ?? 1)
        case "u": return .updated(id, version: version ?? 1)
        case "s": return .skipped(id)
        case "b": return .takenBack(id, version: version)
        case "k" where parts.count > 1: return .kept(id, violation(parts[1]))
        default: throw Self.damaged
        }
    }

    /// A field that is no more is left out.
    private func violation(_ json: JSONValue) -> Violation {
        let field = json["field"]?.asString.flatMap { app.model[object].field(named: $0) }?.id
        return Violation(
            json["code"]?.asString.flatMap(Violation.Code.init(rawValue:)) ?? .rule, field: field, rule: json["rule"]?.asString,
            Words(zh: json["zh"]?.asString ?? "", en: json["en"]?.asString ?? ""))
    }
}
