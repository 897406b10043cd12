import Engine
import Foundation
import Formula
import Model
import SourceText

/// One request to one address, and what came back.
struct Exchange: Sendable {
    struct Mail: Sendable {
        let sender: String
        let receivers: [String]
        let user: String?
        let password: String?
        let startsTLS: Bool
    }

    /// More of an answer is not read.
    static let largestAnswer = 1 << 20

    var url: String
    /// Where to connect to, as libcurl takes it; nil only before the address was checked.
    var resolve: String?
    /// Nil for mail.
    var method: String?
    var headers: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var hasBody = false
    var timeout: TimeSpan
    var trusted: String?
    var mail: Mail?

    struct Answer: Sendable {
        let code: Int
        let status: Int
        let wasSent: Bool
        let isTooLarge: Bool
        let head: String
        let body: [UInt8]

        /// The first header of this name.
        func header(_ name: String) -> String? {
            for line in head.split(whereSeparator: \.isNewline).dropFirst() {
                guard let colon = line.firstIndex(of: ":"), line[..<colon].lowercased() == name.lowercased() else { continue }
                return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
            return nil
        }
    }

    /// Looks the host up, checks where it leads, and performs the exchange with that address, on a thread of its own.
    func performed(host: String, port: Int, allowsPrivate: Bool, names: NameLookup) async -> Result<Answer, DeliveryTrouble> {
        await withCheckedContinuation { continuation in
            let thread = Thread {
                continuation.resume(returning: blocking(host: host, port: port, allowsPrivate: allowsPrivate, names: names))
            }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    private func blocking(host: String, port: Int, allowsPrivate: Bool, names: NameLookup) -> Result<Answer, DeliveryTrouble> {
        guard let library = CurlLibrary.shared else {
            return .failure(DeliveryTrouble(.noLibrary, Words(zh: "没有安装 libcurl", en: "libcurl is not installed")))
        }
        let addresses = names.addresses(host)
        guard !addresses.isEmpty else {
            return .failure(DeliveryTrouble(.network, Words(zh: "找不到主机 \(host)", en: "the host \(host) is not found")))
        }
        // One of them that is not allowed is enough: which one is taken is nobody's to say.
        guard addresses.allSatisfy({ $0.reach == .everywhere || ($0.reach == .inside && allowsPrivate) }) else {
            return .failure(
                DeliveryTrouble(
                    .forbiddenAddress,
                    Words(zh: "\(host) 指向内部地址，没有连接；确要如此请写 allow_private: yes", en: "\(host) leads to an address inside, and nothing was sent; allow_private: yes allows it")))
        }
        var exchange = self
        let targets = addresses.map { $0.bytes.count == 4 ? $0.text : "[\($0.text)]" }.joined(separator: ",")
        // What is an address already leads nowhere else.
        let isAddress = host.contains(":") || host.allSatisfy { $0 == "." || $0.isNumber }
        exchange.resolve = isAddress ? nil : "\(host):\(port):\(targets)"
        return .success(library.perform(exchange))
    }
}
