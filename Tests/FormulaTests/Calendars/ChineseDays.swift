/// Which days were worked in China, by an independent source: the PyPI package chinesecalendar 1.11.0. A hexadecimal digit stands for
/// four days from January 1 on, the highest bit for the first; 1 is worked.
enum ChineseDays {
    static let worked: [Int: String] = [
        2019: "73e7cf9fc07cf9f3e7cf9f3c7cf9f70fcf9f3e78f9f3e7cf9f3e7cf9f3e7cf9e3e7d80fbe7cf9f3e7cf9f3e7cf98",
        2020: "67cfbe007cf9f3e7cf9f3e7c79f3ef83df3e7cf9f3e71f9f3e7cf9f3e7cf9f3e7cfbc037cf9f3e7cf9f3e7cf9f3c",
        2021: "1f3e7cf9f780ef9f3e7cf9f1e7cfbf077cf9f3e7c79f3e7cf9f3e7cf9f3e7cf9f8ef80df3e7cf9f3e7cf9f3e7cf8",
        2022: "1e7cf9fc07cf9f3e7cf9f3f1cf9f7e0ef9f3e78f9f3e7cf9f3e7cf9f3e7cf9f1e7cf80fe7cf9f3e7cf9f3e7cf9f0",
        2023: "3cf9f01fcf9f3e7cf9f3e7cd9f3efc1df3e7cf9f3e71f9f3e7cf9f3e7cf9f3e7cf9e01fcf9f3e7cf9f3e7cf9f3e0",
        2024: "79f3e7cfbf00fcf9f3e7cf9c7e7cfb83f7cf9f3e3cf9f3e7cf9f3e7cf9f3e7cfc73ec07df3e7cf9f3e7cf9f3e7cc",
        2025: "67cf9f601ef9f3e7cf9f3e78f9f3ef079f3e7c79f3e7cf9f3e7cf9f3e7cf9f3e7cfb8077cf9f3e7cf9f3e7cf9f38",
        2026: "1f9f3e7cf9f803ef9f3e7cf8f3e7cf07be7cf9f3e78f9f3e7cf9f3e7cf9f3e7cfbe380ef9f3e7cf9f3e7cf9f3e78",
    ]

    /// Whether each day of the year is worked.
    static func days(of year: Int) -> [Bool] {
        (worked[year] ?? "").flatMap { digit in
            let bits = digit.hexDigitValue ?? 0
            return [8, 4, 2, 1].map { bits & $0 != 0 }
        }
    }
}
