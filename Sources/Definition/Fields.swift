package import SourceText
import LocatedYAML

/// A field. Which of the keys fit which type has been checked; names are still text.
package struct FieldDefinition: Sendable {
    package var name: Located<String>
    package var label: LabelDefinition?
    /// Nil for a field whose type follows from its formula or its points, and for one of a built-in object that is only added to.
    package var type: Located<FieldTypeDefinition>?
    package var isRequired: Located<Bool>?
    package var isUnique: Located<Bool>?
    package var decimals: Located<Int>?
    package var defaultValue: ScalarDefinition?
    package var clean: [Located<CleanStepDefinition>] = []
    package var formula: EmbeddedText?
    package var points: [PointsDefinition] = []
    /// Options without a type, which are added to those of a built-in field.
    package var addedOptions: [OptionDefinition] = []
    /// What the field asks for, shown under it in forms.
    package var help: LabelDefinition?
    /// A heading under which forms group the field.
    package var group: LabelDefinition?
    package var span: Span

    package init(name: Located<String>, span: Span) {
        self.name = name
        self.span = span
    }
}

package enum FieldTypeDefinition: Sendable {
    case text, longText
    case number, percent
    case money(currency: Located<String>?)
    case bool, date, datetime, duration
    case choice(OptionsDefinition)
    case choices(OptionsDefinition)
    case tags, email, url
    case phone(region: Located<String>?)
    /// `link to O` or `link to [A, B]`, with the name the links get on the other side.
    case link(to: [Located<String>], as: Located<String>?, collectionLabel: LabelDefinition?)
    /// `links to O`: to several of its records.
    case links(to: Located<String>, as: Located<String>?, collectionLabel: LabelDefinition?)
    case file, files
    case address, location
    /// A unified social credit code.
    case uscc
    /// A citizen's identity number.
    case citizenNumber
    /// `format` such as `KH-{0000}`.
    case autonumber(format: Located<String>?)
    case stage(StageDefinition)
    /// What was wrong has been reported; the field exists, and checks of what it holds pass it by.
    case unreadable
}

package enum OptionsDefinition: Sendable {
    /// `choice of region`
    case shared(Located<String>)
    /// `options: { … }` or `options: [ … ]`
    case own([OptionDefinition])
}

package struct PointsDefinition: Sendable {
    package var name: Located<String>
    /// `EXPRESSION [if CONDITION]`
    package var entry: EmbeddedText

    package init(name: Located<String>, entry: EmbeddedText) {
        self.name = name
        self.entry = entry
    }
}

extension FieldDefinition {
    /// The most decimals a field may have: enough for rates, and a stored number keeps 8 digits before the point.
    static let decimalsRange = 0...10

    /// Reads a field in its short form (`phone: text`) or its long one.
    ///
    /// There is always a field of this name afterwards, so that formulas which read it are not told it is missing.
    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> FieldDefinition {
        var field = FieldDefinition(name: entry.key, span: entry.key.span)
        let unreadable = Located(FieldTypeDefinition.unreadable, at: entry.key.span)
        switch entry.value.content {
        case .scalar:
            field.type = unreadable
            guard let text = entry.embedded(&report), let type = FieldTypeWord.read(text, &report) else { return field }
            field.type = type.definition(for: entry.key, at: text.span, nil, &report) ?? unreadable
        case .sequence:
            report.report(.wrongShape(entry.key, wants: .fieldType, got: entry.value, example: "\(entry.key.value): choice of \(entry.key.value)"))
            field.type = unreadable
        case .mapping:
            guard let keys = KeyReader(entry, of: .field, &report) else { return field }
            field.read(keys, unreadable, &report)
        }
        return field
    }

    private mutating func read(_ keys: KeyReader, _ unreadable: Located<FieldTypeDefinition>, _ report: inout Diagnostics) {
        label = keys["label"]?.label(&report)
        isRequired = keys["required"]?.switched(&report)
        isUnique = keys["unique"]?.switched(&report)
        decimals = keys["decimals"]?.whole(in: Self.decimalsRange, &report)
        defaultValue = keys["default"]?.plainValue(&report)
        clean = keys["clean"].map { CleanStepDefinition.read($0, &report) } ?? []
        formula = keys["formula"]?.formula(&report)
        points = keys["points"].map { PointsDefinition.read($0, &report) } ?? []
        help = keys["help"]?.label(&report)
        group = keys["group"]?.label(&report)

        let word = keys["type"]?.embedded(&report).flatMap { FieldTypeWord.read($0, &report) }
        if let word {
            keys.refuse(unfitting: word, &report)
            type = word.definition(for: name, at: keys["type"]?.value.span ?? span, keys, &report) ?? unreadable
        } else if keys["type"] != nil {
            type = unreadable
        } else {
            keys.refuseWithoutType(&report)
            addedOptions = keys["options"].map { OptionDefinition.read($0, &report) } ?? []
            // A computed field that could not be read has no type to follow from.
            if keys["formula"] != nil && formula == nil || keys["points"] != nil && points.isEmpty { type = unreadable }
        }
        keys.refuseOnComputed(&report)
    }
}

extension PointsDefinition {
    static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [PointsDefinition] {
        var names = NameTable(.points)
        if case .mapping(let lines) = entry.value.content, lines.isEmpty { report.report(.noValue(entry.key, at: entry.key.span)) }
        return entry.entries(&report).compactMap { line in
            guard names.declare(line.key, &report) else { return nil }
            return line.formula(&report).map { PointsDefinition(name: line.key, entry: $0) }
        }
    }
}

/// The word after `type:`, with what may stand behind it.
struct FieldTypeWord {
    enum Kind: String, CaseIterable {
        case text, longText = "long_text", number, money, percent, bool, date, datetime, duration, choice, choices, tags, email, phone, url
        case link, links, file, files, autonumber, address, location, uscc, citizenNumber = "cn_id", stage
    }

    let kind: Kind
    /// `choice of X`, `link to X`; several only of `link to [X, Y]`.
    let targets: [Located<String>]

    private static let wrongWords: [String: Kind] = [
        "string": .text, "str": .text, "varchar": .text, "char": .text, "文本": .text, "单行文本": .text, "字符串": .text,
        "textarea": .longText, "longtext": .longText, "memo": .longText, "richtext": .longText, "多行文本": .longText, "长文本": .longText,
        "int": .number, "integer": .number, "float": .number, "double": .number, "decimal": .number, "numeric": .number, "数字": .number,
        "数值": .number, "整数": .number, "小数": .number,
        "currency": .money, "price": .money, "金额": .money, "货币": .money,
        "percentage": .percent, "百分比": .percent,
        "boolean": .bool, "checkbox": .bool, "switch": .bool, "yesno": .bool, "布尔": .bool, "是否": .bool, "复选框": .bool, "开关": .bool,
        "day": .date, "日期": .date, "timestamp": .datetime, "time": .datetime, "日期时间": .datetime, "时间": .datetime,
        "interval": .duration, "timespan": .duration, "时长": .duration,
        "enum": .choice, "select": .choice, "picklist": .choice, "dropdown": .choice, "radio": .choice, "option": .choice, "单选": .choice,
        "选项": .choice, "下拉": .choice, "枚举": .choice,
        "multiselect": .choices, "multi_select": .choices, "multichoice": .choices, "checkboxes": .choices, "多选": .choices,
        "labels": .tags, "keywords": .tags, "tag": .tags, "标签": .tags,
        "mail": .email, "e-mail": .email, "邮箱": .email, "邮件": .email, "tel": .phone, "telephone": .phone, "mobile": .phone, "手机": .phone,
        "电话": .phone, "手机号": .phone, "website": .url, "uri": .url, "网址": .url,
        "lookup": .link, "reference": .link, "ref": .link, "relation": .link, "relationship": .link, "foreign_key": .link, "user": .link,
        "person": .link, "关联": .link, "引用": .link, "人员": .link,
        "multilink": .links, "multi_link": .links, "many_to_many": .links, "link_many": .links, "references": .links, "多对多": .links, "多选关联": .links,
        "attachments": .files, "uploads": .files, "images": .files, "多附件": .files, "多文件": .files,
        "addr": .address, "地址": .address, "gps": .location, "geo": .location, "geolocation": .location, "coordinates": .location, "latlng": .location,
        "position": .location, "定位": .location, "位置": .location, "坐标": .location, "经纬度": .location,
        "credit_code": .uscc, "统一社会信用代码": .uscc, "信用代码": .uscc,
        "id_card": .citizenNumber, "idcard": .citizenNumber, "id_number": .citizenNumber, "身份证": .citizenNumber, "身份证号": .citizenNumber,
        "attachment": .file, "upload": .file, "image": .file, "附件": .file, "文件": .file,
        "serial": .autonumber, "auto_number": .autonumber, "sequence": .autonumber, "编号": .autonumber, "自动编号": .autonumber,
        "stages": .stage, "pipeline": .stage, "process": .stage, "阶段": .stage, "流程": .stage,
    ]

    /// Reads `text`, `choice of region`, `link to user`.
    static func read(_ embedded: EmbeddedText, _ report: inout Diagnostics) -> FieldTypeWord? {
        let text = Located(embedded.text, at: embedded.span)
        let words = embedded.words
        guard let head = words.first else {
            report.report(.unknownType(text, known: Kind.allCases.map(\.rawValue)))
            return nil
        }
        let rest = Array(words.dropFirst())
        guard let kind = Kind(rawValue: head.value) else {
            if let right = wrongWords[head.value.lowercased()] ?? Kind(rawValue: head.value.lowercased()) {
                report.report(.wrongType(head, right: right.rawValue))
            } else {
                report.report(.unknownType(head, known: Kind.allCases.map(\.rawValue)))
            }
            return nil
        }
        let joint = joint(of: kind)
        if rest.isEmpty { return FieldTypeWord(kind: kind, targets: []) }
        guard let joint, rest.count >= 2, rest[0].value == joint else {
            report.report(.badType(text, form: joint.map { "\(kind.rawValue) \($0) X" } ?? kind.rawValue))
            return nil
        }
        guard let targets = targets(embedded), !targets.isEmpty, kind == .link || targets.count == 1, targets.allSatisfy({ !$0.value.contains(" ") }) else {
            report.report(.badType(text, form: kind == .link ? "link to X` / `link to [X, Y]" : "\(kind.rawValue) \(joint) X"))
            return nil
        }
        return FieldTypeWord(kind: kind, targets: targets)
    }

    /// What stands behind `to` or `of`: a name, or several in square brackets; nil if it is neither.
    private static func targets(_ embedded: EmbeddedText) -> [Located<String>]? {
        let words = embedded.words
        guard words.count > 2 else { return nil }
        let start = embedded.text.utf8.distance(from: embedded.text.startIndex, to: embedded.text.startIndex(ofWord: 2))
        let rest = embedded.dropping(firstBytes: start)
        guard rest.text.hasPrefix("[") else { return words.count == 3 && !rest.text.contains { ",，、[]".contains($0) } ? [words[2]] : nil }
        guard rest.text.hasSuffix("]") else { return nil }
        let inner = rest.slice(1..<rest.text.utf8.count - 1)
        let names = inner.parts(between: [",", "，", "、"])
        return names.contains { $0.value.isEmpty } ? nil : names
    }

    /// The keys that go with this type beyond those of every field.
    var keys: [String] {
        switch kind {
        case .text, .longText: ["required", "default", "clean"] + (kind == .text ? ["unique"] : [])
        case .email, .url, .uscc, .citizenNumber: ["required", "default", "clean", "unique"]
        case .address: ["required", "default", "clean"]
        case .location: ["required", "default"]
        case .phone: ["required", "default", "clean", "unique", "region"]
        case .number, .percent: ["required", "default", "unique", "decimals"]
        case .money: ["required", "default", "unique", "decimals", "currency"]
        case .bool, .duration, .tags: ["required", "default"]
        case .date, .datetime: ["required", "default", "unique"]
        case .choice: ["required", "default", "unique", "options"]
        case .choices: ["required", "default", "options"]
        case .link: ["required", "default", "unique", "to", "as"]
        case .links: ["required", "default", "to", "as"]
        case .file, .files: ["required"]
        case .autonumber: ["format"]
        case .stage: ["stages", "moves"]
        }
    }

    /// Whether a formula can give a value of this type.
    var canBeComputed: Bool {
        switch kind {
        case .autonumber, .stage, .file, .files, .links: false
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .phone, .url,
            .link, .address, .location, .uscc, .citizenNumber: true
        }
    }

    /// Whether this key of every type goes with the type.
    func fits(_ key: String) -> Bool {
        switch key {
        case "formula": canBeComputed
        case "points": kind == .number
        default: true
        }
    }

    /// The word between the type and what it is of or leads to; nil for types that take none.
    static func joint(of kind: Kind) -> String? {
        switch kind {
        case .choice, .choices: "of"
        case .link, .links: "to"
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .phone, .url, .file, .files,
            .autonumber, .address, .location, .uscc, .citizenNumber, .stage: nil
        }
    }

    /// Together with the keys of the long form; nil if something was wrong with them.
    func definition(
        for field: Located<String>, at span: Span, _ keys: KeyReader?, _ report: inout Diagnostics
    ) -> Located<FieldTypeDefinition>? {
        let type: FieldTypeDefinition
        switch kind {
        case .text: type = .text
        case .longText: type = .longText
        case .number: type = .number
        case .money: type = .money(currency: keys?["currency"]?.text(&report))
        case .percent: type = .percent
        case .bool: type = .bool
        case .date: type = .date
        case .datetime: type = .datetime
        case .duration: type = .duration
        case .tags: type = .tags
        case .email: type = .email
        case .url: type = .url
        case .phone: type = .phone(region: keys?["region"]?.text(&report))
        case .file: type = .file
        case .files: type = .files
        case .address: type = .address
        case .location: type = .location
        case .uscc: type = .uscc
        case .citizenNumber: type = .citizenNumber
        case .autonumber: type = .autonumber(format: keys?["format"]?.text(&report))
        case .choice, .choices:
            guard let options = options(for: field, keys, &report) else { return nil }
            type = kind == .choice ? .choice(options) : .choices(options)
        case .link, .links:
            guard let link = link(for: field, keys, &report) else { return nil }
            type = link
        case .stage:
            guard let keys else {
                report.report(.missingKey("stages", owner: field))
                return nil
            }
            guard let stages = StageDefinition.read(keys, of: field, &report) else { return nil }
            type = .stage(stages)
        }
        return Located(type, at: span)
    }

    private func options(for field: Located<String>, _ keys: KeyReader?, _ report: inout Diagnostics) -> OptionsDefinition? {
        if let target = targets.first {
            if let options = keys?["options"] { report.report(.saidTwice(options.key, "\(kind.rawValue) of \(target.value)")) }
            return .shared(target)
        }
        guard let entry = keys?["options"] else {
            report.report(.missingKey("options", owner: field))
            return nil
        }
        if case .scalar = entry.value.content, !entry.value.isNoValue, let name = entry.text(&report) {
            report.report(.wrongShape(entry.key, wants: .listOrMap, got: entry.value, example: "type: \(kind.rawValue) of \(name.value)"))
            return nil
        }
        return .own(OptionDefinition.read(entry, &report))
    }

    private func link(for field: Located<String>, _ keys: KeyReader?, _ report: inout Diagnostics) -> FieldTypeDefinition? {
        if let target = targets.first, let entry = keys?["to"] { report.report(.saidTwice(entry.key, "\(kind.rawValue) to \(target.value)")) }
        let objects = targets.isEmpty ? keys?["to"]?.names(&report) ?? [] : targets
        guard let first = objects.first else {
            if let entry = keys?["to"] {
                if case .sequence = entry.value.content { report.report(.noValue(entry.key, at: entry.value.span)) }
            } else {
                report.report(.missingKey("to", owner: field))
            }
            return nil
        }
        for (index, object) in objects.enumerated() {
            guard let same = objects[..<index].first(where: { $0.value == object.value }) else { continue }
            report.report(.duplicateName(object, .object, first: same.span))
            return nil
        }
        if kind == .links, objects.count > 1 {
            report.report(.badType(objects[1], form: "links to \(first.value)"))
            return nil
        }
        guard let (name, label) = collection(keys, &report) else { return nil }
        return kind == .links
            ? .links(to: first, as: name, collectionLabel: label) : .link(to: objects, as: name, collectionLabel: label)
    }

    /// What `as:` says; nil if something was wrong with it.
    private func collection(_ keys: KeyReader?, _ report: inout Diagnostics) -> (name: Located<String>?, label: LabelDefinition?)? {
        guard let entry = keys?["as"] else { return (nil, nil) }
        guard case .mapping = entry.value.content else { return (entry.name(as: .collection, &report), nil) }
        guard let collection = KeyReader(entry, of: .collection, &report) else { return nil }
        return (collection.required("name", owner: entry.key, &report)?.name(as: .collection, &report), collection["label"]?.label(&report))
    }
}

extension String {
    /// Where the word of this number begins, counted from 0; the end if there are not so many.
    fileprivate func startIndex(ofWord number: Int) -> String.Index {
        let words = split(separator: " ")
        return number < words.count ? words[number].startIndex : endIndex
    }
}

extension KeyReader {
    static let keysOfEveryType = ["type", "label", "help", "group", "formula", "points"]
    static let keysOfInput = ["required", "unique", "default", "clean"]

    /// Reports keys that do not go with the type.
    fileprivate func refuse(unfitting type: FieldTypeWord, _ report: inout Diagnostics) {
        for entry in entries {
            let key = entry.key.value
            if Self.keysOfEveryType.contains(key) {
                if !type.fits(key) {
                    report.report(.keyDoesNotFit(entry.key, with: type.kind.rawValue, fits: key == "points" ? ["number"] : []))
                }
                continue
            }
            guard !type.keys.contains(key) else { continue }
            let fitting = FieldTypeWord.Kind.allCases.filter { FieldTypeWord(kind: $0, targets: []).keys.contains(key) }
            report.report(.keyDoesNotFit(entry.key, with: type.kind.rawValue, fits: fitting.map(\.rawValue)))
        }
    }

    /// Without a type only a computed field's keys make sense, or more options for a built-in field.
    fileprivate func refuseWithoutType(_ report: inout Diagnostics) {
        let isComputed = self["formula"] != nil || self["points"] != nil
        guard isComputed else { return }
        for entry in entries where !Self.keysOfEveryType.contains(entry.key.value) && !Self.keysOfInput.contains(entry.key.value) {
            if entry.key.value == "decimals" { continue }
            report.report(.keyDoesNotFit(entry.key, with: self["formula"] != nil ? "formula" : "points", fits: []))
        }
    }

    /// What asks for an input makes no sense on a field that is computed.
    fileprivate func refuseOnComputed(_ report: inout Diagnostics) {
        guard let computation = self["formula"] ?? self["points"] else { return }
        if self["formula"] != nil, let points = self["points"] {
            report.report(.keyDoesNotFit(points.key, with: "formula", fits: []))
        }
        for key in Self.keysOfInput + ["as"] {
            guard let entry = self[key] else { continue }
            report.report(.keyDoesNotFit(entry.key, with: computation.key.value, fits: []))
        }
    }
}
