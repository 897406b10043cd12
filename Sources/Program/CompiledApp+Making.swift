import Formula
package import Model
package import SourceText

extension CompiledApp {
    /// - Parameters:
    ///   - sourceHash: `SourceSet.contentHash` of what the model was made from.
    ///   - sources: For fingerprints of what acts by itself, and to be kept; nil where nothing is run.
    package init(_ model: CheckedApp, sourceHash: String, sources: SourceSet? = nil) {
        let reads = AppReads(model)
        let volatile = reads.volatileFields
        let dependents = DependentMaking(model, reads, volatile).byObject
        let needs = VolatileNeeds(model, volatile)
        let levels = ReadLevels(reads, volatile)
        let objects = model.objects.map { object in
            CompiledObject(object, reads, levels, volatile, needs, dependents: dependents[object.id.index], decays: Set(model.decays.map(\.field)))
        }
        self.init(model: model, objects: objects, automations: CompiledAutomations(model, reads, needs, sources: sources),
            reports: model.reports.map { CompiledReport($0, needs) }, sourceHash: sourceHash, sources: sources)
    }
}

extension CheckedExpression {
    fileprivate var looksAtMany: Bool {
        !reads.wholeObjects.isEmpty || reads.related.contains { path in path.steps.contains { if case .children = $0 { true } else { false } } }
    }
}

extension CompiledObject {
    fileprivate init(
        _ object: CheckedObject, _ reads: AppReads, _ levels: ReadLevels, _ volatile: Set<FieldID>, _ needs: VolatileNeeds, dependents: [Dependent], decays: Set<FieldID>
    ) {
        let computed = object.fields.filter { $0.computed != nil }
        let order = dependencyOrder(of: computed.map(\.id)) { reads.ofFields[$0]?.own ?? [] }
        let computations = order.compactMap { id -> CompiledComputation? in
            guard let computed = object.fields[id.index].computed, let read = reads.ofFields[id] else { return nil }
            return CompiledComputation(
                field: id, evaluators: computed.expressions.map { Evaluator($0) }, decimals: object.fields[id.index].kind.decimals,
                ownReads: read.own, readsOthers: !read.others.isEmpty, // Of a decay each record has few events, and its statement is long: the formula is quicker.
                looksAtMany: !decays.contains(id) && computed.expressions.contains(where: \.looksAtMany), level: levels.ofFields[id] ?? 0)
        }
        var gates: [String: [CompiledRule]] = [:]
        if let stage = object.stage, case .stage(let stages) = object.fields[stage.index].kind {
            for stage in stages.stages { gates[stage.key] = stage.conditions.map(CompiledRule.init) }
        }
        self.init(
            id: object.id,
            computedOrder: computations.filter { !volatile.contains($0.field) },
            volatile: computations.filter { volatile.contains($0.field) },
            defaults: Self.defaults(of: object, reads),
            rules: object.rules.map(CompiledRule.init), gates: gates, shows: TemplateEvaluator(object.shows), showsNeeds: needs.closure(of: object.shows.expressions), dependents: dependents,
            lookingBack: LookingBack(object, reads, dependents: dependents))
    }

    /// Each behind those that it reads.
    private static func defaults(of object: CheckedObject, _ reads: AppReads) -> [CompiledDefault] {
        let sources = object.fields.reduce(into: [FieldID: CompiledDefault.Source]()) { sources, field in
            switch field.defaultValue {
            case .value(let value)?: sources[field.id] = .value(value)
            case .formula(let formula)?: sources[field.id] = .formula(Evaluator(formula))
            case nil: break
            }
        }
        let order = dependencyOrder(of: object.fields.map(\.id).filter { sources[$0] != nil }) { id in
            guard case .formula(let formula)? = object.fields[id.index].defaultValue else { return [] }
            return reads.reads(of: [formula]).own
        }
        return order.compactMap { id in sources[id].map { CompiledDefault(field: id, source: $0) } }
    }
}

extension CompiledRule {
    fileprivate init(_ rule: CheckedRule) {
        self.init(
            rule: rule, must: Evaluator(rule.must), condition: rule.condition.map { Evaluator($0) }, sayZh: TemplateEvaluator(rule.say.zh),
            sayEn: TemplateEvaluator(rule.say.en))
    }
}

/// The fields in an order in which each stands behind those among them that it reads; written order where nothing else asks for another.
/// There are no cycles: Model refused them.
private func dependencyOrder(of fields: [FieldID], reads: (FieldID) -> Set<FieldID>) -> [FieldID] {
    let members = Set(fields)
    var order: [FieldID] = []
    var visited: Set<FieldID> = []
    func visit(_ field: FieldID) {
        guard visited.insert(field).inserted else { return }
        for read in reads(field).intersection(members).sorted(by: { $0.index < $1.index }) { visit(read) }
        order.append(field)
    }
    for field in fields { visit(field) }
    return order
}
