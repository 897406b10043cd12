import Definition
import Formula
import SourceText

/// What goes on holding after a stage was entered: `keep`, which marks a record hollow, and `demote`, which lets it fall back.
extension AppChecker {
    /// The name of the field that says whether a record's stage still holds.
    static let hollow = "hollow"

    func keptStages(of object: ObjectDraft) -> [StageDefinition.Stage] {
        object.fields.flatMap { field -> [StageDefinition.Stage] in
            guard case .stage(let written)? = field.definition?.type?.value else { return [] }
            return written.stages.filter { $0.keep?.value == true }
        }
    }

    /// Adds the field to every object of which a stage is kept. Its formula follows from the conditions, once those are checked.
    func declareHollow() {
        for index in objects.indices {
            let kept = keptStages(of: objects[index])
            guard let first = kept.first, let keep = first.keep else { continue }
            for stage in kept where stage.enter.isEmpty {
                report.report(.keepsNothing(stage.key))
            }
            if let taken = objects[index].field(named: Self.hollow) {
                report.report(.hollowTaken(taken.located ?? first.key))
                continue
            }
            var field = FieldDraft(
                id: FieldID(object: objects[index].id, index: objects[index].fields.count), name: Self.hollow, label: Words(zh: "空心", en: "Hollow"), kind: .bool)
            field.help = Words(zh: "当前阶段的条件已不再满足", en: "The conditions of its stage do not hold any more")
            field.derived = .hollow
            field.derivedAt = keep.span
            field.typing = .known(.bool)
            objects[index].fields.append(field)
        }
    }

    /// The formulas of those fields.
    func completeHollow(_ stages: [ObjectID: CheckedStages]) {
        for index in objects.indices {
            guard let hollow = objects[index].fields.firstIndex(where: { $0.isHollow }), let checked = stages[objects[index].id],
                let stage = objects[index].fields.first(where: { if case .stage = $0.kind { true } else { false } })
            else { continue }
            let keys = Set(keptStages(of: objects[index]).map(\.key.value))
            let span = objects[index].fields[hollow].derivedAt ?? header.span
            var reads = FormulaReads()
            reads.own.insert(stage.id)
            var slots = 0
            var branches: [Form.Branch] = []
            for kept in checked.stages where keys.contains(kept.key) && !kept.conditions.isEmpty {
                for condition in kept.conditions {
                    for expression in [condition.must, condition.condition].compactMap({ $0 }) {
                        if expression.reads.change || expression.reads.user { report.report(.keepLooksElsewhere(condition.declaredAt)) }
                        reads.join(expression.reads)
                        slots = max(slots, expression.variableCount)
                    }
                }
                let isThere = node(.compare(.equal, node(.field(stage.id, of: .this), .choice(checked.options)), node(.literal(.option(kept.key)), .choice(checked.options))))
                let holds = node(.and(kept.conditions.map(holds)))
                branches.append(Form.Branch(condition: isThere, value: node(.not(holds))))
            }
            let text = EmbeddedText(text: keys.sorted().joined(separator: ", "), span: span, segments: [])
            objects[index].fields[hollow].computed = .formula(
                CheckedExpression(root: node(.conditional(branches, otherwise: node(.literal(.bool(false))))), source: text, reads: reads, variableCount: slots))
        }
    }

    /// Whether a condition of a gate holds; one that cannot be decided does not.
    private func holds(_ rule: CheckedRule) -> ExpressionNode {
        func sure(_ expression: CheckedExpression, otherwise: Bool) -> ExpressionNode {
            node(.ifError(node(.convert(.blankAsFalse, expression.root)), node(.literal(.bool(otherwise)))))
        }
        let must = sure(rule.must, otherwise: false)
        guard let condition = rule.condition else { return must }
        return node(.or([node(.not(sure(condition, otherwise: true))), must]))
    }

    private func node(_ form: Form, _ type: FormulaType = .bool) -> ExpressionNode {
        ExpressionNode(form, type: type, mayBeBlank: false, range: 0..<0)
    }

    // MARK: Demotion

    /// A watch for each stage that is left by itself.
    func checkDemotions(_ stages: [ObjectID: CheckedStages]) -> [CheckedWatch] {
        objects.flatMap { object -> [CheckedWatch] in
            guard let checked = stages[object.id] else { return [] }
            return object.fields.flatMap { field -> [CheckedWatch] in
                guard case .stage(let written)? = field.definition?.type?.value else { return [] }
                return written.stages.compactMap { stage in
                    stage.demote.flatMap { checkDemotion($0, of: stage, field, on: object, checked) }
                }
            }
        }
    }

    private func checkDemotion(
        _ written: DemotionDefinition, of stage: StageDefinition.Stage, _ field: FieldDraft, on object: ObjectDraft, _ stages: CheckedStages
    ) -> CheckedWatch? {
        guard let after = Delay(written.after.value) else {
            report.report(.badDelay(written.after))
            return nil
        }
        let place = stages.stages.firstIndex { $0.key == stage.key.value } ?? 0
        guard place > 0, stages.stages[place].end == nil else {
            report.report(.cannotFallBack(stage.key))
            return nil
        }
        var to: String?
        if let written = written.to, written.value != "previous" {
            let earlier = stages.stages[..<place].map(\.key)
            guard earlier.contains(written.value) else {
                report.report(.unknownStage(written, of: object.name, meant: nil, known: earlier + ["previous"]))
                return nil
            }
            to = written.value
        }
        let scope = FormulaScope(this: object.id)
        var extends: CheckedExpression?
        if let text = written.unless {
            guard let unless = check(text, in: scope, expecting: .bool) else { return nil }
            extends = unless.latestOfExisting
            if extends == nil { report.report(.demoteUnless(text.span)) }
        }
        var steps = StepChecker(self, object: object.id)
        var notices: [StepDefinition] = []
        if !written.notify.isEmpty {
            let label = stages.stages[place].label
            let message = written.message ?? TemplateDefinition(
                zh: EmbeddedText(text: "{this} 在“\(label.zh)”阶段停留过久，已退回", span: written.span, segments: []),
                en: EmbeddedText(text: "{this} has fallen back out of “\(label.en)”", span: written.span, segments: []))
            notices = [StepDefinition(verb: .notify(people: written.notify, via: [], title: nil, message: message), span: written.span)]
        }
        let checkedNotices = steps.check(notices)
        let demote = CheckedStep(verb: .demote(CheckedDemotion(to: to, field: field.id)), otherwise: nil, span: written.span)
        var condition = node(.compare(.equal, node(.field(field.id, of: .this), .choice(stages.options)), node(.literal(.option(stage.key.value)), .choice(stages.options))))
        var reads = FormulaReads()
        reads.own.insert(field.id)
        if stage.keep?.value == true, let hollow = object.fields.first(where: \.isHollow) {
            reads.own.insert(hollow.id)
            condition = node(.and([condition, node(.convert(.blankAsFalse, node(.field(hollow.id, of: .this))))]))
        }
        let expression = CheckedExpression(
            root: condition, source: EmbeddedText(text: "\(field.name) = '\(stage.key.value)'", span: written.span, segments: []), reads: reads, variableCount: 0)
        let solver = ClockConditionSolver(expression) { [unowned self] field in clockFormula(of: field) }
        if solver.unsolved != nil { report.report(.unsolvableClock(written.span)) }
        let label = stages.stages[place].label
        return CheckedWatch(
            name: "\(object.name).\(stage.key.value)", label: Words(zh: "退出“\(label.zh)”", en: "Falling out of “\(label.en)”"), object: object.id,
            condition: expression,
            rungs: [
                .init(
                    name: written.after.value, after: after, body: CheckedSteps(steps: [demote] + checkedNotices, variables: steps.named),
                    declaredAt: written.after.span)
            ], restarts: [field.id], pause: nil, extends: extends, missed: .once, clock: solver.atoms, declaredAt: written.span, extent: written.extent)
    }
}

extension CheckedExpression {
    /// Of `exists(SET where …)`: when the latest of those records was made; nil for any other form.
    fileprivate var latestOfExisting: CheckedExpression? {
        var root = root
        while case .convert(.blankAsFalse, let inner) = root.form { root = inner }
        guard case .aggregate(let aggregate) = root.form, aggregate.kind == .exists else { return nil }
        let rows: ObjectID?
        switch aggregate.set {
        case .children(_, let link): rows = link.object
        case .all(let object): rows = object
        case .users, .linked, .list, .scalars: rows = nil
        }
        guard let rows else { return nil }
        let created = ExpressionNode(
            .field(FieldID(object: rows, index: SystemField.created.rawValue), of: .row(aggregate.row)), type: .datetime, mayBeBlank: false, range: root.range)
        let latest = Aggregate(kind: .maximum, set: aggregate.set, row: aggregate.row, value: created, condition: aggregate.condition, order: nil)
        return CheckedExpression(
            root: ExpressionNode(.aggregate(latest), type: .datetime, mayBeBlank: true, range: root.range), source: source, reads: reads, variableCount: variableCount)
    }
}
