import JSON
import LocatedYAML
package import SourceText

/// An entry of `tests`.
package struct ScenarioDefinition: Sendable {
    package var name: Located<String>
    /// `2026-02-12 09:00`, in the app's zone.
    package var at: Located<String>?
    package var given: [Given]
    /// `stubs:`, how the outside answers.
    package var stubs: [Stub]
    package var steps: [Step]

    /// `given: { OBJECT: { NAME: { field: value } } }`
    package struct Given: Sendable {
        package var object: Located<String>
        package var name: Located<String>
        package var values: [FieldValueDefinition]

        package init(object: Located<String>, name: Located<String>, values: [FieldValueDefinition]) {
            self.object = object
            self.name = name
            self.values = values
        }
    }

    /// `stubs: { CONNECTOR.CALL: refuses }`; without one, everything is taken.
    package struct Stub: Sendable {
        package enum Answer: Sendable, Hashable {
            /// It is taken; with a receipt.
            case takes(receipt: String)
            /// It is refused for good.
            case refuses
            /// It cannot be reached.
            case isDown
        }

        package var target: Located<String>
        package var answer: Answer

        static let words = ["refuses", "is down"]
    }

    package struct Step: Sendable {
        package enum Action: Sendable {
            /// `create: OBJECT`, `name:` to refer to it later.
            case create(object: Located<String>, name: Located<String>?, with: [FieldValueDefinition])
            /// `edit: NAME`, or `edit: OBJECT` with `of: NAME`, or neither: the last record.
            case edit(Located<String>?, of: Located<String>?, with: [FieldValueDefinition])
            /// `move: STAGE`, `of: NAME`.
            case move(to: Located<String>, of: Located<String>?)
            /// `delete: NAME`, or as with `edit`.
            case delete(Located<String>?, of: Located<String>?)
            /// `expect: { field: value }`, `of: NAME`.
            case expect([FieldValueDefinition], of: Located<String>?)
            /// `expect held: [condition]`: what the step before was refused for, all of it.
            case expectHeld([Located<String>])
            /// `expect refused: [field or rule]`
            case expectRefused([Located<String>])
            /// `expect notified: [people]`, who was told something since the last step that did something; `expect not notified`.
            case expectNotified([Located<String>], isExpected: Bool)
            /// `expect created: { OBJECT: { field: value } }`, by the app itself since the last step that did something; `expect not created`.
            case expectCreated([Created], isExpected: Bool)
            /// `expect sent: [channel or call]`, out of the app.
            case expectSent([Located<String>])
            /// `inbound: NAME`, `body:` what comes in, `name:` for the record that it becomes.
            case inbound(Located<String>, name: Located<String>?, body: String)
            /// `receive: CHANNEL`, `body:` what comes in.
            case receive(Located<String>, body: String)
            /// `approve: APPROVAL` and what else may be done about one that is open, `of: NAME`, `as:` whose doing it is.
            case decide(Decision, approval: Located<String>, of: Located<String>?, to: Located<String>?, comment: Located<String>?)
            /// `answer: { field: value }` of a question that is open to whoever does it, `of: NAME` the record that it is about.
            case answer([FieldValueDefinition], of: Located<String>?)
            /// `away: PERSON`, `to:` who decides for them, `from:` now if left out, `until:`; times in the app's zone.
            case away(Located<String>, to: Located<String>, from: Located<String>?, until: Located<String>)
            /// `expect approval: { APPROVAL: state or level }`, `of: NAME`.
            case expectApproval([(approval: Located<String>, state: Located<String>)], of: Located<String>?)
            /// `expect approvers: [people]`, `of: NAME`: whose decision is waited for, all of them.
            case expectApprovers([Located<String>], of: Located<String>?)
            /// `wait: 2 days`: the clock moves on.
            case wait(Located<String>)
        }

        package enum Decision: String, Sendable, Hashable, CaseIterable {
            case approve, reject, delegate, withdraw, resubmit
            case sendBack = "send back"
            case addSignerBefore = "add signer before"
            case addSignerAfter = "add signer after"

            /// Whether `to` is a person.
            package var takesPerson: Bool {
                switch self {
                case .delegate, .addSignerBefore, .addSignerAfter: true
                case .approve, .reject, .withdraw, .resubmit, .sendBack: false
                }
            }
        }

        package struct Created: Sendable {
            package var object: Located<String>
            package var values: [FieldValueDefinition]
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

    package init(name: Located<String>, at: Located<String>?, given: [Given], stubs: [Stub] = [], steps: [Step]) {
        self.name = name
        self.at = at
        self.given = given
        self.stubs = stubs
        self.steps = steps
    }

    static func read(_ entry: YAMLEntry, _ names: inout NameTable, _ report: inout Diagnostics) -> [ScenarioDefinition] {
        namedEntries(of: entry, as: .scenario, &report).compactMap { scenario in
            guard names.declare(scenario.key, &report), let keys = KeyReader(scenario, of: .scenario, &report) else { return nil }
            return ScenarioDefinition(
                name: scenario.key,
                at: keys["at"]?.text(&report),
                given: keys["given"].map { Given.read($0, &report) } ?? [],
                stubs: keys["stubs"]?.entries(&report).compactMap { Stub.read($0, &report) } ?? [],
                steps: keys.required("steps", owner: scenario.key, &report)?.items(&report).compactMap { Step.read($0, &report) } ?? [])
        }
    }
}

extension ScenarioDefinition.Stub {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        if case .mapping = entry.value.content {
            guard let keys = KeyReader(entry, of: .stub, &report), let receipt = keys.required("receipt", owner: entry.key, &report)?.text(&report) else { return nil }
            return Self(target: entry.key, answer: .takes(receipt: receipt.value))
        }
        guard let word = entry.oneOf(words, &report) else { return nil }
        return Self(target: entry.key, answer: word.value == words[0] ? .refuses : .isDown)
    }
}

extension ScenarioDefinition.Given {
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [Self] {
        // A name means one record, of whatever object.
        var names = NameTable(.record)
        return entry.entries(&report).flatMap { object in
            object.entries(&report).compactMap { record in
                guard names.declare(record.key, &report) else { return nil }
                let values = record.value.isNoValue ? [] : FieldValueDefinition.read(record, &report)
                return Self(object: object.key, name: record.key, values: values)
            }
        }
    }
}

extension ScenarioDefinition.Step {
    /// The keys that say what a step does; exactly one of them stands in it.
    static let actions = [
        "create", "edit", "move", "delete", "expect", "expect held", "expect refused", "expect notified", "expect not notified", "expect created",
        "expect not created", "expect sent", "inbound", "receive", "expect approval", "expect approvers", "answer", "away", "wait",
    ] + Decision.allCases.map(\.rawValue)

    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> Self? {
        guard let keys = KeyReader(entry, of: .step, &report) else { return nil }
        let said = keys.entries.filter { actions.contains($0.key.value) }
        guard let verb = said.first, said.count == 1 else {
            if keys.isComplete || said.count > 1 { report.report(.stepAction(said.map(\.key), of: .step, at: entry.value.span)) }
            return nil
        }
        let fitting = Self.keys(beside: verb.key.value)
        for other in keys.entries where other.key.value != verb.key.value && !fitting.contains(other.key.value) {
            report.report(.keyDoesNotFit(other.key, with: verb.key.value, fits: fittingVerbs(other.key.value)))
        }
        guard let action = readAction(verb, keys, &report) else { return nil }
        return Self(action: action, actor: keys["as"]?.text(&report), span: verb.key.span)
    }

    /// The keys that may stand beside the one that says what the step does.
    static func keys(beside verb: String) -> [String] {
        switch verb {
        case "create": ["as", "name", "with"]
        case "edit": ["as", "of", "with"]
        case "move", "delete": ["as", "of"]
        case "expect", "expect approval", "expect approvers": ["of"]
        case "inbound": ["body", "name"]
        case "receive": ["body"]
        case "approve": ["as", "of", "comment"]
        case "reject", "send back", "delegate", "add signer before", "add signer after": ["as", "of", "to", "comment"]
        case "answer": ["as", "of"]
        case "away": ["to", "from", "until"]
        case "withdraw", "resubmit": ["as", "of", "comment"]
        default: []
        }
    }

    /// Those of them that may not be left out.
    static func keys(neededBy verb: String) -> [String] {
        switch verb {
        case "edit": ["with"]
        case "inbound", "receive": ["body"]
        case "send back", "delegate", "add signer before", "add signer after": ["to"]
        case "answer": ["as"]
        case "away": ["to", "until"]
        default: []
        }
    }

    /// `{ OBJECT: { field: value } }`, or the name of an object.
    private static func readCreated(_ verb: YAMLEntry, _ report: inout Diagnostics) -> [Created] {
        if case .scalar = verb.value.content, !verb.value.isNoValue { return verb.text(&report).map { [Created(object: $0, values: [])] } ?? [] }
        return verb.entries(&report).map { Created(object: $0.key, values: $0.value.isNoValue ? [] : FieldValueDefinition.read($0, &report)) }
    }

    private static func fittingVerbs(_ key: String) -> [String] { actions.filter { keys(beside: $0).contains(key) } }

    private static func readAction(_ verb: YAMLEntry, _ keys: KeyReader, _ report: inout Diagnostics) -> Action? {
        let values = keys["with"].map { FieldValueDefinition.read($0, &report) } ?? []
        let of = keys["of"]?.text(&report)
        switch verb.key.value {
        case "create":
            return verb.text(&report).map { .create(object: $0, name: keys["name"]?.text(&report), with: values) }
        case "edit":
            guard keys.required("with", owner: verb.key, &report) != nil else { return nil }
            return .edit(verb.value.isNoValue ? nil : verb.text(&report), of: of, with: values)
        case "move":
            return verb.text(&report).map { .move(to: $0, of: of) }
        case "delete":
            return .delete(verb.value.isNoValue ? nil : verb.text(&report), of: of)
        case "expect":
            return .expect(FieldValueDefinition.read(verb, &report), of: of)
        case "expect held":
            return verb.names(&report).map { .expectHeld($0) }
        case "expect refused":
            return verb.names(&report).map { .expectRefused($0) }
        case "expect notified": return verb.names(&report).map { .expectNotified($0, isExpected: true) }
        case "expect not notified": return verb.names(&report).map { .expectNotified($0, isExpected: false) }
        case "expect created": return .expectCreated(readCreated(verb, &report), isExpected: true)
        case "expect not created": return .expectCreated(readCreated(verb, &report), isExpected: false)
        case "inbound":
            guard let body = keys.required("body", owner: verb.key, &report) else { return nil }
            return verb.text(&report).map { .inbound($0, name: keys["name"]?.text(&report), body: body.message.text()) }
        case "receive":
            guard let body = keys.required("body", owner: verb.key, &report) else { return nil }
            return verb.text(&report).map { .receive($0, body: body.message.text()) }
        case "expect approval":
            return .expectApproval(verb.entries(&report).compactMap { entry in entry.text(&report).map { (entry.key, $0) } }, of: of)
        case "expect approvers": return verb.names(&report).map { .expectApprovers($0, of: of) }
        case "answer":
            guard keys.required("as", owner: verb.key, &report) != nil else { return nil }
            return .answer(verb.value.isNoValue ? [] : FieldValueDefinition.read(verb, &report), of: of)
        case "away":
            let to = keys.required("to", owner: verb.key, &report)?.text(&report)
            let until = keys.required("until", owner: verb.key, &report)?.text(&report)
            guard let person = verb.text(&report), let to, let until else { return nil }
            return .away(person, to: to, from: keys["from"]?.text(&report), until: until)
        case "expect sent": return verb.names(&report).map { .expectSent($0) }
        case let word:
            guard let decision = Decision(rawValue: word) else { return verb.text(&report).map { .wait($0) } }
            let to = Self.keys(neededBy: word).contains("to") ? keys.required("to", owner: verb.key, &report)?.text(&report) : keys["to"]?.text(&report)
            let comment = keys["comment"]?.text(&report)
            if Self.keys(neededBy: word).contains("to"), to == nil { return nil }
            return verb.text(&report).map { .decide(decision, approval: $0, of: of, to: to, comment: comment) }
        }
    }
}
