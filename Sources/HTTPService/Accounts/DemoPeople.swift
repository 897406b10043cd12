package import Engine
package import Formula
package import Hummingbird
package import SourceText
import HTTPTypes
import Model
package import Program
import Storage

/// Somebody to try an app as.
package struct DemoPerson: Sendable {
    package let user: RecordID
    package let name: String
    package let role: Words
    /// Unguessable; good for as long as the process runs.
    package let token: String
}

package enum DemoPeople {
    /// One active person per role of the app, made where the demo data has none; none has a password until somebody sets one.
    package static func make(engine: Engine, accounts: Accounts) async throws -> [DemoPerson] {
        var people: [DemoPerson] = []
        for role in engine.app.model.roles {
            let user = try await person(of: role, engine: engine)
            try await ensureCredential(of: user, engine: engine)
            let name = try await engine.titles(of: [user])[user] ?? role.name
            people.append(DemoPerson(user: user, name: name, role: role.label, token: base64URL(engine.world.entropy.bytes(18))))
        }
        return people
    }

    private static func person(of role: CheckedRole, engine: Engine) async throws -> RecordID {
        let fields = UserFields(engine.app)
        let standing = try await engine.store.read { try $0.users(in: [role.id]) }
        if let row = standing.first(where: { fields.isActive($0) && $0.values[fields.role] == .option(role.name) }) { return row.id }
        let inputs = [
            FieldInput(fields.id(\.name), .text(role.label.zh)), FieldInput(fields.id(\.loginField), .text("demo_\(role.name)")),
            FieldInput(fields.id(\.role), .option(role.name)), FieldInput(fields.id(\.active), .bool(true)),
        ]
        let outcome = try await engine.save(SaveCommand(.create(fields.object, inputs), by: .system, door: .trusted))
        guard case .saved(let row, _) = outcome else {
            throw StoreError.incompatible(
                Words(zh: "无法为角色 \(role.name) 建立演示用户", en: "no demo user could be made for the role \(role.name)"))
        }
        return row.id
    }

    /// A credential with a hash that no password matches: the person can be signed in by link only.
    private static func ensureCredential(of user: RecordID, engine: Engine) async throws {
        let fields = UserFields(engine.app)
        try await engine.store.write { transaction in
            guard try transaction.credential(of: user) == nil, let row = try transaction.row(user) else { return }
            let login = fields.login(row).isEmpty ? "user_\(user.number)" : fields.login(row)
            try transaction.set(
                Credential(user: user, login: login, passwordHash: "none", failedAttempts: 0, lockedUntil: nil, mustChange: false))
        }
    }
}

/// Sign-in links of a demo: a GET with an unguessable token, good while the process runs.
package struct DemoLinks: Sendable {
    package let people: [DemoPerson]

    package init(people: [DemoPerson]) {
        self.people = people
    }

    /// The same links for another version of the app, in which people may stand at another position.
    package func moved(to app: CompiledApp) -> DemoLinks {
        let object = UserFields(app).object
        return DemoLinks(
            people: people.map {
                DemoPerson(user: RecordID(object: object, number: $0.user.number), name: $0.name, role: $0.role, token: $0.token)
            })
    }

    package func path(of person: DemoPerson) -> String { "/demo/\(person.token)" }

    package func add(to router: Router<WeirContext>, accounts: Accounts) {
        let people = people
        guard !people.isEmpty else { return }
        router.get("demo/:token") { request, context in
            let token = Array((context.parameters.get("token") ?? "").utf8)
            guard let person = people.first(where: { constantTimeEqual(Array($0.token.utf8), token) }) else { throw Problem.notFound }
            let device = request.headers[.userAgent].map { String($0.prefix(Authentication.longestDevice)) }
            guard case .welcome(let cookie, _) = try await accounts.signIn(user: person.user, address: context.address, device: device) else {
                throw Problem.notFound
            }
            var response = Response(status: .seeOther, headers: [.location: "/"])
            response.setCookie(sessionCookie(cookie))
            return response
        }
    }
}
