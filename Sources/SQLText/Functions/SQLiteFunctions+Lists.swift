import Formula

extension SQLiteFunctions {
    /// Lists: putting them together, and making one value of them by the code that evaluates formulas in process.
    static let lists: [SQLFunction] =
        [
            // `fx_list('ns', 1.5, 'x')`: the letters say of what kind the values are.
            scalar("fx_list", -1) { arguments in
                guard case .text(let kinds)? = arguments.first else { return .null }
                var text = ""
                for (kind, argument) in zip(kinds, arguments.dropFirst()) { SQLList.append(argument, kind: kind, to: &text) }
                return .text(text)
            },
            scalar("fx_list_holds", 2) { arguments in
                guard let needle = SQLList.value(arguments[1]).leaves.first else { return .integer(0) }
                return .integer(SQLList.value(arguments[0]).leaves.contains { ValueOrder.areEqual(needle, $0) } ? 1 : 0)
            },
            scalar("fx_list_size", 1) { arguments in
                guard case .list(let values) = SQLList.value(arguments[0]) else { return .integer(0) }
                return .integer(Int64(values.count))
            },
            SQLFunction(name: "fx_collect", argumentCount: 2, body: .aggregate { ListCollector() }),
            SQLFunction(name: "fx_sequence", argumentCount: -1, body: .aggregate { SequenceSearch() }),
        ]
        + pair("fx_aggregate", -1) { (arguments) throws(FormulaFailure) in
            guard arguments.count >= 2, case .text(let name) = arguments[0], let kind = Aggregate.Kind(rawValue: name) else {
                throw FormulaFailure(.domain)
            }
            var separator = "、"
            if arguments.count > 2 { if case .text(let text) = arguments[2] { separator = text } else { separator = "" } }
            let value = kind.value(of: SQLList.value(arguments[1]).leaves, separator: separator)
            return value.isBlank ? nil : value
        }
}

/// Takes the values of a group's rows together.
private struct ListCollector: SQLAccumulator {
    private var text = ""

    mutating func step(_ arguments: [SQLArgument]) {
        guard case .text(let kind) = arguments[0], let kind = kind.first else { return }
        SQLList.append(arguments[1], kind: kind, to: &text)
    }

    func result() -> SQLArgument { .text(text) }
}

/// `fx_sequence(event, time, unit, within, step, …)`: looks for the steps among the events of a group's rows, which come in order.
private struct SequenceSearch: SQLAccumulator {
    private var sequence: EventSequence?

    mutating func step(_ arguments: [SQLArgument]) {
        guard arguments.count >= 4, case .text(let event) = arguments[0], case .integer(let time) = arguments[1], case .integer(let unit) = arguments[2] else { return }
        if sequence == nil {
            let within: Int64 = if case .integer(let span) = arguments[3] { span } else { 0 }
            sequence = EventSequence(steps: arguments[4...].map { if case .text(let step) = $0 { step } else { "" } }, within: within)
        }
        let (scaled, overflow) = time.multipliedReportingOverflow(by: unit)
        if !overflow { sequence?.take(event, at: scaled) }
    }

    func result() -> SQLArgument { .integer(sequence?.isComplete == true ? 1 : 0) }
}
