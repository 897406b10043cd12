import Connectors
import Engine
import Formula
import JSON
import Model
import Program
import SourceText
import Storage
import Synchronization
import TestKit
import Testing

/// A clock that a test turns on.
final class TurnedClock: WorldClock {
    private let instant = Mutex(Instant(microseconds: 1_767_600_000_000_000))

    func now() -> Instant { instant.withLock { $0 } }

    func advance(seconds: Int64) {
        instant.withLock { $0 = Instant(microseconds: $0.microseconds + seconds * Microseconds.perSecond) }
    }
}

/// The connectors of an app that stands in a test.
struct Desk {
    let set: ConnectorSet
    let clock = TurnedClock()

    /// - Parameter connectors: What stands under `connectors:`, indented by two.
    init(
        _ connectors: String, secrets: [String: String] = ["TOKEN": "t0ken", "SECRET": "s3cret"], names: NameLookup = .system
    ) throws {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: "app: { name: desk }\nconnectors:\n" + connectors)
        let (app, report) = compile(sources)
        let rendered = DiagnosticText(sources: sources, language: .en).render(report)
        let compiled = try #require(app, "\(rendered)")
        let world = World(clock: clock, entropy: TestWorld.make().entropy)
        set = ConnectorSet(compiled.model, secrets: Secrets(secrets), world: world, names: names)
    }

    func send(_ connector: String, _ call: String? = nil, _ payload: JSONValue, key: String = "desk:1:1", attempt: Int = 1) async -> DeliveryOutcome {
        await set.send(Delivery(key: key, connector: connector, call: call, payload: payload, attempt: attempt))
    }
}

extension DeliveryOutcome {
    var trouble: DeliveryTrouble.Code? {
        switch self {
        case .ok: nil
        case .rejected(let trouble), .failed(let trouble, _), .unknown(let trouble), .deferred(let trouble, _): trouble.code
        }
    }

    var kind: String {
        switch self {
        case .ok: "ok"
        case .rejected: "rejected"
        case .failed: "failed"
        case .unknown: "unknown"
        case .deferred: "deferred"
        }
    }
}
