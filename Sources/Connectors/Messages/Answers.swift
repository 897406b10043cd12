import Engine
import Formula
import Foundation
import SourceText

extension Exchange.Answer {
    /// What the transport says of an attempt, before anybody looks into the answer; nil if there is a whole answer with a status.
    func transportOutcome(host: String) -> DeliveryOutcome? {
        switch code {
        case 0: return nil
        // The body was longer than we read: the caller decides with the status.
        case 23 where isTooLarge: return nil
        case 28:
            let trouble = DeliveryTrouble(.timeout, Words(zh: "\(host) 没有及时回应", en: "\(host) did not answer in time"))
            return wasSent ? .unknown(trouble) : .failed(trouble, retryAfter: nil)
        case 5, 6, 7:
            return .failed(DeliveryTrouble(.network, Words(zh: "连不上 \(host)", en: "\(host) cannot be reached")), retryAfter: nil)
        case 35, 51, 53, 54, 58, 59, 60, 64, 66, 77, 80, 82, 83, 90, 91, 98:
            return .failed(DeliveryTrouble(.network, Words(zh: "与 \(host) 的加密连接没有建立（\(code)）", en: "no secure connection to \(host) (\(code))")), retryAfter: nil)
        default:
            let trouble = DeliveryTrouble(.network, Words(zh: "与 \(host) 的连接中断（\(code)）", en: "the connection to \(host) broke (\(code))"))
            return wasSent ? .unknown(trouble) : .failed(trouble, retryAfter: nil)
        }
    }

    /// What the status says; nil for 200 to 299.
    func statusOutcome(host: String, now: Instant) -> DeliveryOutcome? {
        let trouble = DeliveryTrouble(.status, Words(zh: "\(host) 回应 \(status)", en: "\(host) answered \(status)"))
        switch status {
        case 200...299: return nil
        case 300...399:
            return .rejected(DeliveryTrouble(.redirect, Words(zh: "\(host) 要求转到别处（\(status)），没有跟随", en: "\(host) points elsewhere (\(status)), which is not followed")))
        case 408, 425, 429, 500...599: return .failed(trouble, retryAfter: header("Retry-After").flatMap { Self.wait($0, now: now) })
        case 401, 407: return .rejected(DeliveryTrouble(.signIn, Words(zh: "\(host) 不接受我们的登录（\(status)）", en: "\(host) does not accept our sign-in (\(status))")))
        default: return .rejected(trouble)
        }
    }

    /// `Retry-After`: seconds, or a date of HTTP.
    static func wait(_ text: String, now: Instant) -> TimeSpan? {
        if let seconds = Int64(text), seconds >= 0 { return TimeSpan(microseconds: min(seconds, 86_400) * Microseconds.perSecond) }
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        guard let date = format.date(from: text) else { return nil }
        let target = Int64(date.timeIntervalSince1970) * Microseconds.perSecond
        return TimeSpan(microseconds: min(max(0, target - now.microseconds), Microseconds.perDay))
    }
}

extension DeliveryOutcome {
    /// Whether the other side was not to be reached or not able to answer: what opens a circuit.
    var isOutage: Bool {
        switch self {
        case .failed(let trouble, _), .unknown(let trouble):
            switch trouble.code {
            case .network, .timeout, .status, .answer, .tooLarge: true
            case .noSuchConnector, .badPayload, .missingSecret, .badAddress, .forbiddenAddress, .noLibrary, .redirect, .signIn, .busy, .circuitOpen: false
            }
        case .ok, .rejected, .deferred: false
        }
    }
}
