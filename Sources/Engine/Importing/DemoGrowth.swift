import Formula
import Model
import Program
import Storage

extension Engine {
    /// Copies the records of the database until there are about `count`: for trying out what an app does with more than its demo data.
    ///
    /// All of them are copied, people too, each time as a whole: links of a copy lead into the same copy. Unique texts and addresses get the
    /// number of the copy, other unique values are left blank. Rules and gates are not asked. Files are not copied.
    ///
    /// - Returns: How many records were made.
    /// - Throws: `StoreError`; copies that are whole by then stand.
    package func growDemo(to count: Int) async throws -> Int {
        let originals = try await store.read { [app] transaction in
            try app.model.objects.filter { $0.builtIn != .file }.map { ($0.id, try transaction.rows(of: $0.id)) }
        }
        let size = originals.reduce(0) { $0 + $1.1.count }
        guard size > 0 else { return 0 }
        let growth = DemoGrowth(engine: self, originals: originals)
        var made = 0
        var copy = 2
        while size + made < count {
            let most = count - size - made
            let number = try await store.write { [copy] transaction in try growth.copy(copy, most: most, in: transaction) }
            guard number > 0 else { return made }
            made += number
            copy += 1
        }
        return made
    }
}

/// Makes copies of what is there.
private struct DemoGrowth: Sendable {
    let engine: Engine
    /// Objects to which links lead before those that link; a circle is cut where it is met.
    private let originals: [(object: ObjectID, rows: [Row])]
    private let copied: Set<ObjectID>

    init(engine: Engine, originals: [(object: ObjectID, rows: [Row])]) {
        self.engine = engine
        copied = Set(originals.map(\.object))
        var ordered: [(object: ObjectID, rows: [Row])] = []
        var seen: Set<ObjectID> = []
        func visit(_ entry: (object: ObjectID, rows: [Row])) {
            guard seen.insert(entry.object).inserted else { return }
            let plan = engine.plans[entry.object.index]
            for row in entry.rows {
                for field in plan.object.fields where plan.isLink[field.id.index] {
                    for target in row[field.id].linkedRecords where !seen.contains(target.object) {
                        if let next = originals.first(where: { $0.object == target.object }) { visit(next) }
                    }
                }
            }
            ordered.append(entry)
        }
        for entry in originals { visit(entry) }
        self.originals = ordered
    }

    /// A link to a record that is copied only later.
    private struct OpenLink {
        let record: RecordID
        let field: FieldID
        let value: Value
    }

    /// - Parameter most: So many records are made at most; the links to those left out lead to the originals.
    /// - Returns: How many were made.
    func copy(_ number: Int, most: Int, in transaction: any WriteTransaction) throws -> Int {
        var copies: [RecordID: RecordID] = [:]
        var open: [OpenLink] = []
        filling: for (object, rows) in originals {
            let plan = engine.plans[object.index]
            let fields = plan.object.fields.filter { plan.isWritable[$0.id.index] || $0.id == plan.stage }
            for row in rows {
                guard copies.count < most else { break filling }
                var inputs: [FieldInput] = []
                var waiting: [(field: FieldID, value: Value)] = []
                for field in fields where !row[field.id].isBlank {
                    let value = row[field.id]
                    guard plan.isLink[field.id.index] else {
                        if let value = field.isUnique ? Self.other(value, of: field, number) : value { inputs.append(FieldInput(field.id, value)) }
                        continue
                    }
                    inputs.append(FieldInput(field.id, Self.link(value, by: copies)))
                    if value.linkedRecords.contains(where: { copies[$0] == nil && copied.contains($0.object) }) { waiting.append((field.id, value)) }
                }
                let command = SaveCommand(.create(object, inputs), by: .system, door: .trusted)
                guard case .saved(let made, _) = try engine.outcome(of: command, in: transaction) else { continue }
                copies[row.id] = made.id
                open += waiting.map { OpenLink(record: made.id, field: $0.field, value: $0.value) }
            }
        }
        for link in open {
            guard let row = try transaction.row(link.record) else { continue }
            let value = Self.link(link.value, by: copies)
            guard row[link.field] != value else { continue }
            _ = try engine.outcome(of: SaveCommand(.edit(link.record, [FieldInput(link.field, value)]), by: .system, door: .trusted), in: transaction)
        }
        return copies.count
    }

    private static func link(_ value: Value, by copies: [RecordID: RecordID]) -> Value {
        switch value {
        case .link(let record): .link(copies[record] ?? record)
        case .links(let records): .links(records.map { copies[$0] ?? $0 })
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .list, .failure: value
        }
    }

    /// A value that no original has; nil where there is no telling which would do.
    private static func other(_ value: Value, of field: CheckedField, _ number: Int) -> Value? {
        switch value {
        case .text(let text):
            switch field.kind {
            case .text, .longText: return .text("\(text) \(number)")
            case .email: return .text(text.split(separator: "@", maxSplits: 1).joined(separator: "+\(number)@"))
            case .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .phone, .url, .link, .links, .autonumber, .stage,
                .address, .location, .uscc, .cnID, .file, .files:
                return nil
            }
        case .blank, .bool, .number, .date, .instant, .duration, .option, .options, .link, .links, .location, .list, .failure: return nil
        }
    }
}
