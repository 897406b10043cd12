package import Formula
import Model
package import Program
package import Storage

/// A running app: commands in, outcomes out, each save one transaction in the order of `spec/saving.md`.
///
/// What comes in: typed commands with the person who gives them. What goes out: `SaveOutcome`s and pages of records. Always true: a
/// command that is refused has written nothing; a command that is answered with `.saved` is durable.
package final class Engine: Sendable {
    package let app: CompiledApp
    package let store: any Store
    package let world: World
    package let tally = SaveTally()
    /// By `ObjectID.index`.
    let plans: [ObjectPlan]
    /// Of people: whether they may sign in and work.
    let activeField: FieldID?
    let imports = ImportRuns()
    let pinned: PinnedVersions

    /// Filled while tests run.
    let coverage: Coverage?

    package init(app: CompiledApp, store: any Store, world: World, coverage: Coverage? = nil) {
        self.coverage = coverage
        self.app = app
        self.store = store
        self.world = world
        pinned = PinnedVersions(app, version: store.version)
        plans = app.objects.map { ObjectPlan($0, in: app) }
        activeField = app.model.objects.first { $0.builtIn == .user }?.field(named: "active")?.id
    }
}

/// Who gives a command, and from where.
package struct Principal: Sendable, Hashable {
    /// The person's record; nil for the system itself.
    package let user: RecordID?
    package let name: String
    /// The person's role with all it includes; empty for the system.
    package let roles: Set<RoleID>
    package let address: String?
    package let device: String?

    package init(user: RecordID?, name: String, roles: Set<RoleID>, address: String? = nil, device: String? = nil) {
        self.user = user
        self.name = name
        self.roles = roles
        self.address = address
        self.device = device
    }

    /// Imports of demo data, tests and commands on the machine itself. May do everything.
    package static let system = Principal(user: nil, name: "system", roles: [])
}
