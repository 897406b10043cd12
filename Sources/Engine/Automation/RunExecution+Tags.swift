import Formula
import Model
import Program
import SourceText
import Storage

// Words in a field of the type `tags`.
extension RunExecution {
    /// All of the records, or none; those where it makes no difference are left alone.
    mutating func tag(_ tagging: CompiledTagging, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        var records = [run.record].compactMap { $0 }
        if let of = tagging.records {
            let value = try of.value(in: frame)
            if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
            records = value.records
        } else if records.isEmpty {
            return .refused(.recordIsGone)
        }
        guard records.count <= Self.mostRecords else { return .refused(.tooMany(records.count, limit: Self.mostRecords)) }
        var words: [String] = []
        for word in tagging.words {
            switch word {
            case .text(let text): words.append(text)
            case .formula(let formula):
                switch try formula.value(in: frame) {
                case .text(let text): words.append(text)
                case .options(let tags): words += tags
                case .failure(let failure): return .refused(.failedFormula(failure))
                case .blank, .bool, .number, .date, .instant, .duration, .option, .link, .links, .location, .list: continue
                }
            }
        }
        var seen: Set<String> = []
        words = words.map { Cleaning.collapse(Cleaning.trim($0)) }.filter { !$0.isEmpty && seen.insert($0).inserted }
        let verb = tagging.adds ? Words(zh: "加标签", en: "tagged") : Words(zh: "去掉标签", en: "untagged")
        let said = words.isEmpty ? nil : Words(zh: words.joined(separator: "、"), en: words.joined(separator: ", "))
        let transaction = transaction
        return try all(records, instruction, verb, with: said) { record in
            // Read as it stands now: an earlier one of these changes may have touched it.
            guard let row = try transaction.row(record) else { return nil }
            let old: [String] = if case .options(let tags) = row[tagging.field] { tags } else { [] }
            let new = tagging.adds ? old + words.filter { !old.contains($0) } : old.filter { !words.contains($0) }
            guard new != old else { return nil }
            return .edit(record, [FieldInput(tagging.field, new.isEmpty ? .blank : .options(new))])
        }
    }
}
