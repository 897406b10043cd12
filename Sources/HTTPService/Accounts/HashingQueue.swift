import Dispatch

/// Password hashing blocks a core for tens of milliseconds and takes 32 MiB: it runs on a thread of its own, one at a time, so that
/// a flood of sign-ins slows down sign-ins and nothing else.
final class HashingQueue: Sendable {
    private let queue = DispatchQueue(label: "weir.passwords")

    func matches(_ password: String, _ stored: String) async throws -> Bool {
        try await run { try PasswordHash.matches(password, stored) }
    }

    func make(_ password: String, salt: [UInt8]) async throws -> String {
        try await run { try PasswordHash.make(password, salt: salt) }
    }

    private func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Swift.Result { try work() }) }
        }
    }
}
