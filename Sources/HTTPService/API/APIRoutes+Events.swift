import Engine
import Formula
import HTTPTypes
import Hummingbird
import JSON
import Model
import NIOCore
import Program
import ServiceLifecycle
import SourceText
import Storage

extension APIRoutes {
    /// `GET /events`: that records were changed, as server-sent events for whoever accepts `text/event-stream`, and else as one JSON document
    /// of what came after `?after=SEQUENCE`: `{"last":118,"changes":[…]}`.
    ///
    /// An event says only which record and who: `{"record":"lead/3","object":"lead","version":7,"kind":"edited","by":"user/2"}`; what it holds
    /// is asked for by those who may read it. Many at once are told by number: `{"object":"lead","count":500}`. A client that comes back with
    /// `Last-Event-ID` gets what it missed. The first event, `hello`, names the version of the app that answers, as the JSON document does;
    /// when a newer one takes over, the stream ends and the client comes back to that. `notices` says how much the person has not read.
    @Sendable func events(_ request: Request, context: WeirContext) async throws -> Response {
        let person = try context.person()
        let asked = request.headers[headerName("Last-Event-ID")] ?? request.fields["after"]
        let after = asked.flatMap { Int64($0) }.flatMap { $0 >= 0 ? $0 : nil }
        guard asked == nil || after != nil else {
            throw Problem(
                .badRequest, code: "bad_sequence", Words(zh: "after 应为不小于 0 的整数", en: "after is a whole number, at least 0"), field: "after")
        }
        guard request.headers[.accept]?.contains("text/event-stream") ?? false else {
            return try await changes(after: after, as: person, context)
        }
        // Subscribed before the past is read, so that nothing falls between.
        let feed = engine.store.changes.subscribe()
        let start = if let after { after } else { try await engine.store.read { try $0.lastChange() } }
        let notices = person.principal.user.map { engine.store.changes.notices(of: $0) }
        let stream = EventStream(engine: engine, accounts: accounts, person: person, retirement: retirement)
        let body = ResponseBody { writer in
            let output = EventWriter(writer)
            try? await request.body.consumeWithCancellationOnInboundClose { _ in
                await cancelWhenGracefulShutdown { try? await stream.run(feed, notices, after: start, into: output) }
            }
            try await output.writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [.contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", headerName("X-Accel-Buffering"): "no"], body: body)
    }

    private func changes(after: Int64?, as person: SignedIn, _ context: WeirContext) async throws -> Response {
        let (found, last) = try await engine.store.read { transaction in
            let last = try transaction.lastChange()
            return (try after.map { try transaction.changes(after: $0, limit: EventStream.mostAtOnce) } ?? [], last)
        }
        let stream = EventStream(engine: engine, accounts: accounts, person: person, retirement: retirement)
        let notices = try await stream.notices().map { [JSONValue.Member("notices", $0)] } ?? []
        return jsonResponse(
            .object([
                .init("last", .int(found.count < EventStream.mostAtOnce ? last : found.last?.sequence ?? last)), .init("changes", .array(stream.told(found))),
                .init("app", .string(engine.app.shortVersion)),
            ] + notices),
            language: context.language)
    }
}

/// The writer of an answer's body, handed to the task that writes it.
///
/// `@unchecked Sendable`: one task at a time writes, and the one that made it waits meanwhile.
private final class EventWriter: @unchecked Sendable {
    var writer: any ResponseBodyWriter

    init(_ writer: any ResponseBodyWriter) {
        self.writer = writer
    }

    func write(_ text: String) async throws {
        try await writer.write(ByteBuffer(string: text))
    }
}

/// One client's stream of changes.
private struct EventStream: Sendable {
    let engine: Engine
    let accounts: Accounts
    let person: SignedIn
    let retirement: Retirement

    /// Changes that are read at once.
    static let mostAtOnce = 500
    /// Of one object in one batch; more are told by their number.
    private static let mostSingly = 20
    /// Seconds between signs of life, and between looks whether the person is still signed in.
    private static let pingSeconds = 15

    private enum Signal: Sendable {
        case changes([CommittedChange])
        case notices
        case ping
    }

    func run(_ feed: AsyncStream<[CommittedChange]>, _ news: AsyncStream<Void>?, after start: Int64, into output: EventWriter) async throws {
        let (signals, continuation) = AsyncStream.makeStream(of: Signal.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for await batch in feed { continuation.yield(.changes(batch)) }
                continuation.finish()
            }
            group.addTask {
                while !Task.isCancelled {
                    try await Task.sleep(for: .seconds(Self.pingSeconds))
                    continuation.yield(.ping)
                }
            }
            if let news {
                group.addTask {
                    for await _ in news { continuation.yield(.notices) }
                    continuation.finish()
                }
            }
            group.addTask { await retirement.wait() }
            group.addTask {
                var last = try await catchUp(from: start, into: output)
                for await signal in signals {
                    switch signal {
                    case .changes(let batch): last = try await tell(batch, after: last, into: output)
                    case .notices: try await tellNotices(into: output)
                    case .ping:
                        guard try await isStillIn() else { return }
                        try await output.write(": \n\n")
                    }
                }
            }
            // Whichever ends first ends all: the store is closed, the client is gone, the person signed out, a newer version took over.
            _ = try await group.next()
            group.cancelAll()
        }
    }

    /// What was committed before the stream began.
    private func catchUp(from start: Int64, into output: EventWriter) async throws -> Int64 {
        let hello = JSONValue.object([.init("app", .string(engine.app.shortVersion))])
        try await output.write("retry: 3000\nid: \(start)\nevent: hello\ndata: \(hello.text(pretty: false))\n\n")
        try await tellNotices(into: output)
        return try await readOn(from: start, into: output)
    }

    /// How much the person has not read: said at the beginning, and whenever it may have changed. It has no `id` of its own.
    private func tellNotices(into output: EventWriter) async throws {
        guard let notices = try await notices() else { return }
        try await output.write("event: notices\ndata: \(notices.text(pretty: false))\n\n")
    }

    /// Nil where nobody is ever told anything.
    func notices() async throws -> JSONValue? {
        guard engine.tellsPeople, let user = person.principal.user else { return nil }
        return .object([.init("unread", .int(try await engine.unreadNotices(of: user))), .init("person", .string(engine.app.text(of: user)))])
    }

    private func readOn(from start: Int64, into output: EventWriter) async throws -> Int64 {
        var last = start
        while true {
            let from = last
            let missed = try await engine.store.read { try $0.changes(after: from, limit: Self.mostAtOnce) }
            guard let end = missed.last else { return last }
            try await write(missed, into: output)
            last = end.sequence
        }
    }

    private func tell(_ batch: [CommittedChange], after last: Int64, into output: EventWriter) async throws -> Int64 {
        var last = last
        let fresh = batch.filter { $0.sequence > last }
        guard let first = fresh.first, let end = fresh.last else { return last }
        // A batch that was missed shows as a gap.
        if first.sequence > last + 1 { return try await readOn(from: last, into: output) }
        try await write(fresh, into: output)
        last = end.sequence
        return last
    }

    private func write(_ changes: [CommittedChange], into output: EventWriter) async throws {
        guard let end = changes.last else { return }
        let told = told(changes)
        guard !told.isEmpty else { return }
        var text = ""
        for document in told { text += "id: \(end.sequence)\nevent: change\ndata: \(document.text(pretty: false))\n\n" }
        try await output.write(text)
    }

    /// An app without policies tells everybody who is signed in.
    func told(_ changes: [CommittedChange]) -> [JSONValue] {
        let app = engine.app
        var counts: [ObjectID: Int] = [:]
        for change in changes { counts[change.record.object, default: 0] += 1 }
        let many = counts.filter { $0.value > Self.mostSingly }
        var told = changes.filter { many[$0.record.object] == nil }.map { change in
            JSONValue.object([
                .init("record", .string(app.text(of: change.record))), .init("object", .string(app.model[change.record.object].name)),
                .init("version", .int(Int(change.version))), .init("kind", .string(change.kind.rawValue)),
                .init("by", .string(orNull: change.by.map { app.text(of: $0) })),
            ])
        }
        for (object, count) in many.sorted(by: { $0.key.index < $1.key.index }) {
            told.append(.object([.init("object", .string(app.model[object].name)), .init("count", .int(count))]))
        }
        return told
    }

    private func isStillIn() async throws -> Bool {
        switch person.way {
        case .session(let session): try await engine.store.read { try $0.session(tokenHash: session.tokenHash) != nil }
        case .key(let key): try await engine.store.read { try $0.apiKey(hash: key.hash)?.revoked == nil }
        }
    }
}
