import Formula
import Program
import Storage
import StorageSQLite
import TestKit
import Testing

/// GRDB has a `Row` of its own.
typealias Row = Formula.Row

@Suite struct StoreContractOnSQLite {
    @Test(arguments: StoreContract.all) func inMemory(_ promise: StoreContract.Promise) async throws {
        try await promise.hold(StoreContract { try SQLiteStore.inMemory(app: SampleApp.app, world: TestWorld.make()) })
    }

    @Test(arguments: StoreContract.all) func onDisk(_ promise: StoreContract.Promise) async throws {
        try await TestFiles.withFolder { folder in
            try await promise.hold(
                StoreContract { try SQLiteStore.open(folder: folder + "/data", app: SampleApp.app, world: TestWorld.make()) })
        }
    }
}
