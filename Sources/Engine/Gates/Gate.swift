import Formula
import Model
import Program
import SourceText
import Storage

extension RecordContext {
    /// Step 7: what the gate says about the record as it would enter the stage, which is `row`.
    func verdict(on proposal: Proposal, entering key: String, as row: Row) throws -> GateVerdict {
        let frame = try liveFrame(row, before: proposal.old)
        return try Gate(engine.app, object: proposal.plan.object.id, to: key).verdict(in: frame, before: proposal.old) {
            try transaction.visits(of: proposal.new.id).map(\.stage)
        }
    }
}

/// The conditions for entering a stage.
struct Gate {
    let app: CompiledApp
    let object: ObjectID
    let to: String
    private let stage: FieldID?

    init(_ app: CompiledApp, object: ObjectID, to: String) {
        self.app = app
        self.object = object
        self.to = to
        stage = app.model[object].stage
    }

    /// Asks every condition, whatever the others say. One whose `if` does not hold is not asked and not listed.
    ///
    /// - Parameters:
    ///   - frame: Its `this` is the record as it would be in the stage.
    ///   - visited: Stages in which the record has been.
    func verdict(in frame: Frame, before old: Row?, visited: () throws -> [String]) throws -> GateVerdict {
        var items: [GateVerdict.Item] = []
        for rule in app.objects[object.index].gates[to] ?? [] {
            switch try rule.decide(in: frame) {
            case .idle:
                continue
            case .met:
                items.append(GateVerdict.Item(name: rule.rule.name, isMet: true, say: try rule.say(in: frame), ways: []))
            case .unmet(let say):
                items.append(GateVerdict.Item(name: rule.rule.name, isMet: false, say: say, ways: GateWays.ways(to: rule.rule.must, in: app.model)))
            }
        }
        return GateVerdict(to: to, items: items, moveRefusal: try pathRefusal(before: old, visited: visited))
    }

    private func pathRefusal(before old: Row?, visited: () throws -> [String]) throws -> Words? {
        guard let stage, case .stage(let path) = app.model[stage].kind else { return nil }
        var from: String?
        if case .option(let key)? = old?[stage] { from = key }
        guard from != to else { return nil }
        return try StagePath.refusal(from: from, to: to, on: path, visited: visited)
    }
}
