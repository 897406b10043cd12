import HTML
import SourceText

extension Page {
    /// A page by itself without scripts; with them `?` shows its table in a dialog.
    func shortcutsPage() {
        html.div(.class("page-head")) { html.h1(text: say(Say.shortcuts)) }
        html.div(.class("card narrow stack"), .id("shortcut-list")) {
            html.p(.class("muted"), text: say(Say.shortcutsHint))
            html.table(.class("table")) {
                html.thead {
                    html.tr {
                        html.th(.scope("col"), text: say(Say.key))
                        html.th(.scope("col"), text: say(Say.does))
                    }
                }
                html.tbody {
                    for (keys, words) in Self.shortcuts {
                        html.tr {
                            html.td { for key in keys { html.element("kbd", text: key) } }
                            html.td { html.text(say(words)) }
                        }
                    }
                }
            }
        }
    }

    private static let shortcuts: [(keys: [String], words: Words)] = [
        (["/"], Say.keySearch), (["Ctrl K", "⌘ K"], Say.keySearch), (["g l"], Say.keyGoList), (["g h"], Say.keyGoHome), (["g t"], Say.keyGoTasks),
        (["c"], Say.keyNew), (["e"], Say.keyEdit), (["j", "k"], Say.keyRow), (["x"], Say.keySelect), (["Enter"], Say.keyOpen),
        (["m"], Say.keyStage), (["Ctrl Enter", "⌘ Enter"], Say.keySend), (["Esc"], Say.keyClose), (["?"], Say.keyHelp),
    ]
}
