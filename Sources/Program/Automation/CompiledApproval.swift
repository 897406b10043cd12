package import Formula
package import Model
import SourceText

/// An approval with its formulas made ready.
package struct CompiledApproval: Sendable {
    package struct Level: Sendable {
        package let model: CheckedApproval.Level
        package let people: [Evaluator]
        package let condition: Evaluator?
    }

    package let model: CheckedApproval
    package let condition: Evaluator?
    package let levels: [Level]
    /// Changes with every byte of its definition.
    package let fingerprint: String

    init(_ model: CheckedApproval, fingerprint: String) {
        self.model = model
        self.fingerprint = fingerprint
        condition = model.condition.map { Evaluator($0) }
        levels = model.levels.map { level in
            Level(model: level, people: level.people.map { Evaluator($0) }, condition: level.condition.map { Evaluator($0) })
        }
    }
}

/// The approvals of an app, by what asks for them.
package struct CompiledApprovals: Sendable {
    package let all: [CompiledApproval]
    /// By `ObjectID.index`: positions of those over its records.
    package let ofObject: [[Int]]
    /// By `ObjectID.index`: which one stands before a stage.
    private let ofStage: [[String: Int]]

    init(_ model: CheckedApp, fingerprint: (Span) -> String) {
        all = model.approvals.map { CompiledApproval($0, fingerprint: fingerprint($0.extent)) }
        var ofObject: [[Int]] = model.objects.map { _ in [] }
        var ofStage: [[String: Int]] = model.objects.map { _ in [:] }
        for (index, approval) in model.approvals.enumerated() {
            ofObject[approval.object.index].append(index)
            for stage in approval.stages { ofStage[approval.object.index][stage] = index }
        }
        self.ofObject = ofObject
        self.ofStage = ofStage
    }

    package var isEmpty: Bool { all.isEmpty }

    package subscript(name name: String) -> CompiledApproval? { all.first { $0.model.name == name } }

    /// What entering the stage asks for; nil if nothing.
    package func standing(before stage: String, of object: ObjectID) -> CompiledApproval? {
        ofStage[object.index][stage].map { all[$0] }
    }
}
