import SourceText

/// What has no operator of its own.
enum LogicFunctions {
    static let all: [FunctionDefinition] = [error]

    static let error = FunctionDefinition(
        "error", aliases: ["报错"], [.init([.text("text")], gives: .type(.blank))], blank: .passed,
        summary: Words(zh: "没有值，而是以这段话报错。", en: "No value, but an error in these words."),
        examples: [.init("error('超出授信')", "超出授信")],
        body: { (arguments) throws(FormulaFailure) in throw FormulaFailure(.custom, text: try arguments.text(0)) })
}
