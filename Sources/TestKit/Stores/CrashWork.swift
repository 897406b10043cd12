package import Formula
import Model
package import Program
import SourceText
package import Storage

/// What a process writes that will be killed, so that its parent can tell what must be there afterwards.
package enum CrashWork {
    /// All that belongs to deal `number`, in one work of the store itself.
    package static func write(_ number: Int64, seed: UInt64, to transaction: any WriteTransaction) throws {
        let row = deal(number, seed: seed)
        try transaction.insert(row)
        try transaction.append(history(of: row))
        try transaction.append(audit(of: row))
        try transaction.open(StageVisit(record: row.id, stage: "lead", entered: Instant(microseconds: number), by: nil, left: nil))
        try transaction.add(
            Effect(key: "deal-\(number)", run: nil, target: "test", payload: "{}", created: Instant(microseconds: number), due: Instant(microseconds: number)))
        try transaction.remember(
            RememberedResponse(requestDigest: "d", record: row.id, version: 1, at: Instant(microseconds: number)),
            for: RequestKey(key: "deal-\(number)", user: nil))
    }

    package static func deal(_ number: Int64, seed: UInt64) -> Row {
        var random = RepeatableRandom(seed: seed &* 1_000_003 &+ UInt64(number))
        var row = SampleRows.deal(Int(number), &random)
        row[SampleApp.field(SampleApp.deal, "stage")] = .option("lead")
        return row
    }

    package static func history(of row: Row) -> HistoryEntry {
        HistoryEntry(
            record: row.id, kind: .created, version: 1, at: Instant(microseconds: row.id.number), by: nil,
            changes: SampleApp.app.model[SampleApp.deal].fields.filter { !$0.isSystem && !row[$0.id].isBlank }
                .map { HistoryEntry.Change(field: $0.id, old: .blank, new: row[$0.id]) })
    }

    package static func audit(of row: Row) -> AuditEntry {
        AuditEntry(
            at: Instant(microseconds: row.id.number), by: nil, address: nil, device: nil, action: "create", record: row.id,
            detail: "deal-\(row.id.number)")
    }

    /// Orders with lines, a total over links, stages and tags.
    package static let orders = app(
        """
        app: { name: orders }
        objects:
          order:
            fields:
              name: { type: text, required: yes, unique: yes }
              words: tags
              total: { type: money, formula: sum(lines.amount) }
              pieces: { type: number, decimals: 0, formula: count(lines) }
              state:
                type: stage
                stages:
                  open: {}
                  paid: { end: won, enter: { has_lines: { must: pieces > 0 } } }
          line:
            fields:
              order: { type: link, to: order, as: lines, required: yes }
              amount: { type: money, required: yes }
              double: { type: money, formula: amount * 2 }
        """)

    /// The next version of the same app: a new formula over an old one, a new field, a field less.
    package static let laterOrders = app(
        """
        app: { name: orders }
        objects:
          order:
            fields:
              name: { type: text, required: yes, unique: yes }
              vip: bool
              total: { type: money, formula: sum(lines.amount) }
              pieces: { type: number, decimals: 0, formula: count(lines) }
              twice: { type: money, formula: total * 2 }
              doubles: { type: money, formula: sum(lines.double) }
              state:
                type: stage
                stages:
                  open: {}
                  paid: { end: won, enter: { has_lines: { must: pieces > 0 } } }
          line:
            fields:
              order: { type: link, to: order, as: lines, required: yes }
              amount: { type: money, required: yes }
              double: { type: money, formula: amount * 3 }
        """)

    /// Compiles an app that is known to be right.
    package static func app(_ text: String) -> CompiledApp {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text)
        let (app, diagnostics) = compile(sources)
        guard let app else { preconditionFailure(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        return app
    }

    /// So many orders as CSV.
    package static func table(of count: Int) -> String {
        "name,words\n" + (1...count).map { "order \($0),a;b\($0)\n" }.joined()
    }

    /// What upload `number` holds.
    package static func content(_ number: Int, seed: UInt64) -> String {
        String(repeating: "upload \(seed) \(number)\n", count: 1 + number % 7)
    }
}
