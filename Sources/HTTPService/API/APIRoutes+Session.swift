import Engine
import HTTPTypes
package import Hummingbird
import JSON
import SourceText
import Storage

extension APIRoutes {
    /// `POST /sign-in {"login","password"}`: sets the session cookie.
    @Sendable func signIn(_ request: Request, context: WeirContext) async throws -> Response {
        let (body, _) = try await json(request)
        guard let login = body["login"]?.asString, let password = body["password"]?.asString else {
            throw Problem(.badRequest, code: "bad_json", Words(zh: "应为 {\"login\", \"password\"}", en: "the body is {\"login\", \"password\"}"))
        }
        switch try await signIn(login: login, password: password, request, context) {
        case .refused: throw Self.wrongPassword
        case .welcome(let token, let session):
            var response = jsonResponse(.object([.init("form_token", .string(session.formToken))]), language: context.language)
            response.setCookie(sessionCookie(token))
            return response
        }
    }

    @Sendable func signOut(_ request: Request, context: WeirContext) async throws -> Response {
        if let person = context.visitor.signedIn, case .session(let session) = person.way {
            try await accounts.signOut(session, address: person.principal.address, device: person.principal.device)
        }
        var response = Response(status: .noContent)
        response.setCookie(expiredSessionCookie)
        return response
    }

    /// Signing in from either door, under the limits of both.
    package func signIn(login: String, password: String, _ request: Request, _ context: WeirContext) async throws -> Accounts.SignIn {
        if let wait = limiter.wait(address: context.address ?? "", now: engine.world.clock.now()) {
            throw Problem.tooMany(
                retryAfterSeconds: wait, code: "too_many_attempts", Words(zh: "尝试次数过多，请稍后再试", en: "too many attempts; try again later"))
        }
        return try await accounts.signIn(
            login: login, password: password, address: context.address,
            device: request.headers[.userAgent].map { String($0.prefix(Authentication.longestDevice)) })
    }

    package static let wrongPassword = Problem(
        .unauthorized, code: "wrong_login", Words(zh: "账号或密码不对", en: "the login or the password is wrong"), headers: Problem.bearerChallenge)
}

extension Problem {
    package static let formToken = Problem(
        .forbidden, code: "form_token", Words(zh: "页面已过期，请刷新后重试", en: "the page is out of date; load it again"))
}

/// HttpOnly and SameSite=Lax; `Secure` cannot be asked for, since many run on plain http inside their own network.
package func sessionCookie(_ token: String) -> Cookie {
    Cookie(name: Authentication.cookieName, value: token, path: "/", httpOnly: true, sameSite: .lax)
}

package let expiredSessionCookie = Cookie(
    name: Authentication.cookieName, value: "", maxAge: 0, path: "/", httpOnly: true, sameSite: .lax)
