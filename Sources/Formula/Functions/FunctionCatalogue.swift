/// Every function that authors may call, in the order of the documentation.
package enum FunctionCatalogue {
    /// By `FunctionID.index`.
    package static let all: [FunctionDefinition] =
        [
            RoundingFunctions.all, DivisionFunctions.all, PowerFunctions.all, WholeNumberFunctions.all,
            ProductSumFunctions.all, RankingFunctions.all,
            TextPartFunctions.all, TextCaseFunctions.all, TextRewritingFunctions.all, TextSearchFunctions.all, TextListFunctions.all,
            ForeignTextFunctions.all, ConversionFunctions.all,
            ClockFunctions.all, CalendarFunctions.all, DateArithmeticFunctions.all, YearFractionFunctions.all, BusinessTimeFunctions.all,
            DurationFunctions.all, AnnuityFunctions.all, LoanFunctions.all, CashFlowFunctions.all, InterestFunctions.all,
            DepreciationFunctions.all, PlaceFunctions.all, DecayFunctions.all, LogicFunctions.all,
        ].flatMap { $0 }

    /// The function of this name or alias; case does not count. Nil if there is none.
    package static func find(_ name: String) -> FunctionID? {
        byName[name.lowercased()]
    }

    package static subscript(id: FunctionID) -> FunctionDefinition { all[id.index] }

    private static let byName: [String: FunctionID] = {
        var byName: [String: FunctionID] = [:]
        for (index, function) in all.enumerated() {
            for name in [function.name] + function.aliases {
                let taken = byName.updateValue(FunctionID(index: index), forKey: name)
                precondition(taken == nil, "two functions are called \(name)")
            }
        }
        return byName
    }()
}
