import Formula
import Model
import Program
import SourceText
import Spreadsheet
import Storage

/// What a check remembers of the rows before, whose batches were taken back: values that must be unique, and names that links may lead to.
///
/// It keeps eight bytes for each, so that a file of a million rows takes some ten megabytes. Belongs to one check.
///
/// `@unchecked Sendable`: a check hands it to one transaction after the other and waits for each.
final class Rehearsal: @unchecked Sendable {
    private var taken: [FieldID: Set<UInt64>] = [:]
    private var names: Set<UInt64> = []
    /// Records of the batch that is under way: they will not stand.
    private var batch: [RecordID] = []
    private let linksToItself: Bool

    init(_ importing: Importing) {
        linksToItself = importing.columns.fields.contains { $0?.targets(in: importing.engine.app.model).contains(importing.object) == true }
    }

    /// The batch was taken back.
    func endBatch() { batch.removeAll(keepingCapacity: true) }

    /// A link to a row before this one is as good as made.
    func excuse(_ inputs: inout Importing.RowInputs, _ importing: Importing) {
        for (field, text) in inputs.unresolved where field.targets(in: importing.engine.app.model).contains(importing.object) && names.contains(Self.sum(text)) {
            inputs.inputs.removeAll { $0.field == field.id }
            inputs.excused.insert(field.id)
        }
    }

    func judged(_ fate: ImportFate, of inputs: Importing.RowInputs, _ importing: Importing, in transaction: any WriteTransaction) throws -> ImportFate {
        switch fate {
        case .created(let id, _):
            batch.append(id)
            guard let row = try transaction.row(id) else { return fate }
            return try remember(row, importing, transaction) ?? fate
        case .refused(var violations):
            if !inputs.excused.isEmpty {
                violations.removeAll { $0.code == .required && $0.field.map(inputs.excused.contains) == true }
                if violations.isEmpty { return .created(RecordID(object: importing.object, number: 0), version: 1) }
            }
            return .refused(violations.map { violation in
                guard let holder = violation.holder, batch.contains(holder), let field = violation.field else { return violation }
                return Violation(.notUnique, field: field, .sameAsRowBefore(importing.engine.app.model[field]))
            })
        case .updated, .skipped, .takenBack, .kept:
            return fate
        }
    }

    /// What stands against a new record because of rows before it; nil if nothing does.
    private func remember(_ row: Row, _ importing: Importing, _ transaction: any WriteTransaction) throws -> ImportFate? {
        let object = importing.engine.app.model[importing.object]
        if let match = importing.match, let sum = Self.sum(row[match.field.id]), !match.field.isSystem {
            // The row before would have made the record that this one finds.
            if taken[match.field.id, default: []].contains(sum) { return match.found == .skip ? .skipped(row.id) : .updated(row.id, version: 1) }
            if !match.field.isUnique { taken[match.field.id, default: []].insert(sum) }
        }
        var violations: [Violation] = []
        for field in object.fields where field.isUnique {
            guard let sum = Self.sum(row[field.id]) else { continue }
            if !taken[field.id, default: []].insert(sum).inserted { violations.append(Violation(.notUnique, field: field.id, .sameAsRowBefore(field))) }
        }
        guard violations.isEmpty else { return .refused(violations) }
        if linksToItself {
            let context = try RecordContext(engine: importing.engine, principal: .system, transaction: transaction)
            names.insert(Self.sum(try context.live.title(of: context.live.live(row))))
            for field in object.fields where field.isKey { if case .text(let text) = row[field.id] { names.insert(Self.sum(text)) } }
        }
        return nil
    }

    private static func sum(_ value: Value) -> UInt64? {
        switch value {
        case .blank, .failure, .list: nil
        case .text(let text): sum(text)
        case .bool, .number, .date, .instant, .duration, .option, .options, .location, .link, .links: sum("\(value)")
        }
    }

    /// FNV-1a, 64 bits: among a million values two differing ones meet once in some forty million files.
    private static func sum(_ text: String) -> UInt64 {
        var sum: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return sum
    }
}

extension Importing {
    /// Makes the rows' records in one transaction and takes them back; the writer is free again after each batch.
    func rehearse(_ rows: [TableRow], _ rehearsal: Rehearsal) async throws -> [ImportRowResult] {
        let known = resolver.mark()
        do {
            return try await engine.store.write { transaction -> [ImportRowResult] in
                throw Rehearsed(results: try make(rows, in: transaction, rehearsal: rehearsal))
            }
        } catch let rehearsed as Rehearsed {
            resolver.goBack(to: known)
            rehearsal.endBatch()
            return rehearsed.results
        }
    }

    private struct Rehearsed: Error {
        let results: [ImportRowResult]
    }
}

extension Words {
    fileprivate static func sameAsRowBefore(_ field: CheckedField) -> Words {
        Words(zh: "“\(field.label.zh)”与文件中前面的行重复", en: "\(field.label.en) is the same as that of a row before")
    }
}
