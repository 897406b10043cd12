package import Engine
package import Hummingbird
import SourceText

/// Finds out who sends the request: by bearer key, else by session cookie. Sets language and visitor; refuses nobody.
package struct Authentication: RouterMiddleware {
    package typealias Context = WeirContext

    package static let cookieName = "weir_session"
    /// Longer ones are cut before they are written to the audit.
    static let longestDevice = 200

    let accounts: Accounts

    package init(accounts: Accounts) {
        self.accounts = accounts
    }

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        var context = context
        context.language = LanguageChoice.language(of: request)
        let device = request.headers[.userAgent].map { String($0.prefix(Self.longestDevice)) }
        if let authorization = request.headers[.authorization], authorization.lowercased().hasPrefix("bearer ") {
            let key = authorization.dropFirst("bearer ".count).trimmed
            guard let person = try await accounts.person(key: key, address: context.address, device: device) else {
                throw Problem(.unauthorized, code: "unknown_key", .init(zh: "密钥无效或已停用", en: "the key is unknown or revoked"))
            }
            context.visitor = .signedIn(person)
        } else if let cookie = request.cookies[Self.cookieName] {
            if let person = try await accounts.person(sessionToken: cookie.value, address: context.address, device: device) {
                context.visitor = .signedIn(person)
            }
        }
        return try await next(request, context)
    }
}
