import HTML

/// A field's value as a page shows it.
indirect enum DisplayValue: Sendable, Equatable {
    case blank
    /// What people wrote.
    case text(String)
    /// Numbers, money, percents: lined up to the right in tables.
    case number(String)
    /// Yes, no, an option's label: words of the app, not of the record's author.
    case word(String)
    case words([String])
    case tags([String])
    /// A moment or a day: what is shown, and how machines read it.
    case time(String, stamp: String)
    case record(title: String, Link)
    /// A file's record: leads to it, and to its bytes.
    case file(name: String, Link, download: Link)
    case outside(String, Link)
    /// Records or files, one beside the other.
    case several([DisplayValue])
    /// Why a formula has no value.
    case failure(String)

    var isBlank: Bool { self == .blank }
}

extension Page {
    func value(_ value: DisplayValue) {
        switch value {
        case .blank: html.span(.class("blank"), text: say(Say.blank))
        case .text(let text): html.span(.userContent, text: text)
        case .number(let text): html.span(.class("nowrap"), text: text)
        case .word(let word): html.span(text: word)
        case .words(let words): chips(words, areUserContent: false)
        case .tags(let tags): chips(tags, areUserContent: true)
        case .time(let shown, let stamp): html.time(.datetime(stamp), .class("nowrap"), text: shown)
        case .record(let title, let link): html.a(.href(link), .userContent, text: title)
        case .file(let name, let link, let download):
            html.a(.href(link), .userContent, text: name)
            html.markup(" ")
            html.a(.href(download), .download(name), .class("inline-link"), .aria("label", "\(say(Say.download)) \(name)"), text: say(Say.download))
        case .outside(let text, let link):
            html.a(.href(link), .rel("noopener noreferrer"), .userContent, text: text)
        case .several(let values):
            html.span(.class("chips")) {
                for value in values { html.span(.class("chip")) { self.value(value) } }
            }
        case .failure(let words):
            html.span(.class("failure")) {
                icon("warning")
                html.markup(" ")
                html.text(words)
            }
        }
    }

    private func chips(_ words: [String], areUserContent: Bool) {
        html.span(.class("chips")) {
            for word in words { html.span(.class("chip"), .when(areUserContent, .userContent), text: word) }
        }
    }
}
