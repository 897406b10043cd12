package import Formula

extension CheckedStep {
    /// Every formula that is evaluated when the step, or one inside it, is done.
    ///
    /// - Parameter assignments: Those of the app, whose formulas count where a step assigns.
    package func expressions(_ assignments: [CheckedAssignment]) -> [CheckedExpression] {
        func all(_ steps: [CheckedStep]) -> [CheckedExpression] { steps.flatMap { $0.expressions(assignments) } }
        let own: [CheckedExpression]
        switch verb {
        case .set(let settings): own = settings.flatMap(\.expressions)
        case .create(_, _, let settings): own = settings.flatMap(\.expressions)
        case .update(let records, _, let settings): own = [records] + settings.flatMap(\.expressions)
        case .delete(let records): own = [records]
        case .tag(let tagging): own = tagging.expressions
        case .move(_, let record): own = [record].compactMap { $0 }
        case .notify(let notice), .report(_, let notice): own = notice.expressions
        case .suggest(let records, let notice): own = [records] + notice.expressions
        case .send(let message): own = [message.to] + message.message.expressions
        case .call(let call):
            own = call.with.flatMap { input in
                switch input.source {
                case .text(let template): template.expressions
                case .formula(let formula): [formula]
                }
            }
        case .wait, .demote: own = []
        case .waitUntil(let until): own = [until]
        case .waitFor(let condition, _): own = [condition]
        case .choose(let condition, let then): own = [condition] + all(then)
        case .approve(_, let then): own = all(then)
        case .ask(let question, let then): own = question.notice.expressions + all(then)
        case .forEach(let records, _, let steps): own = [records] + all(steps)
        case .stop(let reason): own = reason.expressions
        case .assign(let index): own = assignments[index].expressions
        }
        return own + all(otherwise ?? [])
    }
}

extension CheckedSetting {
    package var expressions: [CheckedExpression] {
        switch source {
        case .value: []
        case .formula(let formula): [formula]
        }
    }
}

extension CheckedTagging {
    var expressions: [CheckedExpression] {
        words.compactMap { if case .formula(let formula) = $0 { formula } else { nil } } + [records].compactMap { $0 }
    }
}

extension CheckedNotice {
    var expressions: [CheckedExpression] { people + (title?.expressions ?? []) + message.expressions }
}

extension CheckedAssignment {
    package var expressions: [CheckedExpression] {
        [among] + demands.map(\.meeting) + preferences.map(\.points) + (nobody?.notice?.expressions ?? [])
    }
}

extension LocalizedTemplate {
    var expressions: [CheckedExpression] { [zh, en].flatMap(\.expressions) }
}

extension CheckedChannel {
    package var expressions: [CheckedExpression] {
        switch way {
        case .inApp, .ladder: []
        case .mail(_, let subject, let message): (subject?.expressions ?? []) + (message?.expressions ?? [])
        case .robot(_, _, let message), .webhook(_, let message): message?.expressions ?? []
        case .call(_, _, let inputs, let message): inputs.flatMap(\.value.expressions) + (message?.expressions ?? [])
        }
    }
}
