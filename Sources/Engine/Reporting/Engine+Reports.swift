import JSON
import Program
import SourceText
package import Storage

extension Engine {
    /// The report with the figures of now; nil if there is none of this name.
    ///
    /// - Throws: `ReportTrouble` if there are too many records or groups; `StoreError`.
    package func report(named name: String) async throws -> ReportTable? {
        guard let report = app.report(named: name) else { return nil }
        return try await store.read { [self] transaction in
            try Reporting(report, engine: self, transaction: transaction, at: world.clock.now()).table()
        }
    }

    /// What was sent, as it was then; nil if there is none of this number.
    package func sentReport(_ id: Int64) async throws -> (sent: SentReport, table: ReportTable)? {
        guard let sent = try await store.read({ try $0.sentReport(id) }) else { return nil }
        return (sent, try table(of: sent))
    }

    /// What was sent of a report, newest first.
    package func sentReports(of name: String, limit: Int) async throws -> [SentReport] {
        try await store.read { try $0.sentReports(of: name, limit: limit) }
    }

    private func table(of sent: SentReport) throws -> ReportTable {
        guard let json = try? JSONValue.parse(sent.table), let table = ReportTable(json) else {
            throw StoreError.other("the report sent as \(sent.id) cannot be read")
        }
        return table
    }
}
