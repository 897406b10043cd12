// A file's bytes come in, a located tree goes out; what is wrong with the YAML is reported. libyaml takes the text apart; what it
// lets pass and no author means is found here. What is always true: every span of the tree slices to the text it is for; every bound
// holds; what was reported as unreadable is left out and `Diagnostics.hasUnreadParts` says so.
package import SourceText

/// Reads one file into a located tree, by the loading profile of `spec/yaml.md`.
///
/// - Returns: The tree, or nil if the file is empty or could not be read; in the second case `report` says why, located.
///   Never traps and never hangs: bounds hold for size, depth and number of nodes.
package func parseYAML(_ file: SourceFile, _ report: inout Diagnostics) -> YAMLNode? {
    guard var text = YAMLText(file, &report) else {
        report.markUnreadPart()
        return nil
    }
    guard text.bytes[text.start...].contains(where: { !isBlankByte($0) && !isBreakByte($0) }) else { return nil }

    var passedOver: Range<Int>?
    let size = max(1, text.bytes.count)
    let attempts = 1 + min(YAMLLimits.recoveries, YAMLLimits.recoveryBytes / size)
    for _ in 0..<attempts {
        var attempt = report
        let failure: FailureExplainer
        switch readTree(text, &attempt) {
        case .tree(let node):
            report = attempt
            return node
        case .boundExceeded:
            report = attempt
            report.markUnreadPart()
            return nil
        case .failure(let explainer): failure = explainer
        }
        let issue = failure.issue()
        report.markUnreadPart()
        let line = failure.firstLineToPassOver(issue)
        // What stands beside a part that was passed over may be broken by that alone.
        let isBeside = passedOver.map { line >= $0.lowerBound - 1 && line <= $0.upperBound } ?? false
        if !isBeside || issue.saysTheCause { report.report(issue) }
        guard !text.isBlank(line: line) else { return nil }
        passedOver = text.blankBlock(atLine: line)
    }
    return nil
}

private enum ReadResult {
    case tree(YAMLNode?)
    case boundExceeded
    case failure(FailureExplainer)
}

private func readTree(_ text: YAMLText, _ report: inout Diagnostics) -> ReadResult {
    text.bytes.withUnsafeBufferPointer { bytes in
        let reader = EventReader(bytes, start: text.start)
        var builder = TreeBuilder(text: text)
        var documents = 0
        reading: while true {
            do throws(YAMLFailure) {
                let event = try reader.next()
                switch event {
                case .streamEnd: break reading
                case .documentStart(let range):
                    documents += 1
                    guard documents == 1 else {
                        report.report(.secondDocument(text.span(range), isMarked: true))
                        report.markUnreadPart()
                        break reading
                    }
                default: break
                }
                do throws(TreeBuilder.BoundExceeded) {
                    try builder.add(event, &report)
                } catch {
                    return .boundExceeded
                }
            } catch {
                return .failure(FailureExplainer(text: text, builder: builder, failure: error))
            }
        }
        GapCheck(text: text, scalars: builder.scalars).run(&report, before: documents > 1 ? builder.scalars.last?.upperBound ?? text.start : nil)
        return .tree(builder.root)
    }
}

extension YAMLIssue {
    /// Whether the complaint names a mistake of its own, so that it is worth saying even beside another.
    fileprivate var saysTheCause: Bool {
        switch self {
        case .wrongIndentation, .missingColon, .tab, .syntax, .listInMap, .unclosedQuote, .unclosedBracket, .strayBracket, .missingComma, .strayComma, .secondDocument: false
        case .fileTooLarge, .otherEncoding, .notUTF8, .controlCharacter, .bidiControl, .invisibleCharacter, .tooDeep, .tooManyNodes, .directive, .anchor,
            .alias, .tag, .mergeKey, .questionMarkKey, .duplicateKey, .emptyKey, .keyIsNotText, .keyTooLong, .keyOverLines, .wideSpace, .listOnKeyLine, .missingSpace,
            .fullWidthColon, .fullWidthComma, .fullWidthQuote, .fullWidthBracket, .commentEatsText, .commentInText, .commentNeedsSpace, .needsQuotes,
            .colonInText, .commaSplitsText, .keyWithoutValue, .unknownEscape, .blockTextHeader:
            true
        }
    }
}
