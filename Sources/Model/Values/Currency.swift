import SourceText

/// Currencies by their ISO 4217 codes, and the signs people write for them.
package enum Currency {
    package static let codes: Set<String> = Set(
        """
        AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK \
        DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF \
        KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK \
        PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX \
        USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG
        """.split(separator: " ").map(String.init))

    /// What an amount is shown with: `¥`, `$`, or the code where there is no sign of its own.
    package static func sign(of code: String) -> String {
        switch code {
        case "CNY", "JPY": "¥"
        case "USD": "$"
        case "EUR": "€"
        case "GBP": "£"
        case "HKD": "HK$"
        case "TWD": "NT$"
        case "KRW": "₩"
        case "INR": "₹"
        default: code + " "
        }
    }

    /// The amount without the sign, code or word of its currency; the issue if it names another one.
    static func strip(_ text: Substring, _ currency: String) -> Result<Substring, ValueIssue> {
        // Most amounts are bare, and no mark of a currency begins or ends with a digit.
        if text.utf8.first.map(isDigit) == true, text.utf8.last.map(isDigit) == true { return .success(text) }
        var own = [currency, sign(of: currency).trimmedText]
        if currency == "CNY" { own += ["￥", "RMB", "元", "人民币"] }
        if currency == "JPY" { own += ["￥", "円", "日元"] }
        if currency == "USD" { own += ["US$", "美元"] }
        // Longer ones first, so that `US$` is not taken for `$`.
        for mark in own.sorted(by: { $0.count > $1.count }) {
            if text.hasPrefix(mark) { return .success(text.dropFirst(mark.count).trimmed) }
            if text.hasSuffix(mark) { return .success(text.dropLast(mark.count).trimmed) }
            if text.hasPrefix("-" + mark) { return .success("-" + text.dropFirst(mark.count + 1).trimmed) }
        }
        let foreign = ["¥", "￥", "$", "€", "£", "₩", "₹", "元"]
        let head = text.prefix(3)
        let namesAnother =
            foreign.contains { text.hasPrefix($0) || text.hasSuffix($0) } || codes.contains(String(head)) || codes.contains(String(text.suffix(3)))
        return namesAnother ? .failure(.wrongCurrency(wanted: currency)) : .success(text)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
