/// Cuts the text of a formula into tokens. Whatever stands in it, it ends, and its last token is `.end`.
///
/// Outside text, full-width punctuation counts as its ASCII twin, as Chinese input methods produce it.
struct Lexer {
    private let scalars: [Unicode.Scalar]
    /// UTF-8 offset of each scalar, and of the end.
    private let offsets: [Int]
    private var position = 0
    private(set) var tokens: [Token] = []
    private(set) var mistakes: [FormulaMistake] = []

    private init(_ text: String, from start: Int) {
        var scalars: [Unicode.Scalar] = []
        var offsets: [Int] = []
        var offset = 0
        for scalar in text.unicodeScalars {
            scalars.append(scalar)
            offsets.append(offset)
            offset += UTF8.width(scalar)
        }
        offsets.append(offset)
        self.scalars = scalars
        self.offsets = offsets
        while position < scalars.count, offsets[position] < start { position += 1 }
    }

    static func tokens(of text: String) -> (tokens: [Token], mistakes: [FormulaMistake]) {
        var lexer = Lexer(text, from: 0)
        while lexer.next() {}
        return (lexer.tokens, lexer.mistakes)
    }

    // MARK: Scalars

    private func scalar(at index: Int) -> Unicode.Scalar? {
        index < scalars.count ? scalars[index] : nil
    }

    /// The scalar with full-width punctuation taken as ASCII; letters and digits stay.
    private func twin(at index: Int) -> Unicode.Scalar? {
        guard let scalar = scalar(at: index) else { return nil }
        return Lexer.asciiTwin(of: scalar)
    }

    static func asciiTwin(of scalar: Unicode.Scalar) -> Unicode.Scalar {
        guard (0xFF01...0xFF5E).contains(scalar.value), let ascii = Unicode.Scalar(scalar.value - 0xFEE0) else { return scalar }
        return ascii.properties.isAlphabetic || ("0"..."9").contains(ascii) || ascii == "_" ? scalar : ascii
    }

    private static func isSpace(_ scalar: Unicode.Scalar) -> Bool {
        // Unicode's properties are looked up in tables; nearly every scalar of a formula is ASCII.
        if scalar.isASCII { return scalar == " " || (0x09...0x0D).contains(scalar.value) }
        // A byte order mark and zero-width spaces come along when formulas are pasted.
        return scalar.properties.isWhitespace || scalar == "\u{FEFF}" || scalar == "\u{200B}"
    }

    /// The value of a digit, full-width ones too.
    private static func digit(_ scalar: Unicode.Scalar) -> Int128? {
        switch scalar.value {
        case 0x30...0x39: Int128(scalar.value - 0x30)
        case 0xFF10...0xFF19: Int128(scalar.value - 0xFF10)
        default: nil
        }
    }

    static func beginsName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar == "_" || (0x61...0x7A).contains(scalar.value | 0x20) }
        return switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .letterNumber: true
        default: scalar == "_"
        }
    }

    static func continuesName(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return beginsName(scalar) || (0x30...0x39).contains(scalar.value) }
        return switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .decimalNumber: true
        default: beginsName(scalar)
        }
    }

    /// Whether `text` can stand in a formula without backquotes.
    static func isPlainName(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, beginsName(first), Keyword(rawValue: text) == nil else { return false }
        return text.unicodeScalars.allSatisfy(continuesName)
    }

    // MARK: Tokens

    private mutating func add(_ kind: Token.Kind, from start: Int) {
        tokens.append(Token(kind: kind, range: offsets[start]..<offsets[position]))
    }

    private mutating func report(_ issue: FormulaIssue, from start: Int) {
        mistakes.append(FormulaMistake(issue, at: offsets[start]..<offsets[position]))
    }

    /// Reads one token; false once the end has been added.
    private mutating func next() -> Bool {
        while let scalar = scalar(at: position), Lexer.isSpace(scalar) { position += 1 }
        let start = position
        guard let scalar = twin(at: position) else {
            add(.end, from: start)
            return false
        }
        if Lexer.digit(scalar) != nil || (scalar == "." && startsFraction(at: position)) {
            number()
        } else if Lexer.beginsName(scalar) {
            name()
        } else {
            position += 1
            switch scalar {
            case "'", "‘", "’", "\"", "“", "”": text(openedBy: scalar, from: start)
            case "`": quotedName(from: start)
            default: symbol(scalar, from: start)
            }
        }
        return true
    }

    /// `.5` is a number where no value stands before it.
    private func startsFraction(at index: Int) -> Bool {
        guard let following = scalar(at: index + 1), Lexer.digit(following) != nil else { return false }
        switch tokens.last?.kind {
        case .name, .quotedName, .symbol(.rightParenthesis), .keyword, .number, .text, .duration: return false
        case .symbol, .broken, .end, nil: return true
        }
    }

    private mutating func name() {
        let start = position
        let word = takeWord()
        add(Keyword(rawValue: word).map(Token.Kind.keyword) ?? .name(word), from: start)
    }

    private mutating func takeWord() -> String {
        var word = String.UnicodeScalarView()
        while let scalar = scalar(at: position), Lexer.continuesName(scalar) {
            word.append(scalar)
            position += 1
        }
        return String(word)
    }

    private mutating func text(openedBy opener: Unicode.Scalar, from start: Int) {
        let closer: Unicode.Scalar =
            switch opener {
            case "“", "”": "”"
            case "‘", "’": "’"
            default: opener
            }
        // An ASCII quote may be closed by its full-width twin: input methods switch in the middle.
        func closes(_ index: Int) -> Bool {
            guard let scalar = scalar(at: index) else { return false }
            return scalar == closer || (closer.isASCII && Lexer.asciiTwin(of: scalar) == closer)
        }
        var content = String.UnicodeScalarView()
        while let scalar = scalar(at: position) {
            if closes(position) {
                guard closes(position + 1) else {
                    position += 1
                    add(.text(String(content)), from: start)
                    return
                }
                position += 1
            }
            content.append(scalar)
            position += 1
        }
        mistakes.append(FormulaMistake(.unterminatedText(quote: String(scalars[start])), at: offsets[start]..<offsets[start + 1]))
        add(.broken, from: start)
    }

    private mutating func quotedName(from start: Int) {
        var content = String.UnicodeScalarView()
        while let scalar = scalar(at: position) {
            position += 1
            guard Lexer.asciiTwin(of: scalar) != "`" else {
                if content.isEmpty {
                    report(.emptyName, from: start)
                    add(.broken, from: start)
                } else {
                    add(.quotedName(String(content)), from: start)
                }
                return
            }
            content.append(scalar)
        }
        mistakes.append(FormulaMistake(.unterminatedText(quote: "`"), at: offsets[start]..<offsets[start + 1]))
        add(.broken, from: start)
    }

    private mutating func symbol(_ scalar: Unicode.Scalar, from start: Int) {
        func follows(_ other: Unicode.Scalar) -> Bool { twin(at: position) == other }
        /// What other languages write: said once, and then read as what it means.
        func instead(_ kind: Token.Kind, _ spelling: String) {
            report(.foreignOperator(String(String.UnicodeScalarView(scalars[start..<position])), instead: spelling), from: start)
            add(kind, from: start)
        }
        switch scalar {
        case "+": add(.symbol(.plus), from: start)
        case "-": add(.symbol(.minus), from: start)
        case "*": add(.symbol(.star), from: start)
        case "/": add(.symbol(.slash), from: start)
        case "^": add(.symbol(.caret), from: start)
        case "(": add(.symbol(.leftParenthesis), from: start)
        case ")": add(.symbol(.rightParenthesis), from: start)
        case ",": add(.symbol(.comma), from: start)
        case ".": add(.symbol(.dot), from: start)
        case "&" where follows("&"):
            position += 1
            instead(.keyword(.and), "and")
        case "&": add(.symbol(.ampersand), from: start)
        case "|" where follows("|"):
            position += 1
            instead(.keyword(.or), "or")
        case "=" where follows("=") && !tokens.isEmpty:
            position += 1
            instead(.symbol(.equal), "=")
        case "=": add(.symbol(.equal), from: start)
        case "<" where follows(">"):
            position += 1
            add(.symbol(.notEqual), from: start)
        case "<" where follows("="):
            position += 1
            add(.symbol(.lessOrEqual), from: start)
        case "<": add(.symbol(.less), from: start)
        case ">" where follows("="):
            position += 1
            add(.symbol(.greaterOrEqual), from: start)
        case ">": add(.symbol(.greater), from: start)
        case "!" where follows("="):
            position += 1
            add(.symbol(.notEqual), from: start)
        case "!": instead(.keyword(.not), "not")
        case "≠": instead(.symbol(.notEqual), "<>")
        case "≤", "≦": instead(.symbol(.lessOrEqual), "<=")
        case "≥", "≧": instead(.symbol(.greaterOrEqual), ">=")
        case "×", "✕": instead(.symbol(.star), "*")
        case "÷": instead(.symbol(.slash), "/")
        case "−", "–", "—": instead(.symbol(.minus), "-")
        case "、", ";": instead(.symbol(.comma), ",")
        case "【": instead(.symbol(.leftParenthesis), "(")
        case "】": instead(.symbol(.rightParenthesis), ")")
        default:
            report(.unexpectedCharacter(String(scalars[start])), from: start)
            add(.broken, from: start)
        }
    }

    // MARK: Numbers

    private mutating func number() {
        let start = position
        var digits = Digits()
        while let scalar = scalar(at: position), let digit = Lexer.digit(scalar) {
            digits.append(digit)
            position += 1
        }
        if twin(at: position) == ".", let following = scalar(at: position + 1), Lexer.digit(following) != nil {
            position += 1
            digits.point()
            while let scalar = scalar(at: position), let digit = Lexer.digit(scalar) {
                digits.append(digit)
                position += 1
            }
        }
        let figures = digits.spelling
        if twin(at: position) == "%" {
            position += 1
            finish(digits.value(timesTenTo: -2), isPercent: true, spelling: figures + "%", from: start)
            return
        }
        if let exponent = takeExponent() {
            finish(digits.value(timesTenTo: exponent), isPercent: false, spelling: "\(figures)E\(exponent)", from: start)
            return
        }
        let numberEnd = position
        let word = takeWord()
        guard word.isEmpty else {
            suffix(word, behind: digits, figures, from: start)
            return
        }
        // `3 days`: a unit may stand apart; any other word behind a number is not the number's business.
        while let scalar = scalar(at: position), Lexer.isSpace(scalar) { position += 1 }
        let apart = takeWord()
        if DurationUnit(word: apart) != nil || DurationUnit.misspelling(of: apart) != nil {
            suffix(apart, behind: digits, figures, from: start)
        } else {
            position = numberEnd
            finish(digits.value(timesTenTo: 0), isPercent: false, spelling: figures, from: start)
        }
    }

    /// The power of ten of a number as spreadsheets and machines write it: `1.5E-3`.
    private mutating func takeExponent() -> Int? {
        guard let letter = scalar(at: position), letter == "e" || letter == "E" else { return nil }
        var end = position + 1
        let sign = twin(at: end)
        if sign == "+" || sign == "-" { end += 1 }
        var exponent = 0
        let firstDigit = end
        while let scalar = scalar(at: end), let digit = Lexer.digit(scalar) {
            exponent = min(exponent * 10 + Int(digit), 1_000)
            end += 1
        }
        guard end > firstDigit else { return nil }
        if let following = scalar(at: end), Lexer.continuesName(following) { return nil }
        position = end
        return sign == "-" ? -exponent : exponent
    }

    private mutating func finish(_ value: ExactDecimal?, isPercent: Bool, spelling: String, from start: Int) {
        guard let value else {
            report(.numberOutOfRange, from: start)
            add(.broken, from: start)
            return
        }
        add(.number(NumberLiteral(value: value, isPercent: isPercent, spelling: spelling)), from: start)
    }

    private mutating func suffix(_ word: String, behind digits: Digits, _ figures: String, from start: Int) {
        let power: Int? =
            switch word {
            case "千", "K": 3
            case "万": 4
            case "M": 6
            case "亿": 8
            case "B": 9
            default: nil
            }
        if let power {
            finish(digits.value(timesTenTo: power), isPercent: false, spelling: figures + word, from: start)
        } else if let unit = DurationUnit(word: word) {
            duration(digits, unit, spelling: figures + (unit.days != nil && word.utf8.first.map { $0 < 0x80 } == true ? " " : "") + word, from: start)
        } else {
            switch DurationUnit.misspelling(of: word) {
            case .ambiguous(let readings): report(.bareUnit(word, readings: readings.map { figures + $0 }), from: start)
            case .business:
                takeBusinessUnit(word)
                report(.businessUnit, from: start)
            case .calendar: report(.calendarUnit(word), from: start)
            case .meant(let unit): report(.unknownUnit(word, meant: figures + unit), from: start)
            case nil: report(.unknownSuffix(word, name: figures + word), from: start)
            }
            add(.broken, from: start)
        }
    }

    /// `business days`: the second word belongs to the mistake.
    private mutating func takeBusinessUnit(_ word: String) {
        guard word == "business" else { return }
        let end = position
        while let scalar = scalar(at: position), Lexer.isSpace(scalar) { position += 1 }
        if !["day", "days", "hour", "hours"].contains(takeWord()) { position = end }
    }

    private mutating func duration(_ digits: Digits, _ unit: DurationUnit, spelling: String, from start: Int) {
        guard let value = digits.value(timesTenTo: 0) else {
            report(.numberOutOfRange, from: start)
            add(.broken, from: start)
            return
        }
        let (product, overflow) = value.mantissa.multipliedReportingOverflow(by: unit.microseconds)
        let divisor = (0..<value.scale).reduce(Int128(1)) { power, _ in power * 10 }
        guard !overflow, product % divisor == 0, let microseconds = Int64(exactly: product / divisor) else {
            report(.numberOutOfRange, from: start)
            add(.broken, from: start)
            return
        }
        let days = unit.days.flatMap { factor -> ExactDecimal? in
            let (days, overflow) = value.mantissa.multipliedReportingOverflow(by: factor)
            return overflow ? nil : Digits.decimal(mantissa: days, scale: Int(value.scale))
        }
        add(.duration(DurationLiteral(value: TimeSpan(microseconds: microseconds), days: days, spelling: spelling)), from: start)
    }

    /// Digits on their way to an exact number.
    private struct Digits {
        /// At most 38 digits fit; nil once there were more.
        private var mantissa: Int128? = 0
        private var scale = 0
        private var isBehindPoint = false
        private(set) var spelling = ""

        mutating func point() {
            isBehindPoint = true
            spelling += spelling.isEmpty ? "0." : "."
        }

        mutating func append(_ digit: Int128) {
            spelling += String(digit)
            if isBehindPoint { scale += 1 }
            guard let value = mantissa else { return }
            let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
            mantissa = overflow || tens > Digits.largest - digit ? nil : tens + digit
        }

        /// Nil beyond 38 digits or 20 decimals.
        func value(timesTenTo power: Int) -> ExactDecimal? {
            guard let mantissa else { return nil }
            return Digits.decimal(mantissa: mantissa, scale: scale - power)
        }

        static let largest: Int128 = (0..<38).reduce(Int128(1)) { power, _ in power * 10 } - 1

        /// `mantissa / 10^scale` in normal form; the scale may be negative.
        static func decimal(mantissa: Int128, scale: Int) -> ExactDecimal? {
            var mantissa = mantissa
            var scale = scale
            if mantissa == 0 { return .zero }
            while scale < 0 {
                let (tens, overflow) = mantissa.multipliedReportingOverflow(by: 10)
                guard !overflow else { return nil }
                mantissa = tens
                scale += 1
            }
            while scale > 0, mantissa % 10 == 0 {
                mantissa /= 10
                scale -= 1
            }
            guard mantissa <= largest, scale <= 20 else { return nil }
            return ExactDecimal(normalMantissa: mantissa, scale: UInt8(scale))
        }
    }
}
