import Engine
import Foundation
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText

extension WebUI {
    /// The app as a picture, and its files for those who look after it.
    func addMap(to router: Router<WeirContext>) {
        router.get("map", use: page { visit in
            let map = ObjectMap(engine.app.model.objects) { source(at: $0.declaredAt, for: visit) }
            return html(visit, title: visit.say(Say.objectMap), current: "more") { $0.mapPage(map) }
        })
        router.get("source/:file", use: page { visit in
            guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.sourceForAdmins) }
            // What was written and could not be taken over, or what runs.
            let isRefused = visit.query.filled("refused") != nil
            let sources = isRefused ? authoring.trouble?.sources ?? self.sources : self.sources
            guard let index = visit.context.parameters.get("file").flatMap({ Int($0) }), sources.files.indices.contains(index) else {
                throw Problem.notFound
            }
            let file = sources.files[index]
            let text = String(decoding: file.bytes, as: UTF8.self).replacing("\r\n", with: "\n")
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
            return html(visit, title: Self.shortPath(file.path), current: "more") { $0.sourcePage(path: Self.shortPath(file.path), lines: lines) }
        })
    }

    /// Where something is written, as text and link; nil for those who do not look after the app.
    func source(at span: Span?, for visit: Visit) -> (text: String, link: Link)? {
        guard engine.administers(visit.principal), let span, sources.files.indices.contains(Int(span.file.index)) else { return nil }
        let file = sources[span.file]
        let line = file.place(of: span.start).line
        return ("\(Self.shortPath(file.path)):\(line)", Link(segments: ["source", String(span.file.index)], fragment: "L\(line)"))
    }

    /// Without the folders that lead to the app, which are nobody's business here.
    static func shortPath(_ path: String) -> String {
        path.split(separator: "/").suffix(2).joined(separator: "/")
    }
}
