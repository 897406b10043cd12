import Formula
import Model
import SourceText

/// Which column goes into which field.
struct ImportColumns: Sendable {
    /// By position in the file; nil for a column that is left out.
    let fields: [CheckedField?]
    let report: [(header: String, field: FieldID?)]

    /// - Throws: `Violation` naming every column that matches no field, or two that match one.
    init(_ header: [String], of object: CheckedObject, mapping: [String: FieldID?]?, mayTrust: Bool) throws(Violation) {
        var fields: [CheckedField?] = []
        var unknown: [String] = []
        for name in header {
            if let mapped = mapping?[name] {
                fields.append(mapped.map { object.fields[$0.index] })
            } else if let field = Self.field(called: name, of: object) {
                let isOpen = field.isWritable && (mayTrust || !field.isStage)
                fields.append(isOpen ? field : nil)
            } else {
                if !Self.isSpare(name) { unknown.append(name) }
                fields.append(nil)
            }
        }
        try Self.refuseTwice(header, fields)
        guard unknown.isEmpty else {
            let known = object.fields.filter { $0.isWritable }
            throw Violation(.unknownField, Words(
                zh: "“\(object.label.zh)”没有字段：\(unknown.joined(separator: "、"))。可用的列：\(known.map(\.label.zh).joined(separator: "、"))。命令行可用 --map 指定对应关系，网页上可选“忽略不认识的列”",
                en: "\(object.label.en) has no field \(unknown.map { "`\($0)`" }.joined(separator: ", ")). Columns can be: \(known.map(\.name).joined(separator: ", ")). On the command line `--map` says which column is which field; on the page unknown columns can be left out"))
        }
        try self.init(header, fields)
    }

    /// By the names that were chosen for them. The id may be among them: it matches and is never written.
    ///
    /// - Throws: `Violation` for a name that is no field of the object's, two columns for one field, or none at all.
    init(_ header: [String], of object: CheckedObject, names: [String?]) throws(Violation) {
        var fields: [CheckedField?] = []
        for name in names {
            guard let name else {
                fields.append(nil)
                continue
            }
            guard let field = object.field(named: name), Self.isOffered(field) else {
                throw Violation(.unknownField, .noSuchField(name, on: object))
            }
            fields.append(field)
        }
        try Self.refuseTwice(header, fields)
        try self.init(header, fields)
    }

    private init(_ header: [String], _ fields: [CheckedField?]) throws(Violation) {
        guard fields.contains(where: { $0?.isSystem == false }) else {
            throw Violation(.unknownField, Words(zh: "没有一列对应可填写的字段", en: "no column is for a field that can be filled in"))
        }
        self.fields = fields
        report = zip(header, fields).map { ($0, $1?.id) }
    }

    private static func refuseTwice(_ header: [String], _ fields: [CheckedField?]) throws(Violation) {
        var taken: [FieldID: String] = [:]
        for (name, field) in zip(header, fields) {
            guard let field else { continue }
            guard let other = taken.updateValue(name, forKey: field.id) else { continue }
            throw Violation(.unreadable, field: field.id, Words(
                zh: "列“\(other)”和“\(name)”都对应字段“\(field.label.zh)”", en: "the columns `\(other)` and `\(name)` are both for \(field.label.en)"))
        }
    }

    /// What each column is most likely for: a field of that name or label that nobody else took.
    static func guess(_ header: [String], of object: CheckedObject) -> [String?] {
        var taken: Set<FieldID> = []
        return header.map { name in
            guard !name.isEmpty, let field = field(called: name, of: object), isOffered(field), taken.insert(field.id).inserted else { return nil }
            return field.name
        }
    }

    /// Whether a column may be for this field.
    static func isOffered(_ field: CheckedField) -> Bool {
        field.id.index == SystemField.id.rawValue || field.isWritable && !field.isSystem && !field.isStage
    }

    /// What a rejects file adds, and columns without a name, such as spreadsheets leave behind.
    private static func isSpare(_ name: String) -> Bool { name == "原因" || name == "reason" || name.isEmpty }

    /// By name, else by a label in any language, capitals apart.
    private static func field(called name: String, of object: CheckedObject) -> CheckedField? {
        if let exact = object.field(named: name) { return exact }
        let lower = Cleaning.halfwidth(name).lowercased()
        let labelled = object.fields.filter { $0.label.zh == name || $0.label.en.lowercased() == lower || $0.name.lowercased() == lower }
        return labelled.first { !$0.isSystem } ?? labelled.first
    }
}

extension CheckedField {
    var isStage: Bool {
        if case .stage = kind { true } else { false }
    }
}
