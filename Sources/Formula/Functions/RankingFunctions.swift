import Foundation
import SourceText

/// Places in a list of numbers. Blanks are skipped.
enum RankingFunctions {
    static let all: [FunctionDefinition] = [large, small, rank, percentile, quartile, mode, geomean, harmean]

    private static let listAndNumber = [FunctionDefinition.Overload([.numbers("values"), .number("place")], gives: .moneyOfAny)]
    private static let lists = [FunctionDefinition.Overload([.numbers("values", .repeated)], gives: .number)]

    static let large = FunctionDefinition(
        "large", aliases: ["第几大"], listAndNumber,
        summary: Words(zh: "列表或记录集中第几大的数。", en: "The largest number of a list or set, the second largest, and so on."),
        examples: [.init("large(5, 1)", "5")],
        body: { (arguments) throws(FormulaFailure) in
            let sorted = try arguments.numbers(at: 0).sorted(by: >)
            let place = try arguments.whole(1)
            guard place >= 1, place <= sorted.count else { throw FormulaFailure(.domain) }
            return .number(sorted[place - 1])
        })

    static let small = FunctionDefinition(
        "small", aliases: ["第几小"], listAndNumber,
        summary: Words(zh: "列表或记录集中第几小的数。", en: "The smallest number of a list or set, the second smallest, and so on."),
        examples: [.init("small(5, 1)", "5")],
        body: { (arguments) throws(FormulaFailure) in
            let sorted = try arguments.numbers(at: 0).sorted()
            let place = try arguments.whole(1)
            guard place >= 1, place <= sorted.count else { throw FormulaFailure(.domain) }
            return .number(sorted[place - 1])
        })

    static let rank = FunctionDefinition(
        "rank", aliases: ["rank.eq", "名次"],
        [.init([.number("number"), .numbers("values"), .number("ascending", .optional)], gives: .number)],
        summary: Words(
            zh: "一个数在列表或记录集中的名次，最大的为 1；第三个参数不为 0 时最小的为 1。",
            en: "The place of a number in a list or set: 1 for the largest, or for the smallest if the third argument is not 0."),
        examples: [.init("rank(5, 5)", "1")],
        body: { (arguments) throws(FormulaFailure) in
            let number = try arguments.number(0), values = try arguments.numbers(at: 1)
            guard values.contains(number) else { throw FormulaFailure(.notFound) }
            let isAscending = try !arguments.number(2).isZero
            return .whole(values.count { isAscending ? $0 < number : $0 > number } + 1)
        })

    static let percentile = FunctionDefinition(
        "percentile", aliases: ["percentile.inc", "百分位数"], [.init([.numbers("values"), .number("part")], gives: .moneyOfAny)],
        summary: Words(
            zh: "列表或记录集的百分位数，例如 90%；落在两数之间时按比例取值。",
            en: "The number below which such a part of a list or set lies, such as 90%; between two numbers in proportion."),
        examples: [.init("percentile(5, 90%)", "5")],
        body: { (arguments) throws(FormulaFailure) in
            .number(try quantile(try arguments.numbers(at: 0), try arguments.number(1)))
        })

    static let quartile = FunctionDefinition(
        "quartile", aliases: ["quartile.inc", "四分位数"], [.init([.numbers("values"), .number("quarter")], gives: .moneyOfAny)],
        summary: Words(
            zh: "列表或记录集的四分位数：0 最小值，1、2、3 各四分位，4 最大值。",
            en: "A quartile of a list or set: 0 is the smallest, 1 to 3 the quarters, 4 the largest."),
        examples: [.init("quartile(5, 1)", "5")],
        body: { (arguments) throws(FormulaFailure) in
            let part = try ExactDecimal(try arguments.whole(1)).divided(by: ExactDecimal(4))
            return .number(try quantile(try arguments.numbers(at: 0), part))
        })

    static let mode = FunctionDefinition(
        "mode", aliases: ["mode.sngl", "众数"], lists,
        summary: Words(zh: "出现次数最多的数；都只出现一次则没有。", en: "The number that comes most often; there is none if each comes once."),
        examples: [.init("mode(1, 2, 2)", "2"), .init("mode(1, 2)", "没有找到")],
        body: { (arguments) throws(FormulaFailure) in
            let numbers = try arguments.numbers(from: 0)
            var counts: [ExactDecimal: Int] = [:]
            for number in numbers { counts[number, default: 0] += 1 }
            let most = counts.values.max() ?? 0
            guard most > 1, let first = numbers.first(where: { counts[$0] == most }) else { throw FormulaFailure(.notFound) }
            return .number(first)
        })

    static let geomean = FunctionDefinition(
        "geomean", aliases: ["几何平均值"], lists,
        summary: Words(zh: "正数的几何平均值。", en: "The geometric mean of positive numbers."), examples: [.init("geomean(2, 8)", "4")],
        body: { (arguments) throws(FormulaFailure) in
            let numbers = try positive(arguments)
            let sum = numbers.reduce(0) { $0 + log($1.doubleValue) }
            return .number(try ExactDecimal(approximating: Foundation.exp(sum / Double(numbers.count))))
        })

    static let harmean = FunctionDefinition(
        "harmean", aliases: ["调和平均值"], lists,
        summary: Words(zh: "正数的调和平均值。", en: "The harmonic mean of positive numbers."), examples: [.init("harmean(2, 6)", "3")],
        body: { (arguments) throws(FormulaFailure) in
            let numbers = try positive(arguments)
            let sum = numbers.reduce(0) { $0 + 1 / $1.doubleValue }
            return .number(try ExactDecimal(approximating: Double(numbers.count) / sum))
        })

    private static func positive(_ arguments: Arguments) throws(FormulaFailure) -> [ExactDecimal] {
        let numbers = try arguments.numbers(from: 0)
        guard !numbers.isEmpty, numbers.allSatisfy({ $0.signum > 0 }) else { throw FormulaFailure(.domain) }
        return numbers
    }

    private static func quantile(_ numbers: [ExactDecimal], _ part: ExactDecimal) throws(FormulaFailure) -> ExactDecimal {
        guard !numbers.isEmpty, !part.isNegative, part <= .one else { throw FormulaFailure(.domain) }
        let sorted = numbers.sorted()
        let place = try part.multiplied(by: ExactDecimal(sorted.count - 1))
        let whole = place.truncatedInt ?? 0
        guard whole + 1 < sorted.count else { return sorted[sorted.count - 1] }
        let rest = try place.subtracting(ExactDecimal(whole))
        return try sorted[whole].adding(try sorted[whole + 1].subtracting(sorted[whole]).multiplied(by: rest))
    }
}
