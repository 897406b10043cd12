import LocatedYAML
import SourceText

/// One document read alone.
struct Reading {
    let sources: SourceSet
    let file: SourceFile
    let node: YAMLNode?
    let report: Diagnostics

    init(_ bytes: [UInt8], path: String = "a.yaml") {
        var sources = SourceSet()
        file = sources.add(path: path, bytes: bytes)
        var report = Diagnostics()
        node = parseYAML(file, &report)
        self.sources = sources
        self.report = report
    }

    init(_ text: String, path: String = "a.yaml") {
        self.init(Array(text.utf8), path: path)
    }

    var codes: [String] { report.inOrder.map(\.code) }

    var rendered: String {
        DiagnosticText(sources: sources, language: .en).render(report) + "\n" + DiagnosticText(sources: sources, language: .zh).render(report)
    }

    /// What must hold of every reading whatever the bytes; a sentence for each breach.
    var breaches: [String] {
        var breaches: [String] = []
        let end = Int32(file.bytes.count)
        for diagnostic in report.found {
            if diagnostic.span.end > end { breaches.append("\(diagnostic.code) reaches beyond the file") }
            for note in diagnostic.notes where (note.span?.end ?? 0) > end { breaches.append("a note of \(diagnostic.code) reaches beyond the file") }
            for language in Language.allCases {
                if diagnostic.message[language].isEmpty || diagnostic.message[language].contains("\n") { breaches.append("\(diagnostic.code): message") }
                if diagnostic.hint?[language].isEmpty ?? true { breaches.append("\(diagnostic.code) has no hint") }
            }
        }
        if node == nil, report.isEmpty, file.bytes.contains(where: { !" \t\r\n#".utf8.contains($0) }), !isOnlyComments { breaches.append("nothing was read and nothing said") }
        if let node { check(node, inside: nil, &breaches) }
        return breaches
    }

    private var isOnlyComments: Bool {
        String(decoding: file.bytes, as: UTF8.self).split(whereSeparator: \.isNewline).allSatisfy { line in
            let content = line.drop { $0 == " " || $0 == "\t" || $0 == "\u{FEFF}" }
            return content.isEmpty || content.hasPrefix("#") || content.hasPrefix("---") || content.hasPrefix("...")
        }
    }

    private func check(_ node: YAMLNode, inside outer: Span?, _ breaches: inout [String]) {
        if let outer, node.span.start < outer.start || node.span.end > outer.end { breaches.append("\(node.span) lies outside \(outer)") }
        if Int(node.span.end) > file.bytes.count { breaches.append("\(node.span) reaches beyond the file") }
        switch node.content {
        case .scalar(let scalar): check(scalar, &breaches)
        case .sequence(let items):
            for item in items { check(item, inside: node.span, &breaches) }
        case .mapping(let entries):
            for entry in entries {
                if entry.key.span.start < node.span.start || entry.key.span.end > entry.value.span.start { breaches.append("key at \(entry.key.span)") }
                check(entry.value, inside: node.span, &breaches)
            }
        }
    }

    /// Every byte of a text stands in the file as the segments say.
    private func check(_ scalar: YAMLScalar, _ breaches: inout [String]) {
        let text = Array(scalar.text.utf8)
        let segments = scalar.embedded.segments
        if segments.isEmpty != text.isEmpty {
            breaches.append("`\(scalar.text)` at \(scalar.embedded.span) was decoded otherwise than libyaml did")
            return
        }
        for (index, segment) in segments.enumerated() {
            let end = index + 1 < segments.count ? Int(segments[index + 1].textOffset) : text.count
            let run = text[Int(segment.textOffset)..<end]
            let start = Int(segment.fileOffset)
            if let length = segment.fileLength {
                if length < 0 || start + Int(length) > file.bytes.count { breaches.append("segment \(segment)") }
                continue
            }
            guard start + run.count <= file.bytes.count else {
                breaches.append("segment \(segment) reaches beyond the file")
                continue
            }
            // Characters that were complained about are blanked in the text.
            if report.isEmpty, !file.bytes[start..<start + run.count].elementsEqual(run) { breaches.append("segment \(segment) of `\(scalar.text)`") }
        }
    }
}
