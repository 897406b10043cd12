import HTML
import SourceText

extension Page {
    /// Hidden until scripts hear that a newer version of the app answers; then a bar that offers to load the page anew. Nothing is lost
    /// by leaving it: the page works on, and what is sent goes to the newer version.
    func versionNews() {
        html.div(.id("version-news"), .class("version-news"), .role("status"), .hidden) {
            icon("reload")
            html.span(text: say(Say.newVersion))
            html.a(.class("button small"), .href(shell.address ?? Link()), .data("reload"), text: say(Say.reloadPage))
            html.button(.class("button quiet small"), .type("button"), .data("dismiss"), text: say(Say.later))
        }
    }
}

extension Say {
    static let newVersion = Words(zh: "应用已更新", en: "The app was updated")
    static let reloadPage = Words(zh: "刷新页面", en: "Reload")
    static let later = Words(zh: "稍后", en: "Later")
}
