package import Program
package import SchemaPlan
package import Storage

/// The ways into this room.
package enum StorageSQLite {
    /// Opens a data folder; see `SQLiteStore.open`.
    package static func open(
        folder: String, app: CompiledApp, world: World, access: SQLiteStore.Access = .exclusive, progress: SchemaProgress? = nil
    ) async throws -> SQLiteStore {
        try SQLiteStore.open(folder: folder, app: app, world: world, access: access, progress: progress)
    }

    /// A store that forgets everything at its end; see `SQLiteStore.inMemory`.
    package static func inMemory(app: CompiledApp, world: World) async throws -> SQLiteStore {
        try SQLiteStore.inMemory(app: app, world: world)
    }

    /// What opening the folder for this app would change; see `SQLiteStore.plan`.
    package static func plan(folder: String, app: CompiledApp) async throws -> SchemaPlan {
        try SQLiteStore.plan(folder: folder, app: app)
    }
}
