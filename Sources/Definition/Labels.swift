package import SourceText
import LocatedYAML

/// `label: 线索` or `label: { zh: 线索, en: Lead }`.
package struct LabelDefinition: Sendable, Hashable {
    package var zh: String?
    package var en: String?
    package var span: Span

    package init(zh: String?, en: String?, span: Span) {
        self.zh = zh
        self.en = en
        self.span = span
    }

    /// The words, each language standing in for the other, and `name` for both.
    package func words(or name: String) -> Words {
        Words(zh: zh ?? en ?? name, en: en ?? zh ?? name)
    }
}

/// A text for people, with braces; one for both languages or one for each.
package struct TemplateDefinition: Sendable, Hashable {
    package var zh: EmbeddedText
    package var en: EmbeddedText

    package init(zh: EmbeddedText, en: EmbeddedText) {
        self.zh = zh
        self.en = en
    }

    /// Our own words, where the author left them out.
    package init(plain words: Words, span: Span) {
        self.init(zh: EmbeddedText(text: words.zh, span: span, segments: []), en: EmbeddedText(text: words.en, span: span, segments: []))
    }
}

extension YAMLEntry {
    /// A text for people: one for all languages, or a map with one for each.
    func label(_ report: inout Diagnostics) -> LabelDefinition? {
        guard case .mapping = value.content else {
            warnOfCurlyQuotes(&report)
            return text(&report).map { LabelDefinition(zh: $0.value, en: $0.value, span: $0.span) }
        }
        guard let keys = KeyReader(self, of: .languages, &report) else { return nil }
        for entry in keys.entries { entry.warnOfCurlyQuotes(&report) }
        let zh = keys["zh"]?.text(&report)
        let en = keys["en"]?.text(&report)
        guard zh != nil || en != nil else {
            if keys.entries.isEmpty { report.report(.noValue(key, at: value.span)) }
            return nil
        }
        return LabelDefinition(zh: zh?.value, en: en?.value, span: value.span)
    }

    /// A text with braces: one for all languages, or a map with one for each.
    func template(_ report: inout Diagnostics) -> TemplateDefinition? {
        guard case .mapping(let entries) = value.content else {
            warnOfCurlyQuotes(&report)
            return embedded(&report).map { TemplateDefinition(zh: $0, en: $0) }
        }
        // `shows: {name}` is a map in YAML; the author meant the braces of a template.
        if let only = entries.first, entries.count == 1, only.key.value != "zh", only.key.value != "en",
            case .scalar(let scalar) = only.value.content, scalar.text.isEmpty
        {
            report.report(.mapWhereText(key, content: only.key.value, at: value.span))
            return nil
        }
        guard let keys = KeyReader(self, of: .languages, &report) else { return nil }
        for entry in keys.entries { entry.warnOfCurlyQuotes(&report) }
        let zh = keys["zh"]?.embedded(&report)
        let en = keys["en"]?.embedded(&report)
        guard let first = zh ?? en else {
            if keys.entries.isEmpty { report.report(.noValue(key, at: value.span)) }
            return nil
        }
        return TemplateDefinition(zh: zh ?? first, en: en ?? first)
    }

    /// `label: “现场”`: to YAML these are letters like any other, and people would see them.
    private func warnOfCurlyQuotes(_ report: inout Diagnostics) {
        guard case .scalar(let scalar) = value.content, scalar.style == .plain, scalar.text.count > 2, let first = scalar.text.first, let last = scalar.text.last,
            "“”‘’＂＇".contains(first), "“”‘’＂＇".contains(last)
        else { return }
        report.report(.curlyQuotes(Located(String(scalar.text.dropFirst().dropLast()), at: value.span), key: key.value))
    }
}
