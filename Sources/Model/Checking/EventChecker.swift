import Definition
import Formula
import SourceText

/// What `sequences` and `decays` are made of.
extension AppChecker {
    /// Their names, before any formula is checked: whose events they are, what tells them apart, when they happened.
    struct EventNames {
        let rows: ObjectID
        let owner: ObjectID
        let link: FieldID
        let kind: FieldID
        let options: OptionList
        let at: FieldID
        let condition: EmbeddedText?
    }

    /// Nil after saying what is wrong.
    func names(of written: EventsDefinition) -> EventNames? {
        guard let (rows, condition) = watched(written.of) else { return nil }
        let draft = objects[rows.index]
        func field(_ name: Located<String>) -> FieldDraft? {
            if let field = draft.field(named: name.value) { return field }
            report.report(.unknownName(name, .field, of: draft.name, known: draft.fields.map(\.name)))
            return nil
        }
        guard let link = field(written.by) else { return nil }
        guard case .link(let targets)? = link.kind, !link.isComputed else {
            report.report(.eventsLink(written.by, of: draft.name))
            return nil
        }
        let known = targets.map { objects[$0.index].name }
        let owner: ObjectID
        if let on = written.on {
            guard let target = targets.first(where: { objects[$0.index].name == on.value }) else {
                report.report(.eventsOwner(on, link: written.by.value, known: known))
                return nil
            }
            owner = target
        } else {
            guard targets.count == 1 else {
                report.report(.eventsOwner(written.by, link: written.by.value, known: known))
                return nil
            }
            owner = targets[0]
        }
        guard let kind = field(written.kind ?? Located("kind", at: written.of.span)) else { return nil }
        guard case .choice(let options)? = kind.kind else {
            report.report(.eventsKind(written.kind ?? Located("kind", at: written.of.span), of: draft.name))
            return nil
        }
        let at: FieldDraft
        if let name = written.at {
            guard let found = field(name) else { return nil }
            guard case .datetime? = found.kind, clockFormula(of: found.id) == nil else {
                report.report(.eventsTime(name, of: draft.name))
                return nil
            }
            at = found
        } else {
            let usual = draft.field(named: "at").flatMap { field in if case .datetime? = field.kind { field } else { nil } }
            at = usual ?? draft.fields[SystemField.created.rawValue]
        }
        return EventNames(rows: rows, owner: owner, link: link.id, kind: kind.id, options: options, at: at.id, condition: condition)
    }

    /// With the condition checked: it must turn with the record itself and with nothing else.
    func events(_ names: EventNames) -> CheckedEvents? {
        var condition: CheckedExpression?
        if let text = names.condition {
            guard let checked = check(text, in: FormulaScope(this: names.rows), expecting: .bool) else { return nil }
            let reads = checked.reads
            let isOwn = !reads.clock && !reads.user && !reads.change && reads.related.isEmpty && reads.wholeObjects.isEmpty
                && checked.fieldsMentioned.allSatisfy { clockFormula(of: $0) == nil }
            // In the formula of a decay it would be another record.
            guard isOwn, !text.text.split(whereSeparator: { !$0.isLetter && !$0.isNumber && $0 != "_" }).contains("this") else {
                report.report(.eventsCondition(text.span))
                return nil
            }
            condition = checked
        }
        return CheckedEvents(rows: names.rows, owner: names.owner, link: names.link, condition: condition, kind: names.kind, at: names.at)
    }

    /// A kind of event by key or label; nil after saying that there is none.
    private func kind(_ word: Located<String>, _ names: EventNames) -> String? {
        switch FieldKind.choice(names.options).parse(word.value, zone: zone) {
        case .success(.option(let key)): return key
        case .success: return nil
        case .failure(let issue):
            report.report(.badValue(word.span, field: objects[names.kind.object.index].fields[names.kind.index].name, issue))
            return nil
        }
    }

    // MARK: Sequences

    /// Each with the steps that it sets off, as an automation of its own.
    func checkSequences() -> (sequences: [CheckedSequence], automations: [CheckedAutomation]) {
        var sequences: [CheckedSequence] = [], automations: [CheckedAutomation] = []
        for written in definition.sequences {
            guard let (sequence, automation) = checkSequence(written) else { continue }
            sequences.append(sequence)
            automations.append(automation)
        }
        return (sequences, automations)
    }

    private func checkSequence(_ written: SequenceDefinition) -> (CheckedSequence, CheckedAutomation)? {
        let within = Delay(written.within.value), late = written.late.map { Delay($0.value) } ?? within
        if within == nil { report.report(.badDelay(written.within)) }
        if late == nil, let text = written.late { report.report(.badDelay(text)) }
        guard let names = names(of: written.events) else { return nil }
        let events = events(names)
        let kinds = written.kinds.compactMap { kind($0, names) }, unless = written.unless.compactMap { kind($0, names) }
        guard (2...CheckedSequence.most).contains(written.kinds.count) else {
            report.report(.sequenceLength(written.name, most: CheckedSequence.most))
            return nil
        }
        if kinds.count == written.kinds.count, unless.count == written.unless.count, let index = unless.firstIndex(where: kinds.contains) {
            report.report(.sequenceBothWays(written.unless[index]))
            return nil
        }
        var steps = StepChecker(self, object: names.owner, inputs: [FormulaScope.Input(name: CheckedSequence.event, type: .link([names.rows]))])
        let body = steps.check(written.steps)
        guard let within, let late, let events, kinds.count == written.kinds.count, unless.count == written.unless.count else { return nil }
        let label = written.label?.words(or: written.name.value) ?? Words(same: written.name.value)
        let sequence = CheckedSequence(
            name: written.name.value, label: label, events: events, kinds: kinds, within: within, unless: Set(unless), late: late, declaredAt: written.name.span)
        let automation = CheckedAutomation(
            name: written.automation.name.value, label: label, object: names.owner, triggers: [.sequence(written.name.value, of: names.rows)], condition: nil,
            before: [], body: CheckedSteps(steps: body, variables: steps.named), missed: .once, declaredAt: written.name.span, extent: written.extent)
        return (sequence, automation)
    }

    // MARK: Decays

    /// Adds the number to each object that has one. Its formula is written here, from what the author wrote.
    func declareDecays() {
        for written in definition.decays {
            guard let names = names(of: written.events), let draft = draft(written, names) else { continue }
            let owner = objects[names.owner.index]
            if let taken = owner.field(named: written.name.value) {
                report.report(.nameTaken(written.name, by: Words(zh: "`\(owner.name)` 的字段", en: "a field of `\(owner.name)`"), first: taken.span))
                continue
            }
            if owner.collections.contains(where: { $0.name == written.name.value }) {
                report.report(.nameTaken(written.name, by: Words(zh: "`\(owner.name)` 的集合", en: "a collection of `\(owner.name)`"), first: nil))
                continue
            }
            guard let collection = owner.collections.first(where: { $0.link == names.link }) else {
                report.report(.eventsCollection(written.events.by, of: objects[names.rows.index].name))
                continue
            }
            let rows = objects[names.rows.index].fields
            var field = FieldDraft(
                id: FieldID(object: owner.id, index: owner.fields.count), name: written.name.value,
                label: written.label?.words(or: written.name.value) ?? Words(same: written.name.value), kind: .number(decimals: CheckedDecay.decimals))
            field.help = Words(zh: "随时间衰减的热度", en: "Raised by events, worn down by time")
            field.derived = .decay(
                EmbeddedText(
                    text: draft.formula(over: collection.name, kind: rows[names.kind.index].name, at: rows[names.at.index].name, where: names.condition?.text),
                    span: written.name.span, segments: []))
            field.derivedAt = written.name.span
            decays.append((written, names, draft, field.id))
            objects[owner.id.index].fields.append(field)
        }
    }

    /// The worth of each kind, and the curve.
    struct DecayDraft {
        let worth: [(kind: String, points: ExactDecimal)]
        let curve: DecayCurve
    }

    private func draft(_ written: DecayDefinition, _ names: EventNames) -> DecayDraft? {
        var worth: [(kind: String, points: ExactDecimal)] = []
        for entry in written.worth {
            guard let kind = kind(entry.key, names) else { return nil }
            guard let points = ExactDecimal(entry.value.value), !points.isNegative, !points.isZero else {
                report.report(.decayNumber(entry.value))
                return nil
            }
            worth.append((kind, points))
        }
        var points: [DecayCurve.Point] = []
        for entry in written.curve {
            guard let age = TimeSpan(entry.key.value), age >= .zero else {
                report.report(.badDelay(entry.key))
                return nil
            }
            guard let rest = Self.share(entry.value.value) else {
                report.report(.decayShare(entry.value))
                return nil
            }
            if let last = points.last, last.age >= age || last.rest < rest {
                report.report(.decayRises(last.age >= age ? entry.key : entry.value))
                return nil
            }
            points.append(DecayCurve.Point(age: age, rest: rest))
        }
        guard !worth.isEmpty, !points.isEmpty else {
            report.report(.decayEmpty(written.name))
            return nil
        }
        return DecayDraft(worth: worth, curve: DecayCurve(points: points))
    }

    /// `30%` or `0.3`.
    private static func share(_ text: String) -> ExactDecimal? {
        guard case .success(.number(let share)) = FieldKind.percent(decimals: 6).parse(text, zone: .utc), !share.isNegative, share <= ExactDecimal(1) else { return nil }
        return share
    }

    /// The numbers, and a watch for each limit below which one may fall.
    func checkDecays() -> (decays: [CheckedDecay], watches: [CheckedWatch]) {
        var checked: [CheckedDecay] = [], watches: [CheckedWatch] = []
        for (written, names, draft, field) in decays {
            guard let events = events(names) else { continue }
            let label = objects[field.object.index].fields[field.index].label
            let decay = CheckedDecay(
                name: written.name.value, label: label, events: events, field: field,
                worth: Dictionary(draft.worth.map { ($0.kind, $0.points) }) { first, _ in first }, curve: draft.curve)
            checked.append(decay)
            watches += written.thresholds.compactMap { watch(over: decay, $0, in: written) }
        }
        return (checked, watches)
    }

    /// It is armed while the number is not below, and fires once it is.
    private func watch(over decay: CheckedDecay, _ written: DecayDefinition.Threshold, in definition: DecayDefinition) -> CheckedWatch? {
        var steps = StepChecker(self, object: decay.events.owner)
        let body = steps.check(written.steps)
        guard let limit = ExactDecimal(written.limit.value), !limit.isNegative, !limit.isZero else {
            report.report(.decayNumber(written.limit))
            return nil
        }
        let text = EmbeddedText(text: "\(decay.name) >= \(limit)", span: written.limit.span, segments: [])
        guard let condition = check(text, in: FormulaScope(this: decay.events.owner), expecting: .bool) else { return nil }
        return CheckedWatch(
            name: definition.watchName(of: written), label: decay.label, object: decay.events.owner, condition: condition,
            rungs: [
                .init(
                    name: "below", after: .elapsed(.zero), words: Words(zh: "低于 \(limit)", en: "below \(limit)"), body: CheckedSteps(steps: body, variables: steps.named),
                    declaredAt: written.limit.span)
            ], restarts: [], pause: nil, fading: CheckedFading(decay: decay, limit: limit), missed: .once, clock: [], declaredAt: definition.name.span,
            extent: definition.extent)
    }
}

extension CheckedSequence {
    /// More than anybody follows.
    static let most = 16
}

extension AppChecker.DecayDraft {
    /// `sum(activities where at <= now(), switch(kind, 'demo', 30, 0) * …)`: by age along the curve.
    fileprivate func formula(over collection: String, kind: String, at: String, where condition: String?) -> String {
        let age = "age_in_seconds"
        func seconds(_ point: DecayCurve.Point) -> ExactDecimal {
            (try? ExactDecimal(point.age.microseconds).divided(by: ExactDecimal(Microseconds.perSecond))) ?? ExactDecimal(point.age.microseconds / Microseconds.perSecond)
        }
        /// How much is lost each second between the two, to 20 decimals.
        func slope(_ from: DecayCurve.Point, _ to: DecayCurve.Point) -> ExactDecimal {
            (try? from.rest.subtracting(to.rest).divided(by: seconds(to).subtracting(seconds(from)))) ?? ExactDecimal(0)
        }
        var rest = "\(curve.points[curve.points.count - 1].rest)"
        for (from, to) in zip(curve.points, curve.points.dropFirst()).reversed() {
            let line = from.rest == to.rest ? "\(from.rest)" : "\(from.rest) - (\(age) - \(seconds(from))) * \(slope(from, to))"
            rest = "if(\(age) < \(seconds(to)), \(line), \(rest))"
        }
        if let first = curve.points.first, first.age > .zero { rest = "if(\(age) < \(seconds(first)), \(first.rest), \(rest))" }
        rest = "let(\(age), seconds(now() - \(at)), \(rest))"
        let points = worth.map { "'\($0.kind.replacing("'", with: "''"))', \($0.points)" }.joined(separator: ", ")
        let kinds = worth.map { "\(kind) = '\($0.kind.replacing("'", with: "''"))'" }.joined(separator: " or ")
        let counted = (condition.map { "(\($0)) and " } ?? "") + "(\(kinds)) and \(at) <= now()"
        return "sum(\(collection) where \(counted), switch(\(kind), \(points), 0) * \(rest))"
    }
}
