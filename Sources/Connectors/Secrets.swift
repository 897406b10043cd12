import Engine
import Foundation
package import Model
package import SourceText

/// The values behind `$NAME`: of the environment, then of a file that only its owner can read.
package struct Secrets: Sendable {
    /// The name of the file in the data folder.
    package static let fileName = "secrets.env"
    /// Far more than any app needs.
    private static let largestFile = 1 << 20

    private let values: [String: String]

    package init(_ values: [String: String] = [:]) {
        self.values = values
    }

    package subscript(name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    /// Why a file of secrets is not used.
    package struct Refusal: Error, Sendable {
        package let words: Words
    }

    /// Reads `secrets.env` of the folder, if there is one, under what the environment says.
    ///
    /// - Throws: `Refusal` if others can read the file, or if a line of it is no `NAME=value`.
    package static func load(environment: [String: String], folder: String) throws(Refusal) -> Secrets {
        let path = folder + "/" + fileName
        guard FileManager.default.fileExists(atPath: path) else { return Secrets(environment) }
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= largestFile else {
            throw Refusal(words: Words(zh: "不能读取 \(path)", en: "\(path) cannot be read"))
        }
        guard status.st_mode & 0o077 == 0 else {
            throw Refusal(
                words: Words(
                    zh: "\(path) 别人也能读，没有使用；请运行 chmod 600 \(path)", en: "others can read \(path), so it is not used; run chmod 600 \(path)"))
        }
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw Refusal(words: Words(zh: "不能读取 \(path)", en: "\(path) cannot be read"))
        }
        var values = environment
        for (index, raw) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = raw.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let sign = line.firstIndex(of: "="), sign > line.startIndex else {
                throw Refusal(words: Words(zh: "\(path) 第 \(index + 1) 行不是 名字=值", en: "line \(index + 1) of \(path) is no NAME=value"))
            }
            let name = line[..<sign].trimmingCharacters(in: .whitespaces)
            var value = line[line.index(after: sign)...].trimmingCharacters(in: .whitespaces)
            if value.count >= 2, let quote = value.first, quote == "\"" || quote == "'", value.last == quote { value = String(value.dropFirst().dropLast()) }
            // The environment wins: it is nearer to whoever starts the program.
            if environment[name] == nil { values[name] = value }
        }
        return Secrets(values)
    }

    /// What the app names and nobody has given, by the connector, channel or entry of `inbound` that needs it.
    package func missing(in app: CheckedApp) -> [(user: String, name: String)] {
        let connectors = app.connectors.flatMap { connector in connector.secrets.map { (user: connector.name, name: $0) } }
        let channels = app.channels.compactMap { channel in channel.receives.map { (user: channel.name, name: $0.verify.secret) } }
        return (connectors + channels + app.inbound.map { (user: $0.name, name: $0.verify.secret) }).filter { self[$0.name] == nil }
    }

    /// The value behind a setting.
    func value(of setting: ConnectorSetting) throws(DeliveryTrouble) -> String {
        switch setting {
        case .text(let text): return text
        case .secret(let name): return try value(of: name)
        }
    }

    func value(of name: String) throws(DeliveryTrouble) -> String {
        guard let value = self[name] else {
            throw DeliveryTrouble(.missingSecret, Words(zh: "没有给出机密 $\(name)", en: "the secret $\(name) is not given"))
        }
        return value
    }
}
