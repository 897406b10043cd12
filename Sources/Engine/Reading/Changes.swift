import Model
import Program
package import Storage

extension Engine {
    /// Whether the person may learn that this record was changed. An app without policies tells everybody who is signed in.
    package func mayLearn(of change: CommittedChange, as principal: Principal) -> Bool {
        // Reading the record would say the same, as long as reading is open to all.
        true
    }

    /// Whether the person looks after the app itself: sees its sources and shares what all see.
    ///
    /// That is who has a role that administers the app (`administers: yes`); where there is none, who has a role that no other role includes;
    /// in an app without roles, everybody.
    package func administers(_ principal: Principal) -> Bool {
        guard principal.user != nil else { return true }
        let roles = app.model.roles
        if roles.contains(where: \.administers) { return roles.contains { $0.administers && principal.roles.contains($0.id) } }
        let top = roles.filter { role in !roles.contains { $0.id != role.id && $0.covers.contains(role.id) } }
        return top.isEmpty || top.contains { principal.roles.contains($0.id) }
    }
}
