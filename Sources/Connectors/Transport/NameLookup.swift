import Foundation

/// Finds the addresses of a name. Blocks.
package struct NameLookup: Sendable {
    let addresses: @Sendable (_ host: String) -> [IPAddress]

    package init(_ addresses: @escaping @Sendable (_ host: String) -> [IPAddress]) {
        self.addresses = addresses
    }

    /// As the system does it; also reads addresses in all the spellings that it knows, such as `0x7f.1`.
    package static let system = NameLookup { host in
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        #if canImport(Glibc) || canImport(Musl)
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
        hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &found) == 0 else { return [] }
        defer { freeaddrinfo(found) }
        var addresses: [IPAddress] = []
        var next = found
        while let entry = next {
            if let raw = entry.pointee.ai_addr, let address = address(UnsafeRawPointer(raw), family: entry.pointee.ai_family), !addresses.contains(address) {
                addresses.append(address)
            }
            next = entry.pointee.ai_next
        }
        return addresses
    }

    private static func address(_ raw: UnsafeRawPointer, family: Int32) -> IPAddress? {
        switch family {
        case AF_INET:
            let address = raw.loadUnaligned(as: sockaddr_in.self).sin_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        case AF_INET6:
            let address = raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr
            return withUnsafeBytes(of: address) { IPAddress(bytes: Array($0)) }
        default: return nil
        }
    }
}
