import Foundation

extension String {
    /// The text in Unicode's normalisation form C, in which names are compared: `é` is one letter however it was typed.
    package var normalizedName: String {
        // Almost every name consists of letters that nothing composes with; asking costs less than normalising.
        unicodeScalars.allSatisfy(\.isAlwaysComposed) ? self : precomposedStringWithCanonicalMapping
    }
}

extension Unicode.Scalar {
    /// True for ranges in which every scalar is its own form C and no neighbour from these ranges changes that.
    fileprivate var isAlwaysComposed: Bool {
        switch value {
        case 0..<0x300, 0x2010...0x2027, 0x3000...0x3029, 0x3041...0x3096, 0x30A0...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xFF01...0xFF60:
            true
        default: false
        }
    }
}
