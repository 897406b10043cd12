import Engine
import Formula
import Foundation
import JSON
import Model
import SourceText

/// A mail as it goes over the wire (RFC 5322): UTF-8, encoded so that every server passes it on.
struct MailMessage: Sendable {
    let receivers: [String]
    let subject: String
    let text: String

    /// - Throws: `badPayload` if there is nobody to send it to, or an address is none.
    init(_ payload: JSONValue) throws(DeliveryTrouble) {
        let listed = payload["to"]?.asArray?.compactMap(\.asString) ?? [payload["to"]?.asString].compactMap { $0 }
        // An address is checked before it stands in a line of a protocol: a line break in it would be another command.
        for address in listed where !TextValidity.isValid(address, as: .email) || address.unicodeScalars.contains(where: { $0.value < 0x21 || $0.value == 0x7F }) {
            throw DeliveryTrouble(.badPayload, Words(zh: "收件地址无效", en: "an address of the mail is none"))
        }
        guard !listed.isEmpty, listed.count <= 100 else {
            throw DeliveryTrouble(.badPayload, Words(zh: "没有收件人，或超过 100 个", en: "a mail goes to 1 to 100 addresses"))
        }
        receivers = listed
        subject = payload["subject"]?.asString ?? ""
        text = payload["text"]?.asString ?? ""
    }

    func bytes(from sender: String, key: String, at now: Instant) -> [UInt8] {
        let domain = sender.split(separator: "@").last.map(String.init) ?? "localhost"
        let id = FormEncoding.escaped(key).replacing("%", with: "=")
        let lines = [
            "From: <\(sender)>", "To: \(receivers.map { "<\($0)>" }.joined(separator: ", "))", "Subject: \(Self.encodedWord(subject))",
            "Date: \(Self.date(now))", "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
            "Content-Transfer-Encoding: base64", "Auto-Submitted: auto-generated", "",
        ]
        let body = Data(text.utf8).base64EncodedString(options: [.lineLength76Characters, .endLineWithCarriageReturn, .endLineWithLineFeed])
        return Array((lines.joined(separator: "\r\n") + "\r\n" + body + "\r\n").utf8)
    }

    /// RFC 2047, in pieces of at most 75 characters, none of which tears a character apart.
    static func encodedWord(_ text: String) -> String {
        if text.unicodeScalars.allSatisfy({ (0x20...0x7E).contains($0.value) }), text.utf8.count <= 60, !text.contains("=?") { return text }
        var pieces: [String] = []
        var piece = ""
        for scalar in text.unicodeScalars {
            if piece.utf8.count + UTF8.width(scalar) > 45 {
                pieces.append(piece)
                piece = ""
            }
            piece.unicodeScalars.append(scalar)
        }
        pieces.append(piece)
        return pieces.map { "=?UTF-8?B?\(Data($0.utf8).base64EncodedString())?=" }.joined(separator: "\r\n ")
    }

    private static func date(_ now: Instant) -> String {
        let format = DateFormatter()
        format.locale = Locale(identifier: "en_US_POSIX")
        format.timeZone = TimeZone(secondsFromGMT: 0)
        format.dateFormat = "EEE, dd MMM yyyy HH:mm:ss +0000"
        return format.string(from: Date(timeIntervalSince1970: Double(now.microseconds / Microseconds.perSecond)))
    }
}

extension MailSettings {
    func exchange(_ delivery: Delivery, _ secrets: Secrets, timeout: TimeSpan, trusted: String?, at now: Instant) throws(DeliveryTrouble) -> Exchange {
        let message = try MailMessage(delivery.payload)
        var name: String?
        if let user { name = try secrets.value(of: user) }
        var word: String?
        if let password { word = try secrets.value(of: password) }
        var exchange = Exchange(url: "\(security == .tls ? "smtps" : "smtp")://\(host):\(port)/weir", timeout: timeout, trusted: trusted)
        exchange.body = message.bytes(from: from, key: delivery.key, at: now)
        exchange.hasBody = true
        exchange.mail = Exchange.Mail(
            sender: "<\(from)>", receivers: message.receivers.map { "<\($0)>" }, user: name, password: word, startsTLS: security == .startTLS)
        return exchange
    }

    /// What the server said: 4xx is for now, 5xx for ever (RFC 5321 §4.2.1).
    func outcome(_ answer: Exchange.Answer) -> DeliveryOutcome {
        if answer.code == 0 { return .ok(receipt: nil) }
        if answer.code == 67 {
            return .rejected(DeliveryTrouble(.signIn, Words(zh: "邮件服务器不接受我们的登录", en: "the mail server does not accept our sign-in")))
        }
        let said = DeliveryTrouble(.status, Words(zh: "\(host) 回应 \(answer.status)", en: "\(host) answered \(answer.status)"))
        switch answer.status {
        case 500...599: return .rejected(said)
        case 400...499: return .failed(said, retryAfter: nil)
        default: return answer.transportOutcome(host: host) ?? .failed(said, retryAfter: nil)
        }
    }
}
