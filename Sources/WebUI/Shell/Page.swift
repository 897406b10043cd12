import HTML
import SourceText

/// A page being written: where the bytes go, and what every component needs to know.
///
/// Components are functions in extensions of this type; each writes one plain value.
struct Page {
    let html: HTMLWriter
    let shell: Shell

    var language: Language { shell.language }

    func say(_ words: Words) -> String { words[shell.language] }

    func icon(_ name: StaticString) { html.icon(name, from: Shell.icons) }

    /// The hidden fields of every form that changes something.
    func formToken() {
        if let person = shell.person { html.hidden("_token", person.formToken) }
    }

    // MARK: Documents

    /// A page within the app's frame.
    static func inShell(_ shell: Shell, title: String, isError: Bool = false, content: (Page) -> Void) -> [UInt8] {
        let page = Page(html: HTMLWriter(expecting: 48 * 1024), shell: shell)
        page.document(title: title, bodyClass: shell.isPrinting ? .class("shell printing") : .class("shell")) {
            page.topBar()
            page.rail()
            page.html.main(.id("main"), .tabindex(-1)) {
                if let trouble = shell.trouble { page.authoringBanner(trouble) }
                if let notice = shell.notice {
                    page.html.p(.class("notice good"), .role("status"), .data("toast")) {
                        page.html.text(page.say(notice.words))
                    }
                    if let undo = shell.undo { page.undoForm(undo) }
                }
                content(page)
            }
            page.bottomBar()
        }
        return page.html.bytes
    }

    /// A page by itself, such as the one for signing in.
    static func standingAlone(_ shell: Shell, title: String, isWide: Bool = false, content: (Page) -> Void) -> [UInt8] {
        let page = Page(html: HTMLWriter(expecting: 8 * 1024), shell: shell)
        page.document(title: title, bodyClass: isWide ? .class("alone alone-wide") : .class("alone")) {
            page.html.main(.id("main"), .tabindex(-1)) {
                page.html.div(.class("brand")) {
                    page.icon("weir")
                    page.html.span(text: page.say(shell.app))
                }
                if let notice = shell.notice {
                    page.html.p(.class("notice good"), .role("status")) { page.html.text(page.say(notice.words)) }
                }
                content(page)
            }
        }
        return page.html.bytes
    }

    private func document(title: String, bodyClass: Attribute, content: () -> Void) {
        html.markup("<!doctype html>\n")
        html.element("html", [.lang(language == .zh ? "zh-CN" : "en"), themeAttribute]) {
            html.element("head") {
                html.markup("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1, viewport-fit=cover\">")
                html.markup("<meta name=\"theme-color\" media=\"(prefers-color-scheme: light)\" content=\"#ffffff\"><meta name=\"theme-color\" media=\"(prefers-color-scheme: dark)\" content=\"#1a2028\">")
                html.element("title", text: "\(title) · \(say(shell.app))")
                html.void("link", [.rel("stylesheet"), .href(Shell.asset("app.css"))])
                html.void("link", [.rel("icon"), .type("image/svg+xml"), .href(Shell.asset("favicon.svg"))])
                html.module(Shell.asset("app.js"))
            }
            html.element(
                "body",
                [
                    bodyClass, .when(shell.person != nil && shell.hasKeys, .data("keys", Link("shortcuts"))),
                    .when(!shell.version.isEmpty, .data("version", shell.version)),
                    .when(!(shell.person?.id ?? "").isEmpty, .data("person", shell.person?.id ?? "")),
                ]
            ) {
                content()
                if !shell.version.isEmpty { versionNews() }
                html.div(.id("status"), .class("visually-hidden"), .role("status")) {}
                html.div(.id("toasts"), .role("region"), .aria("live", "polite"), .aria("label", say(Say.messages))) {}
                html.element(
                    "template",
                    [
                        .id("words"), .data("close", say(Say.close)), .data("cancel", say(Say.cancel)), .data("ok", say(Say.ok)),
                        .data("failed", say(Say.failed)), .data("offline", say(Say.offline)), .data("uploading", say(Say.uploading)),
                        .data("uploaded", say(Say.uploaded)), .data("choose-file", say(Say.chooseFile)), .data("none", say(Say.nothingFound)),
                        .data("pages", say(Say.pagesGroup)), .data("recent", say(Say.recentlySeen)), .data("all-results", say(Say.allResults)),
                        .data("new", say(Say.new)), .data("shortcuts", say(Say.shortcuts)),
                    ]) {}
            }
        }
    }

    private var themeAttribute: Attribute {
        switch shell.theme {
        case .system: .none
        case .light: .data("theme", "light")
        case .dark: .data("theme", "dark")
        }
    }

    // MARK: Frame

    private func topBar() {
        html.a(.class("skip"), .href(Link(fragment: "main")), text: say(Say.skip))
        html.header(.class("topbar")) {
            html.a(.class("brand"), .href(Link()), .aria("label", "\(say(shell.app)) · \(say(Say.home))")) {
                icon("weir")
                html.span(text: say(shell.app))
            }
            html.form(.class("topbar-search"), .role("search"), .method(.get), .action(Link("search"))) {
                icon("search")
                html.input(
                    .type("search"), .name("q"), .id("search"), .data("search"), .aria("label", say(Say.searchEverything)), .autocomplete("off"),
                    .placeholder(say(Say.searchKeys)), .enterkeyhint("search"), .maxlength(100))
            }
            html.div(.class("topbar-end")) {
                bell()
                themeMenu()
                languageSwitch()
                if let person = shell.person {
                    html.a(.class("button quiet"), .href(Link("profile")), .title(say(Say.profile))) {
                        icon("user")
                        html.span(.class("wide-only"), .userContent, text: person.name)
                        html.span(.class("visually-hidden"), text: say(Say.profile))
                    }
                    html.form(.class("wide-only"), .method(.post), .action(Link("sign-out"))) {
                        formToken()
                        html.button(.class("button quiet")) {
                            icon("out")
                            html.span(text: say(Say.signOut))
                        }
                    }
                }
            }
        }
    }

    /// Light, dark, or as the system has it; the choice stays with the browser.
    private func themeMenu() {
        html.details(.class("menu theme-menu wide-only")) {
            html.element("summary", [.class("button quiet icon-only"), .title(say(Say.theme))]) {
                icon("theme")
                html.span(.class("visually-hidden"), text: "\(say(Say.theme))\(language.colon)\(say(shell.theme.words))")
            }
            html.form(.class("menu-body"), .method(.post), .action(Link("theme"))) {
                formToken()
                if let address = shell.address { html.hidden("back", address.text) }
                for theme in Shell.Theme.allCases {
                    html.button(
                        .class("button quiet"), .name("theme"), .value(theme.rawValue), .aria("pressed", theme == shell.theme ? "true" : "false"),
                        text: say(theme.words))
                }
            }
        }
    }

    /// Named in the language that it leads to.
    func languageSwitch() {
        let other: Language = language == .zh ? .en : .zh
        html.form(.method(.post), .action(Link("language"))) {
            html.hidden("to", other.rawValue)
            if let address = shell.address { html.hidden("back", address.text) }
            html.button(.class("button quiet"), .lang(other == .zh ? "zh-CN" : "en")) {
                icon("language")
                html.span(text: say(Say.otherLanguage))
            }
        }
    }

    private func rail() {
        html.nav(.class("rail"), .aria("label", say(Say.mainNavigation))) {
            html.ul {
                railItem("home", Link(), say(Say.home), icon: "home")
                railItem("tasks", Link("tasks"), say(Say.tasks), icon: "task")
                if shell.hasApprovals { railItem("approvals", Link("approvals"), say(Say.approvals), icon: "stage") }
                if shell.hasReports { railItem("reports", Link("reports"), say(Say.reports), icon: "view") }
                for (heading, places) in shell.placesByGroup {
                    html.li(.class("rail-heading"), text: say(heading))
                    for place in places { railItem(place, icon: "object") }
                }
                html.li(.class("rail-heading"), text: say(Say.admin))
                for place in shell.places where place.isBuiltIn {
                    railItem(place, icon: place.name == "user" ? "user" : place.name == "file" ? "file" : "activity")
                }
                if let failed = shell.failedRuns {
                    railItem("runs", Link("runs"), say(Say.automation), icon: "bolt", troubled: failed == 0 ? nil : (failed, Say.runsFailed(failed)))
                }
            }
        }
    }

    private func railItem(_ place: Shell.Place, icon: StaticString) {
        railItem(place.name, Link("records", place.name), say(place.label), icon: icon)
    }

    /// - Parameter troubled: How many wait there for somebody to look, and that in words.
    private func railItem(_ name: String, _ link: Link, _ label: String, icon name2: StaticString, troubled: (count: Int, words: Words)? = nil) {
        html.li {
            html.a(.href(link), .when(shell.current == name, .aria("current", "page"))) {
                icon(name2)
                html.span(text: label)
                if let troubled {
                    html.span(.class("chip bad count"), .title(say(troubled.words))) {
                        html.span(.aria("hidden", "true"), text: grouped(troubled.count))
                        html.span(.class("visually-hidden"), text: say(troubled.words))
                    }
                }
            }
        }
    }

    private func bottomBar() {
        html.nav(.class("bottom-bar"), .aria("label", say(Say.shortNavigation))) {
            html.ul {
                railItem("home", Link(), say(Say.home), icon: "home")
                railItem("tasks", Link("tasks"), say(Say.tasks), icon: "task")
                railItem("new", Link("new"), say(Say.new), icon: "plus")
                railItem(shell.nearest?.name ?? "list", shell.nearest.map { Link("records", $0.name) } ?? Link(), say(Say.list), icon: "list")
                railItem("more", Link("more"), say(Say.more), icon: "more")
            }
        }
    }

    // MARK: Small things

    func crumbs(_ trail: [(Link, String)], here: String) {
        html.nav(.class("crumbs"), .aria("label", say(Say.breadcrumb))) {
            html.ol {
                // The object first, in the app's words; then records, in people's.
                for (index, (link, label)) in trail.enumerated() {
                    html.li { html.a(.href(link), .when(index > 0, .userContent), text: label) }
                }
                html.li { html.span(.aria("current", "page"), .userContent, text: here) }
            }
        }
    }

    func empty(_ heading: Words, hint: Words? = nil, actions: () -> Void = {}) {
        html.div(.class("empty")) {
            icon("empty")
            html.h2(text: say(heading))
            if let hint { html.p(text: say(hint)) }
            html.div(.class("actions"), content: actions)
        }
    }
}
