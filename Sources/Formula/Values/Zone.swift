import Foundation

/// A time zone by its IANA name, with the conversions between instants and wall clocks.
package struct Zone: Sendable, Hashable {
    package let name: String
    let rules: TimeZone

    /// Nil if the system knows no zone of this name.
    package init?(name: String) {
        guard let rules = TimeZone(identifier: name) else { return nil }
        self.name = name
        self.rules = rules
    }
}
