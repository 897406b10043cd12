import Crypto
import CryptoExtras
import Foundation

/// Passwords are kept as scrypt hashes (RFC 7914) that name their own parameters: `scrypt$15$8$1$SALT$HASH`, both in base64.
///
/// N = 2^15, r = 8, p = 1: 32 MiB and some tens of milliseconds a guess.
package enum PasswordHash {
    static let logRounds = 15
    static let blockSize = 8
    static let parallelism = 1
    static let outputBytes = 32
    /// Longer ones are refused before hashing (safety.md S-06); in UTF-8 bytes.
    package static let longestPassword = 1024
    package static let shortestPassword = 8

    /// - Parameter salt: 16 random bytes.
    package static func make(_ password: String, salt: [UInt8]) throws -> String {
        let hash = try derive(password, salt: salt, logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        return "scrypt$\(logRounds)$\(blockSize)$\(parallelism)$\(Data(salt).base64EncodedString())$\(hash.base64EncodedString())"
    }

    /// Whether the password is the one that was hashed. Takes the same time for every wrong one.
    package static func matches(_ password: String, _ stored: String) throws -> Bool {
        let parts = stored.split(separator: "$", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "scrypt", let logRounds = Int(parts[1]), (10...20).contains(logRounds),
            let blockSize = Int(parts[2]), (1...32).contains(blockSize), let parallelism = Int(parts[3]), (1...16).contains(parallelism),
            let salt = Data(base64Encoded: String(parts[4])), let expected = Data(base64Encoded: String(parts[5]))
        else { return false }
        guard password.utf8.count <= longestPassword else { return false }
        let actual = try derive(password, salt: Array(salt), logRounds: logRounds, blockSize: blockSize, parallelism: parallelism)
        return constantTimeEqual(Array(actual), Array(expected))
    }

    private static func derive(_ password: String, salt: [UInt8], logRounds: Int, blockSize: Int, parallelism: Int) throws -> Data {
        let key = try KDF.Scrypt.deriveKey(
            from: Data(password.utf8), salt: Data(salt), outputByteCount: outputBytes, rounds: 1 << logRounds, blockSize: blockSize,
            parallelism: parallelism)
        return key.withUnsafeBytes { Data($0) }
    }
}

/// Compares without leaving off at the first difference.
package func constantTimeEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
}

/// SHA-256, for tokens of which only the hash is kept.
package func sha256(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    Array(SHA256.hash(data: Array(bytes)))
}

/// Unpadded base64url (RFC 4648 §5).
package func base64URL(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString()
        .replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
}

func decodeBase64URL(_ text: String) -> [UInt8]? {
    var standard = text.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
    while standard.utf8.count % 4 != 0 { standard += "=" }
    return Data(base64Encoded: standard).map(Array.init)
}
