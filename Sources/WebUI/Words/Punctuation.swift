import SourceText

/// Marks between words that are put together; each language has its own.
extension Language {
    /// Behind a label, before what it labels.
    var colon: String { Words(zh: "：", en: ": ")[self] }
    /// Between the parts of a list of remarks.
    var comma: String { Words(zh: "，", en: ", ")[self] }
    /// A remark behind a word, with the space before it where the language has one.
    func bracketed(_ remark: String) -> String { Words(zh: "（\(remark)）", en: " (\(remark))")[self] }
}
