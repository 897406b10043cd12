package import Engine
package import Formula
import Model
package import Program

/// Where the built-in object `user` keeps what signing in needs.
package struct UserFields: Sendable {
    let object: ObjectID
    let name: Int
    let loginField: Int
    let role: Int
    let active: Int
    private let app: CompiledApp

    package init(_ app: CompiledApp) {
        guard let user = app.model.objects.first(where: { $0.builtIn == .user }) else { preconditionFailure("every app has people") }
        func index(_ name: String) -> Int {
            guard let field = user.field(named: name) else { preconditionFailure("the built-in object user has a field \(name)") }
            return field.id.index
        }
        self.app = app
        object = user.id
        name = index("name")
        loginField = index("login")
        role = index("role")
        active = index("active")
    }

    func id(_ field: KeyPath<UserFields, Int>) -> FieldID { FieldID(object: object, index: self[keyPath: field]) }

    func isActive(_ row: Row) -> Bool { row.values[active] == .bool(true) }

    func login(_ row: Row) -> String {
        if case .text(let login) = row.values[loginField] { login } else { "" }
    }

    package func principal(_ row: Row, address: String?, device: String?) -> Principal {
        var roles: Set<RoleID> = []
        if case .option(let key) = row.values[role], let role = app.model.roles.first(where: { $0.name == key }) { roles = role.covers }
        let name = if case .text(let text) = row.values[name] { text } else { login(row) }
        return Principal(user: row.id, name: name, roles: roles, address: address, device: device)
    }
}
