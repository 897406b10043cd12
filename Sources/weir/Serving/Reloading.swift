import Engine
import Foundation
import HTTPService
import Model
import Program
import SchemaPlan
import SourceText
import Storage
import StorageSQLite

/// Takes over what an author saves: a good version runs at once, a bad one is told in the terminal and on the pages.
struct Reloading: Sendable {
    let path: String
    let running: RunningApp
    let language: Language

    /// Mistakes shown on a page; the terminal shows all.
    private static let mostLines = 5

    /// Goes on until the watch or the task ends.
    func follow(_ watch: SourceWatch) async {
        var last = running.version.app.sourceHash
        // What was saved between the reading of the files and the beginning of the watch.
        last = await look(last)
        for await _ in watch.changes {
            if Task.isCancelled { return }
            last = await look(last)
        }
    }

    /// - Parameter last: The hash of what was looked at before: the same files are not looked at twice.
    /// - Returns: The hash of what was looked at now.
    private func look(_ last: String) async -> String {
        let began = ContinuousClock.now
        let folder: AppFolder
        do {
            folder = try AppFolder(path, language: language)
        } catch {
            let words = (error as? Ending)?.words ?? Words(same: error.localizedDescription)
            if running.authoring.trouble?.lines.first?.words != words { withhold([.init(place: nil, words: words)]) }
            return ""
        }
        let hash = folder.sources.contentHash
        guard hash != last else { return last }
        let (app, diagnostics) = folder.checked()
        guard let app else {
            show(diagnostics, folder.sources)
            return hash
        }
        if hash == running.version.app.sourceHash {
            // The author has gone back to what runs.
            running.authoring.trouble = nil
            Terminal.error(Words(zh: "与运行中的版本一致\n", en: "back to the version that runs\n")[language])
            return hash
        }
        if !diagnostics.isEmpty { show(warnings: diagnostics, folder.sources) }
        await take(app, folder.sources, began)
        return hash
    }

    private func take(_ app: CompiledApp, _ sources: SourceSet, _ began: ContinuousClock.Instant) async {
        do {
            guard app.model.name == running.version.app.model.name else {
                return withhold([
                    .init(
                        place: nil,
                        words: Words(
                            zh: "应用名从 `\(running.version.app.model.name)` 变成了 `\(app.model.name)`：请重新启动 weir serve",
                            en: "the app's name went from `\(running.version.app.model.name)` to `\(app.model.name)`: start weir serve anew"))
                ])
            }
            let grave = try await running.version.store.plan(for: app).changes.filter(\.needsADecision)
            guard grave.isEmpty else { return withhold(grave.map { .init(place: nil, words: $0.words) }, decision: true) }
            let plan = try await running.advance(to: app, sources)
            running.authoring.trouble = nil
            let milliseconds = (ContinuousClock.now - began).components.attoseconds / 1_000_000_000_000_000
                + (ContinuousClock.now - began).components.seconds * 1_000
            Terminal.error(Words(zh: "已更新（\(milliseconds) 毫秒）\n", en: "reloaded in \(milliseconds) ms\n")[language])
            if !plan.isEmpty { Terminal.error(plan.text(in: language)) }
            for runs in try await running.version.engine.earlierRuns() { Terminal.error(runs.words[language] + "\n") }
        } catch {
            withhold([.init(place: nil, words: Ending.classify(error).1)])
        }
    }

    // MARK: Telling

    /// What is well-formed and yet not taken over.
    private func withhold(_ lines: [Authoring.Trouble.Line], decision: Bool = false) {
        let title =
            decision
            ? Words(
                zh: "新版本会停用数据或改变类型，没有自动更新；确认后重新启动 weir serve",
                en: "the new version retires data or changes a type and was not taken over; start weir serve anew if that is wanted")
            : Words(zh: "新版本没有更新，仍在运行上一个版本", en: "the new version was not taken over; the last good one runs on")
        running.authoring.trouble = .init(title: title, lines: Array(lines.prefix(Self.mostLines)), more: max(0, lines.count - Self.mostLines))
        Terminal.error(title[language] + "\n" + lines.map { "  \($0.words[language])\n" }.joined())
    }

    private func show(_ diagnostics: Diagnostics, _ sources: SourceSet) {
        let errors = diagnostics.inOrder.filter { $0.severity == .error }
        let places = PlaceText(sources)
        let title = Words(
            zh: "定义有 \(errors.count) 个错误，仍在运行上一个版本", en: "the definition has \(errors.count == 1 ? "an error" : "\(errors.count) errors"); the last good version runs on")
        running.authoring.trouble = .init(
            title: title,
            lines: errors.prefix(Self.mostLines).map { .init(place: places.text(of: $0.span), at: places.line(of: $0.span), words: $0.message, hint: $0.hint) },
            more: max(0, errors.count - Self.mostLines), sources: sources)
        show(warnings: diagnostics, sources)
        Terminal.error(title[language] + "\n")
    }

    private func show(warnings diagnostics: Diagnostics, _ sources: SourceSet) {
        Terminal.error(DiagnosticText(sources: sources, language: language, colour: Terminal.errorTakesColour).render(diagnostics))
    }
}

/// Places as `file:line:column`.
struct PlaceText {
    private let sources: SourceSet
    private let tables: [LineTable]

    init(_ sources: SourceSet) {
        self.sources = sources
        tables = sources.files.map { LineTable($0.bytes) }
    }

    func line(of span: Span) -> Authoring.Trouble.At {
        .init(file: Int(span.file.index), line: tables[Int(span.file.index)].place(of: Int(span.start)).line)
    }

    func text(of span: Span) -> String {
        let place = tables[Int(span.file.index)].place(of: Int(span.start))
        return "\(sources[span.file].path):\(place.line):\(place.column)"
    }
}

extension SchemaChange {
    /// Whether somebody should look before it is carried out: data would be out of sight, or it cannot be done at all.
    var needsADecision: Bool {
        switch self.class {
        case .safe, .checked, .backfill: false
        case .retire, .refused: true
        }
    }
}
