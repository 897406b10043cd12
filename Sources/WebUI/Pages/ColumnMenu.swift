import HTML
import SourceText

extension Page {
    /// Which columns, in which order: for this address at once, or kept as the person's own. Works without scripts: a press on an arrow sends
    /// the form and comes back with the menu open.
    func columnMenu(_ view: ListView) {
        html.details(.class("menu"), .when(view.isColumnMenuOpen, .open)) {
            html.element("summary", [.class("button"), .id("columns")]) {
                icon("list")
                html.text(say(Say.columns))
            }
            html.div(.class("menu-body stack")) {
                html.form(.class("stack"), .id("column-form"), .method(.post), .action(Link("records", view.objectName, "columns")), .data("swap", "#main")) {
                    formToken()
                    html.hidden("back", view.columnsBack.text)
                    html.fieldset(.class("field")) {
                        html.legend(text: say(Say.columns))
                        html.ul(.class("column-choices")) {
                            for choice in view.columnChoices { columnChoice(choice) }
                        }
                    }
                    html.div(.class("actions")) {
                        html.button(.class("button primary"), .name("do"), .value("apply"), text: say(Say.apply))
                        html.button(.class("button"), .name("do"), .value("keep"), text: say(Say.rememberColumns))
                        html.button(.class("button"), .name("do"), .value("reset"), text: say(Say.usualColumns))
                    }
                }
                html.form(.class("actions"), .method(.post), .action(Link("density"))) {
                    formToken()
                    html.hidden("back", view.columnsBack.text)
                    html.span(.id("density-label"), text: say(Say.density))
                    html.div(.class("choice-row"), .role("group"), .aria("labelledby", "density-label")) {
                        for (value, words, isOn) in [("roomy", Say.roomy, !view.isCompact), ("compact", Say.compact, view.isCompact)] {
                            html.button(
                                .class("button small"), .name("to"), .value(value), .aria("pressed", isOn ? "true" : "false"), text: say(words))
                        }
                    }
                }
            }
        }
    }

    private func columnChoice(_ choice: ListView.ColumnChoice) {
        html.li {
            html.label(.class("tick")) {
                html.input(.type("checkbox"), .name("col"), .value(choice.name), .when(choice.isShown, .checked))
                html.span(text: choice.label)
            }
            if choice.isShown {
                html.button(
                    .class("button quiet small icon-only"), .id("up-\(choice.name)"), .name("up"), .value(choice.name),
                    .aria("label", "\(say(Say.moveUp)) \(choice.label)")
                ) { icon("up") }
                html.button(
                    .class("button quiet small icon-only"), .id("down-\(choice.name)"), .name("down"), .value(choice.name),
                    .aria("label", "\(say(Say.moveDown)) \(choice.label)")
                ) { icon("down") }
            }
        }
    }
}
