/// What formulas may refer to in an app: objects with their fields and child collections. Model makes it.
package struct FormulaSchema: Sendable {
    /// By `ObjectID.index`.
    package var objects: [FormulaObject]
    /// By `RoleID.index`: names of the roles.
    package var roles: [String]
    /// The object of people, for `me` and `users in role X`; nil where formulas are evaluated without an app.
    package var users: ObjectID?
    /// What a bare money literal or a new money field is in; ISO 4217.
    package var currency: String
    /// By which `workday()` and its like count.
    package var calendar: BusinessCalendar
    /// The app's own calendars, which formulas may name.
    package var calendars: [BusinessCalendar]

    package init(
        objects: [FormulaObject], roles: [String], users: ObjectID?, currency: String, calendar: BusinessCalendar = .plain,
        calendars: [BusinessCalendar] = []
    ) {
        self.objects = objects
        self.roles = roles
        self.users = users
        self.currency = currency
        self.calendar = calendar
        self.calendars = calendars
    }
}

package struct FormulaObject: Sendable {
    package let id: ObjectID
    package let name: String
    /// Labels in all languages, without the name itself.
    package let labels: [String]
    /// By `FieldID.index`; system fields first.
    package var fields: [FormulaField]
    package var collections: [FormulaCollection]

    package init(id: ObjectID, name: String, labels: [String], fields: [FormulaField], collections: [FormulaCollection]) {
        self.id = id
        self.name = name
        self.labels = labels
        self.fields = fields
        self.collections = collections
    }
}

package struct FormulaField: Sendable {
    package let id: FieldID
    package let name: String
    package let labels: [String]
    /// Nil for a formula field whose own formula has not been checked: the checker then asks its `typing` closure.
    package var type: FormulaType?
    package var mayBeBlank: Bool
    /// Decimals that a stored number of this field has.
    package var decimals: Int

    package init(id: FieldID, name: String, labels: [String], type: FormulaType?, mayBeBlank: Bool, decimals: Int) {
        self.id = id
        self.name = name
        self.labels = labels
        self.type = type
        self.mayBeBlank = mayBeBlank
        self.decimals = decimals
    }
}

/// The records of another object that link here: `as:` of a link, or the reserved `activities`, `files`, `tasks`.
package struct FormulaCollection: Sendable, Hashable {
    package let name: String
    package let labels: [String]
    /// Whose records it holds.
    package let rows: ObjectID
    /// The field of those records that points here.
    package let link: FieldID

    package init(name: String, labels: [String], rows: ObjectID, link: FieldID) {
        self.name = name
        self.labels = labels
        self.rows = rows
        self.link = link
    }
}

/// Where a formula stands: which rows its names may mean.
package struct FormulaScope: Sendable {
    /// The object of the record that owns the formula; nil in `weir eval`.
    package var this: ObjectID?
    /// Whether `me` may be said.
    package var allowsMe: Bool
    /// Whether `old` may be said.
    package var allowsOld: Bool
    /// The object of `candidate`, where there is one.
    package var candidate: ObjectID?
    /// Named inputs with their types, by slot of `Form.variable`; for `weir eval`.
    package var inputs: [Input]
    /// Whether `body` may be said: the message that came in, or the answer to a call.
    package var allowsBody: Bool
    /// Of a report's `value`: whose records its groups are made of. The group is the last of `inputs`, and aggregates that name no set are over it.
    package private(set) var group: ObjectID?

    package struct Input: Sendable {
        package let name: String
        package let type: FormulaType

        package init(name: String, type: FormulaType) {
            self.name = name
            self.type = type
        }
    }

    package init(this: ObjectID?, allowsMe: Bool = false, allowsOld: Bool = false, candidate: ObjectID? = nil, inputs: [Input] = [], allowsBody: Bool = false) {
        self.this = this
        self.allowsMe = allowsMe
        self.allowsOld = allowsOld
        self.candidate = candidate
        self.inputs = inputs
        self.allowsBody = allowsBody
    }

    /// Of a formula over a group of records, which it is given as its only input: `count(where late) / count()`.
    package init(groupOf object: ObjectID) {
        self.init(this: nil, inputs: [Input(name: "the group of records", type: .links([object]))])
        group = object
    }
}
