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

/// `POST /in/{inbound}`: messages of other programs, who show by a signature or a token who they are.
struct InboundRoute: Sendable {
    let api: APIRoutes
    let secrets: Secrets
    let limits: RateLimits

    /// A message may have so many bytes.
    static let largest = 1 << 20

    @Sendable func receive(_ request: Request, context: WeirContext) async throws -> Response {
        let engine = api.engine
        let now = engine.world.clock.now()
        if let seconds = limits.wait(.address(context.address ?? ""), now: now) { throw Problem.tooMany(retryAfterSeconds: seconds) }
        guard let name = context.parameters.get("inbound"), let inbound = engine.app.model.inbound(named: name) else { throw Problem.notFound }
        guard let secret = secrets[inbound.verify.secret] else {
            throw Problem(
                .serviceUnavailable, code: "missing_secret",
                Words(zh: "还没有给出机密 $\(inbound.verify.secret)，无法核对来源", en: "the secret $\(inbound.verify.secret) is not given, so nobody's message can be verified"))
        }
        let bytes = Array(try await request.body.collect(upTo: Self.largest).readableBytesView)
        guard Self.isGenuine(request.headers, bytes, inbound.verify, secret: secret, at: now) else { throw Self.notGenuine }
        let outcome = try await engine.receive(
            inbound, bytes, contentType: request.headers[.contentType], digest: base64URL(sha256(bytes)), address: context.address)
        switch outcome {
        case .taken(let record, let isRepeated): return Self.answer(record, isRepeated: isRepeated, engine)
        // It was dealt with, and sending it again is no use.
        case .differs:
            return jsonResponse(.object([.init("ok", .bool(true)), .init("repeated", .bool(true)), .init("differs", .bool(true))]))
        case .unreadable(let words): throw Problem(.badRequest, code: "unreadable", words)
        case .refused(let outcome): throw api.problem(of: outcome, LanguageChoice.language(of: request)) ?? Problem.notFound
        }
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
