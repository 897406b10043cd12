import Foundation
import JSON
import Model
import Program
import SourceText

extension OpenAPIPaths {
    /// Where other programs send messages, and what people write over channels.
    var incoming: [JSONValue.Member] {
        let bool = JSONValue.members(("type", "boolean"))
        func path(_ name: String, _ label: Words, _ verify: CheckedInbound.Verification, answers: (String, JSONValue)) -> JSONValue.Member {
            let answer = JSONValue.members(
                ("type", "object"), ("required", ["ok", "repeated"]), ("additionalProperties", .bool(false)),
                ("properties", .object([
                    .init("ok", .members(("const", .bool(true)))), .init("repeated", bool), .init("differs", bool), .init(answers.0, answers.1),
                ])))
            let how: Words =
                switch verify {
                case .bearer: Words(zh: "以令牌核对来源", en: "verified by a token")
                case .signature(let signature): Words(zh: "以 \(signature.header) 里的签名核对来源", en: "verified by the signature in \(signature.header)")
                }
            let segment = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics.intersection(.init(charactersIn: "\0"..."\u{7E}")).union(.init(charactersIn: "-_.~"))) ?? name
            return .init("/in/\(segment)", .members(("post", operation(
                "in_\(segment)", nil, Words(zh: "\(label.zh)：\(how.zh)", en: "\(label.en): \(how.en)"),
                body: .members(("content", .members(("application/json", .members()), ("application/x-www-form-urlencoded", .members())))), security: .array([]),
                answers: [(200, ok(answer))], [400, 413, 422]))))
        }
        let records = app.model.inbound.map { path($0.name, $0.label, $0.verify, answers: ("record", .members(("type", "string")))) }
        let messages = app.model.channels.compactMap { channel in
            channel.receives.map { path(channel.name, channel.label, $0.verify, answers: ("message", .members(("type", "integer")))) }
        }
        return records + messages
    }
}
