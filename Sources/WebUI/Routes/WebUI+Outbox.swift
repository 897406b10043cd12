import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
import Model
import Program
import SourceText
import Storage

extension WebUI {
    /// What goes out of the app and has not arrived, for those who look after it.
    func addOutbox(to router: Router<WeirContext>) {
        router.get("outbox", use: page { visit in
            guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.outboxForAdmins) }
            let given = visit.query.filled("before").flatMap { Int64($0) }
            let found = try await engine.effects(in: [.failed, .waiting, .told], limit: Self.effectsEach + 1, before: given)
            let display = display(visit.language)
            let shown = found.prefix(Self.effectsEach)
            let received = try await engine.messages(limit: given == nil ? Self.effectsEach : 0)
            let view = OutboxView(
                entries: shown.map { effect in
                    OutboxView.Entry(
                        target: effect.target, state: Say.effect(effect).words, isFailed: effect.state == .failed, trouble: effect.trouble,
                        at: display.moment(effect.created), ago: display.ago(effect.created), stamp: effect.created.description,
                        retry: effect.state == .failed ? Link("outbox", String(effect.id), "retry") : nil)
                },
                received: received.messages.map { message in
                    OutboxView.Received(
                        channel: engine.app.model.channel(named: message.channel)?.label ?? Words(same: message.channel),
                        from: message.user.flatMap { received.titles[$0] } ?? message.from, text: message.text,
                        about: message.about.flatMap { record in received.titles[record].map { ($0, link(to: record)) } },
                        at: display.moment(message.at), ago: display.ago(message.at), stamp: message.at.description)
                },
                next: found.count > shown.count ? shown.last.map { Link("outbox", query: [("before", String($0.id))]) } : nil,
                first: given == nil ? nil : Link("outbox"))
            return html(visit, title: visit.say(Say.outbox), current: "more") { $0.outboxPage(view) }
        })
        router.post("outbox/:effect/retry", use: action { visit, _ in
            guard engine.administers(visit.principal) else { throw Problem(.forbidden, code: "denied", Say.outboxForAdmins) }
            guard let id = visit.context.parameters.get("effect").flatMap({ Int64($0) }) else { throw Problem.notFound }
            return redirect(to: Link("outbox"), notice: try await engine.retry(effect: id) ? .sentAgain : .unchanged)
        })
    }

    private static let effectsEach = 50
}
