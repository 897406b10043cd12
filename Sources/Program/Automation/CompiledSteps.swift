package import Formula
package import Model
package import SourceText

/// Steps laid out in a row, so that a place among them is a number: what a run remembers.
package struct CompiledSteps: Sendable {
    package let instructions: [Instruction]
    /// Variables of the author, then those that loops keep.
    package let variableCount: Int

    /// The steps by their places, in order: `1 2 2.then.1`.
    package let layout: String

    /// The one step of a process of the app's own.
    init(_ operation: Instruction.Operation, at span: Span) {
        instructions = [Instruction(step: "1", span: span, operation: operation)]
        variableCount = 0
        layout = "1"
    }

    package init(_ body: CheckedSteps) {
        var layout = StepLayout(variables: body.variables.count)
        layout.add(body.steps, within: "")
        instructions = layout.instructions
        variableCount = layout.variableCount
        self.layout = instructions.map(\.step).joined(separator: " ")
    }
}

package struct Instruction: Sendable {
    package indirect enum Operation: Sendable {
        case set([CompiledSetting])
        case create(ObjectID, variable: Int?, with: [CompiledSetting])
        case update(Evaluator, of: ObjectID, with: [CompiledSetting])
        case delete(Evaluator)
        case tag(CompiledTagging)
        case move(to: String, of: Evaluator?)
        case notify(CompiledNotice)
        case suggest(Evaluator, CompiledNotice)
        /// By name.
        case report(String, CompiledNotice)
        case send(CompiledMessage)
        case call(CompiledCallStep)
        case wait(Delay)
        case waitUntil(Evaluator)
        /// Goes on at `otherwise` if the time is up first; without one at the next instruction.
        case waitFor(Evaluator, within: Delay?, otherwise: Int?)
        case branch(Evaluator, otherwise: Int)
        case jump(Int)
        /// Keeps the records in `list` and begins before the first.
        case beginEach(Evaluator, list: Int, index: Int)
        /// Puts the next into `variable`, or goes to `end`.
        case nextEach(list: Int, index: Int, variable: Int, end: Int)
        case stop(LocalizedEvaluator)
        case demote(CheckedDemotion)
        /// By position among the app's assignments.
        case assign(Int)
        /// By position among the app's approvals. Goes on at `otherwise` if it is not given; the run ends there if that is nil.
        case approve(Int, otherwise: Int?)
        /// Goes on at `otherwise` if nobody answers in time, or nobody is there to ask.
        case ask(CompiledQuestion, otherwise: Int)
        /// Every record that waits in the assignment's queue.
        case dispatch(Int)
    }

    /// `2`, `3.then.1`: the place in the author's steps, from 1.
    package let step: String
    package let span: Span
    package var operation: Operation
    /// Where it goes on if it is refused; nil: the run fails.
    package var onFailure: Int?
}

package struct CompiledSetting: Sendable {
    package enum Source: Sendable {
        case value(Value)
        case formula(Evaluator)
    }

    package let field: FieldID
    package let source: Source

    package init(_ setting: CheckedSetting) {
        field = setting.field
        switch setting.source {
        case .value(let value): source = .value(value)
        case .formula(let formula): source = .formula(Evaluator(formula))
        }
    }
}

package struct CompiledTagging: Sendable {
    package enum Word: Sendable {
        case text(String)
        case formula(Evaluator)
    }

    package let field: FieldID
    package let words: [Word]
    package let adds: Bool
    /// Nil: the record that set the steps off.
    package let records: Evaluator?

    init(_ tagging: CheckedTagging) {
        field = tagging.field
        adds = tagging.adds
        records = tagging.records.map { Evaluator($0) }
        words = tagging.words.map { word in
            switch word {
            case .text(let text): .text(text)
            case .formula(let formula): .formula(Evaluator(formula))
            }
        }
    }
}

package struct CompiledNotice: Sendable {
    package let people: [Evaluator]
    package let via: [String]
    package let title: LocalizedEvaluator?
    package let message: LocalizedEvaluator

    init(_ notice: CheckedNotice) {
        people = notice.people.map { Evaluator($0) }
        via = notice.via
        title = notice.title.map(LocalizedEvaluator.init)
        message = LocalizedEvaluator(notice.message)
    }
}

/// A question with its formulas made ready.
package struct CompiledQuestion: Sendable {
    package let model: CheckedQuestion
    package let notice: CompiledNotice

    init(_ question: CheckedQuestion) {
        model = question
        notice = CompiledNotice(question.notice)
    }
}

/// A template for each language, made ready.
package struct LocalizedEvaluator: Sendable {
    package let zh: TemplateEvaluator
    package let en: TemplateEvaluator

    package init(_ template: LocalizedTemplate) {
        zh = TemplateEvaluator(template.zh)
        en = TemplateEvaluator(template.en)
    }

    /// - Throws: Only what `frame.source` throws.
    package func words(in frame: Frame) throws -> Words {
        Words(zh: try zh.text(in: frame), en: try en.text(in: frame))
    }
}

/// Lays steps out.
private struct StepLayout {
    var instructions: [Instruction] = []
    var variableCount: Int

    init(variables: Int) {
        variableCount = variables
    }

    mutating func add(_ steps: [CheckedStep], within place: String) {
        for (index, step) in steps.enumerated() { add(step, at: place + String(index + 1)) }
    }

    private mutating func add(_ step: CheckedStep, at place: String) {
        func instruction(_ operation: Instruction.Operation) -> Instruction { Instruction(step: place, span: step.span, operation: operation) }
        switch step.verb {
        case .set(let settings): plain(instruction(.set(settings.map(CompiledSetting.init))), step, place)
        case .create(let object, let variable, let settings):
            plain(instruction(.create(object, variable: variable, with: settings.map(CompiledSetting.init))), step, place)
        case .update(let records, let object, let settings):
            plain(instruction(.update(Evaluator(records), of: object, with: settings.map(CompiledSetting.init))), step, place)
        case .delete(let records): plain(instruction(.delete(Evaluator(records))), step, place)
        case .tag(let tagging): plain(instruction(.tag(CompiledTagging(tagging))), step, place)
        case .move(let stage, let record): plain(instruction(.move(to: stage, of: record.map { Evaluator($0) })), step, place)
        case .notify(let notice): plain(instruction(.notify(CompiledNotice(notice))), step, place)
        case .report(let name, let notice): plain(instruction(.report(name, CompiledNotice(notice))), step, place)
        case .suggest(let records, let notice): plain(instruction(.suggest(Evaluator(records), CompiledNotice(notice))), step, place)
        case .send(let message): plain(instruction(.send(CompiledMessage(message, isWaitedFor: step.otherwise != nil))), step, place)
        case .call(let call): plain(instruction(.call(CompiledCallStep(call))), step, place)
        case .wait(let delay): instructions.append(instruction(.wait(delay)))
        case .waitUntil(let until): instructions.append(instruction(.waitUntil(Evaluator(until))))
        case .stop(let reason): instructions.append(instruction(.stop(LocalizedEvaluator(reason))))
        case .assign(let index): plain(instruction(.assign(index)), step, place)
        case .demote(let demotion): plain(instruction(.demote(demotion)), step, place)
        case .waitFor(let condition, let within):
            let start = instructions.count
            let evaluator = Evaluator(condition)
            instructions.append(instruction(.waitFor(evaluator, within: within, otherwise: nil)))
            guard let otherwise = step.otherwise else { return }
            instructions.append(instruction(.jump(0)))
            let begin = instructions.count
            add(otherwise, within: "\(place).else.")
            instructions[start].operation = .waitFor(evaluator, within: within, otherwise: begin)
            instructions[begin - 1].operation = .jump(instructions.count)
        case .approve(let index, let then):
            let start = instructions.count
            instructions.append(instruction(.approve(index, otherwise: nil)))
            add(then, within: "\(place).then.")
            guard let otherwise = step.otherwise else { return }
            instructions.append(instruction(.jump(0)))
            let begin = instructions.count
            add(otherwise, within: "\(place).else.")
            instructions[start].operation = .approve(index, otherwise: begin)
            instructions[begin - 1].operation = .jump(instructions.count)
        case .ask(let asked, let then):
            let start = instructions.count
            let question = CompiledQuestion(asked)
            instructions.append(instruction(.ask(question, otherwise: 0)))
            add(then, within: "\(place).then.")
            guard let otherwise = step.otherwise else {
                instructions[start].operation = .ask(question, otherwise: instructions.count)
                return
            }
            instructions.append(instruction(.jump(0)))
            let begin = instructions.count
            add(otherwise, within: "\(place).else.")
            instructions[start].operation = .ask(question, otherwise: begin)
            instructions[begin - 1].operation = .jump(instructions.count)
        case .choose(let condition, let then):
            let start = instructions.count
            let evaluator = Evaluator(condition)
            instructions.append(instruction(.branch(evaluator, otherwise: 0)))
            add(then, within: "\(place).then.")
            guard let otherwise = step.otherwise else {
                instructions[start].operation = .branch(evaluator, otherwise: instructions.count)
                return
            }
            instructions.append(instruction(.jump(0)))
            let begin = instructions.count
            add(otherwise, within: "\(place).else.")
            instructions[start].operation = .branch(evaluator, otherwise: begin)
            instructions[begin - 1].operation = .jump(instructions.count)
        case .forEach(let records, let variable, let steps):
            let list = variableCount, index = variableCount + 1
            variableCount += 2
            instructions.append(instruction(.beginEach(Evaluator(records), list: list, index: index)))
            let start = instructions.count
            instructions.append(instruction(.nextEach(list: list, index: index, variable: variable, end: 0)))
            add(steps, within: "\(place).do.")
            instructions.append(instruction(.jump(start)))
            instructions[start].operation = .nextEach(list: list, index: index, variable: variable, end: instructions.count)
        }
    }

    /// An instruction that may be refused, with what is done then.
    private mutating func plain(_ instruction: Instruction, _ step: CheckedStep, _ place: String) {
        let start = instructions.count
        instructions.append(instruction)
        guard let otherwise = step.otherwise else { return }
        instructions.append(Instruction(step: place, span: step.span, operation: .jump(0)))
        instructions[start].onFailure = instructions.count
        let begin = instructions.count
        add(otherwise, within: "\(place).else.")
        instructions[begin - 1].operation = .jump(instructions.count)
    }
}
