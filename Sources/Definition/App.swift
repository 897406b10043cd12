package import SourceText
import LocatedYAML

/// The key `app`.
package struct HeaderDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var version: Located<String>?
    package var timezone: Located<String>?
    package var currency: Located<String>?
    package var calendar: Located<String>?
    /// The day for which the records in `data/` were written.
    package var demoDay: Located<String>?
    package var span: Span

    package init(name: Located<String>, span: Span) {
        self.name = name
        self.span = span
    }

    /// The version of this YAML dialect that is read here.
    static let languageVersion = "1"

    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> HeaderDefinition? {
        guard let keys = KeyReader(entry, of: .app, &report) else { return nil }
        guard let name = keys.required("name", owner: entry.key, &report)?.text(&report) else { return nil }
        // An app's name also names folders: dashes may stand in it.
        let plain = Located(name.value.replacing("-", with: "_"), at: name.span)
        guard Name.check(plain, as: .app, &report) else { return nil }

        var header = HeaderDefinition(name: name, span: entry.key.span)
        header.label = keys["label"]?.label(&report)
        header.version = keys["version"]?.text(&report)
        header.timezone = keys["timezone"]?.text(&report)
        header.currency = keys["currency"]?.text(&report)
        header.calendar = keys["calendar"]?.text(&report)
        header.demoDay = keys["demo_day"]?.text(&report)
        if let version = header.version, !isVersion(version.value) {
            report.report(.badVersion(version))
        }
        if let language = keys["language"]?.text(&report), language.value != languageVersion {
            report.report(.languageVersion(language))
        }
        return header
    }

    /// One to three numbers with dots between.
    private static func isVersion(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return (1...3).contains(parts.count) && parts.allSatisfy { part in
            (1...9).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
    }
}
