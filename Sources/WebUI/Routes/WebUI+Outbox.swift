import Engine
import Formula
import HTML
import HTTPService
import HTTPTypes
import Hummingbird
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
            let view = OutboxView(
                entries: shown.map { effect in
                    OutboxView.Entry(
                        target: effect.target, state: Self.words(of: effect), isFailed: effect.state == .failed, trouble: effect.trouble,
                        at: display.moment(effect.created), ago: display.ago(effect.created), stamp: effect.created.description,
                        retry: effect.state == .failed ? Link("outbox", String(effect.id), "retry") : nil)
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

    private static func words(of effect: Effect) -> Words {
        switch effect.state {
        case .waiting where effect.attempts == 0: Words(zh: "等待发送", en: "waits to be sent")
        case .waiting: Words(zh: "已尝试 \(effect.attempts) 次，会再试", en: effect.attempts == 1 ? "tried once, will be tried again" : "tried \(effect.attempts) times, will be tried again")
        case .told: Words(zh: "已送到，等待确认", en: "arrived, waits to be acknowledged")
        case .failed: Words(zh: "没有送达", en: "given up")
        case .done: Words(zh: "已送达", en: "arrived")
        }
    }
}
