package import Engine
import HTTPTypes
package import Hummingbird
import Synchronization

/// `/api/v1`: JSON for programs, and for our own pages' scripts. Everything but signing in needs a person.
package struct APIRoutes: Sendable {
    let engine: Engine
    let accounts: Accounts
    let limiter: SignInLimiter
    package let metrics: Metrics
    let document: OpenAPIDocument
    let retirement = Retirement()

    package init(engine: Engine, accounts: Accounts, limiter: SignInLimiter, metrics: Metrics) {
        self.engine = engine
        self.accounts = accounts
        self.limiter = limiter
        self.metrics = metrics
        self.document = OpenAPIDocument(engine.app)
    }

    /// A request body of JSON may have so many bytes.
    static let largestJSON = 4 << 20
    /// An uploaded file may have so many bytes.
    package static let largestFile: Int64 = 200 << 20

    /// A method at an address, `{name}` standing for one part of it.
    struct Route: Sendable {
        let method: HTTPRequest.Method
        let path: String
        let handler: @Sendable (APIRoutes) -> @Sendable (Request, WeirContext) async throws -> Response

        init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping @Sendable (APIRoutes) -> @Sendable (Request, WeirContext) async throws -> Response) {
            self.method = method
            self.path = path
            self.handler = handler
        }
    }

    /// Every address for programs. `OpenAPIDocument` describes each of them.
    static let table: [Route] = [
        Route(.get, "/api/v1/openapi.json") { $0.openAPI },
        Route(.post, "/api/v1/sign-in") { $0.signIn },
        Route(.post, "/api/v1/sign-out") { $0.signOut },
        Route(.get, "/api/v1/records/{object}") { $0.list },
        Route(.post, "/api/v1/records/{object}") { $0.create },
        Route(.post, "/api/v1/records/{object}/batch") { $0.batch },
        Route(.get, "/api/v1/records/{object}/{id}") { $0.read },
        Route(.patch, "/api/v1/records/{object}/{id}") { $0.edit },
        Route(.delete, "/api/v1/records/{object}/{id}") { $0.delete },
        Route(.get, "/api/v1/records/{object}/{id}/gate") { $0.gate },
        Route(.post, "/api/v1/records/{object}/{id}/stage") { $0.move },
        Route(.get, "/api/v1/records/{object}/{id}/automation") { $0.automation },
        Route(.get, "/api/v1/aggregate/{object}") { $0.aggregate },
        Route(.put, "/api/v1/files") { $0.upload },
        Route(.get, "/api/v1/files/{id}") { $0.download },
        Route(.get, "/api/v1/approvals") { $0.approvals },
        Route(.get, "/api/v1/approvals/{id}") { $0.approval },
        Route(.post, "/api/v1/approvals/{id}") { $0.decide },
        Route(.get, "/api/v1/absences") { $0.absences },
        Route(.post, "/api/v1/absences") { $0.announceAbsence },
        Route(.delete, "/api/v1/absences/{id}") { $0.endAbsence },
        Route(.get, "/api/v1/reports") { $0.reports },
        Route(.get, "/api/v1/reports/{name}") { $0.report },
        Route(.get, "/api/v1/reports/{name}/sent") { $0.sentReports },
        Route(.get, "/api/v1/reports/{name}/sent/{id}") { $0.sentReport },
        Route(.get, "/api/v1/questions") { $0.questions },
        Route(.get, "/api/v1/questions/{id}") { $0.question },
        Route(.post, "/api/v1/questions/{id}") { $0.answer },
        Route(.get, "/api/v1/notices") { $0.notices },
        Route(.post, "/api/v1/notices/read") { $0.readNotices },
        Route(.post, "/api/v1/notices/{id}/read") { $0.readNotice },
        Route(.get, "/api/v1/runs") { $0.runs },
        Route(.get, "/api/v1/runs/{id}") { $0.run },
        Route(.post, "/api/v1/runs/{id}") { $0.commandRun },
        Route(.get, "/api/v1/search") { $0.search },
        Route(.get, "/api/v1/events") { $0.events },
        Route(.get, "/metrics") { $0.metricsPage },
    ]

    /// The methods that other routes take at addresses of programs.
    private static let beside: [(method: HTTPRequest.Method, path: String)] = [(.get, "/healthz"), (.get, "/readyz")]

    package func add(to router: Router<WeirContext>) {
        for route in Self.table {
            let path = route.path.replacing("{", with: ":").replacing("}", with: "")
            router.on(RouterPath(path), method: route.method, use: route.handler(self))
        }
    }

    /// What methods an address takes; nil if there is no such address.
    static func methods(at path: String) -> [HTTPRequest.Method]? {
        let parts = path.split(separator: "/")
        let found = (table.map { ($0.method, $0.path) } + beside).filter { matches($0.1, parts) }
        // `…/batch` is an address of its own, and no record's.
        func places(_ path: String) -> Int { path.count { $0 == "{" } }
        guard let fewest = found.map({ places($0.1) }).min() else { return nil }
        return found.filter { places($0.1) == fewest }.flatMap { $0.0 == .get ? [.get, .head] : [$0.0] }
    }

    private static func matches(_ path: String, _ parts: [Substring]) -> Bool {
        let wanted = path.split(separator: "/")
        return wanted.count == parts.count && zip(wanted, parts).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }
}
