import Engine
import Formula
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Program
import SourceText
import Spreadsheet
import Storage

extension WebUI {
    /// The wizard that takes tables in, each step a page with an address of its own, and headers to begin a table with.
    func addImporting(to router: Router<WeirContext>) {
        router.get("records/:object/import", use: page { visit in
            try await uploadPage(visit, importable(visit), error: nil)
        })
        router.post("records/:object/import", use: page(takeTable))
        router.get("records/:object/import/:job", use: page { visit in
            let (object, job) = try await job(visit)
            return try await jobPage(visit, object, job)
        })
        router.post("records/:object/import/:job/map", use: action(mapColumns))
        router.post("records/:object/import/:job/reading", use: action(readOtherwise))
        router.post("records/:object/import/:job/match", use: action(decideAndCheck))
        router.post("records/:object/import/:job/correct", use: action(correct))
        router.post("records/:object/import/:job/run", use: action { visit, _ in try await begin(.run, visit) })
        router.post("records/:object/import/:job/undo", use: action { visit, _ in try await begin(.undo, visit) })
        router.post("records/:object/import/:job/stop", use: action { visit, _ in
            let (object, job) = try await job(visit)
            _ = engine.stopImport(job.id)
            return redirect(to: Link.Actions(object: object.name, job: job.id)())
        })
        router.post("records/:object/import/:job/discard", use: action { visit, _ in
            let (object, job) = try await job(visit)
            do { try await engine.discardImport(job.id) } catch is Violation {}
            return redirect(to: Link.Actions(object: object.name, job: nil)())
        })
        router.get("records/:object/import/:job/records", use: page(importedRecords))
        for format in TableFormat.allCases {
            router.get(RouterPath("records/:object/import/:job/rejects.\(format.rawValue)"), use: page { visit in
                let (object, job) = try await job(visit)
                return try await tableResponse(format, name: "\(object.name)-rejects") { write in
                    try await engine.writeRejects(of: job, as: format, language: visit.language, write: write)
                }
            })
            router.get(RouterPath("records/:object/template.\(format.rawValue)"), use: page { visit in
                let object = try importable(visit)
                return try await tableResponse(format, name: "\(object.name)-template") { write in
                    try write(try engine.template(of: object.id, as: format, language: visit.language))
                }
            })
        }
    }

    /// Bytes of a table that comes by the browser.
    private static let largestTable: Int64 = 500 << 20
    /// Rows with errors on a page.
    static let mostFailures = 200

    private func importable(_ visit: Visit) throws -> CheckedObject {
        let object = try object(visit)
        guard canBeMade(object) else { throw Problem.notFound }
        return object
    }

    func job(_ visit: Visit) async throws -> (CheckedObject, ImportJob) {
        let object = try importable(visit)
        guard let id = visit.context.parameters.get("job").flatMap({ Int64($0) }), let job = try await engine.importJob(id), job.object == object.id else {
            throw Problem.notFound
        }
        return (object, job)
    }

    // MARK: 1 upload

    @Sendable private func takeTable(_ visit: Visit) async throws -> Response {
        let object = try importable(visit)
        let form = try await MultipartForm.read(visit.request, largestFile: Self.largestTable) {
            try engine.store.files.newUploadPath(token: server.api.uploadToken())
        }
        let paths = form.files.compactMap(\.path)
        defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
        try guardForm(visit, token: form.first("_token"))
        guard let file = form.files.first(where: { $0.field == "table" }), let path = file.path else {
            return try await uploadPage(visit, object, error: Say.chooseFile)
        }
        do {
            let job = try await engine.newImport(uploadAt: path, named: file.name, into: object.id, by: visit.principal)
            return redirect(to: Link.Actions(object: object.name, job: job.id)())
        } catch let violation as Violation {
            return try await uploadPage(visit, object, error: violation.words)
        }
    }

    private func uploadPage(_ visit: Visit, _ object: CheckedObject, error: Words?) async throws -> Response {
        let display = display(visit.language)
        let earlier = try await engine.importJobs(of: object.id, limit: 8).map { job in
            ImportView.Earlier(
                name: job.fileName, when: display.moment(job.created), state: state(of: job), link: Link.Actions(object: object.name, job: job.id)())
        }
        let templates = [(Say.templateCSV, Link("records", object.name, "template.csv")), (Say.templateXLSX, Link("records", object.name, "template.xlsx"))]
        return importPage(visit, object, nil, .upload, error: error?[visit.language], .upload(templates: templates, earlier: earlier))
    }

    private func state(of job: ImportJob) -> ImportView.State {
        switch job.state {
        case .draft: .draft
        case .checked: .checked
        case .checking, .running, .undoing: .working
        case .stopped: .stopped
        case .done: .done
        case .undone: .undone
        }
    }

    // MARK: 2 map

    @Sendable private func mapColumns(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let (object, job) = try await job(visit)
        var settings = engine.settings(of: job)
        settings.columns = settings.columns.indices.map { form.filled("c\($0)") }
        // A field that no column is for finds nothing.
        if let match = settings.match, !settings.columns.contains(match) { settings.match = nil }
        do {
            let job = try await engine.decide(job.id, settings)
            return redirect(to: Link.Actions(object: object.name, job: job.id)(query: [("step", "match")]))
        } catch let violation as Violation {
            return try await mapPage(visit, object, job, settings, error: violation.words)
        }
    }

    @Sendable private func readOtherwise(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let (object, job) = try await job(visit)
        var settings = engine.settings(of: job)
        settings.reading = TableFile.Reading(
            encoding: form.filled("encoding").flatMap(CSVFormat.Encoding.init(rawValue:)),
            separator: form.filled("separator").flatMap(CSVFormat.Separator.init(rawValue:)), sheet: form.filled("sheet").flatMap { Int($0) })
        do {
            let job = try await engine.decide(job.id, settings)
            return redirect(to: Link.Actions(object: object.name, job: job.id)())
        } catch let violation as Violation {
            return try await mapPage(visit, object, job, engine.settings(of: job), error: violation.words)
        }
    }

    private func mapPage(_ visit: Visit, _ object: CheckedObject, _ job: ImportJob, _ settings: ImportSettings, error: Words?) async throws -> Response {
        let preview: ImportPreview
        do { preview = try engine.preview(of: job) } catch let violation as Violation {
            return try await uploadPage(visit, object, error: violation.words)
        }
        let language = visit.language
        let fields = engine.importFields(of: object.id).map { engine.app.model[$0] }
        let columns = preview.header.enumerated().map { index, header in
            let chosen = index < settings.columns.count ? settings.columns[index] : nil
            let choices = [ImportView.Choice(value: "", label: Say.leftOut[language], isChosen: chosen == nil)]
                + fields.map { field in
                    let note = field.isSystem ? " (\(Say.onlyToFind[language]))" : field.isRequired ? " *" : ""
                    return ImportView.Choice(value: field.name, label: field.label[language] + note, isChosen: chosen == field.name)
                }
            return ImportView.Column(header: header, samples: preview.samples.map { $0[index] }, choices: choices, isLeftOut: chosen == nil)
        }
        var format: [String] = []
        var readings: [(name: String, label: Words, choices: [ImportView.Choice])] = []
        switch preview.format {
        case .csv(let csv):
            format = [Say.encoding(csv.encoding.rawValue)[language], "\(Say.separatedBy[language])\(language.colon)\(words(of: csv.separator)[language])"]
            readings.append(("encoding", Say.encodingLabel, [CSVFormat.Encoding.utf8, .gb18030].map { encoding in
                ImportView.Choice(
                    value: encoding.rawValue, label: encoding.rawValue, isChosen: encoding == csv.encoding || encoding == .utf8 && csv.encoding == .utf8BOM)
            }))
            readings.append(("separator", Say.separatedBy, CSVFormat.Separator.allCases.map { separator in
                ImportView.Choice(value: separator.rawValue, label: words(of: separator)[language], isChosen: separator == csv.separator)
            }))
        case .workbook(let sheets, let sheet):
            format = ["XLSX", Say.sheetNamed(sheets[sheet])[language]]
            readings.append(("sheet", Say.sheetLabel, sheets.enumerated().map { index, name in
                ImportView.Choice(value: String(index), label: name, isChosen: index == sheet)
            }))
        }
        let told = error ?? engine.trouble(of: job)
        return importPage(
            visit, object, job, .map, error: told?[language], .map(ImportView.Mapping(format: format, columns: columns, readings: readings)))
    }

    private func words(of separator: CSVFormat.Separator) -> Words {
        switch separator {
        case .comma: Say.comma
        case .semicolon: Say.semicolon
        case .tab: Say.tab
        }
    }

    // MARK: 3 match

    @Sendable private func decideAndCheck(_ visit: Visit, _ form: FormFields) async throws -> Response {
        let (object, job) = try await job(visit)
        var settings = engine.settings(of: job)
        settings.match = form.filled("match")
        settings.found = form.first("found").flatMap(ImportSettings.Found.init(rawValue:)) ?? .skip
        do {
            let job = try await engine.decide(job.id, settings)
            engine.start(.check, onImport: job.id, as: visit.principal)
            return redirect(to: Link.Actions(object: object.name, job: job.id)())
        } catch let violation as Violation {
            return matchPage(visit, object, job, settings, error: violation.words)
        }
    }

    private func matchPage(_ visit: Visit, _ object: CheckedObject, _ job: ImportJob, _ settings: ImportSettings, error: Words?) -> Response {
        let language = visit.language
        let fields = engine.matchFields(of: object.id).map { engine.app.model[$0] }.filter { settings.columns.contains($0.name) }
        let choices = [ImportView.Choice(value: "", label: Say.matchNothing[language], isChosen: settings.match == nil)]
            + fields.map { ImportView.Choice(value: $0.name, label: $0.label[language], isChosen: settings.match == $0.name) }
        let found = ImportSettings.Found.allCases.map { found in
            let words =
                switch found {
                case .skip: Say.foundSkip
                case .update: Say.foundUpdate
                case .fill: Say.foundFill
                }
            return ImportView.Choice(value: found.rawValue, label: words[language], isChosen: settings.found == found)
        }
        return importPage(visit, object, job, .match, error: error?[language], .match(ImportView.Matching(fields: choices, found: found)))
    }

    // MARK: 4 to 6

    private func begin(_ work: Engine.ImportWork, _ visit: Visit) async throws -> Response {
        let (object, job) = try await job(visit)
        engine.start(work, onImport: job.id, as: visit.principal)
        return redirect(to: Link.Actions(object: object.name, job: job.id)())
    }

    private func jobPage(_ visit: Visit, _ object: CheckedObject, _ job: ImportJob) async throws -> Response {
        let settings = engine.settings(of: job)
        let isWorking = engine.isWorking(onImport: job.id)
        switch (job.state, visit.query.first("step")) {
        case (.draft, "match") where !isWorking,
            (.checked, "match") where !isWorking:
            return matchPage(visit, object, job, settings, error: nil)
        case (.draft, _) where !isWorking,
            (.checked, "map") where !isWorking:
            return try await mapPage(visit, object, job, settings, error: nil)
        case (.running, _),
            (.stopped, _) where isWorking,
            (.checked, _) where isWorking:
            return progressPage(visit, object, job, .run, Say.importingNow, canStop: true)
        case (.undoing, _),
            (.done, _) where isWorking:
            return progressPage(visit, object, job, .result, Say.undoingNow, canStop: false)
        case (.draft, _), (.checking, _): return progressPage(visit, object, job, .check, Say.checking, canStop: true)
        case (.checked, _), (.stopped, _), (.done, _), (.undone, _): return try await reportPage(visit, object, job)
        }
    }

    private func progressPage(
        _ visit: Visit, _ object: CheckedObject, _ job: ImportJob, _ step: ImportView.Step, _ heading: Words, canStop: Bool
    ) -> Response {
        let rows = job.state == .undoing ? 0 : job.position
        return importPage(
            visit, object, job, step, error: nil,
            .progress(ImportView.Progress(heading: heading, percent: job.progress / 10, rows: rows, canStop: canStop)))
    }

    func reportPage(_ visit: Visit, _ object: CheckedObject, _ job: ImportJob, error: Words? = nil) async throws -> Response {
        let counts = job.state == .checked ? job.found ?? job.counts : job.counts
        let actions = Link.Actions(object: object.name, job: job.id)
        var told: [(text: Words, isBad: Bool)] = [(Say.newCount(counts.created), false)]
        if counts.updated > 0 { told.append((Say.updateCount(counts.updated), false)) }
        if counts.skipped > 0 { told.append((Say.skipCount(counts.skipped), false)) }
        if counts.refused > 0 { told.append((Say.refusedCount(counts.refused), true)) }
        var report = ImportView.Report(
            heading: Say.importReport, counts: told, failures: [], moreFailures: nil, rejects: [], records: nil, kept: [], run: nil, canUndo: false)
        var step = ImportView.Step.result
        switch job.state {
        case .checked:
            step = .check
            report.heading = Say.checkReport
            let good = counts.created + counts.updated
            if good > 0 { report.run = Say.runNow(good) }
        case .stopped:
            step = .run
            report.heading = Say.importStopped
            report.run = Say.goOn
            report.canUndo = counts.created + counts.updated > 0
        case .undone:
            report.heading = Say.importUndone
            try await addKept(to: &report, job, visit)
        case .done: report.canUndo = counts.created + counts.updated > 0
        case .draft, .checking, .running, .undoing: break
        }
        if counts.created + counts.updated > 0, job.state == .done || job.state == .stopped { report.records = actions("records") }
        if counts.refused > 0, job.state != .undone { try await addFailures(to: &report, job, visit, actions) }
        return importPage(visit, object, job, step, error: (error ?? engine.trouble(of: job))?[visit.language], .report(report))
    }

    private func addKept(to report: inout ImportView.Report, _ job: ImportJob, _ visit: Visit) async throws {
        var kept: [(RecordID, Violation)] = []
        var takenBack = 0, stayed = 0
        var number: Int? = 0
        while let from = number {
            let (results, next) = try await engine.importResults(of: job, .undo, from: from, limit: 10)
            for result in results {
                if case .takenBack = result.fate { takenBack += 1 }
                guard case .kept(let record, let why) = result.fate else { continue }
                stayed += 1
                if kept.count < Self.mostFailures { kept.append((record, why)) }
            }
            number = next
        }
        report.counts = [(Say.takenBack(takenBack), false)]
        if stayed > 0 { report.counts.append((Say.keptRecordCount(stayed), true)) }
        let titles = try await engine.titles(of: Set(kept.map(\.0)))
        report.kept = kept.map { record, why in (title(of: record, titles), link(to: record), why.words[visit.language]) }
    }

    /// Made and changed ones, a batch to a page.
    @Sendable private func importedRecords(_ visit: Visit) async throws -> Response {
        let (object, job) = try await job(visit)
        let (results, next) = try await engine.importResults(of: job, .run, from: visit.query.first("part").flatMap { Int($0) } ?? 0)
        let records = results.compactMap { result -> (RecordID, Bool)? in
            switch result.fate {
            case .created(let record, _): (record, true)
            case .updated(let record, _): (record, false)
            case .skipped, .refused, .takenBack, .kept: nil
            }
        }
        let titles = try await engine.titles(of: Set(records.map(\.0)))
        let actions = Link.Actions(object: object.name, job: job.id)
        let rows = records.compactMap { record, isNew in
            titles[record] == nil ? nil : (title: title(of: record, titles), link: link(to: record), isNew: isNew)
        }
        return importPage(
            visit, object, job, .result, error: nil, .records(rows: rows, next: next.map { actions("records", query: [("part", String($0))]) }))
    }

    // MARK: Answers

    private func importPage(
        _ visit: Visit, _ object: CheckedObject, _ job: ImportJob?, _ step: ImportView.Step, error: String?, _ body: ImportView.Body
    ) -> Response {
        let actions = Link.Actions(object: object.name, job: job?.id)
        let view = ImportView(
            label: object.label, list: link(to: object), here: actions(), actions: actions, fileName: job?.fileName, step: step, error: error, body: body)
        return html(
            visit, title: visit.say(Say.importTitle(object.label)), current: object.name, status: error == nil ? .ok : .unprocessableContent,
            isError: error != nil
        ) { $0.importPage(view) }
    }

    /// A table as a download: it is written to the incoming folder first, so that memory stays the same however large it is and a table that
    /// cannot be finished is no answer. The file's name is gone as soon as it is read.
    func tableResponse(
        _ format: TableFormat, name: String, _ produce: (@escaping @Sendable ([UInt8]) throws -> Void) async throws -> Void
    ) async throws -> Response {
        let path = try engine.store.files.newUploadPath(token: server.api.uploadToken())
        defer { try? FileManager.default.removeItem(atPath: path) }
        let file = try TableDraft(path)
        try await produce { try file.write($0) }
        let (handle, size) = try file.reading()
        let ascii = name.unicodeScalars.allSatisfy { $0.isASCII && $0 != "\"" } ? name : "table"
        return Response(
            status: .ok,
            headers: [
                .contentType: format.contentType, .cacheControl: "private, no-store",
                .contentDisposition:
                    "attachment; filename=\"\(ascii).\(format.rawValue)\"; filename*=UTF-8''\(Link("\(name).\(format.rawValue)").text.dropFirst())",
            ],
            body: .init(contentLength: size) { writer in
                defer { try? handle.close() }
                while let chunk = try handle.read(upToCount: 256 << 10), !chunk.isEmpty { try await writer.write(ByteBuffer(bytes: chunk)) }
                try await writer.finish(nil)
            })
    }
}

/// `@unchecked Sendable`: one answer writes it, then reads it.
final class TableDraft: @unchecked Sendable {
    private let path: String
    private let handle: FileHandle
    private var size = 0

    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600]), let handle = FileHandle(forWritingAtPath: path) else {
            throw StoreError.other("cannot write the table to the incoming folder")
        }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws {
        try handle.write(contentsOf: Data(bytes))
        size += bytes.count
    }

    func reading() throws -> (FileHandle, Int) {
        try handle.close()
        guard let reading = FileHandle(forReadingAtPath: path) else { throw StoreError.other("the table is gone from the incoming folder") }
        return (reading, size)
    }
}
