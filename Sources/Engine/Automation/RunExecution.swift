import Formula
import Model
import Program
import SourceText
import Storage

/// A run that goes on, inside a transaction, until it must wait or is over. Each step is written with what it did.
struct RunExecution {
    let engine: Engine
    let transaction: any WriteTransaction
    let process: Process
    private(set) var run: AutomationRun
    var variables: [Value]
    private(set) var context: RecordContext

    /// So many steps are taken before others have their turn.
    private static let mostSteps = 200
    /// Records that one step may change.
    static let mostRecords = 1_000

    init(engine: Engine, transaction: any WriteTransaction, process: Process, run: AutomationRun) throws {
        self.engine = engine
        self.transaction = transaction
        self.process = process
        self.run = run
        variables = RunText.values(run.variables, count: process.steps.variableCount, in: engine.app)
        context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: process.needs)
    }

    /// What becomes of a step.
    enum Next {
        case on
        case to(Int)
        /// Not done: what stands behind `else`, or the end of the run.
        case refused(Words)
        /// Looks at the same step again at that time, or when something wakes it.
        case pause(until: Instant?)
        /// Looks at the same step again when something that was sent is settled.
        case outside
        /// Until people have decided.
        case rest
        case end(AutomationRun.State, Words)
    }

    mutating func goOn() throws {
        var steps = 0
        while true {
            guard process.steps.instructions.indices.contains(run.position) else {
                end(.done, nil)
                break
            }
            guard steps < Self.mostSteps else {
                run.state = .ready
                break
            }
            steps += 1
            let instruction = process.steps.instructions[run.position]
            engine.coverage?.reach(.step(process: process.key, position: run.position))
            switch try perform(instruction) {
            case .on:
                run.position += 1
                run.wake = nil
            case .to(let position):
                run.position = position
                run.wake = nil
            case .refused(let words):
                try note(instruction, words, isDone: false)
                guard let otherwise = instruction.onFailure else {
                    end(.failed, words)
                    return try write()
                }
                run.position = otherwise
            case .pause(let wake):
                run.state = .waiting
                run.wake = wake
                return try write()
            case .outside:
                run.state = .calling
                run.wake = nil
                return try write()
            case .rest:
                run.state = .deciding
                run.wake = nil
                return try write()
            case .end(let state, let words):
                end(state, words)
                return try write()
            }
        }
        try write()
    }

    private mutating func end(_ state: AutomationRun.State, _ words: Words?) {
        run.state = state
        run.note = words
        run.wake = nil
    }

    private mutating func write() throws {
        run.variables = RunText.text(of: variables, in: engine.app)
        run.changed = context.moment.now
        run.attempts = 0
        try transaction.update(run)
    }

    func note(_ instruction: Instruction, _ words: Words, isDone: Bool = true, record: RecordID? = nil) throws {
        try transaction.append(RunStep(run: run.id, step: instruction.step, at: context.moment.now, isDone: isDone, words: words, record: record))
    }

    // MARK: Steps

    private mutating func perform(_ instruction: Instruction) throws -> Next {
        guard let frame = try frame() else { return .end(.canceled, .recordIsGone) }
        switch instruction.operation {
        case .set(let settings):
            guard let record = run.record else { return .refused(.recordIsGone) }
            return try change([record], settings, frame, instruction)
        case .create(let object, let variable, let settings):
            return try create(object, variable, settings, frame, instruction)
        case .update(let records, _, let settings):
            let value = try records.value(in: frame)
            if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
            return try change(value.records, settings, frame, instruction)
        case .delete(let records):
            return try delete(try records.value(in: frame), instruction)
        case .tag(let tagging):
            return try tag(tagging, frame, instruction)
        case .move(let stage, let target):
            let value = try target?.value(in: frame) ?? run.record.map(Value.link) ?? .blank
            return try move(value, to: stage, instruction)
        case .notify(let notice):
            return try notify(notice, frame, instruction)
        case .report(let name, let notice):
            return try report(name, notice, frame, instruction)
        case .suggest(let records, let notice):
            return try suggest(records, notice, frame, instruction)
        case .send(let message):
            return try send(message, frame, instruction)
        case .call(let call):
            return try self.call(call, frame, instruction)
        case .wait(let delay):
            if let wake = run.wake { return wake <= context.moment.now ? .on : .pause(until: wake) }
            guard let due = delay.due(after: context.moment.now, in: context.moment.zone, by: context.moment.calendar) else { return .refused(.noTime) }
            try note(instruction, Words(zh: "等待 \(delay.words.zh)", en: "waits \(delay.words.en)"))
            return .pause(until: due)
        case .waitUntil(let until):
            return try waitUntil(until, frame, instruction)
        case .waitFor(let condition, let within, let otherwise):
            if try condition.holds(in: frame) {
                try note(instruction, try said(condition, holds: true, frame))
                return .on
            }
            if let wake = run.wake {
                guard wake <= context.moment.now else { return .pause(until: wake) }
                try note(instruction, .timeIsUp, isDone: false)
                return otherwise.map(Next.to) ?? .on
            }
            // It may look in vain many times.
            if try transaction.runSteps(of: run.id).last?.step != instruction.step {
                try note(instruction, Words(zh: "等待：\(condition.expression.source.text)", en: "waits for \(condition.expression.source.text)"))
            }
            return .pause(until: within.flatMap { $0.due(after: context.moment.now, in: context.moment.zone, by: context.moment.calendar) })
        case .branch(let condition, let otherwise):
            let value = try condition.value(in: frame)
            if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
            let holds = value == .bool(true)
            try note(instruction, try said(condition, holds: holds, frame), isDone: holds)
            return holds ? .on : .to(otherwise)
        case .jump(let position):
            return .to(position)
        case .beginEach(let records, let list, let index):
            let value = try records.value(in: frame)
            if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
            let found = value.records
            guard found.count <= Self.mostRecords else { return .refused(.tooMany(found.count, limit: Self.mostRecords)) }
            try note(instruction, .forEach(found.count))
            variables[list] = .list(found.map(Value.link))
            variables[index] = .number(.zero)
            return .on
        case .nextEach(let list, let index, let variable, let end):
            guard case .list(let records) = variables[list], case .number(let number) = variables[index], let place = number.truncatedInt, place < records.count
            else {
                variables[list] = .blank
                variables[index] = .blank
                variables[variable] = .blank
                return .to(end)
            }
            variables[variable] = records[place]
            variables[index] = .number(ExactDecimal(Int64(place + 1)))
            return .on
        case .assign(let index): return try assign(index, instruction)
        case .ask(let question, let otherwise): return try ask(question, otherwise: otherwise, frame, instruction)
        case .approve(let index, let otherwise): return try approve(index, otherwise: otherwise, instruction)
        case .dispatch(let index): return try dispatch(index, instruction)
        case .demote(let demotion):
            return try demote(demotion, instruction)
        case .stop(let reason):
            let words = try reason.words(zh: frame, en: english(frame))
            try note(instruction, words)
            return .end(.stopped, words)
        }
    }

    private func waitUntil(_ until: Evaluator, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        if let wake = run.wake { return wake <= context.moment.now ? .on : .pause(until: wake) }
        let due: Instant
        switch try until.value(in: frame) {
        case .instant(let instant): due = instant
        case .date(let day): due = context.moment.zone.startOfDay(day)
        case .failure(let failure): return .refused(.failedFormula(failure))
        case .blank, .bool, .number, .text, .duration, .option, .options, .link, .links, .location, .list:
            try note(instruction, .noTime)
            return .on
        }
        let time = Value.text(of: due, in: context.moment.zone)
        guard due > context.moment.now else {
            try note(instruction, Words(zh: "时间已到：\(time)", en: "its time has come: \(time)"))
            return .on
        }
        try note(instruction, Words(zh: "等到 \(time)", en: "waits until \(time)"))
        return .pause(until: due)
    }

    // MARK: Records

    func command(_ action: SaveCommand.Action) -> SaveCommand {
        var command = SaveCommand(action, by: .system, door: .automation)
        command.cause = RunCause(run: run.id, process: run.process, root: run.root ?? run.id, depth: run.depth + 1)
        command.batch = run.batch
        command.onBehalfOf = run.by
        return command
    }

    private mutating func create(
        _ object: ObjectID, _ variable: Int?, _ settings: [CompiledSetting], _ frame: Frame, _ instruction: Instruction
    ) throws -> Next {
        let (inputs, failure) = try inputs(settings, frame)
        if let failure { return .refused(failure) }
        let outcome = try engine.outcome(of: command(.create(object, inputs)), in: transaction)
        guard case .saved(let row, _) = outcome else { return .refused(engine.words(for: outcome)) }
        if let variable { variables[variable] = .link(row.id) }
        try refresh()
        let title = try title(row.id)
        try note(instruction, Words(zh: "新建了 \(title)", en: "made \(title)").with(try said(inputs)), record: row.id)
        return .on
    }

    /// All of them, or none.
    private mutating func change(_ records: [RecordID], _ settings: [CompiledSetting], _ frame: Frame, _ instruction: Instruction) throws -> Next {
        guard records.count <= Self.mostRecords else { return .refused(.tooMany(records.count, limit: Self.mostRecords)) }
        let (inputs, failure) = try inputs(settings, frame)
        if let failure { return .refused(failure) }
        return try all(records, instruction, Words(zh: "修改了", en: "changed"), with: try said(inputs)) { .edit($0, inputs) }
    }

    private mutating func delete(_ value: Value, _ instruction: Instruction) throws -> Next {
        if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
        guard value.records.count <= Self.mostRecords else { return .refused(.tooMany(value.records.count, limit: Self.mostRecords)) }
        return try all(value.records, instruction, Words(zh: "删除了", en: "deleted")) { .delete($0) }
    }

    private mutating func move(_ value: Value, to stage: String, _ instruction: Instruction) throws -> Next {
        if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
        guard value.records.count <= Self.mostRecords else { return .refused(.tooMany(value.records.count, limit: Self.mostRecords)) }
        return try all(value.records, instruction, Words(zh: "移动了", en: "moved")) { .move($0, to: stage) }
    }

    mutating func all(
        _ records: [RecordID], _ instruction: Instruction, _ verb: Words, with values: Words? = nil, _ action: (RecordID) throws -> SaveCommand.Action?
    ) throws -> Next {
        var titles: [String] = []
        for record in records.prefix(Self.namedRecords) { titles.append(try title(record)) }
        var changed = 0
        do {
            try transaction.savepoint {
                for record in records {
                    guard let action = try action(record) else { continue }
                    let outcome = try engine.outcome(of: command(action), in: transaction)
                    guard outcome.isDone || outcome.isSentForApproval else { throw Refusal(outcome) }
                    if case .unchanged = outcome { continue }
                    changed += 1
                }
            }
        } catch let refusal as Refusal {
            return .refused(engine.words(for: refusal.outcome))
        }
        try refresh()
        guard changed > 0 else {
            try note(instruction, .nothingToDo)
            return .on
        }
        let rest = records.count > titles.count ? " …" : ""
        try note(
            instruction,
            Words(zh: "\(verb.zh) \(titles.joined(separator: "、"))\(rest)", en: "\(verb.en) \(titles.joined(separator: ", "))\(rest)").with(values),
            record: records.first)
        return .on
    }

    /// Titles that a line of the journal names.
    static let namedRecords = 3

    /// Back to the stage of the visit before, past the gates.
    private mutating func demote(_ demotion: CheckedDemotion, _ instruction: Instruction) throws -> Next {
        guard let record = run.record, let row = try context.rows.row(record), let stages = engine.plans[record.object.index].stages,
            case .option(let current) = row[demotion.field], let place = stages.stages.firstIndex(where: { $0.key == current }), place > 0
        else { return .refused(.recordIsGone) }
        let earlier = stages.stages[..<place].map(\.key)
        let visited = try transaction.visits(of: record).reversed().first { earlier.contains($0.stage) }?.stage
        let goal = demotion.to ?? visited ?? earlier[place - 1]
        var command = command(.move(record, to: goal))
        command.door = .demotion
        let outcome = try engine.outcome(of: command, in: transaction)
        guard outcome.isDone else { return .refused(engine.words(for: outcome)) }
        try refresh()
        let label = stages.stage(goal)?.label ?? Words(same: goal)
        try note(instruction, Words(zh: "退回“\(label.zh)”", en: "fell back to “\(label.en)”"), record: record)
        return .on
    }

    private func inputs(_ settings: [CompiledSetting], _ frame: Frame) throws -> (inputs: [FieldInput], failure: Words?) {
        var inputs: [FieldInput] = []
        for setting in settings {
            let value = try setting.value(in: frame)
            if case .failure(let failure) = value { return ([], .failedFormula(failure)) }
            inputs.append(FieldInput(setting.field, value))
        }
        return (inputs, nil)
    }

    // MARK: People

    private func notify(_ notice: CompiledNotice, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        let (people, message, failure) = try tell(notice, frame, title: process.label, about: run.record)
        if let failure { return .refused(failure) }
        guard let message, !people.isEmpty else {
            try note(instruction, .toldNobody)
            return .on
        }
        var names: [String] = []
        for person in people.prefix(Self.namedRecords) { names.append(try self.title(person)) }
        try note(
            instruction, Words(zh: "通知 \(names.joined(separator: "、"))：\(message.zh)", en: "told \(names.joined(separator: ", ")): \(message.en)"))
        return .on
    }

    /// So many records are suggested at once: three can be looked at.
    private static let mostSuggested = 3

    /// The first of the records, each with its link; nobody is bothered where there is none.
    private func suggest(_ records: Evaluator, _ notice: CompiledNotice, _ frame: Frame, _ instruction: Instruction) throws -> Next {
        let value = try records.value(in: frame)
        if case .failure(let failure) = value { return .refused(.failedFormula(failure)) }
        let suggested = Array(value.records.prefix(Self.mostSuggested))
        guard !suggested.isEmpty else {
            try note(instruction, Words(zh: "没有可以参考的记录", en: "there is nothing to suggest"))
            return .on
        }
        let titles = try suggested.map { try title($0) }
        let (people, _, failure) = try tell(notice, frame, title: process.label, about: run.record, suggesting: zip(suggested, titles).map { ($0, $1) })
        if let failure { return .refused(failure) }
        guard !people.isEmpty else {
            try note(instruction, .toldNobody)
            return .on
        }
        let names = try people.prefix(Self.namedRecords).map { try title($0) }
        try note(
            instruction,
            Words(
                zh: "向 \(names.joined(separator: "、")) 推荐：\(titles.joined(separator: "、"))",
                en: "suggested to \(names.joined(separator: ", ")): \(titles.joined(separator: ", "))"), record: suggested.first)
        return .on
    }

    /// Tells the active ones of these people, each once.
    ///
    /// - Returns: With the message as the journal says it.
    func tell(
        _ notice: CompiledNotice, _ frame: Frame, title standard: Words, about record: RecordID?, suggesting suggested: [(id: RecordID, title: String)] = []
    ) throws -> (people: [RecordID], message: Words?, failure: Words?) {
        let (people, failure) = try people(notice, frame)
        guard failure == nil, !people.isEmpty else { return ([], nil, failure) }
        let english = english(frame)
        var message = try notice.message.words(zh: frame, en: english)
        if !suggested.isEmpty {
            let titles = suggested.map(\.title)
            message = Words(zh: "\(message.zh)：\(titles.joined(separator: "、"))", en: "\(message.en): \(titles.joined(separator: ", "))")
        }
        let title = try notice.title?.words(zh: frame, en: english) ?? standard
        let isFolded = try tell(people, by: notice.via, title: title, message: message, about: record, suggesting: suggested.map(\.id))
        return (people, isFolded ? Words(zh: "\(message.zh)（并入汇总）", en: "\(message.en) (together with others)") : message, nil)
    }

    /// The active ones, each once.
    func people(_ notice: CompiledNotice, _ frame: Frame) throws -> (people: [RecordID], failure: Words?) {
        var people: [RecordID] = []
        for formula in notice.people {
            let value = try formula.value(in: frame)
            if case .failure(let failure) = value { return ([], .failedFormula(failure)) }
            for person in value.records where !people.contains(person) {
                guard let row = try context.rows.row(person) else { continue }
                if let active = engine.activeField, row[active] == .bool(false) { continue }
                people.append(person)
            }
        }
        return (people, nil)
    }

    // MARK: What formulas see

    /// Nil: the record that the run is about is gone, and nothing of it was kept.
    private func frame() throws -> Frame? {
        let me = try run.by.flatMap { try context.live.row($0) }
        guard let record = run.record else { return Frame(this: nil, me: me, inputs: variables, moment: context.moment, source: context.live) }
        let blank = Row(id: record, values: Array(repeating: .blank, count: engine.plans[record.object.index].object.fields.count))
        guard let row = try context.live.row(record) else {
            // Set off by the deletion itself: all of it was kept.
            guard let before = run.before, process.isOfDeletion else { return nil }
            return Frame(this: RunText.put(before, into: blank, in: engine.app), me: me, inputs: variables, moment: context.moment, source: context.live)
        }
        let old = run.before.map { RunText.put($0, into: row, in: engine.app) }
        return Frame(this: row, old: old, me: me, inputs: variables, moment: context.moment, source: context.live)
    }

    func english(_ frame: Frame) -> Frame {
        Frame(
            this: frame.this, old: frame.old, me: frame.me, inputs: frame.inputs,
            moment: engine.app.model.moment(at: context.moment.now, language: .en), source: frame.source)
    }

    /// What was read before a step changed it is forgotten.
    mutating func refresh() throws {
        context = try RecordContext(engine: engine, principal: .system, transaction: transaction, needs: process.needs)
    }

    func title(_ record: RecordID) throws -> String {
        let title = try context.live.title(of: record)
        return title.isEmpty ? engine.app.text(of: record) : title
    }
}

extension LocalizedEvaluator {
    func words(zh: Frame, en: Frame) throws -> Words {
        Words(zh: try self.zh.text(in: zh), en: try self.en.text(in: en))
    }
}

extension Value {
    /// The records of a link, of links, or of a list of them.
    var records: [RecordID] {
        switch self {
        case .link, .links: linkedRecords
        case .list(let values): values.flatMap(\.records)
        case .blank, .bool, .number, .text, .date, .instant, .duration, .option, .options, .location, .failure: []
        }
    }
}

extension Engine {
    /// Why a command was not done, for the journal of a run.
    func words(for outcome: SaveOutcome) -> Words {
        switch outcome {
        case .saved, .unchanged, .repeated: Words(zh: "已完成", en: "done")
        case .requestKeyReused: Words(zh: "请求号已用于别的请求", en: "the request key was used for another request")
        case .refused(let violations):
            Words(zh: violations.map(\.words.zh).joined(separator: "；"), en: violations.map(\.words.en).joined(separator: "; "))
        case .held(let verdict) where verdict.approval != nil: verdict.moveRefusal ?? .granted
        case .held(let verdict):
            Words(
                zh: "阶段条件未满足：" + verdict.items.filter { !$0.isMet }.map(\.say.zh).joined(separator: "；"),
                en: "the gate is closed: " + verdict.items.filter { !$0.isMet }.map(\.say.en).joined(separator: "; "))
        case .conflict: Words(zh: "记录已被别人修改", en: "somebody changed the record meanwhile")
        case .missing: .recordIsGone
        case .denied(let words): words
        }
    }
}
