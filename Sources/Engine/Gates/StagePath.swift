import Model
import SourceText

/// Why the path of an object's stages has no way from one stage to another, whatever the gates say. Pure.
enum StagePath {
    /// Nil if the move is allowed.
    ///
    /// - Parameter visited: Stages in which the record has been, for a move out of an end: it goes back no further forward than it had
    ///   come, or an end would be a way around every gate.
    static func refusal(from: String?, to: String, on path: CheckedStages, visited: () throws -> [String]) rethrows -> Words? {
        guard let entered = path.stage(to) else { return Words(zh: "没有阶段“\(to)”", en: "there is no stage `\(to)`") }
        // A record that was made before its object had stages begins where the path begins.
        guard let from, let current = path.stage(from) else { return to == path.initial.key ? nil : isSkipped(path.initial, before: entered) }
        if path.allowsMove(from: from, to: to) {
            guard current.end != nil else { return nil }
            guard entered.end == nil else { return onlyBack(current) }
            guard !path.allowsSkip else { return nil }
            let places = path.stages.map(\.key)
            let furthest = try visited().compactMap { key in path.stage(key)?.end == nil ? places.firstIndex(of: key) : nil }.max() ?? 0
            guard let goal = places.firstIndex(of: to), goal > furthest else { return nil }
            return isSkipped(path.stages[..<goal].last { $0.end == nil } ?? path.initial, before: entered)
        }
        let start = path.stages.firstIndex { $0.key == from } ?? 0, goal = path.stages.firstIndex { $0.key == to } ?? 0
        if current.end != nil, goal > start || entered.end != nil {
            return onlyBack(current)
        }
        if goal < start, entered.end == nil {
            return Words(zh: "不能从“\(current.label.zh)”退回“\(entered.label.zh)”", en: "there is no way back from \(current.label.en) to \(entered.label.en)")
        }
        if goal > start, let next = path.stages[(start + 1)..<goal].first(where: { $0.end == nil && !path.fromAny.contains($0.key) }) {
            return isSkipped(next, before: entered)
        }
        return Words(zh: "不能从“\(current.label.zh)”进入“\(entered.label.zh)”", en: "there is no way from \(current.label.en) to \(entered.label.en)")
    }

    private static func onlyBack(_ end: CheckedStage) -> Words {
        Words(zh: "“\(end.label.zh)”已结束，只能退回先前的阶段", en: "\(end.label.en) is an end: the only way is back")
    }

    private static func isSkipped(_ stage: CheckedStage, before entered: CheckedStage) -> Words {
        Words(zh: "不能跳过“\(stage.label.zh)”直接进入“\(entered.label.zh)”", en: "\(stage.label.en) comes before \(entered.label.en) and cannot be skipped")
    }
}
