import Formula

/// A moment as part of a file's name.
enum Mark {
    /// Such as `20260318T091500Z`, in UTC: names in order are in order of time.
    static func text(of instant: Instant) -> String {
        let whole = instant.description.prefix { $0 != "." && $0 != "Z" }
        return String(whole.filter { $0 != "-" && $0 != ":" }) + "Z"
    }
}
