package import SourceText

/// What lists cannot be asked, since a formula has no form in a database.
package enum LoweringIssue: Sendable {
    /// On no database.
    case notFilterable(field: String, because: Words, at: Span)
    /// On PostgreSQL.
    case sqliteOnly(field: String, because: Words, at: Span)

    package var diagnostic: Diagnostic {
        switch self {
        case .notFilterable(let field, let reason, let span):
            Diagnostic(
                .warning, code: "not-filterable",
                Words(
                    zh: "`\(field)` 在读取时计算，列表不能按它筛选或排序：\(reason.zh)",
                    en: "`\(field)` is computed when it is read, and no list can be filtered or sorted by it: \(reason.en)"),
                at: span, hint: Self.hint)
        case .sqliteOnly(let field, let reason, let span):
            Diagnostic(
                .note, code: "sqlite-only",
                Words(
                    zh: "`\(field)` 在读取时计算，只有在 SQLite 上列表才能按它筛选或排序：\(reason.zh)",
                    en: "`\(field)` is computed when it is read, and only on SQLite can lists be filtered or sorted by it: \(reason.en)"),
                at: span, hint: Self.hint)
        }
    }

    private static let hint = Words(
        zh: "把不随时间或使用者变化的部分写成单独的公式字段，它会被保存，可以筛选",
        en: "write what depends on neither the clock nor the reader as a formula field of its own: that is stored, and can be filtered by")
}
