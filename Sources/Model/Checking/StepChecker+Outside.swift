import Definition
import Formula
import SourceText

// Steps that reach out of the app.
extension StepChecker {
    /// Whether there is a channel of this name; reported if there is none.
    func isChannel(_ name: Located<String>) -> Bool {
        if app.checkedChannels.contains(where: { $0.name == name.value }) { return true }
        // One that could not be checked was told already.
        if !app.definition.channels.contains(where: { $0.name.value == name.value }) {
            app.report.report(.unknownName(name, .channel, of: nil, known: app.channelNames))
        }
        return false
    }

    /// `send: CHANNEL`, to people or to an address.
    func send(_ channel: Located<String>, to: EmbeddedText, _ message: TemplateDefinition) -> CheckedStep.Verb? {
        let isKnown = isChannel(channel)
        let people = app.formulas.checkedRecords(to, in: scope, of: [app.id(of: .user)])
        var receiver = people.expression
        if receiver == nil {
            let text = app.formulas.checked(to, in: scope)
            if case .text? = text.expression?.type {
                receiver = text.expression
            } else {
                for diagnostic in people.found { app.report.report(diagnostic) }
            }
        }
        guard let message = template(message), let receiver, isKnown else { return nil }
        return .send(CheckedMessage(channel: channel.value, to: receiver, message: message))
    }

    /// `call: CONNECTOR.CALL`, or a webhook by its own name.
    mutating func call(_ target: Located<String>, _ name: Located<String>?, _ with: [FieldValueDefinition]) -> CheckedStep.Verb? {
        let parts = target.value.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let sources = with.compactMap { input in source(of: input.value).map { (name: input.field.value, source: $0) } }
        guard let connector = app.checkedConnectors.first(where: { $0.name == parts[0] }) else {
            // One that could not be checked was told already.
            if !app.definition.connectors.contains(where: { $0.name.value == parts[0] }) {
                app.report.report(.unknownName(Located(parts[0], at: target.span), .connector, of: nil, known: app.checkedConnectors.map(\.name)))
            }
            return lost(name)
        }
        var call: CheckedCall?
        switch connector.kind {
        case .webhook:
            guard parts.count == 1 else {
                app.report.report(.notCalled(target))
                return lost(name)
            }
        case .http(let settings):
            guard parts.count == 2 else {
                app.report.report(.missingCall(target, known: settings.calls.map(\.name)))
                return lost(name)
            }
            call = connector.call(named: parts[1])
            guard let call else {
                let written = app.definition.connectors.first { $0.name.value == connector.name }?.calls.map(\.name.value) ?? []
                if !written.contains(parts[1]) {
                    app.report.report(.unknownName(Located(parts[1], at: target.span), .call, of: connector.name, known: settings.calls.map(\.name)))
                }
                return lost(name)
            }
            for input in with where !call.inputs.contains(input.field.value) {
                app.report.report(.unknownName(input.field, .input, of: target.value, known: call.inputs))
            }
            for input in call.inputs where !with.contains(where: { $0.field.value == input }) {
                app.report.report(.missingInput(input, of: target.value, at: target.span))
            }
        case .mail, .wecomRobot:
            app.report.report(.notCalled(target))
            return lost(name)
        }
        if let name, call?.receipt == nil { app.report.report(.callGivesNothing(name, target.value)) }
        let variable = name.flatMap { declare($0, .text(.plain)) }
        guard sources.count == with.count else { return nil }
        return .call(CheckedCallStep(connector: connector.name, call: call?.name, with: sources, variable: variable))
    }

    /// What later steps say of the variable can be judged all the same.
    private mutating func lost(_ name: Located<String>?) -> CheckedStep.Verb? {
        if let name { _ = declare(name, .text(.plain)) }
        return nil
    }

    private func source(of written: ScalarDefinition) -> CheckedCallStep.Source? {
        switch written {
        case .literal(let text), .noValue(let text):
            return app.checkTemplate(text, in: scope).map { .text($0) }
        case .formula(let text):
            return app.check(text, in: scope).map { .formula($0) }
        case .list(_, let span):
            app.report.report(.listForInput(span))
            return nil
        }
    }
}
