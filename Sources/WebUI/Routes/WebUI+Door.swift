import Engine
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Program
import SourceText

extension WebUI {
    /// Coming in, going out, and the choices that need no account.
    func addDoor(to router: Router<WeirContext>) {
        router.get("sign-in") { request, context in
            let next = FormFields(encoded: request.uri.query ?? "").first("next").flatMap(Link.init(sitePath:))
            if context.visitor.signedIn != nil { return redirect(to: next ?? Link()) }
            return signInPage(request, context, SignInView(login: "", error: nil, next: next), status: .ok)
        }
        router.post("sign-in") { request, context in
            let form = try await plainForm(request)
            let login = (form.first("login") ?? "").trimmed
            let next = form.first("next").flatMap(Link.init(sitePath:))
            do {
                guard case .welcome(let token, _) = try await server.api.signIn(
                    login: login, password: form.first("password") ?? "", request, context)
                else { throw APIRoutes.wrongPassword }
                var response = redirect(to: next ?? Link())
                response.setCookie(sessionCookie(token))
                return response
            } catch let problem as Problem {
                return signInPage(request, context, SignInView(login: login, error: problem.words, next: next), status: problem.status)
            }
        }
        router.post("sign-out") { request, context in
            let form = try await plainForm(request)
            if let person = context.visitor.signedIn, case .session(let session) = person.way {
                try guardForm(visit(request, context, person), token: form.first("_token"))
                try await server.accounts.signOut(session, address: person.principal.address, device: person.principal.device)
            }
            var response = redirect(to: Link("sign-in"), notice: .signedOut)
            response.setCookie(expiredSessionCookie)
            return response
        }
        router.post("language") { request, _ in
            let form = try await plainForm(request)
            var response = redirect(to: form.first("back").flatMap(Link.init(sitePath:)) ?? Link())
            if let chosen = form.first("to").flatMap(Language.init(rawValue:)) {
                response.setCookie(choiceCookie(LanguageChoice.cookieName, chosen.rawValue))
            }
            return response
        }
        router.post("keys") { request, _ in
            let form = try await plainForm(request)
            var response = redirect(to: Link("profile"), notice: .saved)
            response.setCookie(choiceCookie(Shell.keysCookieName, form.first("keys") == "on" ? "on" : "off"))
            return response
        }
        router.post("theme") { request, _ in
            let form = try await plainForm(request)
            let back = form.first("back").flatMap(Link.init(sitePath:))
            var response = redirect(to: back ?? Link("profile"), notice: back == nil ? .saved : nil)
            if let chosen = form.first("theme").flatMap(Shell.Theme.init(rawValue:)) {
                response.setCookie(choiceCookie(Shell.Theme.cookieName, chosen.rawValue))
            }
            return response
        }
    }

    func plainForm(_ request: Request) async throws -> FormFields {
        let buffer = try await request.body.collect(upTo: 64 << 10)
        return FormFields(encoded: String(decoding: buffer.readableBytesView, as: UTF8.self))
    }

    private func choiceCookie(_ name: String, _ value: String) -> Cookie {
        Cookie(name: name, value: value, maxAge: 400 * 86_400, path: "/", httpOnly: true, sameSite: .lax)
    }

    private func signInPage(_ request: Request, _ context: WeirContext, _ view: SignInView, status: HTTPResponse.Status) -> Response {
        var shell = Shell(language: context.language, theme: theme(of: request), app: engine.app.model.label)
        shell.address = Link("sign-in", query: view.next.map { [("next", $0.text)] } ?? [])
        shell.notice = request.cookies[Notice.cookieName].flatMap { Notice(rawValue: $0.value) }
        var response = htmlResponse(
            Page.standingAlone(shell, title: Say.signIn[context.language]) { $0.signInBody(view) }, status: status, language: context.language)
        if shell.notice != nil { response.setCookie(Cookie(name: Notice.cookieName, value: "", maxAge: 0, path: "/", sameSite: .lax)) }
        return response
    }
}
