import SourceText

/// The simple case mapping of Unicode, by which `upper` and `lower` go.
package enum LetterCase {
    package static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar { TextCaseFunctions.upper(scalar) }
    package static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar { TextCaseFunctions.lower(scalar) }
}

/// Letters by the simple case mapping of Unicode: one scalar becomes one scalar.
enum TextCaseFunctions {
    static let all: [FunctionDefinition] = [upper, lower, proper]

    static let upper = FunctionDefinition(
        "upper", aliases: ["大写"], [.init([.text("text")], gives: .text)], neverFails: true,
        summary: Words(zh: "字母全部大写。", en: "All letters upper case."),
        examples: [.init("upper('café')", "CAFÉ")],
        body: { (arguments) throws(FormulaFailure) in Value(text: upper(try arguments.text(0))) })

    static let lower = FunctionDefinition(
        "lower", aliases: ["小写"], [.init([.text("text")], gives: .text)], neverFails: true,
        summary: Words(zh: "字母全部小写。", en: "All letters lower case."),
        examples: [.init("lower('ÀÉ')", "àé")],
        body: { (arguments) throws(FormulaFailure) in Value(text: lower(try arguments.text(0))) })

    static let proper = FunctionDefinition(
        "proper", aliases: ["首字母大写"], [.init([.text("text")], gives: .text)], neverFails: true,
        summary: Words(zh: "每个单词首字母大写，其余小写。", en: "The first letter of each word upper case, the others lower."),
        examples: [.init("proper('john o''brien')", "John O'Brien")],
        body: { (arguments) throws(FormulaFailure) in
            var result = String.UnicodeScalarView()
            var isInside = false
            for scalar in try arguments.text(0).unicodeScalars {
                result.append(isInside ? lower(scalar) : upper(scalar))
                isInside = scalar.properties.isAlphabetic
            }
            return Value(text: String(result))
        })

    static func upper(_ text: String) -> String { mapped(text, upper) }
    static func lower(_ text: String) -> String { mapped(text, lower) }

    private static func mapped(_ text: String, _ mapping: (Unicode.Scalar) -> Unicode.Scalar) -> String {
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { result.append(mapping(scalar)) }
        return String(result)
    }

    static func upper(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return scalar.value >= 97 && scalar.value <= 122 ? Unicode.Scalar(UInt8(scalar.value - 32)) : scalar }
        return single(scalar.properties.uppercaseMapping, else: scalar)
    }

    static func lower(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        if scalar.isASCII { return scalar.value >= 65 && scalar.value <= 90 ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar }
        return single(scalar.properties.lowercaseMapping, else: scalar)
    }

    /// Where Unicode maps one letter to several, as ß to SS, the simple mapping leaves it alone.
    private static func single(_ mapping: String, else scalar: Unicode.Scalar) -> Unicode.Scalar {
        let mapped = mapping.unicodeScalars
        guard let first = mapped.first, mapped.count == 1 else { return scalar }
        return first
    }
}
