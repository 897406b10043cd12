import Foundation
import SourceText

/// What texts from outside hold: addresses of pages, names to sort by, fingerprints.
enum ForeignTextFunctions {
    static let all: [FunctionDefinition] = [query, pinyin, hash]

    static let query = FunctionDefinition(
        "query", aliases: ["网址参数"], [.init([.text("url"), .text("name")], gives: .text)], blank: .blank, neverFails: true,
        summary: Words(zh: "网址中某个参数的值，例如 utm_source；没有则为空。", en: "The value of a parameter in the address of a page, such as `utm_source`; blank if it is not there."),
        examples: [
            .init("query('https://example.com/f?utm_source=douyin&utm_campaign=%E6%98%A5%E5%AD%A3', 'utm_campaign')", "春季"),
            .init("query('https://example.com/', 'utm_source') is blank", "是"),
        ],
        body: { (arguments) throws(FormulaFailure) in
            let address = try arguments.text(0)
            let name = try arguments.text(1)
            guard let mark = address.firstIndex(of: "?") else { return .blank }
            let fields = address[address.index(after: mark)...].prefix { $0 != "#" }.split(separator: "&")
            for field in fields {
                let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                guard ExactText.areEqual(decoded(parts[0]), name) else { continue }
                return Value(text: parts.count > 1 ? decoded(parts[1]) : "")
            }
            return .blank
        })

    static let pinyin = FunctionDefinition(
        "pinyin", aliases: ["拼音"], [.init([.text("text")], gives: .text)], blank: .blank, neverFails: true,
        summary: Words(zh: "汉字的拼音，不带声调，用空格隔开。", en: "Chinese characters as pinyin without tones, separated by spaces."),
        examples: [.init("pinyin('张三')", "zhang san")],
        body: { (arguments) throws(FormulaFailure) in
            try TextLimit.checked(Pinyin.latin(try arguments.text(0)))
        })

    static let hash = FunctionDefinition(
        "hash", aliases: ["指纹"], [.init([.text("text")], gives: .text)], blank: .blank, neverFails: true,
        summary: Words(zh: "文本的 SHA-256 指纹，64 位十六进制。", en: "The SHA-256 fingerprint of a text, in 64 hexadecimal digits."),
        examples: [.init("hash('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")],
        body: { (arguments) throws(FormulaFailure) in .text(SHA256.hexadecimal(of: Array(try arguments.text(0).utf8))) })

    private static func decoded(_ part: Substring) -> String {
        let spaced = String(part.map { $0 == "+" ? " " : $0 })
        return spaced.removingPercentEncoding ?? spaced
    }
}
