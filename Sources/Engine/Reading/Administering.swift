import Model
import Program

extension Engine {
    /// Whether the person looks after the app itself: sees its sources and its mistakes, and shares what all see. In an app without roles
    /// everybody does; else see `CheckedApp.isAdministrator`.
    package func administers(_ principal: Principal) -> Bool {
        principal.user == nil || app.model.roles.isEmpty || app.model.isAdministrator(principal.roles)
    }
}
