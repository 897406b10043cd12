import Formula
import Model
import Program
import SourceText
import Storage

/// Follows the events of which sequences are made, and sets off the steps of those that are complete.
///
/// An event that happened behind all that were counted is counted in passing: the work is the same however many there are. One that is
/// recorded late, or changes, has the events around it read again.
struct SequenceKeeping {
    let context: RecordContext
    let transaction: any WriteTransaction
    let cause: RunCause?
    let by: RecordID?
    let batch: String?
    /// False: what is complete counts as done, and nothing is set off.
    let setsOff: Bool

    /// An event that counts.
    private struct Event: Equatable {
        let owner: RecordID
        let mark: SequenceProgress.Mark
        let kind: String
        let id: RecordID
    }

    /// Of one record in the time that is looked at.
    private static let most = 1_000_000

    private var engine: Engine { context.engine }
    private var moment: Moment { context.moment }

    func follow(_ changes: [Propagation.Change]) throws {
        let automations = engine.app.automations
        guard !automations.sequences.isEmpty else { return }
        for change in changes {
            for index in automations.sequencesOfObject[change.id.object.index] {
                let sequence = automations.sequences[index]
                let old = try change.old.flatMap { try event($0, of: sequence) }, new = try change.new.flatMap { try event($0, of: sequence) }
                guard old != new else { continue }
                if let new, old == nil {
                    try count(new, in: sequence)
                } else {
                    if let old { try recount(old.owner, around: [old, new].compactMap { $0?.owner == old.owner ? $0?.mark : nil }, in: sequence) }
                    if let new, new.owner != old?.owner { try recount(new.owner, around: [new.mark], in: sequence) }
                }
            }
            if change.new == nil, automations.sequences.contains(where: { $0.model.events.owner == change.id.object }) {
                try transaction.removeSequenceProgress(of: change.id)
            }
        }
    }

    /// Nil if the record does not count.
    private func event(_ row: Row, of sequence: CompiledSequence) throws -> Event? {
        let events = sequence.model.events
        guard case .link(let owner) = row[events.link], owner.object == events.owner, case .option(let kind) = row[events.kind],
            sequence.model.kinds.contains(kind) || sequence.model.unless.contains(kind), case .instant(let at) = row[events.at],
            case .instant(let recorded) = row[.created], let limit = sequence.model.late.due(after: at, in: moment.zone, by: moment.calendar), recorded <= limit,
            try sequence.condition?.holds(in: Frame(this: row, moment: moment, source: context.rows)) ?? true
        else { return nil }
        return Event(owner: owner, mark: SequenceProgress.Mark(at: at, number: row.id.number), kind: kind, id: row.id)
    }

    private func count(_ event: Event, in sequence: CompiledSequence) throws {
        guard var progress = try transaction.sequenceProgress(sequence.model.name, of: event.owner), progress.fingerprint == sequence.fingerprint,
            progress.last.map({ $0 < event.mark }) ?? true
        else { return try recount(event.owner, around: [event.mark], in: sequence) }
        if try advance(&progress, by: event, in: sequence) { try setOff(sequence, by: event) }
        try transaction.set(progress)
    }

    /// - Returns: Whether the sequence is complete with the event.
    private func advance(_ progress: inout SequenceProgress, by event: Event, in sequence: CompiledSequence) throws -> Bool {
        progress.last = event.mark
        let kinds = sequence.model.kinds
        if sequence.model.unless.contains(event.kind) {
            progress.begun = Array(repeating: nil, count: kinds.count - 1)
            return false
        }
        // From behind, so that one event is one step.
        for step in kinds.indices.reversed() where kinds[step] == event.kind {
            let first: Instant
            if step == 0 {
                first = event.mark.at
            } else {
                guard let began = progress.begun[step - 1], let end = sequence.model.within.due(after: began, in: moment.zone, by: moment.calendar), event.mark.at <= end
                else { continue }
                first = began
            }
            if step == kinds.count - 1 {
                progress.begun = Array(repeating: nil, count: kinds.count - 1)
                progress.through = event.mark
                return true
            }
            progress.begun[step] = max(progress.begun[step] ?? first, first)
        }
        return false
    }

    /// Counts the events of the record anew, from those that may belong together with one at these places. Those behind which the sequence was
    /// complete change nothing.
    private func recount(_ owner: RecordID, around marks: [SequenceProgress.Mark], in sequence: CompiledSequence) throws {
        let known = try transaction.sequenceProgress(sequence.model.name, of: owner)
        guard let mark = marks.filter({ mark in known?.through.map { $0 < mark } ?? true }).min() else { return }
        let isCurrent = known?.fingerprint == sequence.fingerprint
        var progress = SequenceProgress(
            sequence: sequence.model.name, record: owner, fingerprint: sequence.fingerprint, begun: Array(repeating: nil, count: sequence.model.kinds.count - 1),
            through: known?.through)
        let events = sequence.model.events
        let start = max(known?.through?.at ?? .first, sequence.model.within.earliest(before: mark.at))
        let condition = BoundCondition(expression: events.of(owner, since: start, in: engine.app.model), moment: moment, me: nil)
        let reading = Set([events.link, events.kind, events.at]).union(events.condition?.fieldsMentioned ?? [])
        let found = try transaction.rows(of: events.rows, where: condition, reading: reading, limit: Self.most).compactMap { try event($0, of: sequence) }
        for event in found.sorted(by: { $0.mark < $1.mark }) where known?.through.map({ $0 < event.mark }) ?? true {
            // What was complete before anybody counted is past.
            if try advance(&progress, by: event, in: sequence), isCurrent || event.mark >= mark { try setOff(sequence, by: event) }
        }
        try transaction.set(progress)
    }

    private func setOff(_ sequence: CompiledSequence, by event: Event) throws {
        guard setsOff, !sequence.process.steps.instructions.isEmpty else { return }
        var run = AutomationRun(of: sequence.process, in: engine, record: event.owner, cause: cause, by: by, at: moment.now, batch: batch)
        run.variables = RunText.text(of: [.link(event.id)], in: engine.app)
        _ = try transaction.add(run)
    }
}

extension Delay {
    /// Not later than any instant from which so much time leads to `end` or beyond it.
    fileprivate func earliest(before end: Instant) -> Instant {
        let days: Int64 =
            switch self {
            case .elapsed(let span): span.microseconds / Microseconds.perDay + 1
            // A day may have 25 hours.
            case .days(let days): Int64(days) + 2
            // A week in which one day is worked, and the longest holidays.
            case .businessDays(let days): Int64(days) * 7 + 60
            case .businessTime(let span): span.microseconds / Microseconds.perHour * 7 + 60
            }
        let (start, overflow) = end.microseconds.subtractingReportingOverflow(days * Microseconds.perDay)
        return Instant(microseconds: overflow ? .min : start)
    }
}

extension CheckedEvents {
    /// `account = this one and at >= start`
    fileprivate func of(_ owner: RecordID, since start: Instant, in model: CheckedApp) -> CheckedExpression {
        func node(_ form: Form, _ type: FormulaType = .bool) -> ExpressionNode { ExpressionNode(form, type: type, mayBeBlank: false, range: 0..<0) }
        func field(_ field: FieldID, _ type: FormulaType) -> ExpressionNode { ExpressionNode(.field(field, of: .this), type: type, mayBeBlank: true, range: 0..<0) }
        let link = if case .link(let targets) = model[self.link].kind { FormulaType.link(targets) } else { FormulaType.link([self.owner]) }
        var reads = FormulaReads()
        reads.own = [self.link, at]
        let root = node(
            .and([
                node(.compare(.equal, field(self.link, link), node(.literal(.link(owner)), link))),
                node(.compare(.greaterOrEqual, field(at, .datetime), node(.literal(.instant(start)), .datetime))),
            ]))
        return CheckedExpression(root: root, source: EmbeddedText(text: "", span: model[rows].declaredAt ?? Span(file: SourceFileID(index: 0), start: 0, end: 0), segments: []), reads: reads, variableCount: 0)
    }
}
