package import SourceText

/// Which function of the catalogue: its position in `FunctionCatalogue.all`.
package struct FunctionID: Sendable, Hashable {
    package let index: Int

    package init(index: Int) {
        self.index = index
    }
}

/// A function that authors may call: one entry of the table that drives checker, evaluator, lowering, documentation and editors.
///
/// Forms that evaluate their arguments lazily or over sets (`if`, `coalesce`, `sum` …) are not functions but forms of the language;
/// the checker knows them by name from `SpecialForm`.
package struct FunctionDefinition: Sendable {
    /// Lower case, as it is re-printed.
    package let name: String
    /// Chinese names and Excel's other spellings, lower case.
    package let aliases: [String]
    /// Tried in order; the first that fits is taken.
    package let overloads: [Overload]
    /// What a blank argument counts as.
    package let blank: BlankRule
    /// Whether the value changes with the clock.
    package let readsClock: Bool
    /// Whether the value depends on which days are worked.
    package let readsCalendar: Bool
    package let summary: Words
    /// A call and what it gives, run by the tests: `("left('中文', 1)", "中")`.
    package let examples: [Example]
    /// Arguments are as the overload says; none is a failure, and blanks have been treated by `blank` (an empty text stays `.blank`).
    package let evaluate: @Sendable (_ arguments: [Value], _ moment: Moment) -> Value
    /// Whether it has a value for all arguments, so that statements need not ask.
    package let neverFails: Bool
    /// The same without a list of values, for numbers; nil where there is no need.
    let numeric: Numeric?

    /// A function of one number or two, where the second may be left out.
    enum Numeric: Sendable {
        case one(@Sendable (ExactDecimal) throws(FormulaFailure) -> ExactDecimal)
        case two(@Sendable (ExactDecimal, ExactDecimal) throws(FormulaFailure) -> ExactDecimal, second: ExactDecimal?)
    }

    package enum BlankRule: Sendable, Hashable {
        /// 0 for numbers, empty for texts.
        case zero
        /// Any blank argument gives blank.
        case blank
        /// Blanks come through to `evaluate`.
        case passed
    }

    package struct Example: Sendable {
        package let call: String
        package let result: String

        package init(_ call: String, _ result: String) {
            self.call = call
            self.result = result
        }
    }

    package struct Overload: Sendable {
        package let parameters: [Parameter]
        package let result: Result

        package init(_ parameters: [Parameter], gives result: Result) {
            self.parameters = parameters
            self.result = result
        }
    }

    package struct Parameter: Sendable {
        package let name: String
        package let kind: ParameterKind
        package let presence: Presence

        package enum Presence: Sendable, Hashable {
            case required, optional, repeated
            /// Left out, it is `now()`, or `today()` for a date.
            case clock
        }

        package init(_ name: String, _ kind: ParameterKind, _ presence: Presence = .required) {
            self.name = name
            self.kind = kind
            self.presence = presence
        }
    }

    package enum ParameterKind: Sendable, Hashable {
        case number
        case text
        case bool
        case date
        case datetime
        case duration
        case option
        /// Several options of a list, or tags.
        case options
        case link
        case location
        /// A number, a list of numbers, or one value of each record of a set.
        case numbers
        /// Dates, as `numbers`.
        case dates
        /// Values as they stand in a text, as `numbers`.
        case texts
        case anything
        /// A text that must be written in the formula itself, such as a unit or a format.
        case constantText(oneOf: [String]?)
        /// The name of a calendar, written in the formula itself: one that everybody has, or one of the app's.
        case calendar
        /// A format that must be written in the formula itself.
        case numberFormat, dateFormat
    }

    package enum Result: Sendable, Hashable {
        case type(FormulaType)
        /// The type of the argument at this position (money stays money).
        case sameAs(Int)
        /// Money if any argument is, else a number; all in one currency.
        case moneyOfAny
        /// Money if one argument is: a product with it. Of none or several, a number.
        case moneyOfOne
    }

    package init(
        _ name: String, aliases: [String] = [], _ overloads: [Overload], blank: BlankRule,
        readsClock: Bool = false, readsCalendar: Bool = false, neverFails: Bool = false, summary: Words, examples: [Example],
        evaluate: @escaping @Sendable (_ arguments: [Value], _ moment: Moment) -> Value
    ) {
        self.name = name
        self.aliases = aliases
        self.overloads = overloads
        self.blank = blank
        self.readsClock = readsClock
        self.readsCalendar = readsCalendar
        self.neverFails = neverFails
        self.summary = summary
        self.examples = examples
        self.evaluate = evaluate
        numeric = nil
    }

    /// A function over its arguments, a failure thrown.
    init(
        _ name: String, aliases: [String] = [], _ overloads: [Overload], blank: BlankRule = .zero,
        readsClock: Bool = false, readsCalendar: Bool = false, neverFails: Bool = false, summary: Words, examples: [Example],
        body: @escaping @Sendable (Arguments) throws(FormulaFailure) -> Value
    ) {
        self.init(
            name, aliases: aliases, overloads, blank: blank, readsClock: readsClock, readsCalendar: readsCalendar,
            neverFails: neverFails, summary: summary, examples: examples
        ) { values, moment in
            do throws(FormulaFailure) {
                return try body(Arguments(values: values, moment: moment))
            } catch {
                return .failure(error)
            }
        }
    }

    /// A function of numbers.
    init(
        _ name: String, aliases: [String] = [], _ overloads: [Overload], neverFails: Bool = false, summary: Words, examples: [Example],
        numeric: Numeric
    ) {
        self.name = name
        self.aliases = aliases
        self.overloads = overloads
        blank = .zero
        readsClock = false
        readsCalendar = false
        self.neverFails = neverFails
        self.summary = summary
        self.examples = examples
        self.numeric = numeric
        evaluate = { values, moment in
            let arguments = Arguments(values: values, moment: moment)
            do throws(FormulaFailure) {
                switch numeric {
                case .one(let function): return .number(try function(try arguments.number(0)))
                case .two(let function, let second):
                    return .number(try function(try arguments.number(0), try arguments.number(1, else: second ?? .zero)))
                }
            } catch {
                return .failure(error)
            }
        }
    }
}

/// The instant and the place in which a formula is evaluated.
package struct Moment: Sendable {
    /// Frozen for a transaction.
    package let now: Instant
    package let zone: Zone
    /// In which options' labels, yes and no are put into texts.
    package let language: Language
    /// Which days are worked, and from when to when.
    package let calendar: BusinessCalendar
    /// The app's own calendars, by name.
    package let calendars: [String: BusinessCalendar]

    package init(
        now: Instant, zone: Zone, language: Language = .zh, calendar: BusinessCalendar = .plain, calendars: [String: BusinessCalendar] = [:]
    ) {
        self.now = now
        self.zone = zone
        self.language = language
        self.calendar = calendar
        self.calendars = calendars
    }

    /// The calendar of this name: the app's own, or one that everybody has. Nil if there is none.
    package func calendar(named name: String) -> BusinessCalendar? { calendars[name] ?? BusinessCalendar.named(name) }
}
