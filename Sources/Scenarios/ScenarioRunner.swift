package import Model
package import Program
package import SourceText
package import Storage

/// Runs an app's `tests:`, each on a fresh store, in virtual time.
package struct ScenarioRunner: Sendable {
    package let app: CompiledApp
    /// For `file:line` in messages.
    package let sources: SourceSet
    /// Makes an empty store for the app; called once a test.
    package let makeStore: @Sendable (World) async throws -> any Store
    /// How long a test took, for the report only.
    package let stopwatch: @Sendable () -> Double

    package init(
        app: CompiledApp, sources: SourceSet, stopwatch: @escaping @Sendable () -> Double = { 0 },
        makeStore: @escaping @Sendable (World) async throws -> any Store
    ) {
        self.app = app
        self.sources = sources
        self.stopwatch = stopwatch
        self.makeStore = makeStore
    }

    /// - Parameter only: The name of one test, or a part of names; nil runs all.
    package func run(only: String? = nil) async throws -> ScenarioReport {
        throw StoreError.other("not built")
    }
}
