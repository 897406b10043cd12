import Formula
import Foundation

/// What a record is found by in the search over everything, and how a typed text is put to it. One form for every store.
package struct SearchText: Sendable, Hashable {
    /// The texts of the record's title, folded.
    package let title: String
    /// How the title is spoken: syllables parted by spaces, ways of speaking one by `|`. Empty without Chinese characters.
    package let sound: String
    /// The record's other short texts, folded.
    package let rest: String

    /// - Parameters:
    ///   - titles: Texts that the record is called by.
    ///   - others: Its other short texts.
    package init(titles: [String], others: [String]) {
        title = Self.folded(titles)
        sound = Self.sound(of: title)
        rest = Self.folded(others)
    }

    package var isEmpty: Bool { title.isEmpty && rest.isEmpty }

    /// Scalars of one record's texts that are looked at, so that a pasted page does not slow down every search.
    private static let longest = 400
    /// Of which are spoken.
    private static let longestSpoken = 80

    /// Case, width and the form of composed letters make no difference.
    private static func folded(_ texts: [String]) -> String {
        var folded = ""
        for text in texts where !text.isEmpty {
            if !folded.isEmpty { folded += "\n" }
            folded += text.utf8.allSatisfy { $0 < 0x80 } ? text.lowercased() : text.precomposedStringWithCompatibilityMapping.lowercased()
        }
        return folded.utf8.count <= longest ? folded : String(folded.unicodeScalars.prefix(longest))
    }

    private static func sound(of title: String) -> String {
        guard title.utf8.contains(where: { $0 >= 0xE3 }) else { return "" }
        var sound = ""
        for ways in Pinyin.ways(of: title.unicodeScalars.prefix(longestSpoken)) where !ways.isEmpty {
            if !sound.isEmpty { sound += " " }
            sound += ways.joined(separator: "|")
        }
        return sound
    }

    /// The words of a typed text, folded; a record is found if it holds every one of them. Empty if there is nothing to look for.
    package static func words(of typed: String) -> [String] {
        // Dots and dashes by themselves, as titles have them between their parts, are no words.
        folded([typed]).split { $0.isWhitespace || $0 == "，" || $0 == "、" || $0 == "," }.filter { $0.contains { $0.isLetter || $0.isNumber } }
            .prefix(mostWords).map(String.init)
    }

    private static let mostWords = 6
}

extension String {
    fileprivate init(_ scalars: some Sequence<Unicode.Scalar>) {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: scalars)
        self = String(view)
    }
}
