package import Formula
import JSON
import Model
import Program
import SourceText
package import Storage

/// Carries effects out: takes what is due, hands it to whoever sends, and writes down what became of it.
///
/// Nothing is sent inside a transaction. An effect counts as tried once it is taken, so that one whose sending kills the process is not tried
/// for ever; what was taken and never settled comes up again when its lease is over.
package struct Courier: Sendable {
    private let engine: Engine

    package init(_ engine: Engine) {
        self.engine = engine
    }

    /// What is sent in one go: one effect, or several that are told as one.
    package struct Load: Sendable {
        /// Nil never comes up: what stays inside is settled at once.
        package let connector: String
        let effects: [Effect]
        let deliveries: [Delivery]
    }

    /// Effects of one robot that are told as one.
    private static let mostTogether = 50
    /// A lease is so much longer than all exchanges of an attempt may take: sign-in, question, call and call again.
    private static let exchanges: Int64 = 4

    /// Takes what is due, for each connector as much as it has free places.
    ///
    /// - Parameter underWay: Loads that are being sent, by connector.
    /// - Returns: What is to be sent now, and when to look again; nil until something is settled or written.
    /// - Throws: `StoreError`; then nothing is taken.
    package func take(_ underWay: [String: Int], _ sender: any DeliverySender) async throws -> (loads: [Load], next: Instant?) {
        let now = engine.world.clock.now()
        // Looked at beside writers: they are not held up where nothing can be sent.
        let first = try await engine.store.readBriefly { [engine] transaction in
            var first: Instant?
            guard try !HeldEffects.hold(in: transaction) else { return first }
            for target in try transaction.openTargets() {
                if let connector = Self.connector(of: target, engine), underWay[connector.name, default: 0] >= connector.limits.atOnce { continue }
                if let next = try transaction.nextEffect(of: target) { first = min(first ?? next, next) }
            }
            return first
        }
        guard let first else { return ([], nil) }
        guard first <= now else { return ([], first) }
        return try await engine.store.write { [engine] transaction in
            var loads: [Load] = []
            var next: Instant?
            var free: [String: Int] = [:]
            for target in try transaction.openTargets() {
                let connector = Self.connector(of: target, engine)
                var places = connector.map { free[$0.name] ?? max(0, $0.limits.atOnce - underWay[$0.name, default: 0]) } ?? Self.mostTogether
                let isGroup = connector.map { sender.tellsTogether($0.name) } ?? false
                let due = places > 0 ? try transaction.dueEffects(of: target, until: now, limit: isGroup ? Self.mostTogether : places) : []
                var waiting: [(Effect, Delivery)] = []
                for effect in due {
                    guard let delivery = try Self.prepare(effect, engine, transaction) else { continue }
                    if isGroup, effect.heldCode == DeliveryTrouble.Code.busy.rawValue {
                        waiting.append((delivery.0, delivery.1))
                    } else if places > 0, let connector {
                        loads.append(try Self.load([delivery], connector, engine, transaction))
                        places -= 1
                    }
                }
                if !waiting.isEmpty, places > 0, let connector {
                    loads.append(try Self.load(waiting, connector, engine, transaction))
                    places -= 1
                }
                if let connector { free[connector.name] = places }
                if places > 0, let later = try transaction.nextEffect(of: target) { next = min(next ?? later, later) }
            }
            return (loads, next)
        }
    }

    /// The connector that carries what has this target; nil for what stays inside.
    private static func connector(of target: String, _ engine: Engine) -> CheckedConnector? {
        let model = engine.app.model
        if let channel = model.channel(named: target) {
            switch channel.way {
            case .inApp, .ladder: return nil
            case .mail(let name, _, _), .robot(let name, _, _), .call(let name, _, _, _), .webhook(let name, _): return model.connector(named: name)
            }
        }
        return model.connector(named: target.split(separator: ".").first.map(String.init) ?? target)
    }

    /// Looks at an effect whose time has come. Nil, and settled, if nothing is to be sent.
    private static func prepare(_ effect: Effect, _ engine: Engine, _ transaction: any WriteTransaction) throws -> (Effect, Delivery)? {
        var effect = effect
        guard let parcel = Parcel(effect.payload) else {
            try fail(&effect, DeliveryTrouble(.badPayload, Words(zh: "内容无法读取", en: "what it carries cannot be read")), nil, engine, transaction)
            return nil
        }
        let now = engine.world.clock.now()
        if let ladder = parcel.ladder {
            if ladder.isUntilAcknowledged, let id = ladder.notice, let notice = try transaction.notices(after: id - 1, limit: 1).first, notice.id == id,
                notice.read != nil
            {
                effect.state = .done
                effect.due = nil
                try transaction.update(effect)
                try wake(effect, engine, transaction)
                return nil
            }
            if effect.state == .told {
                let silence = DeliveryTrouble(.timeout, Words(zh: "没有人确认", en: "nobody said that they know"))
                try fail(&effect, silence, parcel, engine, transaction)
                return nil
            }
            if parcel.connector == nil {
                effect.state = .told
                effect.due = Instant(microseconds: now.microseconds + ladder.each)
                try transaction.update(effect)
                return nil
            }
        }
        guard let name = parcel.connector, let connector = engine.app.model.connector(named: name) else {
            let words = Words(zh: "没有连接 \(parcel.connector ?? "")", en: "there is no connector \(parcel.connector ?? "")")
            try fail(&effect, DeliveryTrouble(.noSuchConnector, words), parcel, engine, transaction)
            return nil
        }
        guard effect.attempts < Backoff.attempts else {
            // Each attempt ended without anybody writing down how.
            let words = Words(zh: "发送 \(effect.attempts) 次都没有结果", en: "\(effect.attempts) attempts came to no end")
            try fail(&effect, DeliveryTrouble(.network, words), parcel, engine, transaction)
            return nil
        }
        return (effect, Delivery(key: effect.key, connector: connector.name, call: parcel.call, payload: parcel.content, attempt: effect.attempts + 1))
    }

    private static func load(
        _ prepared: [(Effect, Delivery)], _ connector: CheckedConnector, _ engine: Engine, _ transaction: any WriteTransaction
    ) throws -> Load {
        let lease = connector.limits.timeout.microseconds * exchanges + Microseconds.perMinute
        let until = Instant(microseconds: engine.world.clock.now().microseconds + lease)
        var effects: [Effect] = []
        for (effect, _) in prepared {
            var taken = effect
            taken.attempts += 1
            taken.due = until
            taken.result = underWay
            try transaction.update(taken)
            effects.append(taken)
        }
        return Load(connector: connector.name, effects: effects, deliveries: prepared.map(\.1))
    }

    /// What stands in an effect while it is being sent.
    private static let underWay = JSONValue.object([.init("code", .string("under_way"))]).text()
    /// More than are under way at any time.
    private static let mostUnderWay = 10_000

    /// What was being sent when the process ended comes up at once. To be called before anything is taken, where nobody else carries.
    ///
    /// - Throws: `StoreError`.
    package func recover() async throws {
        let now = engine.world.clock.now()
        try await engine.store.write { transaction in
            for var effect in try transaction.effects(in: [.waiting], limit: Self.mostUnderWay, before: nil) where effect.result == Self.underWay {
                effect.due = now
                try transaction.update(effect)
            }
        }
    }

    /// Sends it. Writes nothing.
    package func send(_ load: Load, over sender: any DeliverySender) async -> [DeliveryOutcome] {
        if load.deliveries.count == 1, let only = load.deliveries.first { return [await sender.send(only)] }
        return await sender.sendTogether(load.deliveries)
    }

    /// Writes down what became of it, and lets runs that wait for it go on.
    ///
    /// - Throws: `StoreError`; then it comes up again when its lease is over.
    package func settle(_ load: Load, _ outcomes: [DeliveryOutcome]) async throws {
        try await engine.store.write { [engine] transaction in
            for (effect, outcome) in zip(load.effects, outcomes) { try Self.settle(effect, outcome, engine, transaction) }
        }
    }

    private static func settle(_ taken: Effect, _ outcome: DeliveryOutcome, _ engine: Engine, _ transaction: any WriteTransaction) throws {
        guard var effect = try transaction.effect(taken.id), effect.state == .waiting else { return }
        let parcel = Parcel(effect.payload)
        let now = engine.world.clock.now()
        switch outcome {
        case .ok(let receipt):
            effect.note(receipt: receipt)
            if let ladder = parcel?.ladder, ladder.isUntilAcknowledged {
                effect.state = .told
                effect.due = Instant(microseconds: now.microseconds + ladder.each)
            } else {
                effect.state = .done
                effect.due = nil
            }
            try transaction.update(effect)
            try wake(effect, engine, transaction)
        case .rejected(let trouble):
            try fail(&effect, trouble, parcel, engine, transaction)
        case .failed(let trouble, let retryAfter):
            try again(&effect, trouble, Backoff.wait(after: effect.attempts, retryAfter: retryAfter, random: engine.world.entropy.bytes(8)), parcel, engine, transaction)
        case .unknown(let trouble):
            try again(&effect, trouble, Backoff.wait(after: effect.attempts, random: engine.world.entropy.bytes(8)), parcel, engine, transaction)
        case .deferred(let trouble, let until):
            // No attempt was made.
            effect.attempts = max(0, effect.attempts - 1)
            effect.due = until
            effect.note(trouble)
            try transaction.update(effect)
        }
    }

    /// In a ladder what fails is not tried again: the next rung is nearer.
    private static func again(
        _ effect: inout Effect, _ trouble: DeliveryTrouble, _ wait: TimeSpan?, _ parcel: Parcel?, _ engine: Engine, _ transaction: any WriteTransaction
    ) throws {
        guard let wait, parcel?.ladder?.rest.isEmpty ?? true else { return try fail(&effect, trouble, parcel, engine, transaction) }
        effect.due = Instant(microseconds: engine.world.clock.now().microseconds + wait.microseconds)
        effect.note(trouble)
        try transaction.update(effect)
    }

    private static func fail(
        _ effect: inout Effect, _ trouble: DeliveryTrouble, _ parcel: Parcel?, _ engine: Engine, _ transaction: any WriteTransaction
    ) throws {
        effect.state = .failed
        effect.due = nil
        effect.note(trouble)
        try transaction.update(effect)
        if let next = parcel?.next {
            let now = engine.world.clock.now()
            let rung = Effect(key: next.key, run: effect.run, target: next.target, payload: next.parcel.json, created: now, due: now)
            try transaction.add(rung, carrying: next.parcel, about: try effect.run.flatMap { try transaction.run($0)?.record }, in: engine)
        }
        try wake(effect, engine, transaction)
    }

    /// A run that waits looks again at what it waits for.
    private static func wake(_ effect: Effect, _ engine: Engine, _ transaction: any WriteTransaction) throws {
        guard let id = effect.run, var run = try transaction.run(id), run.state == .calling else { return }
        run.state = .ready
        run.changed = engine.world.clock.now()
        try transaction.update(run)
    }

    /// Does all that is due, one after the other, for tests and virtual time.
    ///
    /// - Returns: Whether anything was done.
    /// - Throws: `StoreError`.
    @discardableResult
    package func deliverDue(over sender: any DeliverySender) async throws -> Bool {
        var isDone = false
        while true {
            let now = engine.world.clock.now()
            guard let due = try await nextDue(), due <= now else { return isDone }
            isDone = true
            for load in try await take([:], sender).loads { try await settle(load, await send(load, over: sender)) }
        }
    }

    /// When the next effect is due; nil if none is, or if they are held.
    package func nextDue() async throws -> Instant? {
        try await engine.store.readBriefly { try HeldEffects.hold(in: $0) ? nil : $0.nextEffect() }
    }
}

extension Engine {
    /// Whether nothing is sent, since the database is a copy that was put back so.
    package func holdsEffects() async throws -> Bool { try await store.read { try HeldEffects.hold(in: $0) } }

    /// What was held may go out.
    package func releaseEffects() async throws {
        try await store.write { try $0.set("", forSetting: HeldEffects.setting) }
        store.changes.nudge()
    }

    /// Sends again what was given up, and lets the run that failed with it wait for it.
    ///
    /// - Returns: Whether there is such an effect.
    /// - Throws: `StoreError`.
    package func retry(effect id: Int64) async throws -> Bool {
        let now = world.clock.now()
        let isThere = try await store.write { [self] transaction in
            guard var effect = try transaction.effect(id), effect.state == .failed else { return false }
            effect.state = .waiting
            effect.attempts = 0
            effect.due = now
            try transaction.update(effect)
            if let id = effect.run, var run = try transaction.run(id), run.state == .failed, try waits(run, for: effect, transaction) {
                run.state = .calling
                run.note = nil
                run.changed = now
                try transaction.update(run)
            }
            return true
        }
        if isThere { store.changes.nudge() }
        return isThere
    }

    /// Whether it is the step at which the run stands that wrote the effect.
    private func waits(_ run: AutomationRun, for effect: Effect, _ transaction: any ReadTransaction) throws -> Bool {
        guard let process = try definition(of: run, in: transaction).process, process.steps.instructions.indices.contains(run.position) else { return false }
        let step = process.steps.instructions[run.position].step
        let parts = effect.key.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count > 2 && parts[2].prefix { $0 != "[" && $0 != "#" } == step
    }

    /// What was given up, newest first; of all effects in these states.
    ///
    /// - Throws: `StoreError`.
    package func effects(in states: Set<Effect.State>, limit: Int, before id: Int64? = nil) async throws -> [Effect] {
        try await store.read { try $0.effects(in: states, limit: limit, before: id) }
    }
}
