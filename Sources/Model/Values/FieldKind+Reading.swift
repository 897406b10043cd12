package import Formula
package import SourceText

/// Bounds of what a field holds.
package enum ValueLimits {
    /// Scalars of a text; a line, not a page.
    package static let textLength = 1_000
    /// Scalars of a long text; some fifty pages.
    package static let longTextLength = 100_000
    /// Options or tags in one field.
    package static let optionCount = 200
    /// Scalars of one tag.
    package static let tagLength = 100
    /// Scalars of an address; a label on a parcel holds fewer.
    package static let addressLength = 500
    /// Records to which one field leads.
    package static let linkCount = 500
}

extension FieldKind {
    /// Reads what a person or a file wrote for a field of this kind; empty is blank.
    ///
    /// This is the one place where texts become values: forms, CSV files, the API's texts, `default` and `tests` all come here. What can
    /// only be judged after cleaning (`issue(with:)`) is not looked at. A link reads `lead/123`'s number alone, where there is one object to
    /// lead to; how records are called is for the caller to look up.
    ///
    /// - Parameter zone: In which a wall clock is read.
    package func parse(_ text: String, zone: Zone) -> Result<Value, ValueIssue> {
        switch self {
        case .text, .longText, .email, .url, .phone, .address, .autonumber:
            return .success(text.isBlankText ? .blank : .text(text))
        case .uscc, .cnID:
            return .success(Value(text: NationalNumbers.canonical(text)))
        case .location:
            return Self.read(text) { Location($0) }.map { $0.map(Value.location) ?? .blank }.mapError { _ in .notALocation }
        case .number(let decimals), .money(let decimals, _), .percent(let decimals):
            return number(in: text.halfwidth, decimals: decimals)
        case .bool:
            return Self.bool(in: text.halfwidth)
        case .date:
            return Self.read(text) { DateReader.day($0) }.map { $0.map(Value.date) ?? .blank }.mapError { _ in .notADate }
        case .datetime:
            return Self.read(text) { DateReader.instant($0, zone) }.map { $0.map(Value.instant) ?? .blank }.mapError { _ in .notADatetime }
        case .duration:
            return Self.read(text) { TimeSpan($0) }.map { $0.map(Value.duration) ?? .blank }.mapError { _ in .notADuration }
        case .choice(let list):
            return list.option(in: text)
        case .stage(let stages):
            return stages.options.option(in: text)
        case .choices(let list):
            return list.options(in: text)
        case .tags:
            let words = text.listItems
            return .success(words.isEmpty ? .blank : .options(words))
        case .link(let objects):
            return Self.record(in: text, of: objects)
        case .file, .files:
            return .failure(.notARecord)
        case .links(let objects):
            var records: [RecordID] = []
            for item in text.listItems {
                switch Self.record(in: item, of: objects) {
                case .success(.link(let record)): if !records.contains(record) { records.append(record) }
                case .success: continue
                case .failure(let issue): return .failure(issue)
                }
            }
            return .success(records.isEmpty ? .blank : .links(records))
        }
    }

    /// Reads a list, each entry by itself, so that a separator inside one is part of it. Only choices and tags hold several; an empty list is
    /// blank.
    package func parse(list entries: [String]) -> Result<Value, ValueIssue> {
        let words = entries.map(\.trimmedText).filter { !$0.isEmpty }
        switch self {
        case .choices(let list):
            var keys: Set<String> = []
            for word in words {
                guard let key = list.key(of: word) else { return .failure(list.unknown(word)) }
                keys.insert(key)
            }
            return .success(keys.isEmpty ? .blank : .options(list.ordered(keys)))
        case .tags:
            var seen: Set<String> = []
            let tags = words.filter { seen.insert($0).inserted }
            return .success(tags.isEmpty ? .blank : .options(tags))
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber,
            .stage:
            return .failure(.wrongKind(wanted: self.words))
        }
    }

    /// What keeps a value out of a field of this kind, after cleaning; nil if nothing does. Blank fits every field.
    package func issue(with value: Value) -> ValueIssue? {
        if value.isBlank { return nil }
        switch self {
        case .text, .phone, .autonumber:
            if case .text(let text) = value { return text.issue(limit: ValueLimits.textLength) }
        case .longText:
            if case .text(let text) = value { return text.issue(limit: ValueLimits.longTextLength) }
        case .address:
            if case .text(let text) = value { return text.issue(limit: ValueLimits.addressLength) }
        case .uscc:
            if case .text(let text) = value { return TextValidity.isValid(text, as: .uscc) ? nil : .notAUnifiedCreditCode }
        case .cnID:
            if case .text(let text) = value { return TextValidity.isValid(text, as: .citizenNumber) ? nil : .notACitizenNumber }
        case .location:
            if case .location = value { return nil }
        case .email:
            if case .text(let text) = value {
                return text.issue(limit: ValueLimits.textLength) ?? (TextValidity.isValid(text, as: .email) ? nil : .notAnEmail)
            }
        case .url:
            if case .text(let text) = value {
                return text.issue(limit: ValueLimits.textLength) ?? (TextValidity.isValid(text, as: .url) ? nil : .notAURL)
            }
        case .number(let decimals), .money(let decimals, _), .percent(let decimals):
            if case .number(let number) = value {
                let rounded = try? number.rounded(decimals: decimals)
                return rounded?.scaled(decimals: decimals) == nil ? .tooLarge : nil
            }
        case .bool:
            if case .bool = value { return nil }
        case .date:
            if case .date = value { return nil }
        case .datetime:
            if case .instant = value { return nil }
        case .duration:
            if case .duration = value { return nil }
        case .choice(let list):
            if case .option(let key) = value { return list.issue(with: key) }
        case .stage(let stages):
            if case .option(let key) = value { return stages.options.issue(with: key) }
        case .choices(let list):
            if case .options(let keys) = value { return keys.lazy.compactMap { list.issue(with: $0) }.first }
        case .tags:
            if case .options(let words) = value {
                if words.count > ValueLimits.optionCount { return .tooMany(limit: ValueLimits.optionCount) }
                return words.lazy.compactMap { $0.issue(limit: ValueLimits.tagLength) }.first
            }
        case .link(let objects):
            if case .link(let record) = value { return objects.contains(record.object) ? nil : .notARecord }
        case .file:
            if case .link = value { return nil }
        case .links(let objects):
            if case .links(let records) = value {
                if records.count > ValueLimits.linkCount { return .tooMany(limit: ValueLimits.linkCount) }
                return records.allSatisfy { objects.contains($0.object) } ? nil : .notARecord
            }
        case .files:
            if case .links(let records) = value { return records.count > ValueLimits.linkCount ? .tooMany(limit: ValueLimits.linkCount) : nil }
        }
        return .wrongKind(wanted: words)
    }

    private struct Unreadable: Error {}

    /// Blank, or what `reader` makes of the trimmed text in half-width letters.
    private static func read<Result>(_ text: String, _ reader: (String) -> Result?) -> Swift.Result<Result?, Unreadable> {
        let text = text.halfwidth
        guard !text.isEmpty else { return .success(nil) }
        return reader(text).map { .success($0) } ?? .failure(Unreadable())
    }

    private static func bool(in text: String) -> Result<Value, ValueIssue> {
        switch text.lowercased() {
        case "": .success(.blank)
        case "yes", "true", "是", "1": .success(.bool(true))
        case "no", "false", "否", "0": .success(.bool(false))
        default: .failure(.notYesOrNo)
        }
    }

    private static func record(in text: String, of objects: [ObjectID]) -> Result<Value, ValueIssue> {
        let text = text.halfwidth
        guard !text.isEmpty else { return .success(.blank) }
        guard let object = objects.first, objects.count == 1, let number = Int64(text), number > 0 else { return .failure(.notARecord) }
        return .success(.link(RecordID(object: object, number: number)))
    }

    /// A number, an amount or a percentage, rounded to the field's decimals.
    private func number(in text: String, decimals: Int) -> Result<Value, ValueIssue> {
        guard !text.isEmpty else { return .success(.blank) }
        var rest = Substring(text)
        let isPercentField = if case .percent = self { true } else { false }
        let hasSign = isPercentField && rest.hasSuffix("%")
        if hasSign { rest = rest.dropLast().trimmed }
        if case .money(_, let currency) = self {
            switch Currency.strip(rest, currency) {
            case .success(let bare): rest = bare
            case .failure(let issue): return .failure(issue)
            }
        }
        guard let (digits, factor) = NumberText.parts(of: rest), let read = ExactDecimal(digits) else {
            return .failure(isPercentField ? .notAPercent : .notANumber)
        }
        guard var number = try? read.multiplied(by: factor) else { return .failure(.tooLarge) }
        if hasSign {
            guard let fraction = try? number.multiplied(by: ExactDecimal(scaled: 1, decimals: 2)) else { return .failure(.tooLarge) }
            number = fraction
        } else if isPercentField, number.magnitude > .one {
            return .failure(.percentAboveOne)
        }
        guard let rounded = try? number.rounded(decimals: decimals), rounded.scaled(decimals: decimals) != nil else { return .failure(.tooLarge) }
        return .success(.number(rounded))
    }
}

extension OptionList {
    /// One option, by its key or by a label.
    fileprivate func option(in text: String) -> Result<Value, ValueIssue> {
        let word = text.trimmedText
        guard !word.isEmpty else { return .success(.blank) }
        if let key = key(of: word) { return .success(.option(key)) }
        return .failure(word.listItems.count > 1 && word.listItems.allSatisfy { key(of: $0) != nil } ? .severalOptions : unknown(word))
    }

    /// Several options, by key or label, in the order of their declaration.
    fileprivate func options(in text: String) -> Result<Value, ValueIssue> {
        // An option whose own name holds a separator is found before anything is taken apart.
        if let key = key(of: text.trimmedText) { return .success(.options([key])) }
        var found: Set<String> = []
        for word in text.listItems {
            guard let key = key(of: word) else { return .failure(unknown(word)) }
            found.insert(key)
        }
        return .success(found.isEmpty ? .blank : .options(ordered(found)))
    }

    /// The keys in the order of their declaration.
    package func ordered(_ keys: Set<String>) -> [String] {
        options.map(\.key).filter(keys.contains)
    }

    /// The key of the option that is called so: by its key, else by a label, else by either in other case.
    package func key(of word: String) -> String? {
        if position(of: word) != nil { return word }
        if let labelled = options.first(where: { $0.labelZh == word || $0.labelEn == word }) { return labelled.key }
        let folded = word.lowercased()
        return options.first { option in
            option.key.lowercased() == folded || option.labelZh.lowercased() == folded || option.labelEn.lowercased() == folded
        }?.key
    }

    fileprivate func issue(with key: String) -> ValueIssue? {
        position(of: key) == nil ? unknown(key) : nil
    }

    /// Says which options there are, as people call them.
    package func unknown(_ word: String) -> ValueIssue {
        let names = options.flatMap { [$0.key, $0.labelZh, $0.labelEn] }
        return .unknownOption(word.shortened(), meant: closestMatch(to: word, among: names), options: options.map { Words(zh: $0.labelZh, en: $0.labelEn) })
    }
}

extension FieldKind {
    /// As people call the kind.
    package var words: Words {
        switch self {
        case .text: Words(zh: "文本", en: "a text")
        case .longText: Words(zh: "长文本", en: "a long text")
        case .number: Words(zh: "数字", en: "a number")
        case .money: Words(zh: "金额", en: "an amount")
        case .percent: Words(zh: "百分比", en: "a percentage")
        case .bool: Words(zh: "是或否", en: "yes or no")
        case .date: Words(zh: "日期", en: "a date")
        case .datetime: Words(zh: "时间", en: "a date and time")
        case .duration: Words(zh: "时长", en: "a duration")
        case .choice: Words(zh: "选项", en: "an option")
        case .choices: Words(zh: "若干选项", en: "options")
        case .tags: Words(zh: "标签", en: "tags")
        case .email: Words(zh: "邮箱", en: "an e-mail address")
        case .url: Words(zh: "网址", en: "a web address")
        case .phone: Words(zh: "电话", en: "a phone number")
        case .link: Words(zh: "记录", en: "a record")
        case .links: Words(zh: "若干记录", en: "records")
        case .file: Words(zh: "文件", en: "a file")
        case .files: Words(zh: "若干文件", en: "files")
        case .address: Words(zh: "地址", en: "an address")
        case .uscc: Words(zh: "统一社会信用代码", en: "a unified social credit code")
        case .cnID: Words(zh: "身份证号", en: "an identity number")
        case .location: Words(zh: "位置", en: "a location")
        case .autonumber: Words(zh: "编号", en: "a number of a series")
        case .stage: Words(zh: "阶段", en: "a stage")
        }
    }
}
