import Engine
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText

extension WebUI {
    /// The person's own settings. Changing the password is open also to those who must.
    func addProfile(to router: Router<WeirContext>) {
        router.get("profile", use: page { visit in
            html(visit, title: visit.say(Say.profile), current: "profile") { $0.profilePage(profile(visit, error: nil)) }
        })
        router.get("profile/password") { request, context in
            guard let person = context.visitor.signedIn, case .session = person.way else { return redirect(to: Link("sign-in")) }
            guard person.mustChangePassword else { return redirect(to: Link("profile")) }
            return passwordPage(visit(request, context, person), error: nil)
        }
        router.post("profile/password") { request, context in
            guard let person = context.visitor.signedIn, case .session = person.way else { return redirect(to: Link("sign-in")) }
            let visit = visit(request, context, person)
            let form = try await plainForm(request)
            try guardForm(visit, token: form.first("_token"))
            guard form.first("new") == form.first("again") else { return passwordPage(visit, error: Say.passwordsDiffer) }
            do {
                try await server.accounts.changePassword(of: person, from: form.first("old") ?? "", to: form.first("new") ?? "")
            } catch let problem as Accounts.PasswordProblem {
                return passwordPage(visit, error: problem.words)
            }
            var response = redirect(to: Link("sign-in"), notice: .passwordChanged)
            response.setCookie(expiredSessionCookie)
            return response
        }
    }

    private func profile(_ visit: Visit, error: Words?) -> ProfileView {
        ProfileView(
            name: visit.principal.name, login: visit.person.login,
            roles: engine.app.model.roles.filter { visit.principal.roles.contains($0.id) }.map(\.label), theme: visit.shell.theme,
            error: error, mustChange: visit.person.mustChangePassword)
    }

    private func passwordPage(_ visit: Visit, error: Words?) -> Response {
        let view = profile(visit, error: error)
        let status: HTTPResponse.Status = error == nil ? .ok : .unprocessableContent
        guard view.mustChange else {
            return html(visit, title: visit.say(Say.profile), current: "profile", status: status, isError: error != nil) { $0.profilePage(view) }
        }
        return htmlResponse(
            Page.standingAlone(visit.shell, title: visit.say(Say.changePassword)) { $0.firstPasswordBody(view) }, status: status,
            language: visit.language)
    }
}
