import Formula
import JSON
import Model
import Program
import SourceText
import Storage

// Steps that reach out of the app: each is written as an effect in the transaction of the step, and carried out afterwards.
extension RunExecution {
    /// What effects of a step are called: the same however often the step is begun. `DATABASE:RUN:STEP`, with the place in each loop around it.
    func key() throws -> String {
        var key = "\(try engine.ownName(in: transaction)):\(run.id):\(process.steps.instructions[run.position].step)"
        for (start, other) in process.steps.instructions.enumerated() where start < run.position {
            if case .nextEach(_, let index, _, let end) = other.operation, run.position < end, case .number(let number) = variables[index] {
                key += "[\(number)]"
            }
        }
        return key
    }

    // MARK: People

    /// Tells people by each of these channels.
    ///
    /// - Returns: Whether something is told together with what other runs of the batch tell.
    @discardableResult
    func tell(_ people: [RecordID], by via: [String], title: Words, message: Words, about record: RecordID?, suggesting suggested: [RecordID] = [], report: Int64? = nil) throws -> Bool {
        // What stays inside makes no effect, and so needs no key.
        let key = via.allSatisfy { isInside($0) } ? "" : try key()
        var making = MessageMaking(engine: engine, transaction: transaction, context: context, run: run.id, record: record, key: key)
        making.isInside = via.contains { isInside($0) }
        making.suggested = suggested
        making.report = report
        making.folding = folding
        for person in people { try making.tell(person, by: via, title: title, message: message) }
        return making.isFolded
    }

    /// The runs of one batch are told of together.
    private var folding: FoldPlace? {
        run.batch.map { FoldPlace(batch: $0, process: run.process, step: process.steps.instructions[run.position].step) }
    }

    private func isInside(_ channel: String) -> Bool {
        guard case .inApp? = engine.app.automations.channels[channel]?.model.way else { return false }
        return true
    }

    /// `send`: to people, or to an address.
    func send(_ message: CompiledMessage, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        let key = try key()
        if message.isWaitedFor {
            let sent = try transaction.effects(under: key)
            if !sent.isEmpty { return next(sent) }
        }
        let to = try message.to.value(in: frame)
        if case .failure(let failure) = to { return .refused(.failedFormula(failure)) }
        let words = try message.message.words(zh: frame, en: english(frame))
        var making = MessageMaking(engine: engine, transaction: transaction, context: context, run: run.id, record: run.record, key: key)
        making.isInside = isInside(message.channel)
        // Whoever waits for it waits for this one.
        if !message.isWaitedFor { making.folding = folding }
        var names: [String] = []
        if case .text(let address) = to {
            guard !address.isEmpty else { return .refused(.toldNobody) }
            try making.tell(address: address, by: message.channel, title: process.label, message: words)
            names = [address]
        } else {
            var told: Set<RecordID> = []
            for person in to.records where told.insert(person).inserted {
                guard let row = try context.rows.row(person) else { continue }
                if let active = engine.activeField, row[active] == .bool(false) { continue }
                try making.tell(person, by: [message.channel], title: process.label, message: words)
                if names.count < Self.namedRecords { names.append(try title(person)) }
            }
            guard !names.isEmpty else { return .refused(.toldNobody) }
        }
        try note(
            instruction,
            Words(
                zh: "\(message.channel) → \(names.joined(separator: "、"))：\(words.zh)", en: "\(message.channel) → \(names.joined(separator: ", ")): \(words.en)"))
        // A channel inside the app has delivered with this very transaction.
        return message.isWaitedFor && making.wrote ? .outside : .on
    }

    /// Where the run goes on, by what has become of what it sent.
    private func next(_ sent: [Effect]) -> Next {
        // Of a ladder the last rung that was begun counts.
        var last: [Substring: Effect] = [:]
        for effect in sent.sorted(by: { $0.id < $1.id }) { last[effect.key.prefix { $0 != "#" }] = effect }
        guard last.values.allSatisfy({ $0.state == .done || $0.state == .failed }) else { return .outside }
        guard let failed = last.values.filter({ $0.state == .failed }).min(by: { $0.id < $1.id }) else { return .on }
        return .refused(.notDelivered(failed.target, failed.trouble))
    }

    // MARK: Calls

    /// `call`: the run waits for what the other side says.
    mutating func call(_ call: CompiledCallStep, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        let key = try key()
        if let effect = try transaction.effects(under: key).first {
            switch effect.state {
            case .waiting, .told: return .outside
            case .failed: return .refused(.notDelivered(effect.target, effect.trouble))
            case .done:
                if let variable = call.model.variable { variables[variable] = effect.receipt.map { Value(text: $0) } ?? .blank }
                let receipt = effect.receipt.map { " \($0)" } ?? ""
                try note(instruction, Words(zh: "\(effect.target) 已完成\(receipt)", en: "\(effect.target) was done\(receipt)"))
                return .on
            }
        }
        var content: [JSONValue.Member] = []
        for input in call.with {
            switch input.source {
            case .text(let template): content.append(.init(input.name, .string(try template.text(in: frame))))
            case .formula(let formula):
                let value = try formula.value(in: frame)
                if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
                content.append(.init(input.name, try json(value, formula, frame)))
            }
        }
        let parcel = Parcel(connector: call.model.connector, call: call.model.call, content: .object(content))
        let now = context.moment.now
        try transaction.add(Effect(key: key, run: run.id, target: call.model.target, payload: parcel.json, created: now, due: now))
        try note(instruction, Words(zh: "调用 \(call.model.target)", en: "calls \(call.model.target)"))
        return .outside
    }

    /// Numbers and yes or no as they are, all else as people read it.
    private func json(_ value: Value, _ formula: Evaluator, _ frame: Frame) throws -> JSONValue {
        switch value {
        case .blank, .failure: return .null
        case .bool(let bool): return .bool(bool)
        case .number(let number): return .number(number.description)
        case .text(let text): return .string(text)
        case .option(let key): return .string(key)
        case .options(let keys): return .array(keys.map(JSONValue.string))
        case .link(let record): return .string(engine.app.text(of: record))
        case .links(let records): return .array(records.map { .string(engine.app.text(of: $0)) })
        case .date, .instant, .duration, .location, .list:
            return .string(try value.text(of: formula.expression.type, at: frame.moment) { try frame.source.title(of: $0) })
        }
    }
}

extension Engine {
    static let ownNameSetting = "own name"

    /// A name that no other database has: keys of effects begin with it, so that other sides never take ours for somebody else's.
    func ownName(in transaction: any WriteTransaction) throws -> String {
        if let name = try transaction.setting(Self.ownNameSetting) { return name }
        let name = world.entropy.bytes(6).map { byte in String(byte >> 4, radix: 16) + String(byte & 15, radix: 16) }.joined()
        try transaction.set(name, forSetting: Self.ownNameSetting)
        return name
    }

    /// The setting with the address under which people reach the app, without a slash at its end; links in messages begin with it.
    package static let addressSetting = "address"
}

extension Words {
    static func notDelivered(_ target: String, _ trouble: Words?) -> Words {
        let why = trouble ?? Words(zh: "没有送达", en: "it did not arrive")
        return Words(zh: "\(target)：\(why.zh)", en: "\(target): \(why.en)")
    }
}
