import HTML
import HTTPService
import HTTPTypes
import SourceText

/// The page for signing in.
struct SignInView: Sendable {
    var login: String
    /// What was wrong with the last try.
    var error: Words?
    /// Where the visitor wanted to go.
    var next: Link?
}

struct ProfileView: Sendable {
    var name: String
    var login: String
    var roles: [Words]
    var theme: Shell.Theme
    var error: Words?
    /// A first visit: nothing else is open before a password is chosen.
    var mustChange: Bool
}

/// Something that cannot be shown or done.
struct ErrorView: Sendable {
    var code: Int
    var words: Words
    var next: Words

    init(_ problem: Problem) {
        code = problem.status.code
        words = problem.words
        next =
            switch problem.status.code {
            case 404: Say.whatNext404
            case 401, 403: Say.whatNext403
            case 409, 412: Say.whatNext409
            case 400..<500: Say.whatNext409
            default: Say.whatNext500
            }
    }
}

extension Page {
    func signInBody(_ view: SignInView) {
        html.h1(text: say(Say.signIn))
        if view.next != nil, view.error == nil { html.p(.class("muted"), text: say(Say.signInFirst)) }
        if let error = view.error {
            html.div(.class("notice bad"), .role("alert"), .id("sign-in-error")) {
                icon("warning")
                html.div(text: say(error))
            }
        }
        let wrong: Attribute = .when(view.error != nil, .all([.aria("invalid", "true"), .aria("describedby", "sign-in-error")]))
        html.form(.method(.post), .action(Link("sign-in"))) {
            if let next = view.next { html.hidden("next", next.text) }
            html.div(.class("field")) {
                html.label(.for("login"), text: say(Say.login))
                html.input(.type("text"), .id("login"), .name("login"), .value(view.login), .autocomplete("username"), .required, wrong)
            }
            html.div(.class("field")) {
                html.label(.for("password"), text: say(Say.password))
                html.input(.type("password"), .id("password"), .name("password"), .autocomplete("current-password"), .required, wrong)
            }
            html.button(.class("button primary"), text: say(Say.signIn))
        }
        html.div(.class("foot")) {
            html.span {}
            languageSwitch()
        }
    }

    func profilePage(_ view: ProfileView) {
        html.div(.class("page-head")) { html.h1(text: say(Say.profile)) }
        html.div(.class("narrow")) {
            html.section(.class("card")) {
                html.div(.class("card-head")) { html.h2(text: say(Say.account)) }
                html.dl(.class("facts")) {
                    fact(Say.login, view.login)
                    fact(Say.roles, view.roles.map(say).joined(separator: language == .zh ? "、" : ", "))
                }
            }
            html.section(.class("card")) {
                html.div(.class("card-head")) { html.h2(text: say(Say.theme)) }
                html.form(.class("actions"), .method(.post), .action(Link("theme"))) {
                    formToken()
                    html.fieldset(.class("field")) {
                        html.element("legend", [.class("visually-hidden")], text: say(Say.theme))
                        html.div(.class("ticks")) {
                            for theme in Shell.Theme.allCases {
                                html.label(.class("tick")) {
                                    html.input(.type("radio"), .name("theme"), .value(theme.rawValue), .when(theme == view.theme, .checked))
                                    html.span(text: say(theme.words))
                                }
                            }
                        }
                    }
                    html.button(.class("button"), text: say(Say.apply))
                }
            }
            html.section(.class("card")) {
                html.div(.class("card-head")) { html.h2(text: say(Say.shortcuts)) }
                html.form(.class("actions"), .method(.post), .action(Link("keys"))) {
                    formToken()
                    html.label(.class("tick")) {
                        html.input(.type("checkbox"), .name("keys"), .value("on"), .when(shell.hasKeys, .checked))
                        html.span(text: say(Say.shortcutsOn))
                    }
                    html.button(.class("button"), text: say(Say.apply))
                    html.a(.href(Link("shortcuts")), .class("inline-link"), text: say(Say.shortcuts))
                }
            }
            html.section(.class("card")) {
                html.div(.class("card-head")) { html.h2(text: say(Say.changePassword)) }
                passwordForm(view)
            }
            html.section(.class("card")) {
                html.form(.class("actions"), .method(.post), .action(Link("sign-out"))) {
                    formToken()
                    html.button(.class("button")) {
                        icon("out")
                        html.text(say(Say.signOut))
                    }
                }
            }
        }
    }

    /// Alone on a page at the first visit.
    func firstPasswordBody(_ view: ProfileView) {
        html.h1(text: say(Say.changePassword))
        html.p(text: say(Say.mustChange))
        passwordForm(view)
    }

    private func passwordForm(_ view: ProfileView) {
        if let error = view.error {
            html.div(.class("notice bad"), .role("alert"), .id("password-error")) {
                icon("warning")
                html.div(text: say(error))
            }
        }
        let wrong: Attribute = .when(view.error != nil, .aria("describedby", "password-error"))
        html.form(.class("stack"), .method(.post), .action(Link("profile", "password"))) {
            formToken()
            // Password managers want to know whose password it is.
            html.input(.type("text"), .name("login"), .value(view.login), .autocomplete("username"), .hidden, .aria("hidden", "true"))
            html.div(.class("field")) {
                html.label(.for("old"), text: say(Say.oldPassword))
                html.input(.type("password"), .id("old"), .name("old"), .autocomplete("current-password"), .required, wrong)
            }
            html.div(.class("field")) {
                html.label(.for("new"), text: say(Say.newPassword))
                html.input(
                    .type("password"), .id("new"), .name("new"), .autocomplete("new-password"), .minlength(8), .required,
                    .aria("describedby", "password-help"))
                html.p(.class("help"), .id("password-help"), text: say(Say.passwordHelp))
            }
            html.div(.class("field")) {
                html.label(.for("again"), text: say(Say.repeatPassword))
                html.input(.type("password"), .id("again"), .name("again"), .autocomplete("new-password"), .required)
            }
            html.button(.class("button primary"), text: say(Say.changePassword))
        }
    }

    private func fact(_ label: Words, _ value: String) {
        html.div {
            html.dt(text: say(label))
            html.dd { html.span(.userContent, text: value) }
        }
    }

    func errorBody(_ view: ErrorView) {
        html.p(.class("muted"), text: say(Say.status(view.code)))
        html.h1(text: say(view.words))
        html.p(text: say(view.next))
        html.p(.class("actions")) { html.a(.class("button primary"), .href(Link()), text: say(Say.backHome)) }
    }
}
