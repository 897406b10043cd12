import Formula
import Model

/// Which fields of an object the search over everything looks at: short texts that have a column. Those of the title may also be spoken.
struct SearchedFields: Sendable {
    let title: [FieldID]
    let rest: [FieldID]

    init(_ object: CheckedObject, _ columns: [ColumnLayout?]) {
        var called: Set<FieldID> = []
        for part in object.shows.parts {
            if case .expression(let expression) = part { called.formUnion(expression.reads.own) }
        }
        let texts = object.fields.filter { columns[$0.id.index]?.coding == .text && $0.kind.isShortText }
        // A record that is called by none of its texts is at least known by the first of them.
        if !texts.contains(where: { called.contains($0.id) }), let first = texts.first { called.insert(first.id) }
        title = texts.map(\.id).filter(called.contains)
        rest = texts.map(\.id).filter { !called.contains($0) }
    }

    func isDisjoint(with changed: Set<FieldID>) -> Bool {
        !title.contains(where: changed.contains) && !rest.contains(where: changed.contains)
    }

    /// Changes with the fields and with their parts.
    func fingerprint(in app: CheckedApp) -> String {
        "\(title.map { app[$0].name }.joined(separator: ","));\(rest.map { app[$0].name }.joined(separator: ","))"
    }
}

extension FieldKind {
    /// Long texts are searched in their list only: they would be most of the index and little of what is looked for.
    fileprivate var isShortText: Bool {
        switch self {
        case .text, .email, .phone, .autonumber, .address, .uscc: true
        case .longText, .url, .cnID, .number, .money, .percent, .bool, .date, .datetime, .duration, .choice, .choices, .tags, .link, .links, .file,
            .files, .location, .stage:
            false
        }
    }
}
