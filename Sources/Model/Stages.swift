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
