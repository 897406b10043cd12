import HTML
import HTTPService
import SourceText

extension Page {
    /// What is the matter with the app's definition while its last good version runs on.
    func authoringBanner(_ trouble: Authoring.Trouble) {
        html.section(.class("notice bad"), .role("alert")) {
            icon("warning")
            html.div {
                html.p { html.element("strong", text: say(trouble.title)) }
                html.ul {
                    for line in trouble.lines {
                        html.li(.userContent) {
                            if let place = line.place {
                                if let at = line.at {
                                    html.a(.href(Link(segments: ["source", String(at.file)], query: [("refused", "yes")], fragment: "L\(at.line)"))) {
                                        html.element("code", text: WebUI.shortPath(place))
                                    }
                                } else {
                                    html.element("code", text: WebUI.shortPath(place))
                                }
                                html.text(" ")
                            }
                            html.text(say(line.words))
                            if let hint = line.hint { html.text(" " + say(Say.authoringHint(hint))) }
                        }
                    }
                }
                if trouble.more > 0 { html.p(text: say(Say.authoringMore(trouble.more))) }
            }
        }
    }
}

extension Say {
    static func authoringHint(_ hint: Words) -> Words { Words(zh: "（建议：\(hint.zh)）", en: "(hint: \(hint.en))") }
    static func authoringMore(_ count: Int) -> Words {
        Words(zh: "另有 \(count) 处，见终端或运行 weir check", en: "\(count) more: see the terminal, or run weir check")
    }
}
