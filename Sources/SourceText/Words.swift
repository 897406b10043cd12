/// A language in which Weir speaks to people.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case zh, en
}

/// A sentence in every language Weir speaks. There is no way to make one with a language missing.
package struct Words: Sendable, Hashable {
    package let zh: String
    package let en: String

    package init(zh: String, en: String) {
        self.zh = zh
        self.en = en
    }

    /// The same text in both languages: a name the author wrote, a number, a code.
    package init(same text: String) {
        self.init(zh: text, en: text)
    }

    package subscript(language: Language) -> String {
        switch language {
        case .zh: zh
        case .en: en
        }
    }
}
