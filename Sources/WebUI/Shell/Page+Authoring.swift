import HTML
import HTTPService
import SourceText

extension Page {
    /// What is the matter with the app's definition while its last good version runs on.
    func authoringBanner(_ trouble: Authoring.Trouble) {
        html.section(.class("notice bad"), .role("alert")) {
            html.div {
                html.p { html.element("strong", text: say(trouble.title)) }
                html.ul {
                    for line in trouble.lines {
                        html.li(.userContent) {
                            if let place = line.place {
                                html.element("code", text: place)
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
