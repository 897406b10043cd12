import Engine
import Formula
import HTML
import HTTPService
import Model
import Program
import SourceText
import Storage

/// Puts records' values into the words of a page: in the reader's language, in the app's zone.
struct Display: Sendable {
    let app: CompiledApp
    let language: Language
    /// For times told from now.
    let now: Instant

    func value(_ value: Value, of field: CheckedField, titles: [RecordID: String]) -> DisplayValue {
        switch value {
        case .blank: return .blank
        case .failure(let failure): return .failure(failure.words[language])
        case .link(let id): return record(id, titles: titles)
        case .links(let ids): return .several(ids.map { record($0, titles: titles) })
        case .location(let location): return place(location)
        case .list(let values): return .words(values.map { plain($0, of: field, titles: titles) })
        case .bool(let bool): return .word((bool ? Say.yes : Say.no)[language])
        case .number(let number): return .number(self.number(number, of: field.kind))
        case .date(let day): return .time(date(day), stamp: day.description)
        case .instant(let instant): return .time(moment(instant), stamp: instant.description)
        case .duration(let span): return .number(span.words[language])
        case .option(let key): return .word(label(ofOption: key, of: field))
        case .options(let keys):
            if case .tags = field.kind { return .tags(keys) }
            return .words(keys.map { label(ofOption: $0, of: field) })
        case .text(let text):
            switch field.kind {
            case .url: return Link(web: text).map { .outside(text, $0) } ?? .text(text)
            case .email: return Link(mail: text).map { .outside(text, $0) } ?? .text(text)
            case .phone: return Link(telephone: text).map { .outside(text, $0) } ?? .text(text)
            case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .address, .uscc,
                .cnID, .location, .link, .links, .file, .files, .autonumber, .stage:
                return .text(text)
            }
        }
    }

    /// The value in one line of plain text, as in a title or an old value crossed out.
    func plain(_ value: Value, of field: CheckedField, titles: [RecordID: String]) -> String {
        plain(self.value(value, of: field, titles: titles))
    }

    private func plain(_ value: DisplayValue) -> String {
        switch value {
        case .blank: Say.blank[language]
        case .text(let text), .number(let text), .word(let text), .time(let text, _), .outside(let text, _), .failure(let text): text
        case .words(let words), .tags(let words): words.joined(separator: language == .zh ? "、" : ", ")
        case .record(let title, _), .file(let title, _, _): title
        case .several(let values): values.map(plain).joined(separator: language == .zh ? "、" : ", ")
        }
    }

    /// Coordinates, leading to a map that the reader's country has.
    private func place(_ location: Location) -> DisplayValue {
        let address: String
        switch language {
        case .zh: address = "https://uri.amap.com/marker?position=\(location.longitude),\(location.latitude)&coordinate=wgs84"
        case .en: address = "https://www.openstreetmap.org/?mlat=\(location.latitude)&mlon=\(location.longitude)"
        }
        return Link(web: address).map { .outside(location.description, $0) } ?? .text(location.description)
    }

    /// A linked record; one that is gone has no title.
    func record(_ id: RecordID, titles: [RecordID: String]) -> DisplayValue {
        guard let title = titles[id] else { return .word(Say.deletedRecord[language]) }
        let shown = title.trimmed.isEmpty ? app.text(of: id) : title
        let link = self.link(to: id)
        guard app.model[id.object].builtIn == .file else { return .record(title: shown, link) }
        return .file(name: shown, link, download: Link("files", String(id.number)))
    }

    func link(to id: RecordID) -> Link {
        Link("records", app.model[id.object].name, String(id.number))
    }

    func label(ofOption key: String, of field: CheckedField) -> String {
        field.kind.options?.label(of: key, in: language) ?? key
    }

    // MARK: Numbers

    func number(_ number: ExactDecimal, of kind: FieldKind) -> String {
        switch kind {
        case .money, .percent: return kind.display(.number(number), language: language, zone: app.model.zone) { _ in "" }
        case .number, .text, .longText, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files,
            .autonumber, .stage:
            // Four digits may be a year; from five on, groups help.
            let digits = number.description
            return digits.prefix { $0 != "." }.filter(\.isNumber).count > 4 ? groupedDigits(digits) : digits
        }
    }

    // MARK: Times

    /// 2026年3月18日, Mar 18, 2026.
    func date(_ day: Day) -> String {
        let parts = day.components
        switch language {
        case .zh: return "\(parts.year)年\(parts.month)月\(parts.day)日"
        case .en: return "\(Display.months[parts.month - 1]) \(parts.day), \(parts.year)"
        }
    }

    /// With hour and minute in the app's zone.
    func moment(_ instant: Instant) -> String {
        let wall = app.model.zone.wallClock(instant)
        return "\(date(wall.day)) \(wall.time(withSeconds: false))"
    }

    /// `5 分钟前` within a day, else the moment.
    func ago(_ instant: Instant) -> String {
        let seconds = (now.microseconds - instant.microseconds) / 1_000_000
        guard seconds >= 0, seconds < 86_400 else { return moment(instant) }
        let minutes = seconds / 60
        switch (language, minutes) {
        case (.zh, 0): return "刚刚"
        case (.en, 0): return "just now"
        case (.zh, 1..<60): return "\(minutes) 分钟前"
        case (.en, 1..<60): return "\(minutes) min ago"
        case (.zh, _): return "\(minutes / 60) 小时前"
        case (.en, _): return "\(minutes / 60) h ago"
        }
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
}

extension FieldKind {
    /// The options of a choice, of choices, of a stage; nil for every other kind.
    var options: OptionList? {
        switch self {
        case .choice(let list), .choices(let list): list
        case .stage(let stages): stages.options
        case .text, .longText, .number, .money, .percent, .bool, .date, .datetime, .duration, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files,
            .autonumber:
            nil
        }
    }

    /// Lined up to the right in tables.
    var isNumeric: Bool {
        switch self {
        case .number, .money, .percent, .duration: true
        case .text, .longText, .bool, .date, .datetime, .choice, .choices, .tags, .email, .url, .phone, .address, .uscc, .cnID, .location, .link, .links, .file, .files, .autonumber, .stage: false
        }
    }
}

extension OptionList {
    func label(of key: String, in language: Language) -> String? {
        guard let position = position(of: key) else { return nil }
        return options[position].label(in: language)
    }
}

extension OptionList.Option {
    func label(in language: Language) -> String {
        switch language {
        case .zh: labelZh
        case .en: labelEn
        }
    }
}
