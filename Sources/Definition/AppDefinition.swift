package import SourceText

/// An app as its author wrote it, key by key: shapes and spellings are right, names are still text.
///
/// Made from located trees by `AppDefinition(_:_:)`. Files are merged by their top-level keys; an object may be declared in several
/// files. What could not be understood was reported and is left out, so that later checks pass it by.
package struct AppDefinition: Sendable {
    package var header: HeaderDefinition?
    package var roles: [RoleDefinition] = []
    package var choices: [ChoiceDefinition] = []
    package var objects: [ObjectDefinition] = []
    package var scenarios: [ScenarioDefinition] = []

    package init() {}
}

/// The key `app`.
package struct HeaderDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var version: Located<String>?
    package var timezone: Located<String>?
    package var calendar: Located<String>?
    package var currency: Located<String>?
    package var span: Span

    package init(name: Located<String>, span: Span) {
        self.name = name
        self.span = span
    }
}

/// `label: 线索` or `label: { zh: 线索, en: Lead }`.
package struct LabelDefinition: Sendable, Hashable {
    package var zh: String?
    package var en: String?
    package var span: Span

    package init(zh: String?, en: String?, span: Span) {
        self.zh = zh
        self.en = en
        self.span = span
    }

    /// The words, each language standing in for the other, and `name` for both.
    package func words(or name: String) -> Words {
        Words(zh: zh ?? en ?? name, en: en ?? zh ?? name)
    }
}

/// A text for people, with braces; one for both languages or one for each.
package struct TemplateDefinition: Sendable, Hashable {
    package var zh: EmbeddedText
    package var en: EmbeddedText

    package init(zh: EmbeddedText, en: EmbeddedText) {
        self.zh = zh
        self.en = en
    }
}

package struct RoleDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var includes: [Located<String>]

    package init(name: Located<String>, label: LabelDefinition?, includes: [Located<String>]) {
        self.name = name
        self.label = label
        self.includes = includes
    }
}

/// A shared list of options, under `choices`.
package struct ChoiceDefinition: Sendable {
    package var name: Located<String>
    package var options: [OptionDefinition]

    package init(name: Located<String>, options: [OptionDefinition]) {
        self.name = name
        self.options = options
    }
}

package struct OptionDefinition: Sendable, Hashable {
    package var key: Located<String>
    package var label: LabelDefinition?

    package init(key: Located<String>, label: LabelDefinition?) {
        self.key = key
        self.label = label
    }
}

package struct ObjectDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    package var shows: TemplateDefinition?
    package var fields: [FieldDefinition]
    package var rules: [RuleDefinition]

    package init(name: Located<String>, label: LabelDefinition?, shows: TemplateDefinition?, fields: [FieldDefinition], rules: [RuleDefinition]) {
        self.name = name
        self.label = label
        self.shows = shows
        self.fields = fields
        self.rules = rules
    }
}

/// A field. Which of the keys fit which type has been checked; names are still text.
package struct FieldDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// Nil for a field whose type follows from its formula or its points.
    package var type: Located<FieldTypeDefinition>?
    package var isRequired: Located<Bool>?
    package var isUnique: Located<Bool>?
    package var decimals: Located<Int>?
    package var defaultValue: ScalarDefinition?
    package var clean: [Located<CleanStepDefinition>] = []
    package var formula: EmbeddedText?
    package var points: [PointsDefinition] = []
    /// What the field asks for, shown under it in forms.
    package var help: LabelDefinition?
    /// A heading under which forms group the field.
    package var group: LabelDefinition?
    package var span: Span

    package init(name: Located<String>, span: Span) {
        self.name = name
        self.span = span
    }
}

package enum FieldTypeDefinition: Sendable {
    case text, longText
    case number, percent
    case money(currency: Located<String>?)
    case bool, date, datetime, duration
    case choice(OptionsDefinition)
    case choices(OptionsDefinition)
    case tags, email, url
    case phone(region: Located<String>?)
    /// `link to O`, with the name the links get on the other side.
    case link(to: Located<String>, as: Located<String>?, collectionLabel: LabelDefinition?)
    case file
    /// `format` such as `KH-{0000}`.
    case autonumber(format: Located<String>?)
    case stage(StageDefinition)
}

package enum OptionsDefinition: Sendable {
    /// `choice of region`
    case shared(Located<String>)
    /// `options: { … }` or `options: [ … ]`
    case own([OptionDefinition])
}

package struct PointsDefinition: Sendable {
    package var name: Located<String>
    /// `EXPRESSION [if CONDITION]`
    package var entry: EmbeddedText

    package init(name: Located<String>, entry: EmbeddedText) {
        self.name = name
        self.entry = entry
    }
}

/// A value where a plain value stands: `with`, `default`, `given`, `expect`. A leading `=` made it a formula.
package enum ScalarDefinition: Sendable, Hashable {
    case literal(EmbeddedText)
    case formula(EmbeddedText)
    case list([ScalarDefinition], at: Span)
    /// `~` or nothing.
    case noValue(at: Span)

    package var span: Span {
        switch self {
        case .literal(let text), .formula(let text): text.span
        case .list(_, let span), .noValue(let span): span
        }
    }
}

/// A step of `clean`.
package enum CleanStepDefinition: Sendable, Hashable {
    case named(String)
    /// `honorific → role`
    case into(String, field: Located<String>)
    /// `{ split: '/', into: [name, role] }`
    case split(by: String, into: [Located<String>])
}

/// `rules: { name: { must: …, say: …, if: … } }`; also a condition of `enter`.
package struct RuleDefinition: Sendable {
    package var name: Located<String>
    package var must: EmbeddedText
    package var say: TemplateDefinition?
    package var condition: EmbeddedText?
    package var span: Span

    package init(name: Located<String>, must: EmbeddedText, say: TemplateDefinition?, condition: EmbeddedText?, span: Span) {
        self.name = name
        self.must = must
        self.say = say
        self.condition = condition
        self.span = span
    }
}

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

        package init(key: Located<String>, label: LabelDefinition?, phase: LabelDefinition?, end: Located<End>?, enter: [RuleDefinition], help: LabelDefinition?) {
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
}

/// An entry of `tests`.
package struct ScenarioDefinition: Sendable {
    package var name: Located<String>
    /// `2026-02-12 09:00`, in the app's zone.
    package var at: Located<String>?
    package var given: [Given]
    package var steps: [Step]

    /// `given: { OBJECT: { NAME: { field: value } } }`
    package struct Given: Sendable {
        package var object: Located<String>
        package var name: Located<String>
        package var values: [Assignment]

        package init(object: Located<String>, name: Located<String>, values: [Assignment]) {
            self.object = object
            self.name = name
            self.values = values
        }
    }

    package struct Assignment: Sendable {
        package var field: Located<String>
        package var value: ScalarDefinition

        package init(field: Located<String>, value: ScalarDefinition) {
            self.field = field
            self.value = value
        }
    }

    package struct Step: Sendable {
        package enum Action: Sendable {
            /// `create: OBJECT`, `name:` to refer to it later.
            case create(object: Located<String>, name: Located<String>?, with: [Assignment])
            /// `edit: NAME` (or nothing: the last record).
            case edit(record: Located<String>?, with: [Assignment])
            /// `move: STAGE`, `of: NAME`.
            case move(to: Located<String>, record: Located<String>?)
            /// `delete: NAME`
            case delete(record: Located<String>?)
            /// `expect: { field: value }`, `of: NAME`.
            case expect(record: Located<String>?, [Assignment])
            /// `expect held: [condition]`: what the step before was refused for, all of it.
            case expectHeld([Located<String>])
            /// `expect refused: [field or rule]`
            case expectRefused([Located<String>])
            /// `wait: 2 days`: the clock moves on.
            case wait(Located<String>)
        }

        package var action: Action
        /// `as:` a person of `given` or a role.
        package var actor: Located<String>?
        package var span: Span

        package init(action: Action, actor: Located<String>?, span: Span) {
            self.action = action
            self.actor = actor
            self.span = span
        }
    }

    package init(name: Located<String>, at: Located<String>?, given: [Given], steps: [Step]) {
        self.name = name
        self.at = at
        self.given = given
        self.steps = steps
    }
}
