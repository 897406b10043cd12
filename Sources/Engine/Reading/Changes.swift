import Model
import Program
package import Storage

extension Engine {
    /// Whether the person may learn that this record was changed. An app without policies tells everybody who is signed in.
    package func mayLearn(of change: CommittedChange, as principal: Principal) -> Bool {
        // Reading the record would say the same, as long as reading is open to all.
        true
    }

    /// Whether the person looks after the app itself: sees its sources and its mistakes, and shares what all see. In an app without roles
    /// everybody does; else see `CheckedApp.isAdministrator`.
    package func administers(_ principal: Principal) -> Bool {
        principal.user == nil || app.model.roles.isEmpty || app.model.isAdministrator(principal.roles)
    }
}
