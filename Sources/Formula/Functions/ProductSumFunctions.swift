import SourceText

/// Sums over several lists at once.
enum ProductSumFunctions {
    static let all: [FunctionDefinition] = [sumproduct, sumsq]

    static let sumproduct = FunctionDefinition(
        "sumproduct", aliases: ["乘积和"], [.init([.numbers("values", .repeated)], gives: .moneyOfOne)],
        summary: Words(
            zh: "几个等长的列表或记录集逐项相乘再求和；空值按 0。",
            en: "The sum of the products of lists or sets of the same length, item by item. A blank is 0."),
        examples: [.init("sumproduct(3, 4)", "12")],
        body: { (arguments) throws(FormulaFailure) in
            var products: [ExactDecimal] = []
            for index in arguments.values.indices {
                let items = try arguments.list(index)
                if index == 0 { products = Array(repeating: .one, count: items.count) }
                guard items.count == products.count else { throw FormulaFailure(.domain) }
                for (position, item) in items.enumerated() {
                    switch item {
                    case .number(let number): products[position] = try products[position].multiplied(by: number)
                    case .blank: products[position] = .zero
                    default: throw FormulaFailure(.domain)
                    }
                }
            }
            var sum = ExactDecimal.zero
            for product in products { sum = try sum.adding(product) }
            return .number(sum)
        })

    static let sumsq = FunctionDefinition(
        "sumsq", aliases: ["平方和"], [.init([.numbers("values", .repeated)], gives: .number)],
        summary: Words(zh: "各数平方之和。", en: "The sum of the squares."),
        examples: [.init("sumsq(3, 4)", "25")],
        body: { (arguments) throws(FormulaFailure) in
            var sum = ExactDecimal.zero
            for number in try arguments.numbers(from: 0) { sum = try sum.adding(try number.multiplied(by: number)) }
            return .number(sum)
        })
}
