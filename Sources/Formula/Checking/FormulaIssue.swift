import SourceText

/// A mistake in a formula and the narrowest range of its text that is wrong.
struct FormulaMistake: Sendable {
    let issue: FormulaIssue
    /// Half-open UTF-8 range in the formula's text.
    let range: Range<Int>

    init(_ issue: FormulaIssue, at range: Range<Int>) {
        self.issue = issue
        self.range = range
    }

    func diagnostic(in source: EmbeddedText) -> Diagnostic {
        Diagnostic(issue.severity, code: issue.code, issue.message, at: source.span(of: range), hint: issue.hint)
    }
}

/// What an author got wrong in a formula. The wording is in the extensions.
enum FormulaIssue: Sendable {
    // Reading characters
    case unterminatedText(quote: String)
    case emptyName
    case unexpectedCharacter(String)
    case foreignOperator(String, instead: String)
    case numberOutOfRange
    case bareUnit(String, readings: [String])
    case businessUnit
    case calendarUnit(String)
    case unknownUnit(String, meant: String)
    case unknownSuffix(String, name: String)

    // Reading structure
    case emptyFormula
    case endsEarly
    case unexpected(String)
    case upperCaseKeyword(String)
    case spaceBeforeBracket(String)
    case unclosedBracket
    case betweenWithoutAnd
    case isWithoutTest
    case tooLong
    case tooManyNodes
    case tooDeep
    case negatedPower
    case chainedPower
    case comparisonChain
    case unclosedBrace
    case strayBrace
    case emptyBraces

    // Names
    /// `on` is the object whose names were looked through; nil where there is no record.
    case unknownName(String, on: String?, meant: NameGuess?)
    case unknownFunction(String, meant: String?)
    /// A function of spreadsheets that this language does without; the words say what to write.
    case refusedFunction(String, Words)
    case unknownRole(String, meant: String?)
    case ambiguousName(String, meanings: [String])
    /// An object and something of the record, a collection or a link, have one name.
    case objectOrMember(String, isLink: Bool)
    case unknownOption(String, of: String, meant: String?, options: [String])
    case notAvailableHere(SyntaxForm.Subject)
    case outsideChange(String)
    /// A link to several objects, and a field of its record that only some have.
    case severalObjects(String, field: String, lacking: [String], having: String?)
    /// The field of that name is another kind of thing on another object.
    case differentFields(String, String, Words, String, Words, link: String)
    /// `link is OBJECT` is always false, or always true.
    case wrongObject(String, String, leads: [String])
    case pathTooLong
    case noFields(of: Words, name: String, instead: String?)

    // Types
    case mismatch(expected: Words, found: Words, hint: Words?)
    case operands(String, left: Words, right: Words, hint: Words?)
    case incomparable(left: Words, right: Words, hint: Words?)
    case alwaysFalse
    /// Both sides are the same field; `own` is how the owning record's is written where that was meant.
    case comparedWithItself(String, own: String?)
    case unordered(Words)
    case branches(Words, Words, hint: Words?)
    case mixedCurrency(String, String)
    case numberBesideMoney
    case notValidatable(Words)

    // Calls and sets
    case yearWithoutData(Int, calendar: String)
    case wrongArity(function: String, usage: [String])
    case notConstant(parameter: String, allowed: [String]?)
    case unknownConstant(String, meant: String?, allowed: [String])
    case badTextFormat(String, isOfDates: Bool)
    case setWithoutAggregate(String)
    case aggregateWithoutSet(function: String, instead: String?)
    case clauseWithoutSet
    case unusedOrder(function: String)
    case nestedSet(String)
    case missingValue(function: String, set: String)
    case missingCondition(function: String, set: String)
    case unexpectedValue(function: String, hint: Words)
    case duplicateCase
    case nameExpected
    case fieldExpected(function: String)
}

/// What a name that nobody knows may have been meant for.
enum NameGuess: Sendable {
    case name(String)
    /// The record around has it.
    case outer(String)
    case option(String)
    case function(String)
    /// An object: something for a set.
    case object(String)
}
