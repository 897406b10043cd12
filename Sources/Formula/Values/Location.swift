/// A place on earth by its coordinates, in WGS 84 degrees with 6 decimals (about 0.1 m), which is what phones and maps give.
package struct Location: Sendable, Hashable {
    /// Millionths of a degree north of the equator; -90,000,000 … 90,000,000.
    package let latitudeMicrodegrees: Int32
    /// Millionths of a degree east of Greenwich; -180,000,000 … 180,000,000.
    package let longitudeMicrodegrees: Int32

    private static let decimals = 6
    private static let latitudes: ClosedRange<Int64> = -90_000_000...90_000_000
    private static let longitudes: ClosedRange<Int64> = -180_000_000...180_000_000

    /// Degrees, rounded to 6 decimals; nil if they lie on no map.
    package init?(latitude: ExactDecimal, longitude: ExactDecimal) {
        guard let north = try? latitude.rounded(decimals: Self.decimals).scaled(decimals: Self.decimals), Self.latitudes.contains(north),
            let east = try? longitude.rounded(decimals: Self.decimals).scaled(decimals: Self.decimals), Self.longitudes.contains(east)
        else { return nil }
        latitudeMicrodegrees = Int32(north)
        longitudeMicrodegrees = Int32(east)
    }

    /// `30.2741,120.1551`: latitude first, as maps and people write it; blanks, a full-width comma, and brackets around are overlooked.
    package init?(_ text: String) {
        var rest = Substring(text)
        while let first = rest.first, " (（\t".contains(first) { rest.removeFirst() }
        while let last = rest.last, " )）\t".contains(last) { rest.removeLast() }
        let parts = rest.split(omittingEmptySubsequences: false) { ",，".contains($0) }.map { $0.filter { $0 != " " } }
        guard parts.count == 2, let latitude = ExactDecimal(parts[0]), let longitude = ExactDecimal(parts[1]) else { return nil }
        self.init(latitude: latitude, longitude: longitude)
    }

    package var latitude: ExactDecimal { ExactDecimal(scaled: Int64(latitudeMicrodegrees), decimals: Self.decimals) }
    package var longitude: ExactDecimal { ExactDecimal(scaled: Int64(longitudeMicrodegrees), decimals: Self.decimals) }
}

extension Location: CustomStringConvertible {
    /// `30.2741,120.1551`, which reads back as the same place.
    package var description: String { "\(latitude),\(longitude)" }
}
