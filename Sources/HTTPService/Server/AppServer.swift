package import Connectors
package import Engine
import HTTPTypes
package import Hummingbird
import JSON
import Logging
import Storage

/// The HTTP side of a running app: what every request passes, the API, health, and the pages that others add.
///
/// What comes in: HTTP requests. What goes out: answers. Always true: nothing is open without signing in but health, the sign-in page
/// and the assets; errors are answered in the visitor's language and never show their inner text.
package struct AppServer: Sendable {
    package let engine: Engine
    package let accounts: Accounts
    package let api: APIRoutes

    package let limits: RateLimits
    /// What messages from outside are verified with.
    let secrets: Secrets

    /// - Parameters:
    ///   - limits: How fast clients may send.
    ///   - secrets: What messages from outside are verified with.
    ///   - older: The server of the version of the app that ran before: what it remembers of visitors goes on, its limits too.
    package init(engine: Engine, limits: RateLimits = RateLimits(), secrets: Secrets = Secrets(), succeeding older: AppServer? = nil) {
        let accounts = Accounts(engine: engine)
        self.limits = older?.limits ?? limits
        self.secrets = older?.secrets ?? secrets
        self.engine = engine
        self.accounts = accounts
        self.api = APIRoutes(
            engine: engine, accounts: accounts, limiter: older?.api.limiter ?? SignInLimiter(),
            metrics: older?.api.metrics ?? Metrics(started: engine.world.clock.now()))
    }

    /// A newer version of the app answers from now on: streams of this one end, so that their clients come back to that.
    package func retire() { api.retirement.declare() }

    /// - Parameters:
    ///   - errorPage: Makes the page of an error for browsers.
    ///   - addPages: Adds the routes of the web interface.
    package func router(
        errorPage: (@Sendable (Problem, WeirContext) -> Response)? = nil, addPages: (Router<WeirContext>) -> Void = { _ in }
    ) -> Router<WeirContext> {
        let router = Router(context: WeirContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: Measuring(metrics: api.metrics, clock: engine.world.clock))
        router.add(middleware: LongWork())
        router.add(middleware: SecurityHeaders())
        router.add(middleware: Compression())
        router.add(middleware: ProblemAnswers(page: errorPage))
        let engine = engine
        router.get("healthz") { _, _ in jsonResponse(.object([.init("ok", .bool(true))])) }
        router.get("readyz") { _, _ in
            // Ready is who can read the database.
            _ = try await engine.store.read { try $0.setting("ready") }
            return jsonResponse(.object([.init("ok", .bool(true))]))
        }
        router.post("in/:inbound", use: InboundRoute(api: api, secrets: secrets, limits: limits).receive)
        router.add(middleware: Authentication(accounts: accounts, limits: limits, clock: engine.world.clock))
        router.add(middleware: SameSite())
        api.add(to: router)
        addPages(router)
        return router
    }
}
