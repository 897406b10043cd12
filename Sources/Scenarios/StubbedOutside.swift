package import Engine
package import Model
import SourceText

/// Stands for everything outside an app in tests and simulations: takes whatever is sent, unless a stub says otherwise. Nothing leaves the process.
package struct StubbedOutside: DeliverySender {
    private let stubs: [String: CheckedScenario.Stub]

    package init(_ stubs: [String: CheckedScenario.Stub] = [:]) {
        self.stubs = stubs
    }

    package func send(_ delivery: Delivery) async -> DeliveryOutcome {
        let name = delivery.call.map { "\(delivery.connector).\($0)" } ?? delivery.connector
        switch stubs[name] ?? stubs[delivery.connector] {
        case nil: return .ok(receipt: nil)
        case .takes(let receipt)?: return .ok(receipt: receipt)
        case .refuses?: return .rejected(DeliveryTrouble(.status, Words(zh: "\(name) 拒绝（测试）", en: "\(name) refuses (in the test)")))
        case .isDown?: return .failed(DeliveryTrouble(.network, Words(zh: "\(name) 不通（测试）", en: "\(name) is down (in the test)")), retryAfter: nil)
        }
    }

    package func tellsTogether(_ connector: String) -> Bool { false }

    package func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome] {
        var outcomes: [DeliveryOutcome] = []
        for delivery in deliveries { outcomes.append(await send(delivery)) }
        return outcomes
    }
}
