import Engine
import HTTPTypes
package import Hummingbird
import SourceText
package import Storage

/// Finds out who sends the request: by bearer key, else by session cookie. Sets language and visitor; refuses nobody.
package struct Authentication: RouterMiddleware {
    package typealias Context = WeirContext

    package static let cookieName = "weir_session"
    /// Longer ones are cut before they are written to the audit.
    static let longestDevice = 200

    let accounts: Accounts
    let limits: RateLimits
    let clock: any WorldClock

    package init(accounts: Accounts, limits: RateLimits, clock: any WorldClock) {
        self.accounts = accounts
        self.limits = limits
        self.clock = clock
    }

    package func handle(_ request: Request, context: WeirContext, next: (Request, WeirContext) async throws -> Response) async throws -> Response {
        var context = context
        context.language = LanguageChoice.language(of: request)
        let device = request.headers[.userAgent].map { String($0.prefix(Self.longestDevice)) }
        if let authorization = request.headers[.authorization], authorization.lowercased().hasPrefix("bearer ") {
            let key = authorization.dropFirst("bearer ".count).trimmed
            guard let person = try await accounts.person(key: key, address: context.address, device: device) else {
                try limit(.address(context.address ?? ""))
                throw Problem(
                    .unauthorized, code: "unknown_key", .init(zh: "密钥无效或已停用", en: "the key is unknown or revoked"), headers: Problem.bearerChallenge)
            }
            context.visitor = .signedIn(person)
        } else if let cookie = request.cookies[Self.cookieName] {
            if let person = try await accounts.person(sessionToken: cookie.value, address: context.address, device: device) {
                context.visitor = .signedIn(person)
            }
        }
        try limit(RateLimits.Client(context.visitor, address: context.address), path: request.uri.path)
        return try await next(request, context)
    }

    /// - Throws: `Problem` 429 if the client sends faster than it may.
    private func limit(_ client: RateLimits.Client, path: String = "") throws {
        // A monitor must always be able to ask.
        guard path != "/healthz", path != "/readyz", let wait = limits.wait(client, now: clock.now()) else { return }
        throw Problem.tooMany(retryAfterSeconds: wait)
    }
}
