import SourceText

/// What has no operator of its own.
enum LogicFunctions {
    static let all: [FunctionDefinition] = [xor, error]

    static let xor = FunctionDefinition(
        "xor", aliases: ["异或"], [.init([.init("condition", .bool), .init("more", .bool, .repeated)], gives: .bool)], blank: .passed,
        neverFails: true,
        summary: Words(zh: "成立的条件是否为奇数个。", en: "Whether an odd number of the conditions hold."),
        examples: [.init("xor(1 < 2, 2 < 1)", "是"), .init("xor(1 < 2, 2 < 3)", "否")],
        body: { (arguments) throws(FormulaFailure) in
            var isOdd = false
            for position in 0..<arguments.count where try arguments.bool(position) { isOdd.toggle() }
            return .bool(isOdd)
        })

    static let error = FunctionDefinition(
        "error", aliases: ["报错"], [.init([.text("text")], gives: .type(.blank))], blank: .passed,
        summary: Words(zh: "没有值，而是以这段话报错。", en: "No value, but an error in these words."),
        examples: [.init("error('超出授信')", "超出授信")],
        body: { (arguments) throws(FormulaFailure) in throw FormulaFailure(.custom, text: try arguments.text(0)) })
}
