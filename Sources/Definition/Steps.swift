import LocatedYAML
package import SourceText

/// A step of an automation, or of a rung of a watch: one verb with what belongs to it.
package struct StepDefinition: Sendable {
    package indirect enum Verb: Sendable {
        /// `set: { field: value }`, on the record that set the steps off.
        case set([FieldValueDefinition])
        /// `create: OBJECT`, `with:`, `name:` to refer to it later.
        case create(object: Located<String>, name: Located<String>?, with: [FieldValueDefinition])
        /// `update: RECORDS`, `with:`
        case update(EmbeddedText, with: [FieldValueDefinition])
        /// `delete: RECORDS`
        case delete(EmbeddedText)
        /// `tag: WORDS`, `untag: WORDS`, `field:` of the type `tags`, `of:` records; the record itself without.
        case tag(ScalarDefinition, adds: Bool, field: Located<String>?, of: EmbeddedText?)
        /// `move: STAGE`, `of:` a record; the record itself without.
        case move(to: Located<String>, of: EmbeddedText?)
        /// `assign: ASSIGNMENT`
        case assign(Located<String>)
        /// `notify: PEOPLE`, `via:`, `title:`, `message:`
        case notify(people: [EmbeddedText], via: [Located<String>], title: TemplateDefinition?, message: TemplateDefinition?)
        /// `suggest: RECORDS`, `to:` people, and what `notify` takes; `message` may be left out.
        case suggest(EmbeddedText, people: [EmbeddedText], via: [Located<String>], title: TemplateDefinition?, message: TemplateDefinition?)
        /// `send: CHANNEL`, `to:` an address or people, `message:`
        case send(Located<String>, to: EmbeddedText, message: TemplateDefinition)
        /// `call: CONNECTOR.CALL`, `with:`, `name:` for what it answers.
        case call(Located<String>, name: Located<String>?, with: [FieldValueDefinition])
        /// `wait: 2 days`
        case wait(Located<String>)
        /// `wait until: FORMULA`, an instant or a day.
        case waitUntil(EmbeddedText)
        /// `wait for: CONDITION`, `within:`
        case waitFor(EmbeddedText, within: Located<String>?)
        /// `if: CONDITION`, `then:`, `else:`
        case choose(EmbeddedText, then: [StepDefinition])
        /// `for each: RECORDS`, `as:`, `do:`
        case forEach(EmbeddedText, as: Located<String>, steps: [StepDefinition])
        /// `approve: APPROVAL`, `then:`, `else:` where it is not given.
        case approve(Located<String>, then: [StepDefinition])
        /// `ask: PEOPLE`, `message:`, `with:` what they fill in, `name:` for the answer, `within:`, `then:`, `else:` where nobody answered in time.
        case ask(QuestionDefinition, then: [StepDefinition])
        /// `report: REPORT`, `to:` people, and what `notify` takes; `message` may be left out.
        case report(Located<String>, people: [EmbeddedText], via: [Located<String>], title: TemplateDefinition?, message: TemplateDefinition?)
        /// `stop: REASON`
        case stop(TemplateDefinition)
    }

    package var verb: Verb
    /// `else:`
    package var otherwise: [StepDefinition]?
    /// Of the key that says the verb.
    package var span: Span

    package init(verb: Verb, otherwise: [StepDefinition]? = nil, span: Span) {
        self.verb = verb
        self.otherwise = otherwise
        self.span = span
    }

    /// The keys that say what a step does; exactly one of them stands in it.
    static let verbs = [
        "set", "create", "update", "delete", "tag", "untag", "move", "assign", "notify", "suggest", "send", "call", "wait", "wait until", "wait for", "if", "for each", "approve", "ask", "report", "stop",
    ]

    /// The keys that may stand beside the one that says what the step does.
    static func keys(beside verb: String) -> [String] {
        switch verb {
        case "create": ["with", "name", "else"]
        case "update": ["with", "else"]
        case "set", "delete", "assign": ["else"]
        case "tag", "untag": ["field", "of", "else"]
        case "move": ["of", "else"]
        case "notify": ["via", "title", "message"]
        case "suggest", "report": ["to", "via", "title", "message"]
        case "send": ["to", "message", "else"]
        case "call": ["with", "name", "else"]
        case "wait for": ["within", "else"]
        case "if", "approve": ["then", "else"]
        case "ask": ["name", "message", "title", "via", "with", "within", "then", "else"]
        case "for each": ["as", "do"]
        default: []
        }
    }

    /// Those of them that may not be left out.
    static func keys(neededBy verb: String) -> [String] {
        switch verb {
        case "update": ["with"]
        case "notify", "ask": ["message"]
        case "suggest", "report": ["to"]
        case "send": ["to", "message"]
        case "if": ["then"]
        case "for each": ["as", "do"]
        default: []
        }
    }

    /// A step, or a list of steps.
    static func readList(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [StepDefinition] {
        if case .mapping = entry.value.content { return read(entry, &report).map { [$0] } ?? [] }
        let items = entry.items(&report)
        if items.isEmpty, case .sequence = entry.value.content { report.report(.noValue(entry.key, at: entry.key.span)) }
        return items.compactMap { read($0, &report) }
    }

    private static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> StepDefinition? {
        guard let keys = KeyReader(entry, of: .action, &report) else { return nil }
        let said = keys.entries.filter { verbs.contains($0.key.value) }
        guard let verb = said.first, said.count == 1 else {
            if keys.isComplete || said.count > 1 { report.report(.stepAction(said.map(\.key), of: .action, at: entry.value.span)) }
            return nil
        }
        let fitting = Self.keys(beside: verb.key.value)
        for other in keys.entries where other.key.value != verb.key.value && !fitting.contains(other.key.value) {
            report.report(.keyDoesNotFit(other.key, with: verb.key.value, fits: verbs.filter { Self.keys(beside: $0).contains(other.key.value) }))
        }
        guard let action = readVerb(verb, keys, &report) else { return nil }
        let otherwise = fitting.contains("else") ? keys["else"].map { readList($0, &report) } : nil
        return StepDefinition(verb: action, otherwise: otherwise, span: verb.key.span)
    }

    private static func readVerb(_ verb: YAMLEntry, _ keys: KeyReader, _ report: inout Diagnostics) -> Verb? {
        func steps(_ key: String) -> [StepDefinition]? { keys.required(key, owner: verb.key, &report).map { readList($0, &report) } }
        func name(_ key: String) -> Located<String>? { keys[key]?.name(as: .variable, &report) }
        // What people are asked for is written like an object's fields.
        let with = verb.key.value == "ask" ? [] : keys["with"].map { FieldValueDefinition.read($0, &report) } ?? []
        switch verb.key.value {
        case "set": return .set(FieldValueDefinition.read(verb, &report))
        case "create": return verb.text(&report).map { .create(object: $0, name: name("name"), with: with) }
        case "update":
            guard keys.required("with", owner: verb.key, &report) != nil else { return nil }
            return verb.formula(&report).map { .update($0, with: with) }
        case "delete": return verb.formula(&report).map { .delete($0) }
        case "tag", "untag":
            return verb.plainValue(&report).map { .tag($0, adds: verb.key.value == "tag", field: keys["field"]?.text(&report), of: keys["of"]?.formula(&report)) }
        case "move": return verb.text(&report).map { .move(to: $0, of: keys["of"]?.formula(&report)) }
        case "assign": return verb.text(&report).map { .assign($0) }
        case "notify":
            let people = verb.formulas(&report)
            let message = keys.required("message", owner: verb.key, &report)?.template(&report)
            guard !people.isEmpty else { return nil }
            return .notify(people: people, via: keys["via"]?.names(&report) ?? [], title: keys["title"]?.template(&report), message: message)
        case "suggest":
            let people = keys.required("to", owner: verb.key, &report)?.formulas(&report) ?? []
            guard let records = verb.formula(&report), !people.isEmpty else { return nil }
            return .suggest(
                records, people: people, via: keys["via"]?.names(&report) ?? [], title: keys["title"]?.template(&report), message: keys["message"]?.template(&report))
        case "report":
            let people = keys.required("to", owner: verb.key, &report)?.formulas(&report) ?? []
            guard let name = verb.text(&report), !people.isEmpty else { return nil }
            return .report(name, people: people, via: keys["via"]?.names(&report) ?? [], title: keys["title"]?.template(&report), message: keys["message"]?.template(&report))
        case "send":
            let to = keys.required("to", owner: verb.key, &report)?.formula(&report)
            let message = keys.required("message", owner: verb.key, &report)?.template(&report)
            guard let channel = verb.text(&report), let to, let message else { return nil }
            return .send(channel, to: to, message: message)
        case "call": return verb.text(&report).map { .call($0, name: name("name"), with: with) }
        case "wait": return verb.text(&report).map { .wait($0) }
        case "wait until": return verb.formula(&report).map { .waitUntil($0) }
        case "wait for": return verb.formula(&report).map { .waitFor($0, within: keys["within"]?.text(&report)) }
        case "if":
            guard let condition = verb.formula(&report), let then = steps("then") else { return nil }
            return .choose(condition, then: then)
        case "for each":
            guard let records = verb.formula(&report), let name = keys.required("as", owner: verb.key, &report)?.name(as: .variable, &report),
                let then = steps("do")
            else { return nil }
            return .forEach(records, as: name, steps: then)
        case "approve": return verb.text(&report).map { .approve($0, then: keys["then"].map { readList($0, &report) } ?? []) }
        case "ask":
            return QuestionDefinition.read(verb, keys, &report).map { .ask($0, then: keys["then"].map { readList($0, &report) } ?? []) }
        default: return verb.template(&report).map { .stop($0) }
        }
    }
}

extension YAMLEntry {
    /// A formula, or a list of formulas.
    func formulas(_ report: inout Diagnostics) -> [EmbeddedText] {
        guard case .sequence = value.content else { return formula(&report).map { [$0] } ?? [] }
        return items(&report).compactMap { $0.formula(&report) }
    }
}
