import Formula
import JSON
import Model
import Program
import SourceText
import Storage

extension RunExecution {
    /// Rows of a report that a message tells; the rest stands behind its link.
    private static let linesTold = 5

    /// `report`: made for the time that set the run off, kept, and told to people.
    func report(_ name: String, _ notice: CompiledNotice, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        guard let report = engine.app.report(named: name) else { return .refused(Words(zh: "没有报表 `\(name)`", en: "there is no report `\(name)`")) }
        let table: ReportTable
        do {
            table = try Reporting(report, engine: engine, transaction: transaction, at: run.scheduled ?? context.moment.now).table()
        } catch let trouble as ReportTrouble {
            return .refused(trouble.words)
        }
        guard table.total.records > 0 else {
            try note(instruction, Words(zh: "报表“\(report.model.label.zh)”没有记录，不发送", en: "the report “\(report.model.label.en)” has no records and is not sent"))
            return .on
        }
        let (people, failure) = try people(notice, frame)
        if let failure { return .refused(failure) }
        guard !people.isEmpty else {
            try note(instruction, .toldNobody)
            return .on
        }
        let id = try transaction.add(SentReport(report: name, run: run.id, at: table.at, made: context.moment.now, table: table.json.text()))
        let english = english(frame)
        let said = try notice.message.words(zh: frame, en: english), summary = table.summary(lines: Self.linesTold)
        let message = Words(zh: "\(said.zh)\n\(summary.zh)", en: "\(said.en)\n\(summary.en)")
        try tell(people, by: notice.via, title: try notice.title?.words(zh: frame, en: english) ?? report.model.label, message: message, about: nil, report: id)
        let names = try people.prefix(Self.namedRecords).map { try title($0) }
        try note(
            instruction,
            Words(
                zh: "把报表“\(report.model.label.zh)”（第 \(id) 份）发给 \(names.joined(separator: "、"))",
                en: "sent the report “\(report.model.label.en)” (number \(id)) to \(names.joined(separator: ", "))"))
        return .on
    }
}
