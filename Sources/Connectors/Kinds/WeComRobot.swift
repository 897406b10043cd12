import Engine
import Formula
import JSON
import Model
import SourceText

/// What goes to the webhook of a group's robot, and what its answers mean.
enum WeComRobot {
    static func body(of payload: JSONValue) throws(DeliveryTrouble) -> JSONValue {
        let isMarkdown = payload["format"]?.asString == "markdown"
        guard let text = payload["text"]?.asString, !text.isEmpty else {
            throw DeliveryTrouble(.badPayload, Words(zh: "没有要发送的文字", en: "there is no text to send"))
        }
        let kind = isMarkdown ? "markdown" : "text"
        let fitting = MessageLength.cut(text, bytes: isMarkdown ? WeComRobotLimits.markdownBytes : WeComRobotLimits.textBytes)
        return .object([.init("msgtype", .string(kind)), .init(kind, .object([.init("content", .string(fitting))]))])
    }

    /// Too many messages in a minute, or WeCom itself is busy: these pass.
    private static let transient = [-1, 45009, 45033]

    static func outcome(of body: MessageBody) -> DeliveryOutcome {
        guard let text = body.text(at: ["errcode"]), let code = Int(text) else {
            return .unknown(DeliveryTrouble(.answer, Words(zh: "企业微信的回应看不懂", en: "the answer of WeCom cannot be read")))
        }
        let trouble = DeliveryTrouble(.status, Words(zh: "企业微信回应 \(code)", en: "WeCom answered \(code)"))
        if code == 0 { return .ok(receipt: nil) }
        return transient.contains(code)
            ? .failed(trouble, retryAfter: code == 45009 ? TimeSpan(microseconds: Microseconds.perMinute) : nil) : .rejected(trouble)
    }
}
