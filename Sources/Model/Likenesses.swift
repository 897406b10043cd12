import Definition
import SourceText

extension AppDefinition {
    /// Every object with the fields and rules of the one that it is `like`.
    ///
    /// An own field or rule of the same name stands in place of the other's. The label is its own, `shows` the other's unless it has one.
    /// The names under which links are seen from the other side (`as`) belong to the other object alone.
    func withLikenesses(_ report: inout Diagnostics) -> AppDefinition {
        guard objects.contains(where: { $0.like != nil }) else { return self }
        var search = LikenessSearch(objects: objects)
        var result = self
        result.objects = objects.indices.map { search.resolved($0, &report) }
        return result
    }
}

/// Looks up what objects are like, those they are like first.
private struct LikenessSearch {
    let objects: [ObjectDefinition]
    private var done: [Int: ObjectDefinition] = [:]
    private var way: [Int] = []

    init(objects: [ObjectDefinition]) {
        self.objects = objects
    }

    mutating func resolved(_ index: Int, _ report: inout Diagnostics) -> ObjectDefinition {
        if let known = done[index] { return known }
        var object = objects[index]
        if let like = object.like, let other = self.other(like, of: object, &report) {
            if let start = way.firstIndex(of: other) ?? (other == index ? way.count : nil) {
                let circle = way[start...] + [index]
                report.report(ModelIssue.likeCycle(through: like, then: circle.dropFirst().map { objects[$0].name.value }).diagnostic)
            } else {
                way.append(index)
                object.take(from: resolved(other, &report))
                way.removeLast()
            }
        }
        done[index] = object
        return object
    }

    private func other(_ like: Located<String>, of object: ObjectDefinition, _ report: inout Diagnostics) -> Int? {
        for name in [object.name.value, like.value] {
            guard let builtIn = BuiltIn(rawValue: name) else { continue }
            report.report(ModelIssue.likeBuiltIn(like, builtIn).diagnostic)
            return nil
        }
        guard let index = objects.firstIndex(where: { $0.name.value == like.value }) else {
            report.report(ModelIssue.unknownName(like, .object, of: nil, known: objects.map(\.name.value)).diagnostic)
            return nil
        }
        return index
    }
}

extension ObjectDefinition {
    /// Adds what the other has, in its order; own members of the same name stand where the other's stood.
    fileprivate mutating func take(from other: ObjectDefinition) {
        shows = shows ?? other.shows
        var own = fields
        fields = other.fields.map { field in
            guard let index = own.firstIndex(where: { $0.name.value == field.name.value }) else { return field.withoutCollection }
            return own.remove(at: index)
        } + own
        var ownRules = rules
        rules = other.rules.map { rule in
            guard let index = ownRules.firstIndex(where: { $0.name.value == rule.name.value }) else { return rule }
            return ownRules.remove(at: index)
        } + ownRules
    }
}

extension FieldDefinition {
    /// Without the name that the other side of a link gives to the records: two objects cannot be called by the same.
    fileprivate var withoutCollection: FieldDefinition {
        var copy = self
        switch type?.value {
        case .link(let targets, _, _): copy.type?.value = .link(to: targets, as: nil, collectionLabel: nil)
        case .links(let target, _, _): copy.type?.value = .links(to: target, as: nil, collectionLabel: nil)
        default: break
        }
        return copy
    }
}
