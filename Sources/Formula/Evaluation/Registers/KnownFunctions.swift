/// Functions of the catalogue for which registers have instructions of their own.
enum KnownFunctions {
    static let length = FunctionCatalogue.find("len")
    static let left = FunctionCatalogue.find("left")
    static let beginning = FunctionCatalogue.find("startswith")
    static let round = FunctionCatalogue.find("round")
    private static let partsOfDays: [(id: FunctionID?, operation: Instruction.Operation)] = [
        (FunctionCatalogue.find("year"), .year), (FunctionCatalogue.find("month"), .month), (FunctionCatalogue.find("quarter"), .quarter),
        (FunctionCatalogue.find("day"), .dayOfMonth),
    ]

    /// Of the functions that give a part of a date.
    static func partOfDay(_ id: FunctionID) -> Instruction.Operation? { partsOfDays.first { $0.id == id }?.operation }
}
