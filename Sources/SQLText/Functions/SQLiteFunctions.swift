package import Formula

/// Every function of ours that SQLite has to know, over the same code that evaluates formulas in process.
///
/// Numbers come and go as INTEGER where they are whole and fit, else as TEXT in the shortest spelling; dates as days, datetimes and
/// durations as microseconds, truths as 0 and 1, blank as NULL. `NAME_fails` gives 1 where `NAME` has no value, and never NULL.
package enum SQLiteFunctions {
    package static let all: [SQLFunction] =
        arithmetic + comparing + texts + times + scalars + aggregates + lists + catalogue

    // MARK: Values

    /// A number for the database.
    package static func argument(_ number: ExactDecimal) -> SQLArgument {
        number.scaled(decimals: 0).flatMap { number.isWhole ? .integer($0) : nil } ?? .text(number.description)
    }

    /// A number from the database; nil for NULL and for what is no number of ours.
    package static func decimal(_ argument: SQLArgument) -> ExactDecimal? {
        switch argument {
        case .integer(let whole): ExactDecimal(whole)
        case .text(let text): ExactDecimal(text)
        case .null, .real: nil
        }
    }

    /// Reads an argument as a value of this kind.
    static func value(_ argument: SQLArgument, _ kind: FunctionDefinition.ParameterKind) -> Value {
        switch (kind, argument) {
        case (_, .null), (_, .real): .blank
        case (.number, let argument), (.numbers, let argument): decimal(argument).map { .number($0) } ?? .blank
        case (.text, .text(let text)), (.texts, .text(let text)), (.constantText, .text(let text)), (.calendar, .text(let text)), (.numberFormat, .text(let text)),
            (.dateFormat, .text(let text)):
            Value(text: text)
        case (.option, .text(let key)): .option(key)
        case (.location, .text(let text)): Location(text).map { .location($0) } ?? .blank
        case (.bool, .integer(let number)): .bool(number != 0)
        case (.date, .integer(let days)), (.dates, .integer(let days)): Day(exactly: days).map { .date($0) } ?? .blank
        case (.datetime, .integer(let microseconds)): .instant(Instant(microseconds: microseconds))
        case (.duration, .integer(let microseconds)): .duration(TimeSpan(microseconds: microseconds))
        case (.anything, .integer(let number)): .number(ExactDecimal(number))
        case (.anything, .text(let text)): Value(text: text)
        case (.text, .integer), (.texts, .integer), (.dates, .text), (.constantText, .integer), (.calendar, .integer), (.numberFormat, .integer),
            (.dateFormat, .integer), (.option, .integer), (.bool, .text), (.date, .text), (.datetime, .text),
            (.duration, .text), (.options, _), (.link, _), (.location, .integer):
            .blank
        }
    }

    /// Blank and failed values are NULL.
    static func argument(_ value: Value) -> SQLArgument {
        switch value {
        case .blank, .failure, .options, .links, .list: .null
        case .bool(let bool): .integer(bool ? 1 : 0)
        case .number(let number): argument(number)
        case .text(let text): .text(text)
        case .option(let key): .text(key)
        case .date(let day): .integer(Int64(day.daysSinceEpoch))
        case .instant(let instant): .integer(instant.microseconds)
        case .duration(let span): .integer(span.microseconds)
        case .location(let location): .text(location.description)
        case .link(let record): .integer(record.number)
        }
    }

    /// A function and its twin that tells failures. `body` gives nil for blank.
    static func pair(_ name: String, _ count: Int, _ body: @escaping @Sendable ([SQLArgument]) throws(FormulaFailure) -> Value?) -> [SQLFunction] {
        [
            SQLFunction(
                name: name, argumentCount: count,
                body: .scalar { arguments in
                    guard let value = try? body(arguments) else { return .null }
                    return argument(value)
                }),
            SQLFunction(
                name: "\(name)_fails", argumentCount: count,
                body: .scalar { arguments in
                    do throws(FormulaFailure) {
                        if case .failure = try body(arguments) { return .integer(1) }
                        return .integer(0)
                    } catch {
                        return .integer(1)
                    }
                }),
        ]
    }

    static func scalar(_ name: String, _ count: Int, _ body: @escaping @Sendable ([SQLArgument]) -> SQLArgument) -> SQLFunction {
        SQLFunction(name: name, argumentCount: count, body: .scalar(body))
    }

    // MARK: Arithmetic

    static func name(_ operation: ArithmeticOperator) -> String {
        switch operation {
        case .add: "fx_add"
        case .subtract: "fx_subtract"
        case .multiply: "fx_multiply"
        case .divide: "fx_divide"
        case .power: "fx_raise"
        }
    }

    private static let arithmetic: [SQLFunction] =
        binary("fx_add", .add) + binary("fx_subtract", .subtract) + binary("fx_multiply", .multiply) + binary("fx_divide", .divide)
        + binary("fx_raise", .power)
        + [
            scalar("fx_negate", 1) { decimal($0[0]).map { argument($0.negated) } ?? .null },
            scalar("fx_unscale", 2) { arguments in
                guard case .integer(let scaled) = arguments[0], case .integer(let decimals) = arguments[1], (0...20).contains(decimals) else {
                    return .null
                }
                return argument(ExactDecimal(scaled: scaled, decimals: Int(decimals)))
            },
            // As a column of so many decimals holds it; NULL for what does not fit.
            scalar("fx_scale", 2) { arguments in
                guard case .integer(let decimals) = arguments[1], (0...20).contains(decimals),
                    let scaled = decimal(arguments[0])?.scaled(decimals: Int(decimals))
                else { return .null }
                return .integer(scaled)
            },
        ]
        + pair("fx_round_decimals", 2) { (arguments) throws(FormulaFailure) in
            guard let number = decimal(arguments[0]), case .integer(let decimals) = arguments[1] else { return nil }
            return .number(try number.rounded(decimals: Int(decimals)))
        }

    private static func binary(_ name: String, _ operation: ArithmeticOperator) -> [SQLFunction] {
        pair(name, 2) { (arguments) throws(FormulaFailure) in
            guard let left = decimal(arguments[0]), let right = decimal(arguments[1]) else { return nil }
            return .number(try operation.apply(left, right))
        }
    }

    // MARK: Comparing

    private static let comparing: [SQLFunction] = [
        // The sign of left minus right; NULL with a blank.
        scalar("fx_compare", 2) { arguments in
            guard let left = decimal(arguments[0]), let right = decimal(arguments[1]) else { return .null }
            return .integer(Int64(left.compared(to: right)))
        },
        // Whether both are the same number, or both blank.
        scalar("fx_same", 2) { arguments in
            .integer(decimal(arguments[0]) == decimal(arguments[1]) ? 1 : 0)
        },
        // A text that sorts as the numbers do.
        scalar("fx_order", 1) { decimal($0[0]).map { .text(orderText($0)) } ?? .null },
    ]

    /// 38 digits before the point and 20 behind it, digits of negative numbers turned round.
    static func orderText(_ number: ExactDecimal) -> String {
        let parts = number.magnitude.description.split(separator: ".")
        let whole = String(parts.first ?? "0")
        let decimals = parts.count > 1 ? String(parts[1]) : ""
        let digits =
            String(repeating: "0", count: max(0, 38 - whole.utf8.count)) + whole + decimals
            + String(repeating: "0", count: max(0, 20 - decimals.utf8.count))
        guard number.isNegative else { return "1" + digits }
        return "0" + String(decoding: digits.utf8.map { UInt8(ascii: "0") + UInt8(ascii: "9") - $0 }, as: UTF8.self)
    }

    // MARK: Texts

    private static let texts: [SQLFunction] = [
        scalar("fx_date_text", 1) { arguments in
            guard case .date(let day) = value(arguments[0], .date) else { return .null }
            return .text(day.description)
        },
        scalar("fx_datetime_text", 2) { arguments in
            guard case .instant(let instant) = value(arguments[0], .datetime), let zone = zone(arguments[1]) else { return .null }
            return .text(Value.text(of: instant, in: zone))
        },
        scalar("fx_duration_text", 1) { arguments in
            guard case .duration(let span) = value(arguments[0], .duration) else { return .null }
            return .text(span.description)
        },
        scalar("fx_is_valid", 3) { arguments in
            guard case .text(let text) = arguments[0], case .text(let kind) = arguments[1], case .text(let region) = arguments[2] else {
                return .integer(0)
            }
            let isValid =
                switch kind {
                case "phone": TextValidity.isValid(text, as: .phone(region: region))
                case "email": TextValidity.isValid(text, as: .email)
                case "url": TextValidity.isValid(text, as: .url)
                case "uscc": TextValidity.isValid(text, as: .uscc)
                case "cn_id": TextValidity.isValid(text, as: .citizenNumber)
                default: false
                }
            return .integer(isValid ? 1 : 0)
        },
    ]

    static func zone(_ argument: SQLArgument) -> Zone? {
        if case .text(let name) = argument { Zone(name: name) } else { nil }
    }

    // MARK: Times

    static func name(_ operation: TimeOperator, rightIsDuration: Bool) -> String {
        switch operation {
        case .dateAddDays: rightIsDuration ? "fx_date_add_duration" : "fx_date_add_days"
        case .dateSubtractDays: rightIsDuration ? "fx_date_subtract_duration" : "fx_date_subtract_days"
        case .dateDifference: "fx_date_difference"
        case .datetimeAddDuration: "fx_datetime_add"
        case .datetimeSubtractDuration: "fx_datetime_subtract"
        case .datetimeAddDays: rightIsDuration ? "fx_datetime_add_whole_days" : "fx_datetime_add_days"
        case .datetimeSubtractDays: rightIsDuration ? "fx_datetime_subtract_whole_days" : "fx_datetime_subtract_days"
        case .datetimeDifference: "fx_datetime_difference"
        case .durationAdd: "fx_duration_add"
        case .durationSubtract: "fx_duration_subtract"
        case .durationMultiply: "fx_duration_multiply"
        case .durationDivide: "fx_duration_divide"
        case .durationRatio: "fx_duration_ratio"
        }
    }

    private static let times: [SQLFunction] =
        time("fx_date_add_days", .dateAddDays, .date, .number) + time("fx_date_add_duration", .dateAddDays, .date, .duration)
        + time("fx_date_subtract_days", .dateSubtractDays, .date, .number)
        + time("fx_date_subtract_duration", .dateSubtractDays, .date, .duration)
        + time("fx_datetime_add", .datetimeAddDuration, .datetime, .duration)
        + time("fx_datetime_subtract", .datetimeSubtractDuration, .datetime, .duration)
        + time("fx_datetime_add_days", .datetimeAddDays, .datetime, .number)
        + time("fx_datetime_add_whole_days", .datetimeAddDays, .datetime, .duration)
        + time("fx_datetime_subtract_days", .datetimeSubtractDays, .datetime, .number)
        + time("fx_datetime_subtract_whole_days", .datetimeSubtractDays, .datetime, .duration)
        + time("fx_duration_add", .durationAdd, .duration, .duration) + time("fx_duration_subtract", .durationSubtract, .duration, .duration)
        + time("fx_duration_multiply", .durationMultiply, .duration, .number)
        + time("fx_duration_divide", .durationDivide, .duration, .number)
        + time("fx_duration_ratio", .durationRatio, .duration, .duration)
        + pair("fx_duration_negate", 1) { (arguments) throws(FormulaFailure) in
            guard case .integer(let microseconds) = arguments[0] else { return nil }
            guard microseconds != .min else { throw FormulaFailure(.overflow) }
            return .duration(TimeSpan(microseconds: -microseconds))
        }
        + [
            scalar("fx_start_of_day", 2) { arguments in
                guard case .date(let day) = value(arguments[0], .date), let zone = zone(arguments[1]) else { return .null }
                return .integer(zone.startOfDay(day).microseconds)
            }
        ]

    private static func time(
        _ name: String, _ operation: TimeOperator, _ left: FunctionDefinition.ParameterKind, _ right: FunctionDefinition.ParameterKind
    ) -> [SQLFunction] {
        pair(name, operation.usesZone ? 3 : 2) { (arguments) throws(FormulaFailure) in
            let left = value(arguments[0], left), right = value(arguments[1], right)
            if left.isBlank || right.isBlank { return nil }
            return try operation.apply(left, right, zone: operation.usesZone ? zone(arguments[2]) ?? .utc : .utc)
        }
    }

    // MARK: Several values in one row

    private static let scalars: [SQLFunction] =
        [
            scalar("fx_least", -1) { arguments in arguments.compactMap(decimal).min().map(argument) ?? .null },
            scalar("fx_greatest", -1) { arguments in arguments.compactMap(decimal).max().map(argument) ?? .null },
            scalar("fx_least_integer", -1) { arguments in integers(arguments).min().map { .integer($0) } ?? .null },
            scalar("fx_greatest_integer", -1) { arguments in integers(arguments).max().map { .integer($0) } ?? .null },
        ]
        + pair("fx_sum_of", -1) { (arguments) throws(FormulaFailure) in .number(try sum(arguments.compactMap(decimal))) }
        + pair("fx_average_of", -1) { (arguments) throws(FormulaFailure) in
            let numbers = arguments.compactMap(decimal)
            return numbers.isEmpty ? nil : .number(try sum(numbers).divided(by: ExactDecimal(numbers.count)))
        }

    private static func integers(_ arguments: [SQLArgument]) -> [Int64] {
        arguments.compactMap { if case .integer(let number) = $0 { number } else { nil } }
    }

    private static func sum(_ numbers: [ExactDecimal]) throws(FormulaFailure) -> ExactDecimal {
        var total = ExactDecimal.zero
        for number in numbers { total = try total.adding(number) }
        return total
    }

    static func calendar(_ argument: SQLArgument) -> BusinessCalendar? {
        if case .text(let text) = argument { BusinessCalendar.spelled(text) } else { nil }
    }

    // MARK: The catalogue

    /// `fx_round`; overloads behind the first bear their number.
    static func name(of function: FunctionDefinition, overload: Int) -> String {
        "fx_" + function.name + (overload == 0 ? "" : "_\(overload + 1)")
    }

    private static let catalogue: [SQLFunction] = FunctionCatalogue.all.flatMap { function -> [SQLFunction] in
        function.overloads.indices.flatMap { position -> [SQLFunction] in
            let overload = function.overloads[position]
            // Counted in a side table, or bound as a parameter.
            if overload.parameters.contains(where: { $0.kind == .options }) || function.readsClock { return [] }
            let call = CatalogueCall(function: function, overload: overload, usesZone: function.usesZone(position))
            let name = name(of: function, overload: position)
            let plain = pair(name, -1) { arguments in call.value(arguments, asLists: false) }
            guard overload.parameters.contains(where: { $0.kind.isList }) else { return plain }
            return plain + pair("\(name)_lists", -1) { arguments in call.value(arguments, asLists: true) }
        }
    }

    /// One overload of a function of the catalogue as databases call it.
    private struct CatalogueCall: Sendable {
        let function: FunctionDefinition
        let overload: FunctionDefinition.Overload
        let usesZone: Bool

        /// Nil for blank.
        func value(_ arguments: [SQLArgument], asLists: Bool) -> Value? {
            var values: [Value] = []
            // Behind the author's arguments stand the zone and the calendar, as far as they matter.
            let own = arguments.dropLast((usesZone ? 1 : 0) + (function.readsCalendar ? 1 : 0))
            for (index, argument) in own.enumerated() {
                // Only the last parameter is repeated.
                guard let parameter = index < overload.parameters.count ? overload.parameters[index] : overload.parameters.last,
                    index < overload.parameters.count || parameter.presence == .repeated
                else { return .failure(FormulaFailure(.domain)) }
                values.append(asLists && parameter.kind.isList ? SQLList.value(argument) : SQLiteFunctions.value(argument, parameter.kind))
            }
            guard values.count >= overload.parameters.count(where: { $0.presence == .required }) else { return .failure(FormulaFailure(.domain)) }
            if function.blank == .blank, values.contains(.blank) { return nil }
            if function.blank == .zero {
                for index in values.indices where values[index].isBlank && index < overload.parameters.count {
                    if overload.parameters[index].kind == .number { values[index] = .number(.zero) }
                }
            }
            let zone = usesZone ? arguments.dropLast(function.readsCalendar ? 1 : 0).last.flatMap(SQLiteFunctions.zone) ?? .utc : .utc
            let calendar = function.readsCalendar ? arguments.last.flatMap(SQLiteFunctions.calendar) ?? .plain : .plain
            return function.evaluate(values, Moment(now: Instant(microseconds: 0), zone: zone, calendar: calendar))
        }
    }
}
