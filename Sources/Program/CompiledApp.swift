package import Formula
package import Model
package import SourceText

/// A checked app made ready to run: formulas compiled, orders of evaluation fixed, dependencies inverted. Immutable and shared.
///
/// Making it cannot fail: what could fail was checked.
package struct CompiledApp: Sendable {
    package let model: CheckedApp
    /// By `ObjectID.index`.
    package let objects: [CompiledObject]
    package let automations: CompiledAutomations
    package let reports: [CompiledReport]
    /// SHA-free content hash of the sources, 16 hex digits; changes with every byte of the definition.
    package let sourceHash: String
    /// All files that it was made from; nil where it was made without, and then no run can go on with it in a later version.
    package let sources: SourceSet?

    package init(model: CheckedApp, objects: [CompiledObject], automations: CompiledAutomations, reports: [CompiledReport] = [], sourceHash: String, sources: SourceSet? = nil) {
        self.sources = sources
        self.model = model
        self.objects = objects
        self.automations = automations
        self.reports = reports
        self.sourceHash = sourceHash
    }

    package subscript(id: ObjectID) -> CompiledObject { objects[id.index] }

    package func report(named name: String) -> CompiledReport? { reports.first { $0.model.name == name } }

    /// Those of all objects that are computed when they are read.
    package var volatileFields: Set<FieldID> { Set(objects.flatMap { $0.volatile.map(\.field) }) }
}

package struct CompiledObject: Sendable {
    package let id: ObjectID
    /// Stored formula and points fields in an order in which each comes after those it reads on the same record.
    package let computedOrder: [CompiledComputation]
    /// Fields computed on read because they read the clock or `me`, directly or through others; also in order.
    package let volatile: [CompiledComputation]
    /// Default formulas, by field.
    package let defaults: [CompiledDefault]
    package let rules: [CompiledRule]
    /// By stage key.
    package let gates: [String: [CompiledRule]]
    package let shows: TemplateEvaluator
    /// The fields computed on read that its name is made from.
    package let showsNeeds: Set<FieldID>
    /// Formula fields elsewhere that read fields of this object's records: whom a change of this record concerns.
    package let dependents: [Dependent]
    /// Rules and gates that read what a change of this very record changes elsewhere: a rule of a withdrawal that looks at the stock.
    package let lookingBack: LookingBack

    package init(
        id: ObjectID, computedOrder: [CompiledComputation], volatile: [CompiledComputation], defaults: [CompiledDefault],
        rules: [CompiledRule], gates: [String: [CompiledRule]], shows: TemplateEvaluator, showsNeeds: Set<FieldID>, dependents: [Dependent], lookingBack: LookingBack
    ) {
        self.id = id
        self.computedOrder = computedOrder
        self.volatile = volatile
        self.defaults = defaults
        self.rules = rules
        self.gates = gates
        self.shows = shows
        self.showsNeeds = showsNeeds
        self.dependents = dependents
        self.lookingBack = lookingBack
    }
}

package struct CompiledComputation: Sendable {
    package let field: FieldID
    /// One for a formula; one per entry for points, which are added up.
    package let evaluators: [Evaluator]
    /// Decimals to which a numeric result is rounded before anything reads it; nil for other types.
    package let decimals: Int?
    /// Fields of the same record that it reads.
    package let ownReads: Set<FieldID>
    /// Whether it reads other records.
    package let readsOthers: Bool
    /// Whether its formula goes over sets of records.
    package let looksAtMany: Bool
    /// How many times, at most, a change passes from record to record before it gets here; 0: by the record's own fields alone.
    package let level: Int

    package init(field: FieldID, evaluators: [Evaluator], decimals: Int?, ownReads: Set<FieldID>, readsOthers: Bool, looksAtMany: Bool, level: Int) {
        self.field = field
        self.evaluators = evaluators
        self.decimals = decimals
        self.ownReads = ownReads
        self.readsOthers = readsOthers
        self.looksAtMany = looksAtMany
        self.level = level
    }
}

package struct CompiledDefault: Sendable {
    package enum Source: Sendable {
        case value(Value)
        case formula(Evaluator)
    }

    package let field: FieldID
    package let source: Source

    package init(field: FieldID, source: Source) {
        self.field = field
        self.source = source
    }
}

package struct CompiledRule: Sendable {
    package let rule: CheckedRule
    package let must: Evaluator
    package let condition: Evaluator?
    package let sayZh: TemplateEvaluator
    package let sayEn: TemplateEvaluator

    package init(rule: CheckedRule, must: Evaluator, condition: Evaluator?, sayZh: TemplateEvaluator, sayEn: TemplateEvaluator) {
        self.rule = rule
        self.must = must
        self.condition = condition
        self.sayZh = sayZh
        self.sayEn = sayEn
    }
}

/// A stored formula field of another record that must be looked at when a record of this object changes.
package struct Dependent: Sendable {
    /// The computed field that reads us.
    package let field: FieldID
    /// Fields of this object whose change matters; nil: creation, deletion and re-linking matter too, and any field listed.
    package let reads: Set<FieldID>
    /// The way back from this object's record to the records that own `field`, nearest step first.
    package let wayBack: [Step]
    /// For `sum`, `count` and `average` straight over children: how a changed child changes the parent's value without looking at its siblings.
    package let delta: Delta?

    package enum Step: Sendable, Hashable {
        /// Our records are reached through that link field of theirs: find the records that link here by it.
        case linkedBy(FieldID)
        /// They reach us as children: follow this link field of ours, of the old image and of the new.
        case parent(FieldID)
        /// The formula reads every record of the object: all records that own the field.
        case everyone
    }

    package struct Delta: Sendable {
        package enum Kind: Sendable, Hashable { case sum, count, average }
        package let kind: Kind
        /// Over the child as `this`; nil means all.
        package let condition: Evaluator?
        /// Nil for `count`.
        package let value: Evaluator?

        package init(kind: Kind, condition: Evaluator?, value: Evaluator?) {
            self.kind = kind
            self.condition = condition
            self.value = value
        }
    }

    package init(field: FieldID, reads: Set<FieldID>, wayBack: [Step], delta: Delta?) {
        self.field = field
        self.reads = reads
        self.wayBack = wayBack
        self.delta = delta
    }
}
