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
    /// `link to O`, with the name the links get on the other side.
    case link(to: Located<String>, as: Located<String>?, collectionLabel: LabelDefinition?)
    case file
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
    fileprivate static func read(_ entry: YAMLEntry, _ report: inout Diagnostics) -> [PointsDefinition] {
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
        case link, file, autonumber, stage
    }

    let kind: Kind
    /// `choice of X`, `link to X`.
    let target: Located<String>?

    /// Types of the language that this version does not run.
    private static let later = ["address", "location", "uscc", "cn_id", "files", "links"]

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
            if later.contains(head.value) {
                report.report(.notYet(head, .type))
            } else if let right = wrongWords[head.value.lowercased()] ?? Kind(rawValue: head.value.lowercased()) {
                report.report(.wrongType(head, right: right.rawValue))
            } else {
                report.report(.unknownType(head, known: Kind.allCases.map(\.rawValue)))
            }
            return nil
        }
        let joint: String? = switch kind {
            case .choice, .choices: "of"
            case .link: "to"
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .phone, .url, .file,
                .autonumber, .stage: nil
            }
        if rest.isEmpty { return FieldTypeWord(kind: kind, target: nil) }
        guard let joint, rest.count >= 2, rest[0].value == joint else {
            report.report(.badType(text, form: joint.map { "\(kind.rawValue) \($0) X" } ?? kind.rawValue))
            return nil
        }
        let target = rest.dropFirst().map(\.value).joined(separator: " ")
        if target.hasPrefix("[") || target.contains(",") {
            report.report(.notYet(text, .linkToSeveral))
            return nil
        }
        guard rest.count == 2 else {
            report.report(.badType(text, form: "\(kind.rawValue) \(joint) X"))
            return nil
        }
        return FieldTypeWord(kind: kind, target: rest[1])
    }

    /// The keys that go with this type beyond those of every field.
    var keys: [String] {
        switch kind {
        case .text, .longText: ["required", "default", "clean"] + (kind == .text ? ["unique"] : [])
        case .email, .url: ["required", "default", "clean", "unique"]
        case .phone: ["required", "default", "clean", "unique", "region"]
        case .number, .percent: ["required", "default", "unique", "decimals"]
        case .money: ["required", "default", "unique", "decimals", "currency"]
        case .bool, .duration, .tags: ["required", "default"]
        case .date, .datetime: ["required", "default", "unique"]
        case .choice: ["required", "default", "unique", "options"]
        case .choices: ["required", "default", "options"]
        case .link: ["required", "default", "unique", "to", "as"]
        case .file: ["required"]
        case .autonumber: ["format"]
        case .stage: ["stages", "moves"]
        }
    }

    /// Whether a formula can give a value of this type.
    var canBeComputed: Bool {
        switch kind {
        case .autonumber, .stage, .file: false
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .phone, .url,
            .link: true
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
        case .autonumber: type = .autonumber(format: keys?["format"]?.text(&report))
        case .choice, .choices:
            guard let options = options(for: field, keys, &report) else { return nil }
            type = kind == .choice ? .choice(options) : .choices(options)
        case .link:
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
        if let target {
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
        if let entry = keys?["to"], case .sequence = entry.value.content {
            report.report(.notYet(entry.key, .linkToSeveral))
            return nil
        }
        if let target, let entry = keys?["to"] { report.report(.saidTwice(entry.key, "link to \(target.value)")) }
        guard let object = target ?? keys?["to"]?.text(&report) else {
            if keys?["to"] == nil { report.report(.missingKey("to", owner: field)) }
            return nil
        }
        guard let entry = keys?["as"] else { return .link(to: object, as: nil, collectionLabel: nil) }
        guard case .mapping = entry.value.content else {
            return .link(to: object, as: entry.name(as: .collection, &report), collectionLabel: nil)
        }
        guard let collection = KeyReader(entry, of: .collection, &report) else { return nil }
        return .link(
            to: object, as: collection.required("name", owner: entry.key, &report)?.name(as: .collection, &report),
            collectionLabel: collection["label"]?.label(&report))
    }
}

extension KeyReader {
    private static let keysOfEveryType = ["type", "label", "help", "group", "formula", "points"]
    private static let keysOfInput = ["required", "unique", "default", "clean"]

    /// Reports keys that do not go with the type.
    fileprivate func refuse(unfitting type: FieldTypeWord, _ report: inout Diagnostics) {
        for entry in entries {
            let key = entry.key.value
            if Self.keysOfEveryType.contains(key) {
                if key == "formula" && !type.canBeComputed || key == "points" && type.kind != .number {
                    report.report(.keyDoesNotFit(entry.key, with: type.kind.rawValue, fits: key == "points" ? ["number"] : []))
                }
                continue
            }
            guard !type.keys.contains(key) else { continue }
            let fitting = FieldTypeWord.Kind.allCases.filter { FieldTypeWord(kind: $0, target: nil).keys.contains(key) }
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
