import Formula
import Storage

/// Step 1: what became of a record since a command's author saw it.
struct Merge {
    /// The record as it was at the version that was seen.
    let base: Row
    /// Fields that people changed since.
    let changedSince: Set<FieldID>

    /// Undoes the changes behind `version`, newest first.
    init(_ current: Row, history: [HistoryEntry], since version: Int64) {
        var base = current
        var changed: Set<FieldID> = []
        for entry in history where entry.version > version {
            for change in entry.changes {
                base[change.field] = change.old
                changed.insert(change.field)
            }
        }
        self.base = base
        changedSince = changed
    }

    enum Decision {
        /// Only these of the inputs are meant; the others say what the record said when it was opened.
        case goOn([FieldInput])
        case conflict(Set<FieldID>)
    }

    /// Three images meet: `base`, the record as it is, and what was sent. A field sent as it was is not touched; a touched one that
    /// somebody else gave another value is a conflict.
    func decide(_ inputs: [FieldInput], current: Row) -> Decision {
        var meant: [FieldInput] = []
        var conflicts: Set<FieldID> = []
        for input in inputs {
            guard case .value(let value) = input.entry else {
                meant.append(input)
                continue
            }
            if value == base[input.field] { continue }
            if current[input.field] != base[input.field], current[input.field] != value { conflicts.insert(input.field) }
            meant.append(input)
        }
        return conflicts.isEmpty ? .goOn(meant) : .conflict(conflicts)
    }
}

extension Saving {
    /// The merge of a record with what was seen of it, from its history.
    func merge(_ current: Row, since version: Int64) throws -> Merge {
        var entries: [HistoryEntry] = []
        var before: Int64?
        // Pages of 100: between opening a form and saving it there are few.
        while true {
            let page = try transaction.history(of: current.id, limit: 100, before: before)
            entries += page
            guard let last = page.last, page.count == 100, last.version > version else { break }
            before = last.sequence
        }
        return Merge(current, history: entries, since: version)
    }
}
