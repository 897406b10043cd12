/// Which object (a table, in the author's words) of an app: its position in `CheckedApp.objects`.
package struct ObjectID: Sendable, Hashable {
    package let index: Int

    package init(index: Int) {
        self.index = index
    }
}

/// Which field of which object: its position in the object's fields.
package struct FieldID: Sendable, Hashable {
    package let object: ObjectID
    package let index: Int

    package init(object: ObjectID, index: Int) {
        self.object = object
        self.index = index
    }
}

/// Which role: its position in `CheckedApp.roles`.
package struct RoleID: Sendable, Hashable {
    package let index: Int

    package init(index: Int) {
        self.index = index
    }
}

/// One record. Numbers count from 1 per object and are never used again.
package struct RecordID: Sendable, Hashable, Comparable {
    package let object: ObjectID
    package let number: Int64

    package init(object: ObjectID, number: Int64) {
        self.object = object
        self.number = number
    }

    package static func < (left: RecordID, right: RecordID) -> Bool {
        (left.object.index, left.number) < (right.object.index, right.number)
    }
}

/// The fields that every record has, at these positions, before the author's own.
package enum SystemField: Int, Sendable, CaseIterable {
    case id, version, created, createdBy, changed, changedBy

    /// As formulas and the API spell it.
    package var name: String {
        switch self {
        case .id: "id"
        case .version: "version"
        case .created: "created"
        case .createdBy: "created_by"
        case .changed: "changed"
        case .changedBy: "changed_by"
        }
    }
}
