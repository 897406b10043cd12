package import Hummingbird
package import SourceText

/// Which language to answer in: the cookie that the language switch sets, then `Accept-Language` (RFC 9110 §12.5.4), then Chinese.
package enum LanguageChoice {
    package static let cookieName = "weir_language"

    package static func language(of request: Request) -> Language {
        if let chosen = request.cookies[cookieName].flatMap({ Language(rawValue: $0.value) }) { return chosen }
        return preferred(request.headers[.acceptLanguage] ?? "")
    }

    /// The one of our languages with the highest weight; of equal ones the first named.
    static func preferred(_ header: String) -> Language {
        var best: (language: Language, weight: Double)?
        for part in header.split(separator: ",").prefix(20) {
            let pieces = part.split(separator: ";").map { $0.trimmed }
            guard let tag = pieces.first?.lowercased(), let language = Language(rawValue: String(tag.prefix(2))) else { continue }
            let weight = pieces.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            if weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language ?? .zh
    }
}
