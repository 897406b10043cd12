package import Formula
package import JSON
package import SourceText

// What comes in: deliveries, each with the name of a connector. What goes out: outcomes. Always true: one call of `send` makes at most one
// attempt (a second one only after the other side refused the sign-in); nothing is written anywhere; no secret stands in an outcome.

/// Something that is to be sent over a connector.
package struct Delivery: Sendable {
    /// Stays the same however often it is tried: the other side knows by it what it has seen.
    package let key: String
    /// The name of a connector of the app.
    package let connector: String
    /// The name of a call, with connectors that have calls.
    package let call: String?
    /// What the kind of the connector asks for: `{"text"}` for a robot, `{"to","subject","text"}` for mail, the inputs of a call, anything
    /// for a webhook.
    package let payload: JSONValue
    /// Counted from 1.
    package let attempt: Int

    package init(key: String, connector: String, call: String? = nil, payload: JSONValue, attempt: Int) {
        self.key = key
        self.connector = connector
        self.call = call
        self.payload = payload
        self.attempt = attempt
    }
}

/// What became of an attempt.
package enum DeliveryOutcome: Sendable, Hashable {
    /// The other side took it; with what it calls the message, if it says so.
    case ok(receipt: String?)
    /// Not applied, and it never will be: trying again is no use.
    case rejected(DeliveryTrouble)
    /// Not applied this time. `retryAfter` is what the other side asked for.
    case failed(DeliveryTrouble, retryAfter: TimeSpan?)
    /// It was sent, and nobody knows whether it was applied.
    case unknown(DeliveryTrouble)
    /// No attempt was made, and none is to be counted: before this instant there is no use in asking again.
    case deferred(DeliveryTrouble, until: Instant)
}

/// Why something was not sent, in words for those who look after the app.
package struct DeliveryTrouble: Error, Sendable, Hashable {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case noSuchConnector = "no_such_connector"
        case badPayload = "bad_payload"
        case missingSecret = "missing_secret"
        case badAddress = "bad_address"
        case forbiddenAddress = "forbidden_address"
        case noLibrary = "no_library"
        case network
        case timeout
        case status
        case redirect
        case answer
        case tooLarge = "too_large"
        case signIn = "sign_in"
        case busy
        case circuitOpen = "circuit_open"
    }

    package let code: Code
    package let words: Words

    package init(_ code: Code, _ words: Words) {
        self.code = code
        self.words = words
    }
}

/// Sends deliveries. Two stand: the connectors of an app, and what tests put in their place.
package protocol DeliverySender: Sendable {
    /// Makes one attempt; returns when it is over.
    func send(_ delivery: Delivery) async -> DeliveryOutcome
    /// Whether several messages over this connector may be told as one.
    func tellsTogether(_ connector: String) -> Bool
    /// Sends several of one connector as one message, as many as fit. An outcome for each.
    func sendTogether(_ deliveries: [Delivery]) async -> [DeliveryOutcome]
}
