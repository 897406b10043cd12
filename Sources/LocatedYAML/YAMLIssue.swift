import SourceText

/// What an author got wrong about YAML itself. The wording is in `YAMLIssue+Words.swift`.
enum YAMLIssue: Sendable {
    // The file as a whole
    case fileTooLarge(Span, limitBytes: Int)
    case otherEncoding(Span, name: String)
    case notUTF8(Span)
    case controlCharacter(Span, scalar: UInt32)
    case bidiControl(Span, scalar: UInt32)
    case invisibleCharacter(Span, scalar: UInt32)
    case tooDeep(Span, limit: Int)
    case tooManyNodes(Span, limit: Int)

    // Parts of YAML that are left out
    case directive(Span)
    case secondDocument(Span, isMarked: Bool)
    case anchor(Span, name: String)
    case alias(Span, name: String, quoted: String)
    case tag(Span, quoted: String)
    case mergeKey(Span)
    case questionMarkKey(Span)

    // Keys
    case duplicateKey(Located<String>, first: Span)
    case emptyKey(Span)
    case keyIsNotText(Span)
    case keyTooLong(Span, limit: Int)
    case keyOverLines(Span)
    case missingColon(Span, text: String)

    // Blanks and columns
    case tab(Span, moreLines: Int)
    case wideSpace(Span, scalar: UInt32, fixed: String?)
    case wrongIndentation(Span, WrongIndentation)
    case listOnKeyLine(Span, key: String, item: String, quoted: String)
    case listInMap(Span, key: String?)

    // Full-width signs
    case missingSpace(Span, fixed: String)
    case fullWidthColon(Span, fixed: String, isContinuation: Bool)
    case fullWidthComma(Span, fixed: String)
    case fullWidthQuote(Span, fixed: String)
    case fullWidthBracket(Span, sign: String, fixed: String)

    // Text that YAML takes for something else
    case commentEatsText(Span, fixed: String, isCertain: Bool)
    case commentInText(Span)
    case commentNeedsSpace(Span)
    case needsQuotes(Span, NeedsQuotes, fixed: String)
    case colonInText(Span, fixed: String)
    case commaSplitsText(Span, fixed: String)
    case keyWithoutValue(Located<String>, asList: String?)

    // Quotes and brackets
    case unclosedQuote(Span, endsAt: Span?)
    case unclosedBracket(Span, open: String, close: String)
    case strayBracket(Span, sign: String, opened: Span?)
    case missingComma(Span, quoted: String?)
    case strayComma(Span)
    case unknownEscape(Span, text: String)
    case blockTextHeader(Span)

    /// Nothing more can be said than where reading stopped.
    case syntax(Span)

    enum WrongIndentation: Sendable, Hashable {
        /// Stands between the columns of the blocks that are open here; columns from 1.
        case betweenBlocks([Int])
        /// Deeper than an entry that has its text already; column of that entry, from 1.
        case belowText(column: Int)
        /// A line of a bracket or of quotes reaches as far left as the key it belongs to, or further.
        case continuation(atLeast: Int)
        /// A list item cannot be both text and a list.
        case itemBelowText
        /// Blank lines of a block text reach further in than its first line.
        case blankLines
    }

    enum NeedsQuotes: Sendable, Hashable {
        /// Begins with a sign that means something to YAML.
        case begins(with: String)
        /// Begins with a quote or a bracket, and goes on behind the closing one.
        case goesOn(behind: String)
        /// Braces around a name, where nothing but a text makes sense.
        case template
    }

    /// Stable names; each has a page under `spec/diagnostics/`.
    enum Code: String, CaseIterable, Sendable {
        case fileTooLarge = "file-too-large"
        case notUTF8 = "not-utf8"
        case controlCharacter = "control-character"
        case bidiControl = "bidi-control"
        case invisibleCharacter = "invisible-character"
        case tooDeep = "too-deep"
        case tooManyNodes = "too-many-nodes"
        case directive = "yaml-directive"
        case secondDocument = "second-document"
        case anchor = "yaml-anchor"
        case alias = "yaml-alias"
        case tag = "yaml-tag"
        case mergeKey = "merge-key"
        case questionMarkKey = "question-mark-key"
        case duplicateKey = "duplicate-key"
        case emptyKey = "empty-key"
        case keyIsNotText = "key-is-not-text"
        case keyTooLong = "key-too-long"
        case keyOverLines = "key-over-lines"
        case missingColon = "missing-colon"
        case tab = "tab"
        case wideSpace = "wide-space"
        case wrongIndentation = "wrong-indentation"
        case listOnKeyLine = "list-on-key-line"
        case listInMap = "list-in-map"
        case missingSpace = "missing-space"
        case fullWidthColon = "full-width-colon"
        case fullWidthComma = "full-width-comma"
        case fullWidthQuote = "full-width-quote"
        case fullWidthBracket = "full-width-bracket"
        case commentEatsText = "comment-eats-text"
        case commentInText = "comment-in-text"
        case commentNeedsSpace = "comment-needs-space"
        case needsQuotes = "needs-quotes"
        case colonInText = "colon-in-text"
        case commaSplitsText = "comma-splits-text"
        case keyWithoutValue = "key-without-value"
        case unclosedQuote = "unclosed-quote"
        case unclosedBracket = "unclosed-bracket"
        case strayBracket = "stray-bracket"
        case missingComma = "missing-comma"
        case strayComma = "stray-comma"
        case unknownEscape = "unknown-escape"
        case blockTextHeader = "block-text-header"
        case syntax = "yaml-syntax"
    }
}

/// Every code this room reports, for the test that each has a page.
package let yamlDiagnosticCodes: [String] = YAMLIssue.Code.allCases.map(\.rawValue)

extension Diagnostics {
    mutating func report(_ issue: YAMLIssue) {
        report(issue.diagnostic)
    }
}
