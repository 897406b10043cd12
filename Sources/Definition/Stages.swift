package import SourceText
import LocatedYAML

/// `type: stage` with its stages, in the order of the path.
package struct StageDefinition: Sendable {
    package var stages: [Stage]
    package var moves: Moves

    package struct Stage: Sendable {
        package enum End: String, Sendable, Hashable, CaseIterable { case won, lost }

        package var key: Located<String>
        package var label: LabelDefinition?
        package var phase: LabelDefinition?
        package var end: Located<End>?
        package var enter: [RuleDefinition]
        /// Guidance shown while a record is in the stage.
        package var help: LabelDefinition?
        /// The conditions must go on holding; otherwise the record is marked hollow.
        package var keep: Located<Bool>?
        package var demote: DemotionDefinition?
        /// The approval that entering asks for.
        package var approval: Located<String>?

        package init(
            key: Located<String>, label: LabelDefinition?, phase: LabelDefinition?, end: Located<End>?, enter: [RuleDefinition], help: LabelDefinition?,
            keep: Located<Bool>? = nil, demote: DemotionDefinition? = nil, approval: Located<String>? = nil
        ) {
            self.keep = keep
            self.demote = demote
            self.approval = approval
            self.key = key
            self.label = label
            self.phase = phase
            self.end = end
            self.enter = enter
            self.help = help
        }
    }

    /// `moves: { skip: no, back: yes, from_any: [lost] }`; these are the defaults, with every `end: lost` in `from_any` unless written.
    package struct Moves: Sendable {
        package var skip: Located<Bool>?
        package var back: Located<Bool>?
        package var fromAny: [Located<String>]?

        package init(skip: Located<Bool>? = nil, back: Located<Bool>? = nil, fromAny: [Located<String>]? = nil) {
            self.skip = skip
            self.back = back
            self.fromAny = fromAny
        }
    }

    package init(stages: [Stage], moves: Moves) {
        self.stages = stages
        self.moves = moves
    }

    /// Reads the keys `stages` and `moves` of a field of type stage; nil if there are no stages that could be read.
    static func read(_ keys: KeyReader, of field: Located<String>, _ report: inout Diagnostics) -> StageDefinition? {
        let moves = keys["moves"].flatMap { Moves.read($0, &report) } ?? Moves()
        guard let entry = keys.required("stages", owner: field, &report) else { return nil }
        if case .mapping(let stages) = entry.value.content, stages.isEmpty { report.report(.noValue(entry.key, at: entry.key.span)) }
        var names = NameTable(.stage)
        let stages = namedEntries(of: entry, as: .stage, &report).compactMap { stage in
            names.declare(stage.key, &report) ? Stage.read(stage, &report) : nil
        }
        return stages.isEmpty ? nil : StageDefinition(stages: stages, moves: moves)
    }
}

extension StageDefinition.Stage {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard !entry.value.isNoValue else { return Self(key: entry.key, label: nil, phase: nil, end: nil, enter: [], help: nil) }
        guard let keys = KeyReader(entry, of: .stage, &report) else { return nil }
        var names = NameTable(.rule)
        return Self(
            key: entry.key,
            label: keys["label"]?.label(&report),
            phase: keys["phase"]?.label(&report),
            end: keys["end"]?.oneOf(End.allCases.map(\.rawValue), &report).flatMap { word in
                End(rawValue: word.value).map { Located($0, at: word.span) }
            },
            enter: keys["enter"].map { RuleDefinition.read($0, of: .condition, &names, &report) } ?? [],
            help: keys["help"]?.label(&report), keep: keys["keep"]?.switched(&report),
            demote: keys["demote"].flatMap { DemotionDefinition.read($0, &report) }, approval: keys["approval"]?.text(&report))
    }
}

extension StageDefinition.Moves {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard let keys = KeyReader(entry, of: .moves, &report) else { return nil }
        return Self(
            skip: keys["skip"]?.switched(&report), back: keys["back"]?.switched(&report), fromAny: keys["from_any"]?.names(&report))
    }
}
