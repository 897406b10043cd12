package import Formula
package import JSON
import Model
package import Program
package import SourceText
package import Storage

/// What automation did, as programs and `weir why --format json` read it.
package struct AutomationJSON: Sendable {
    private let app: CompiledApp
    private let language: Language
    /// Where something is written: file and line; nil where that is not told.
    private let place: (@Sendable (Span) -> (file: String, line: Int)?)?

    package init(_ app: CompiledApp, in language: Language, place: (@Sendable (Span) -> (file: String, line: Int)?)? = nil) {
        self.app = app
        self.language = language
        self.place = place
    }

    // MARK: Runs

    /// A run without its steps.
    package func head(_ run: AutomationRun, _ engine: Engine, titles: [RecordID: String]) -> [JSONValue.Member] {
        let (label, rung) = engine.label(ofProcess: run.process)
        return [
            .init("id", .int(run.id)), .init("rule", .string(run.process)), .init("label", .string(label[language])), .init("rung", .string(orNull: rung?[language])),
            .init("state", .string(run.state.rawValue)), .init("record", record(run.record, titles)), .init("by", record(run.by, titles)),
            .init("root", run.root.map { JSONValue.int($0) } ?? .null), .init("depth", .int(run.depth)), .init("started", .string(run.started.description)),
            .init("changed", .string(run.changed.description)), .init("wakes", time(run.wake)), .init("scheduled", time(run.scheduled)),
            .init("note", .string(orNull: run.note?[language])), .init("version", version(engine.knownVersion(of: run))),
        ]
    }

    /// The version of the app by which it goes on.
    private func version(_ version: RunVersion?) -> JSONValue {
        guard let version else { return .null }
        return .object([.init("hash", .string(version.hash)), .init("since", .string(version.began.description)), .init("present", .bool(version.isPresent))])
    }

    package func run(_ view: RunView, _ engine: Engine) -> JSONValue {
        .object(
            head(view.run, engine, titles: view.titles) + placed(view.declaredAt) + [
                .init("waits", .string(orNull: view.waits?[language])),
                .init("steps", .array(view.parts.map { step($0, view.titles) })),
                .init("before", .array(view.before.map { entry in
                    let type = app.model.schema.objects[entry.field.object.index].fields[entry.field.index].type ?? .error
                    return .object([.init("field", .string(app.model[entry.field].name)), .init("value", shown(entry.value, type, view.titles))])
                })),
                .init("values", .array(view.variables.map { variable in
                    .object([.init("name", .string(variable.name)), .init("value", shown(variable.value, variable.type, view.titles))])
                })),
                .init("effects", .array(view.effects.map { effect in
                    .object([
                        .init("id", .int(effect.id)), .init("target", .string(effect.target)), .init("state", .string(effect.state.rawValue)),
                        .init("attempts", .int(effect.attempts)), .init("created", .string(effect.created.description)), .init("due", time(effect.due)),
                        .init("trouble", .string(orNull: effect.trouble?[language])),
                    ])
                })),
                .init("approvals", .array(view.approvals.map { request in
                    .object([.init("id", .int(request.id)), .init("approval", .string(request.approval)), .init("state", .string(request.state.rawValue))])
                })),
                .init("commands", .array(view.commands.map { .string($0.rawValue) })),
            ])
    }

    private func step(_ part: RunView.Part, _ titles: [RecordID: String]) -> JSONValue {
        .object([
            .init("step", .string(part.step)), .init("words", .string(orNull: part.words?[language])), .init("state", .string(part.state.rawValue)),
            .init("reason", .string(orNull: part.reason?[language])),
            .init("entries", .array(part.entries.map { entry in
                .object([
                    .init("at", .string(entry.at.description)), .init("done", .bool(entry.isDone)), .init("words", .string(entry.words[language])),
                    .init("record", record(entry.record, titles)),
                ])
            })),
        ] + placed(part.span))
    }

    // MARK: Timers, assignments, stages

    package func timer(_ timer: TimerView) -> JSONValue {
        .object([
            .init("watch", .string(timer.watch.name)), .init("label", .string(timer.watch.label[language])), .init("since", .string(timer.since.description)),
            .init("paused", time(timer.paused)), .init("late", .bool(timer.isLate)), .init("next", time(timer.next?.due)),
            .init("rungs", .array(timer.rungs.map { rung in
                .object([
                    .init("name", .string(rung.name)), .init("after", .string(rung.after[language])), .init("due", time(rung.due)), .init("fired", .bool(rung.hasFired)),
                ])
            })),
        ] + placed(timer.watch.declaredAt))
    }

    package func sequence(_ view: SequenceView) -> JSONValue {
        .object([
            .init("sequence", .string(view.sequence.name)), .init("label", .string(view.sequence.label[language])), .init("steps", .array(view.sequence.kinds.map(JSONValue.string))),
            .init("reached", .int(Int64(view.reached))), .init("began", time(view.began)), .init("until", time(view.until)), .init("completed", time(view.completed)),
        ] + placed(view.sequence.declaredAt))
    }

    package func assignment(_ view: AssignmentView) -> JSONValue {
        let assignment = view.assignment
        return .object([
            .init("assignment", .string(assignment.assignment)), .init("label", .string(view.label[language])), .init("at", .string(assignment.at.description)),
            .init("chosen", record(assignment.chosen, view.titles)), .init("waiting", .bool(assignment.isWaiting)),
            .init("protected_until", time(assignment.protectedUntil)),
            .init("candidates", .array(view.candidates.map { candidate in
                .object([
                    .init("candidate", record(candidate.candidate, view.titles)), .init("points", .number(candidate.points)),
                    .init("parts", .object(candidate.parts.map { .init($0.name, .number($0.points)) })),
                ])
            })),
            .init("out", .array(view.out.map { .object([.init("candidate", record($0.candidate, view.titles)), .init("demand", .string($0.demand))]) })),
        ] + placed(view.declaredAt))
    }

    /// A request for approval: at which level it stands, and who is waited for.
    package func approval(_ view: ApprovalView) -> JSONValue {
        let request = view.request
        return .object([
            .init("id", .int(request.id)), .init("approval", .string(request.approval)), .init("label", .string(view.model?.label[language] ?? request.approval)),
            .init("state", .string(request.state.rawValue)), .init("level", .string(orNull: request.level)), .init("by", record(request.by, view.titles)),
            .init("asked", .string(request.asked.description)), .init("due", time(request.due)), .init("stage", .string(orNull: request.stage)),
            .init("run", request.run.map { JSONValue.int($0) } ?? .null), .init("note", .string(orNull: request.note?[language])),
            .init("waiting", .array(view.waiting.map { record($0, view.titles) })),
            .init("steps", .array(view.steps.map { step in
                .object([
                    .init("at", .string(step.at.description)), .init("by", record(step.by, view.titles)), .init("words", .string(step.words[language])),
                    .init("comment", .string(orNull: step.comment)),
                ])
            })),
        ] + placed(view.model?.declaredAt))
    }

    package func hollow(_ entry: HollowView.Entry?) -> JSONValue {
        guard let entry else { return .null }
        return .object([.init("stage", .string(entry.stage[language])), .init("missing", .array(entry.missing.map { .string($0[language]) }))])
    }

    // MARK: Parts

    private func record(_ id: RecordID?, _ titles: [RecordID: String]) -> JSONValue {
        guard let id else { return .null }
        return .object([.init("id", .string(app.text(of: id))), .init("title", .string(titles[id] ?? ""))])
    }

    private func time(_ instant: Instant?) -> JSONValue { .string(orNull: instant?.description) }

    private func placed(_ span: Span?) -> [JSONValue.Member] {
        guard let place else { return [] }
        guard let found = span.flatMap(place) else { return [.init("place", .null)] }
        return [.init("place", .object([.init("file", .string(found.file)), .init("line", .int(found.line))]))]
    }

    private func shown(_ value: Value, _ type: FormulaType, _ titles: [RecordID: String]) -> JSONValue {
        guard !value.isBlank else { return .null }
        let moment = app.model.moment(at: Instant(microseconds: 0), language: language)
        return .string(value.text(of: type, at: moment) { titles[$0] ?? app.text(of: $0) })
    }
}
