package import Formula

extension CompiledComputation {
    /// The field's value, rounded to its decimals as it will be stored; what does not fit the column is the failure OVERFLOW.
    package func value(in frame: Frame) throws -> Value {
        var value: Value
        if evaluators.count == 1 {
            value = try evaluators[0].value(in: frame)
        } else {
            value = try sum(in: frame)
        }
        if let decimals, case .number(let number) = value { value = number.stored(decimals: decimals) }
        return value
    }

    private func sum(in frame: Frame) throws -> Value {
        var total = ExactDecimal.zero
        for evaluator in evaluators {
            switch try evaluator.value(in: frame) {
            case .number(let points):
                do { total = try total.adding(points) } catch { return .failure(error) }
            case .failure(let failure):
                return .failure(failure)
            case .blank, .bool, .text, .date, .instant, .duration, .option, .options, .location, .link, .links, .list:
                continue
            }
        }
        return .number(total)
    }
}

extension ExactDecimal {
    /// The number as a column of so many decimals gives it back.
    package func stored(decimals: Int) -> Value {
        if Int(scale) <= decimals, mantissa >= -999_999_999, mantissa <= 999_999_999, decimals <= 9 { return .number(self) }
        guard let scaled = scaled(decimals: decimals) else { return .failure(FormulaFailure(.overflow)) }
        return .number(ExactDecimal(scaled: scaled, decimals: decimals))
    }
}
