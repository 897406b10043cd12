package import Engine
package import Formula
import Storage

/// Lets time pass for an app on a virtual clock: from one thing that is due to the next, each done before the clock goes on.
package struct VirtualTime: Sendable {
    private let automator: Automator
    private let courier: Courier
    private let outside: any DeliverySender
    private let clock: VirtualClock

    /// - Parameter outside: Takes what is sent.
    package init(engine: Engine, clock: VirtualClock, outside: any DeliverySender = StubbedOutside()) {
        automator = Automator(engine)
        courier = Courier(engine)
        self.outside = outside
        self.clock = clock
    }

    /// Everything that can be done without time passing.
    ///
    /// - Throws: `StoreError`.
    package func settle() async throws {
        try await automator.settle()
        // What comes back from outside lets runs go on, and these send again.
        while try await courier.deliverDue(over: outside) { try await automator.settle() }
    }

    /// - Parameter progress: Told each instant to which the clock jumps; returns whether to go on.
    /// - Throws: `StoreError`.
    package func pass(to end: Instant, progress: (Instant) -> Bool = { _ in true }) async throws {
        while true {
            while try await automator.doBatches(to: end, setting: { [clock] in clock.set(to: $0) }) > 0 {
                guard progress(clock.now()) else { return }
            }
            try await settle()
            guard let due = try await [automator.nextDue(), courier.nextDue()].compactMap({ $0 }).min(), due <= end else { break }
            if due > clock.now() { clock.set(to: due) }
            guard progress(clock.now()) else { return }
        }
        if end > clock.now() { clock.set(to: end) }
        try await settle()
    }
}
