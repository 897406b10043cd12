import Engine
import Formula
import Foundation
import Model

/// Where tokens come from.
struct TokenGrant: Sendable {
    let url: WebAddress
    let client: String
    let secret: String
    let scope: String?
}

struct Token: Sendable {
    /// So long before its end a token is not used any more.
    static let marginSeconds = 30

    let text: String
    let until: Instant
}

struct TokenRefusal: Error {
    let outcome: DeliveryOutcome
}

/// The token of a connector, asked for once however many wait for it.
actor TokenCache {
    private var token: Token?
    private var fetching: Task<Result<Token, TokenRefusal>, Never>?

    func token(at now: Instant, _ fetch: @escaping @Sendable () async -> Result<Token, TokenRefusal>) async -> Result<String, TokenRefusal> {
        if let token, token.until > now { return .success(token.text) }
        let task = fetching ?? Task { await fetch() }
        fetching = task
        let result = await task.value
        if fetching == task { fetching = nil }
        if case .success(let token) = result { self.token = token }
        return result.map(\.text)
    }

    /// The other side does not take it any more.
    func forget(_ text: String) {
        if token?.text == text { token = nil }
    }
}

enum Base64 {
    static func text(of bytes: [UInt8]) -> String { Data(bytes).base64EncodedString() }
}
