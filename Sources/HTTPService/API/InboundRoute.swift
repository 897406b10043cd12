import Connectors
import Engine
import Formula
import HTTPTypes
import Hummingbird
import JSON
import Model
import NIOCore
import Program
import SourceText
import Storage

/// `POST /in/{name}`: messages of other programs, who show by a signature or a token who they are, and what comes in over channels.
struct InboundRoute: Sendable {
    let api: APIRoutes
    let secrets: Secrets
    let limits: RateLimits

    /// How messages are sent to this address; nil if it is none for messages.
    static func methods(at path: String) -> [HTTPRequest.Method]? { path.hasPrefix("/in/") ? [.post] : nil }

    /// A message may have so many bytes.
    static let largest = 1 << 20

    @Sendable func receive(_ request: Request, context: WeirContext) async throws -> Response {
        let engine = api.engine
        let now = engine.world.clock.now()
        if let seconds = limits.wait(.address(context.address ?? ""), now: now) { throw Problem.tooMany(retryAfterSeconds: seconds) }
        guard let name = context.parameters.get("inbound") else { throw Problem.notFound }
        if let (channel, receiving) = engine.app.model.receivingChannel(named: name) {
            let bytes = try await bytes(of: request, receiving.verify, at: now)
            return try await take(bytes, over: channel, receiving, request, context)
        }
        guard let inbound = engine.app.model.inbound(named: name) else { throw Problem.notFound }
        let bytes = try await bytes(of: request, inbound.verify, at: now)
        let outcome = try await engine.receive(
            inbound, bytes, contentType: request.headers[.contentType], digest: base64URL(sha256(bytes)), address: context.address)
        switch outcome {
        case .taken(let record, let isRepeated): return Self.answer(record, isRepeated: isRepeated, engine)
        case .differs: return Self.differs
        case .unreadable(let words): throw Problem(.badRequest, code: "unreadable", words)
        case .refused(let outcome): throw api.problem(of: outcome, LanguageChoice.language(of: request)) ?? Problem.notFound
        }
    }

    /// The whole message, once it is known to be genuine.
    private func bytes(of request: Request, _ verify: CheckedInbound.Verification, at now: Instant) async throws -> [UInt8] {
        guard let secret = secrets[verify.secret] else {
            throw Problem(
                .serviceUnavailable, code: "missing_secret",
                Words(zh: "还没有给出机密 $\(verify.secret)，无法核对来源", en: "the secret $\(verify.secret) is not given, so nobody's message can be verified"))
        }
        let bytes = Array(try await request.body.collect(upTo: Self.largest).readableBytesView)
        guard Self.isGenuine(request.headers, bytes, verify, secret: secret, at: now) else { throw Self.notGenuine }
        return bytes
    }

    private func take(_ bytes: [UInt8], over channel: CheckedChannel, _ receiving: CheckedReceiving, _ request: Request, _ context: WeirContext) async throws -> Response {
        let outcome = try await api.engine.receive(
            bytes, over: channel.name, receiving, contentType: request.headers[.contentType], digest: base64URL(sha256(bytes)), address: context.address)
        switch outcome {
        case .taken(let id, let isRepeated):
            return jsonResponse(.object([.init("ok", .bool(true)), .init("message", .int(Int64(id))), .init("repeated", .bool(isRepeated))]))
        case .differs: return Self.differs
        case .unreadable(let words): throw Problem(.badRequest, code: "unreadable", words)
        }
    }

    /// It was dealt with, and sending it again is no use.
    private static var differs: Response {
        jsonResponse(.object([.init("ok", .bool(true)), .init("repeated", .bool(true)), .init("differs", .bool(true))]))
    }

    private static func answer(_ record: RecordID, isRepeated: Bool, _ engine: Engine) -> Response {
        jsonResponse(
            .object([.init("ok", .bool(true)), .init("record", .string(engine.app.text(of: record))), .init("repeated", .bool(isRepeated))]))
    }

    /// Says the same whatever was wrong.
    private static let notGenuine = Problem(
        .unauthorized, code: "not_genuine", Words(zh: "签名或令牌不正确", en: "the signature or the token is not right"), headers: Problem.bearerChallenge)

    static func isGenuine(_ headers: HTTPFields, _ bytes: [UInt8], _ verify: CheckedInbound.Verification, secret: String, at now: Instant) -> Bool {
        switch verify {
        case .bearer:
            guard let given = headers[.authorization], given.lowercased().hasPrefix("bearer ") else { return false }
            return Signature.isEqual(Array(given.utf8.dropFirst(7)), Array(secret.utf8))
        case .signature(let signature):
            return Signature.isValid(
                bytes, signature, secret: secret, header: { name in HTTPField.Name(name).flatMap { headers[$0] } },
                nowSeconds: now.microseconds / Microseconds.perSecond)
        }
    }
}
