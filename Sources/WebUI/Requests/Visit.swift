import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import NIOCore
import Program
import SourceText
import Storage

/// A request of somebody who is signed in with a browser, and what every answer to it needs.
struct Visit: Sendable {
    let request: Request
    let context: WeirContext
    let person: SignedIn
    var shell: Shell
    let query: FormFields

    var language: Language { shell.language }
    var principal: Principal { person.principal }

    func say(_ words: Words) -> String { words[shell.language] }
}

extension WebUI {
    typealias Handler = @Sendable (Request, WeirContext) async throws -> Response

    /// A page for people who are signed in; others are sent to the door and back here afterwards.
    func page(_ answer: @escaping @Sendable (Visit) async throws -> Response) -> Handler {
        { request, context in
            guard let person = context.visitor.signedIn, case .session = person.way else { return toSignIn(request) }
            guard !person.mustChangePassword else { return redirect(to: Link("profile", "password")) }
            var visit = visit(request, context, person)
            do {
                if engine.tellsPeople, let user = person.principal.user {
                    visit.shell.unread = try await engine.unreadNotices(of: user)
                    if engine.administers(person.principal) { visit.shell.failedRuns = try await engine.failedRuns() }
                }
                return try await answer(visit)
            } catch let problem as Problem {
                return html(visit, title: problem.words[visit.language], status: problem.status, isError: true) { page in
                    page.html.div(.class("card narrow stack")) { page.errorBody(ErrorView(problem)) }
                }
            }
        }
    }

    /// A page that takes a form. A form that cannot have come from a page of ours is refused before it is looked at.
    func action(_ act: @escaping @Sendable (Visit, FormFields) async throws -> Response) -> Handler {
        page { visit in
            let buffer = try await visit.request.body.collect(upTo: WebUI.largestForm)
            let form = FormFields(encoded: String(decoding: buffer.readableBytesView, as: UTF8.self))
            try guardForm(visit, token: form.first("_token"))
            return try await act(visit, form)
        }
    }

    /// Bytes of a form without files.
    static let largestForm = 4 << 20

    func guardForm(_ visit: Visit, token: String?) throws {
        switch SameSite.verdict(on: visit.request, visitor: visit.context.visitor) {
        case .sameSite: return
        case .crossSite: throw Problem.formToken
        case .undecided:
            guard let token, let expected = visit.person.formToken, constantTimeEqual(Array(token.utf8), Array(expected.utf8)) else {
                throw Problem.formToken
            }
        }
    }

    func visit(_ request: Request, _ context: WeirContext, _ person: SignedIn) -> Visit {
        var shell = Shell(language: context.language, theme: theme(of: request), app: engine.app.model.label)
        shell.person = Shell.Person(name: person.principal.name, formToken: person.formToken ?? "", id: person.principal.user.map { engine.app.text(of: $0) } ?? "")
        shell.places = places
        shell.hasApprovals = hasApprovals
        shell.hasReports = !engine.app.model.reports.isEmpty
        shell.isPrinting = (request.uri.query ?? "").split(separator: "&").contains("print=1")
        shell.hasKeys = request.cookies[Shell.keysCookieName]?.value != "off"
        shell.address = Link(sitePath: request.uri.string)
        shell.version = engine.app.shortVersion
        if engine.administers(person.principal) { shell.trouble = authoring.trouble }
        shell.notice = request.cookies[Notice.cookieName].flatMap { Notice(rawValue: $0.value) }
        if shell.notice != nil { shell.undo = request.cookies[UndoOffer.cookieName].flatMap { UndoOffer(text: $0.value) } }
        return Visit(request: request, context: context, person: person, shell: shell, query: FormFields(encoded: request.uri.query ?? ""))
    }

    func theme(of request: Request) -> Shell.Theme {
        request.cookies[Shell.Theme.cookieName].flatMap { Shell.Theme(rawValue: $0.value) } ?? .system
    }

    /// What the rail lists: the author's objects, then people and the other built-in ones but files and activities, which live with records.
    private var places: [Shell.Place] {
        let objects = engine.app.model.objects
        return (objects.filter { $0.builtIn == nil } + objects.filter { $0.builtIn == .user || $0.builtIn == .activity || $0.builtIn == .file })
            .map { Shell.Place(name: $0.name, label: $0.label, group: $0.group, isBuiltIn: $0.builtIn != nil) }
    }

    private func toSignIn(_ request: Request) -> Response {
        guard request.method == .get, request.uri.path != "/", let next = Link(sitePath: request.uri.string) else {
            return redirect(to: Link("sign-in"))
        }
        return redirect(to: Link("sign-in", query: [("next", next.text)]))
    }

    // MARK: Answers

    func html(
        _ visit: Visit, title: String, current: String? = nil, status: HTTPResponse.Status = .ok, isError: Bool = false,
        content: (Page) -> Void
    ) -> Response {
        var shell = visit.shell
        shell.current = current
        let marked = isError ? visit.say(Say.errorInTitle(title)) : title
        var response = htmlResponse(Page.inShell(shell, title: marked, content: content), status: status, language: shell.language)
        if shell.notice != nil { response.setCookie(Cookie(name: Notice.cookieName, value: "", maxAge: 0, path: "/", sameSite: .lax)) }
        if shell.undo != nil { response.setCookie(Cookie(name: UndoOffer.cookieName, value: "", maxAge: 0, path: "/", sameSite: .lax)) }
        return response
    }

    /// POST, redirect, GET.
    func redirect(to link: Link, notice: Notice? = nil, undo: UndoOffer? = nil) -> Response {
        var response = Response(status: .seeOther, headers: [.location: link.text])
        if let notice {
            response.setCookie(Cookie(name: Notice.cookieName, value: notice.rawValue, maxAge: 30, path: "/", sameSite: .lax))
        }
        if let undo {
            response.setCookie(Cookie(name: UndoOffer.cookieName, value: undo.text, maxAge: 30, path: "/", sameSite: .lax))
        }
        return response
    }

    /// A fresh name for one sending of a form.
    func newRequestKey() -> String { base64URL(engine.world.entropy.bytes(15)) }

    func display(_ language: Language) -> Display {
        Display(app: engine.app, language: language, now: engine.world.clock.now())
    }
}

func htmlResponse(_ bytes: [UInt8], status: HTTPResponse.Status, language: Language) -> Response {
    Response(
        status: status,
        headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "private, no-cache", .contentLanguage: language == .zh ? "zh-CN" : "en"],
        body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
}
