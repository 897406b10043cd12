/// Functions of the catalogue for which registers have instructions of their own.
enum KnownFunctions {
    static let length = FunctionCatalogue.find("len")
    static let left = FunctionCatalogue.find("left")
    static let beginning = FunctionCatalogue.find("startswith")
    static let round = FunctionCatalogue.find("round")
}
