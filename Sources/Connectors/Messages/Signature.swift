import Crypto
import Foundation
package import Model

/// Signatures of messages, made and looked at.
package enum Signature {
    /// How far the clocks of two sides may be apart.
    package static let toleranceSeconds: Int64 = 300

    /// What stands in the header: the prefix and the signature of `SECONDS.BODY`, or of the body alone where no time is signed.
    static func text(of body: [UInt8], _ signature: CheckedSignature, secret: String, seconds: Int64) -> String {
        let code = code(for: signed(body, signature, seconds: String(seconds)), signature.algorithm, key: Array(secret.utf8))
        return signature.prefix + encoded(code, signature.encoding)
    }

    private static func signed(_ body: [UInt8], _ signature: CheckedSignature, seconds: String) -> [UInt8] {
        signature.timestamp == nil ? body : Array(seconds.utf8) + [UInt8(ascii: ".")] + body
    }

    private static func code(for message: [UInt8], _ algorithm: CheckedSignature.Algorithm, key: [UInt8]) -> [UInt8] {
        let key = SymmetricKey(data: key)
        switch algorithm {
        case .sha1: return Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
        case .sha256: return Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
        case .sha512: return Array(HMAC<SHA512>.authenticationCode(for: message, using: key))
        }
    }

    private static func encoded(_ code: [UInt8], _ encoding: CheckedSignature.Encoding) -> String {
        switch encoding {
        case .hex: hex(code)
        case .base64: Data(code).base64EncodedString()
        }
    }

    static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }

    /// Whether the header carries the signature of the body, compared in a time that tells nothing of where they differ; and whether the
    /// time that was signed is near.
    package static func isValid(
        _ body: [UInt8], _ signature: CheckedSignature, secret: String, header: (String) -> String?, nowSeconds: Int64
    ) -> Bool {
        guard let given = header(signature.header) else { return false }
        var seconds = ""
        if let name = signature.timestamp {
            guard let stamp = header(name), let number = Int64(stamp), abs(number - nowSeconds) <= toleranceSeconds else { return false }
            seconds = stamp
        }
        let code = code(for: signed(body, signature, seconds: seconds), signature.algorithm, key: Array(secret.utf8))
        // Several signatures, one for each key while keys are changed, are parted by blanks or commas.
        for part in given.split(whereSeparator: { $0 == " " || $0 == "," }) {
            var text = String(part)
            if !signature.prefix.isEmpty {
                guard text.hasPrefix(signature.prefix) else { continue }
                text = String(text.dropFirst(signature.prefix.count))
            }
            if signature.encoding == .hex { text = text.lowercased() }
            if isEqual(Array(text.utf8), Array(encoded(code, signature.encoding).utf8)) { return true }
        }
        return false
    }

    /// In a time that depends on the lengths alone.
    package static func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        var difference: UInt8 = 0
        for index in left.indices { difference |= left[index] ^ right[index] }
        return difference == 0
    }

    /// As *Standard Webhooks* has it: `v1,` and the base64 of HMAC-SHA256 over `ID.SECONDS.BODY`. A secret that begins with `whsec_` is base64.
    static func standard(id: String, seconds: Int64, body: [UInt8], secret: String) -> String {
        let key: [UInt8] =
            if secret.hasPrefix("whsec_"), let data = Data(base64Encoded: String(secret.dropFirst(6))) { Array(data) } else { Array(secret.utf8) }
        let code = code(for: Array("\(id).\(seconds).".utf8) + body, .sha256, key: key)
        return "v1," + Data(code).base64EncodedString()
    }
}
