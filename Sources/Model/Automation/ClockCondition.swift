package import Formula
import SourceText

/// A comparison with the clock inside a condition: it turns at an instant that the record alone decides.
package struct ClockAtom: Sendable {
    package enum Clock: Sendable, Hashable {
        /// `now()`, so much later.
        case now(plus: TimeSpan)
        /// `now()`, so many days later by the clock on the wall.
        case nowDays(plus: Int)
        /// `today()`, so many days later.
        case today(plus: Int)
    }

    package let clock: Clock
    /// What the clock is compared with.
    package let value: CheckedExpression

    package init(clock: Clock, value: CheckedExpression) {
        self.clock = clock
        self.value = value
    }

    /// The instants at which the comparison may turn, given what the value is.
    package func turns(at value: Value, in zone: Zone) -> [Instant] {
        switch (clock, value) {
        case (.now(let plus), .instant(let instant)):
            return turns(instant.microseconds, plus)
        case (.now(let plus), .date(let day)):
            return turns(zone.startOfDay(day).microseconds, plus)
        case (.nowDays(let plus), .instant(let instant)):
            return turns(instant, days: plus, zone)
        case (.nowDays(let plus), .date(let day)):
            return turns(zone.startOfDay(day), days: plus, zone)
        case (.today(let plus), .date(let day)):
            return [-plus, -plus + 1].compactMap { day.adding(days: $0) }.map(zone.startOfDay)
        case (.today(let plus), .instant(let instant)):
            let day = zone.day(of: instant)
            return [-plus, -plus + 1].compactMap { day.adding(days: $0) }.map(zone.startOfDay)
        default:
            return []
        }
    }

    private func turns(_ instant: Instant, days: Int, _ zone: Zone) -> [Instant] {
        var wall = zone.wallClock(instant)
        guard let day = wall.day.adding(days: -days) else { return [] }
        wall.day = day
        return turns(zone.instant(wall).microseconds, .zero)
    }

    /// At the instant itself and just behind it: `>` and `>=` differ by that.
    private func turns(_ microseconds: Int64, _ plus: TimeSpan) -> [Instant] {
        let (instant, overflow) = microseconds.subtractingReportingOverflow(plus.microseconds)
        guard !overflow, instant < Int64.max else { return [] }
        return [Instant(microseconds: instant), Instant(microseconds: instant + 1)]
    }
}

/// Finds the comparisons with the clock in a condition.
struct ClockConditionSolver {
    /// The formula of a field whose value changes by itself; nil for other fields.
    let formula: (FieldID) -> CheckedExpression?
    private(set) var atoms: [ClockAtom] = []
    /// What cannot be solved, as a place in the condition's text; nil if all can.
    private(set) var unsolved: Range<Int>?
    private let expression: CheckedExpression
    private var depth = 0

    init(_ expression: CheckedExpression, formula: @escaping (FieldID) -> CheckedExpression?) {
        self.expression = expression
        self.formula = formula
        visit(expression.root)
    }

    private mutating func visit(_ node: ExpressionNode) {
        guard readsClock(node) else { return }
        switch node.form {
        case .and(let nodes), .or(let nodes): for node in nodes { visit(node) }
        case .not(let inner), .convert(.blankAsFalse, let inner): visit(inner)
        case .conditional(let branches, let otherwise):
            for branch in branches {
                visit(branch.condition)
                visit(branch.value)
            }
            visit(otherwise)
        case .compare(_, let left, let right):
            if let atom = atom(left, right) ?? atom(right, left) ?? difference(left, right) ?? difference(right, left) {
                atoms.append(atom)
            } else {
                fail(node)
            }
        case .field(let field, .this):
            guard depth < 10, let formula = formula(field) else { return fail(node) }
            depth += 1
            visit(formula.root)
            depth -= 1
        case .literal, .field, .record, .follow, .variable, .bind, .arithmetic, .negate, .timeArithmetic, .concatenate, .isBlank, .isValid, .oneOf, .member,
            .isObject, .contains, .coalesce, .ifError, .isError, .call, .aggregate, .convert:
            fail(node)
        }
    }

    private mutating func fail(_ node: ExpressionNode) {
        if unsolved == nil { unsolved = depth == 0 ? node.range : 0..<expression.source.text.utf8.count }
    }

    private func atom(_ side: ExpressionNode, _ other: ExpressionNode) -> ClockAtom? {
        guard let clock = clock(side), !readsClock(other) else { return nil }
        return ClockAtom(clock: clock, value: asFormula(other))
    }

    /// `now() - opened > 2h`, `due - today() <= 3`: the value is what the clock is taken from, or taken from it.
    private func difference(_ side: ExpressionNode, _ other: ExpressionNode) -> ClockAtom? {
        guard case .literal(let bound) = other.form else { return nil }
        var side = side
        while case .convert(.blankAsZero, let inner) = side.form { side = inner }
        guard case .timeArithmetic(let operation, let left, let right) = side.form else { return nil }
        switch (operation, bound) {
        case (.datetimeDifference, .duration(let span)):
            if case .now(let plus)? = clock(left), !readsClock(right) {
                return ClockAtom(clock: .now(plus: TimeSpan(microseconds: plus.microseconds - span.microseconds)), value: asFormula(right))
            }
            if case .now(let plus)? = clock(right), !readsClock(left) {
                return ClockAtom(clock: .now(plus: TimeSpan(microseconds: plus.microseconds + span.microseconds)), value: asFormula(left))
            }
        case (.dateDifference, .number(let number)):
            guard let days = number.truncatedInt else { return nil }
            if case .today(let plus)? = clock(left), !readsClock(right) { return ClockAtom(clock: .today(plus: plus - days), value: asFormula(right)) }
            if case .today(let plus)? = clock(right), !readsClock(left) { return ClockAtom(clock: .today(plus: plus + days), value: asFormula(left)) }
        default: break
        }
        return nil
    }

    /// `now()` or `today()`, more or less a constant.
    private func clock(_ node: ExpressionNode) -> ClockAtom.Clock? {
        switch node.form {
        case .call(let function, _):
            switch FunctionCatalogue[function].name {
            case "now": return .now(plus: .zero)
            case "today": return .today(plus: 0)
            default: return nil
            }
        case .convert(.startOfDay, let inner):
            return clock(inner)
        case .timeArithmetic(let operation, let left, let right):
            guard let clock = clock(left) else { return nil }
            var right = right
            while case .convert(.blankAsZero, let inner) = right.form { right = inner }
            guard case .literal(let value) = right.form else { return nil }
            switch (operation, clock, value) {
            case (.datetimeAddDuration, .now(let plus), .duration(let span)): return .now(plus: TimeSpan(microseconds: plus.microseconds + span.microseconds))
            case (.datetimeSubtractDuration, .now(let plus), .duration(let span)): return .now(plus: TimeSpan(microseconds: plus.microseconds - span.microseconds))
            case (.datetimeAddDays, .now(.zero), .number(let days)): return days.truncatedInt.map { .nowDays(plus: $0) }
            case (.datetimeSubtractDays, .now(.zero), .number(let days)): return days.truncatedInt.map { .nowDays(plus: -$0) }
            case (.dateAddDays, .today(let plus), .number(let days)): return days.truncatedInt.map { .today(plus: plus + $0) }
            case (.dateSubtractDays, .today(let plus), .number(let days)): return days.truncatedInt.map { .today(plus: plus - $0) }
            default: return nil
            }
        default:
            return nil
        }
    }

    private func readsClock(_ node: ExpressionNode) -> Bool {
        var reads = false
        node.forEach { node in
            switch node.form {
            case .call(let function, _): if FunctionCatalogue[function].readsClock { reads = true }
            case .field(let field, _), .follow(_, let field): if formula(field) != nil { reads = true }
            default: break
            }
        }
        return reads
    }

    private func asFormula(_ node: ExpressionNode) -> CheckedExpression {
        CheckedExpression(root: node, source: expression.source, reads: expression.reads, variableCount: expression.variableCount)
    }
}
