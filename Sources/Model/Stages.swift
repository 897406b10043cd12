import Definition
package import Formula
package import SourceText

/// The stages of an object: its path, the conditions for entering each, and which moves there are.
package struct CheckedStages: Sendable, Hashable {
    /// In the order of the path.
    package let stages: [CheckedStage]
    /// Forward over stages in between.
    package let allowsSkip: Bool
    package let allowsBack: Bool
    /// Stages that may be entered from every stage that is not an end.
    package let fromAny: Set<String>
    package let options: OptionList

    package init(stages: [CheckedStage], allowsSkip: Bool, allowsBack: Bool, fromAny: Set<String>, options: OptionList) {
        self.stages = stages
        self.allowsSkip = allowsSkip
        self.allowsBack = allowsBack
        self.fromAny = fromAny
        self.options = options
    }

    /// The stage in which a record begins.
    package var initial: CheckedStage { stages[0] }

    package func stage(_ key: String) -> CheckedStage? {
        stages.first { $0.key == key }
    }

    /// Whether a record may go from one stage to another, conditions apart.
    ///
    /// Forward to the next stage of the path, over stages in between only with `skip`; back to any earlier one with `back`, also out of
    /// an end; to a stage of `from_any` from every stage that is not an end. Stages with `end: lost` lie beside the path, behind all of it.
    package func allowsMove(from: String, to: String) -> Bool {
        guard from != to, let start = stage(from), let goal = stage(to) else { return false }
        if start.end == nil, fromAny.contains(to) { return true }
        guard goal.end != .lost else { return false }
        let path = stages.filter { $0.end != .lost }.map(\.key)
        guard let aim = path.firstIndex(of: to) else { return false }
        let place = path.firstIndex(of: from) ?? path.count
        if aim < place { return allowsBack }
        return start.end == nil && (aim == place + 1 || allowsSkip)
    }

    package static func == (left: CheckedStages, right: CheckedStages) -> Bool { left.options == right.options }
    package func hash(into hasher: inout Hasher) { hasher.combine(options) }
}

package struct CheckedStage: Sendable {
    package enum End: Sendable, Hashable { case won, lost }

    package let key: String
    package let label: Words
    /// Stages of one phase stand together on the path; nil outside phases.
    package let phase: Words?
    package let end: End?
    package let conditions: [CheckedRule]
    package let help: Words?

    package init(key: String, label: Words, phase: Words?, end: End?, conditions: [CheckedRule], help: Words?) {
        self.key = key
        self.label = label
        self.phase = phase
        self.end = end
        self.conditions = conditions
        self.help = help
    }
}

extension AppChecker {
    /// The stages of a field, for formulas to name; conditions come later, when formulas can be checked.
    func stagesWithoutConditions(_ written: StageDefinition, on object: ObjectDraft, _ field: Located<String>) -> CheckedStages {
        let options = OptionList(
            name: "\(object.name).\(field.value)",
            options: written.stages.map { stage in
                let words = stage.label?.words(or: stage.key.value) ?? Words(same: stage.key.value)
                return OptionList.Option(key: stage.key.value, labelZh: words.zh, labelEn: words.en)
            })
        return stages(written, options) { _ in [] }
    }

    /// The stages of every object that has some, with their conditions.
    func checkStages() -> [ObjectID: CheckedStages] {
        var checked: [ObjectID: CheckedStages] = [:]
        for object in objects {
            var first: Located<String>?
            for field in object.fields {
                guard case .stage(let known)? = field.kind, case .stage(let written)? = field.definition?.type?.value, let name = field.located else {
                    continue
                }
                if let first {
                    report.report(.secondStage(name, of: object.name, first: first))
                    continue
                }
                first = name
                let stages = stages(written, known.options) { stage in stage.enter.compactMap { checkRule($0, on: object) } }
                checkPath(written, stages)
                checked[object.id] = stages
            }
        }
        return checked
    }

    private func stages(
        _ written: StageDefinition, _ options: OptionList, conditions: (StageDefinition.Stage) -> [CheckedRule]
    ) -> CheckedStages {
        let stages = written.stages.map { stage in
            CheckedStage(
                key: stage.key.value, label: stage.label?.words(or: stage.key.value) ?? Words(same: stage.key.value),
                phase: stage.phase?.words(or: ""), end: stage.end.map { $0.value == .won ? .won : .lost }, conditions: conditions(stage),
                help: stage.help?.words(or: ""))
        }
        let lost = stages.filter { $0.end == .lost }.map(\.key)
        let known = Set(stages.map(\.key))
        return CheckedStages(
            stages: stages, allowsSkip: written.moves.skip?.value ?? false, allowsBack: written.moves.back?.value ?? true,
            fromAny: Set(written.moves.fromAny?.map(\.value) ?? lost).intersection(known), options: options)
    }

    /// Whether every stage can be reached, and what is written about it takes effect.
    private func checkPath(_ written: StageDefinition, _ stages: CheckedStages) {
        let keys = stages.stages.map(\.key)
        for name in written.moves.fromAny ?? [] where !keys.contains(name.value) {
            report.report(.unknownName(name, .stage, of: nil, known: keys))
        }
        guard let first = written.stages.first else { return }
        if first.end != nil {
            report.report(.beginsAtEnd(first.key))
            return
        }
        if let name = written.moves.fromAny?.first(where: { $0.value == first.key.value }), stages.allowsBack {
            report.report(.fromAnyEverything(name))
        }
        var reached: Set<String> = [first.key.value]
        var open = [first.key.value]
        while let from = open.popLast() {
            for to in keys where stages.allowsMove(from: from, to: to) && reached.insert(to).inserted { open.append(to) }
        }
        // A name that is wrong in `from_any` may have been meant for any of them.
        let hasUnknown = (written.moves.fromAny ?? []).contains { !keys.contains($0.value) }
        for stage in written.stages where !hasUnknown && !reached.contains(stage.key.value) { report.report(.unreachableStage(stage.key)) }
        if !first.enter.isEmpty, !keys.contains(where: { stages.allowsMove(from: $0, to: first.key.value) }) {
            report.report(.neverEntered(first.key))
        }
        checkPhases(written)
    }

    private func checkPhases(_ written: StageDefinition) {
        var closed: [LabelDefinition] = []
        var current: LabelDefinition?
        func isSame(_ left: LabelDefinition, _ right: LabelDefinition) -> Bool { left.zh == right.zh && left.en == right.en }
        for stage in written.stages {
            if let phase = stage.phase, let current, isSame(phase, current) { continue }
            if let current { closed.append(current) }
            current = stage.phase
            if let phase = stage.phase, closed.contains(where: { isSame($0, phase) }) {
                report.report(.splitPhase(stage.key, phase: phase.zh ?? phase.en ?? ""))
            }
        }
    }
}
