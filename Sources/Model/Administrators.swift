package import Formula

extension CheckedApp {
    /// Whether somebody with these roles looks after the app itself: has a role that `administers`. In an app where none does, it is who
    /// has a role that no other role includes: those at the top of a ladder, or everybody where roles stand side by side.
    ///
    /// - Parameter held: A person's role with all it includes; empty for nobody.
    package func isAdministrator(_ held: Set<RoleID>) -> Bool {
        guard !roles.contains(where: \.administers) else { return held.contains { roles[$0.index].administers } }
        return held.contains { role in !roles.contains { $0.id != role && $0.covers.contains(role) } }
    }
}
