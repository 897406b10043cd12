import HTML
import SourceText

/// The page one lands on.
struct HomeView: Sendable {
    struct Task: Sendable {
        var title: String
        var link: Link
        var due: DisplayValue
        var isLate: Bool
        var about: DisplayValue
    }

    struct Tile: Sendable {
        var label: Words
        var link: Link
        var count: Int
    }

    struct TileGroup: Sendable {
        var heading: Words
        var tiles: [Tile]
    }

    struct Activity: Sendable {
        var kind: String
        var text: String
        var link: Link
        var about: DisplayValue
        var when: DisplayValue
    }

    var name: String
    /// In the order of the menu.
    var groups: [TileGroup]
    var tasks: [Task]
    var recent: [Activity]
    var allTasks: Link
}

/// What a search over everything found.
struct SearchView: Sendable {
    struct Group: Sendable {
        var label: Words
        var rows: [(title: String, Link)]
        /// To all of them, where there are more than are shown.
        var all: Link?
    }

    var text: String
    var groups: [Group]
}

extension Page {
    private func tiles(_ tiles: [HomeView.Tile]) {
        html.ul(.class("tiles")) {
            for tile in tiles {
                html.li {
                    html.a(.class("tile"), .href(tile.link)) {
                        html.span(text: say(tile.label))
                        html.strong(text: grouped(tile.count))
                    }
                }
            }
        }
    }

    private func countsByGroup(_ groups: [HomeView.TileGroup]) {
        html.div(.class("tiles")) {
            for group in groups {
                html.section(.class("card counts")) {
                    html.h2(text: say(group.heading))
                    html.ul(.class("rows")) {
                        for tile in group.tiles {
                            html.li {
                                html.a(.class("grow"), .href(tile.link), text: say(tile.label))
                                html.strong(text: grouped(tile.count))
                            }
                        }
                    }
                }
            }
        }
    }

    func taskRow(_ task: HomeView.Task) {
        html.li {
            html.a(.class("grow"), .href(task.link), .userContent, text: task.title)
            if !task.about.isBlank { html.span(.class("small")) { value(task.about) } }
            html.span(task.isLate ? .class("small late") : .class("small muted")) {
                if task.isLate { html.text("\(say(Say.late)) ") }
                value(task.due)
            }
        }
    }

    func homePage(_ view: HomeView) {
        html.div(.class("page-head")) { html.h1(.userContent, text: say(Say.hello(view.name))) }
        html.section(.aria("label", say(Say.overview))) {
            if view.groups.count > 1 { countsByGroup(view.groups) } else { tiles(view.groups.first?.tiles ?? []) }
        }
        html.div(.class("columns")) {
            html.section(.class("card")) {
                html.div(.class("card-head")) {
                    html.h2(text: say(Say.openTasks))
                    html.a(.class("button small"), .href(view.allTasks), text: say(Say.allTasks))
                }
                if view.tasks.isEmpty { html.p(.class("muted"), text: say(Say.noTasks)) }
                html.ul(.class("rows")) {
                    for task in view.tasks { taskRow(task) }
                }
            }
            html.section(.class("card")) {
                html.div(.class("card-head")) { html.h2(text: say(Say.recent)) }
                if view.recent.isEmpty { html.p(.class("muted"), text: say(Say.nothingHappened)) }
                html.ul(.class("rows")) {
                    for activity in view.recent {
                        html.li {
                            html.a(.href(activity.link), text: activity.kind)
                            html.span(.class("grow")) { value(activity.about) }
                            html.span(.class("small muted")) { value(activity.when) }
                            if !activity.text.isEmpty { html.p(.class("clip small"), .userContent, text: activity.text) }
                        }
                    }
                }
            }
        }
    }

    func searchPage(_ view: SearchView) {
        html.div(.class("page-head")) {
            html.h1(.userContent, text: view.text.isEmpty ? say(Say.search) : say(Say.resultsFor(view.text)))
        }
        html.form(.class("toolbar"), .role("search"), .method(.get), .action(Link("search")), .aria("label", say(Say.searchEverything))) {
            html.div(.class("quick")) {
                html.input(
                    .type("search"), .name("q"), .value(view.text), .aria("label", say(Say.searchEverything)), .placeholder(say(Say.searchHint)))
                html.button(.class("button primary"), text: say(Say.search))
            }
        }
        if view.text.isEmpty { html.p(.class("muted"), text: say(Say.searchExamples)) }
        if !view.text.isEmpty, view.groups.isEmpty {
            html.div(.class("card")) { empty(Say.nothingFound, hint: Say.searchExamples) }
        }
        for group in view.groups {
            html.section(.class("card")) {
                html.div(.class("card-head")) {
                    html.h2(text: say(group.label))
                    if let all = group.all { html.a(.class("button small"), .href(all), text: say(Say.seeMore)) }
                }
                html.ul(.class("rows")) {
                    for (title, link) in group.rows { html.li { html.a(.class("grow"), .href(link), .userContent, .data("row"), text: title) } }
                }
            }
        }
    }

    /// Links to choose from: what can be made, or what there is.
    func menuPage(_ heading: Words, _ links: [(label: String, Link)], after: () -> Void = {}) {
        html.div(.class("page-head")) { html.h1(text: say(heading)) }
        html.div(.class("card")) {
            html.ul(.class("rows")) {
                for (label, link) in links { html.li { html.a(.class("grow"), .href(link), text: label) } }
            }
            after()
        }
    }
}
