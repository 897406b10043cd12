package import Engine
import Formula
import Model
package import Program
package import SourceText
package import Storage

/// Runs an app's `tests:`, each on a fresh store, in virtual time.
///
/// What comes in: a compiled app and a way to make stores. What goes out: a `ScenarioReport`. Always true: no test sees another's records,
/// and time moves only when a test says so.
package struct ScenarioRunner: Sendable {
    package let app: CompiledApp
    /// For `file:line` in messages.
    package let sources: SourceSet
    /// Makes an empty store for the app; called once a test.
    package let makeStore: @Sendable (World) async throws -> any Store
    /// Seconds on the computer's clock, for the report only.
    package let stopwatch: @Sendable () -> Double
    /// Filled by all tests together; nil if nobody asks.
    package let coverage: Coverage?

    package init(
        app: CompiledApp, sources: SourceSet, stopwatch: @escaping @Sendable () -> Double = { 0 }, coverage: Coverage? = nil,
        makeStore: @escaping @Sendable (World) async throws -> any Store
    ) {
        self.app = app
        self.sources = sources
        self.stopwatch = stopwatch
        self.coverage = coverage
        self.makeStore = makeStore
    }

    /// - Parameter only: The name of one test, or a part of names; nil runs all.
    /// - Throws: What `makeStore` throws. Whatever else goes wrong is a test that failed.
    package func run(only: String? = nil) async throws -> ScenarioReport {
        var tests: [ScenarioReport.Test] = []
        for scenario in chosen(only) {
            let begun = stopwatch()
            let failure = try await run(scenario)
            tests.append(.init(name: scenario.name, seconds: stopwatch() - begun, failure: failure))
        }
        return ScenarioReport(tests: tests)
    }

    private func chosen(_ only: String?) -> [CheckedScenario] {
        guard let only else { return app.model.scenarios }
        let exact = app.model.scenarios.filter { $0.name == only }
        return exact.isEmpty ? app.model.scenarios.filter { $0.name.contains(only) } : exact
    }

    private func run(_ scenario: CheckedScenario) async throws -> Words? {
        let clock = VirtualClock(at: scenario.at ?? Self.ordinaryMonday(in: app.model.zone))
        let world = World(clock: clock, entropy: SeededEntropy(seed: 1))
        let store = try await makeStore(world)
        let engine = Engine(app: app, store: store, world: world, coverage: coverage)
        var play = ScenarioPlay(engine: engine, clock: clock, sources: sources, outside: StubbedOutside(scenario.stubs))
        let failure: Words?
        do {
            failure = try await play.run(scenario)
        } catch {
            failure = Words(
                zh: "\(sources.lineDescription(of: scenario.declaredAt)): 测试没有运行完：\(error)",
                en: "\(sources.lineDescription(of: scenario.declaredAt)): the test could not be run to its end: \(error)")
        }
        await store.close()
        return failure
    }

    /// 2026-01-05 09:00, a Monday without holidays around.
    private static func ordinaryMonday(in zone: Zone) -> Instant {
        guard let day = Day(year: 2026, month: 1, day: 5) else { preconditionFailure("a day of the calendar") }
        return zone.instant(WallClock(day: day, microseconds: 9 * Microseconds.perHour))
    }
}

extension SourceSet {
    /// `tests/gates.yaml:14`.
    func lineDescription(of span: Span) -> String {
        let file = self[span.file]
        return "\(file.path):\(file.place(of: span.start).line)"
    }
}
