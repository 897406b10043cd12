import Foundation

/// How tables, columns and indexes are called in the database: readable, ASCII, and fixed at birth.
///
/// A name is a slug of the author's name (Chinese by its pinyin) and the number under which the catalogue keeps the object or field.
/// One sequence numbers both, so no two names meet, whatever their case; a later rename of the author's changes no physical name.
package enum PhysicalNames {
    /// PostgreSQL cuts names off at 63 bytes; the longest suffix, `_12345678_object`, fits behind the slug.
    package static let maximumBytes = 63
    /// Leaves room for `ix_` before and `_<number>_object` behind.
    static let maximumSlugBytes = 32

    /// Lower-case ASCII letters, digits and single underscores; never empty, never beginning with a digit.
    package static func slug(of name: String) -> String {
        var slug = ""
        for scalar in romanised(name).unicodeScalars {
            switch scalar.value {
            case 0x61...0x7A, 0x30...0x39: slug.unicodeScalars.append(scalar)
            case 0x41...0x5A: slug += String(scalar).lowercased()
            default: if !slug.isEmpty, !slug.hasSuffix("_") { slug += "_" }
            }
            if slug.utf8.count >= maximumSlugBytes { break }
        }
        while slug.hasSuffix("_") { slug.removeLast() }
        guard let first = slug.utf8.first else { return "n" }
        return first >= 0x30 && first <= 0x39 ? "n" + slug : slug
    }

    /// The table of an object, the column of a field or the side table of a field.
    package static func name(slugOf name: String, number: Int64) -> String {
        "\(slug(of: name))_\(number)"
    }

    /// Beside a column with a link to any object: the number of that object in the catalogue.
    package static func objectColumn(of column: String) -> String { column + "_object" }
    /// Beside the column of a computed field: the code of its failure.
    package static func errorColumn(of column: String) -> String { column + "_error" }
    /// The side table of a field with several values. Beside tables, so its name must not be that of its column's table.
    package static func sideTable(of column: String) -> String { column + "_values" }
    package static func index(on column: String) -> String { "ix_" + column }
    package static func uniqueIndex(on column: String) -> String { "ux_" + column }

    /// Every byte of an identifier between double quotes, as SQL wants it. Our own names need no doubling, but nothing relies on that.
    package static func quoted(_ name: String) -> String {
        "\"" + name.replacingOccurrences(of: "\"", with: "\"\"") + "\""
    }

    private static func romanised(_ name: String) -> String {
        if name.utf8.allSatisfy({ $0 < 0x80 }) { return name }
        let latin = name.applyingTransform(.toLatin, reverse: false) ?? name
        return latin.applyingTransform(.stripDiacritics, reverse: false) ?? latin
    }
}
