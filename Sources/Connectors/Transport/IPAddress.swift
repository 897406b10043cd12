/// An address of the Internet, as its bytes: 4 or 16.
package struct IPAddress: Sendable, Hashable {
    package let bytes: [UInt8]

    package init?(bytes: [UInt8]) {
        guard bytes.count == 4 || bytes.count == 16 else { return nil }
        self.bytes = bytes
    }

    package enum Reach: Sendable, Hashable {
        case everywhere
        /// The own machine or the own network.
        case inside
        /// Nobody's to call: the link's own addresses, among them the clouds' door to their secrets, and those for many at once.
        case never
    }

    /// Where the address leads, by the registries of special-purpose addresses (RFC 6890 and what followed).
    package var reach: Reach {
        if bytes.count == 4 { return Self.reach(bytes[0], bytes[1], bytes[2], bytes[3]) }
        let head = bytes.prefix(12)
        // An IPv4 address in the clothes of IPv6: mapped, translated, or by 6to4.
        if head == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF] || head == [0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0] {
            return Self.reach(bytes[12], bytes[13], bytes[14], bytes[15])
        }
        if bytes[0] == 0x20, bytes[1] == 0x02 { return Self.reach(bytes[2], bytes[3], bytes[4], bytes[5]) }
        if bytes.prefix(15).allSatisfy({ $0 == 0 }) { return bytes[15] == 1 ? .inside : .never }
        if head.allSatisfy({ $0 == 0 }) { return .never }
        switch (bytes[0], bytes[1]) {
        case (0xFE, 0x80...0xBF): return .never
        case (0xFE, 0xC0...0xFF), (0xFC...0xFD, _): return .inside
        case (0xFF, _): return .never
        case (0x01, 0x00): return .never
        // Teredo, documentation, and what is set aside for protocols.
        case (0x20, 0x01): return bytes[2] < 2 || (bytes[2] == 0x0D && bytes[3] == 0xB8) ? .never : .everywhere
        case (0x00, 0x64): return .never
        default: return (0x20...0x3F).contains(bytes[0]) ? .everywhere : .never
        }
    }

    private static func reach(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) -> Reach {
        switch (a, b, c) {
        case (127, _, _), (10, _, _), (172, 16...31, _), (192, 168, _), (100, 64...127, _): .inside
        case (0, _, _), (169, 254, _), (192, 0, 0), (192, 0, 2), (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113), (224...255, _, _): .never
        default: .everywhere
        }
    }

    package var text: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map { String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16) }.joined(separator: ":")
    }
}
