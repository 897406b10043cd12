package import Formula
import Model
package import SourceText
package import Storage

/// What somebody wants done to one record.
package struct SaveCommand: Sendable {
    package enum Action: Sendable {
        case create(ObjectID, [FieldInput])
        case edit(RecordID, [FieldInput])
        /// To the stage of this key.
        case move(RecordID, to: String)
        case delete(RecordID)
        /// Out of the recycle bin.
        case restore(RecordID)
        /// Out of the recycle bin for good.
        case purge(RecordID)
        /// Takes back the change that made this version.
        case undo(RecordID, version: Int64)
    }

    package enum Expectation: Sendable, Hashable {
        /// Whatever the version is.
        case any
        /// Exactly this version, else `.conflict` (`If-Match`).
        case exactly(Int64)
        /// Opened on this version: merges unless a field that is touched has changed since (web form).
        case openedOn(Int64)
    }

    package enum Door: Sendable, Hashable {
        /// Form, API, command: all rules.
        case person
        /// CSV import by a person: all rules; history says so.
        case `import`
        /// A step of a run: all rules and gates.
        case automation
        /// A record falls back out of its stage: all rules, no gate, whatever moves there are.
        case demotion
        /// Demo data and `given` of scenarios: stages may be set directly, rules and gates are not asked.
        case trusted
    }

    package var action: Action
    package var principal: Principal
    package var expectation: Expectation
    package var door: Door
    /// A repeated request with the same key gets the first answer.
    package var request: Request?
    /// What was sent and belongs to no field (`ReadInputs.strays`): refused together with everything else.
    package var strays: [Violation] = []
    /// Bytes that have been kept in the file area and belong to the record (of the built-in object `file`) that is created; attached in
    /// the same transaction.
    package var attachment: StoredFile?

    /// The run whose step this is.
    package var cause: RunCause?
    /// The message from outside that becomes the record: its entry of `inbound`.
    package var inbound: String?
    /// What it was done together with: the same text for all commands of an import, a change of many records, a call with many items. Nil: it stands alone.
    package var batch: String?
    /// Whether those who must agree to the move have done so.
    var isApproved = false
    /// Whose doing set the run off that does this.
    package var onBehalfOf: RecordID?

    package struct Request: Sendable, Hashable {
        package let key: String
        package let digest: String

        package init(key: String, digest: String) {
            self.key = key
            self.digest = digest
        }
    }

    package init(_ action: Action, by principal: Principal, expecting expectation: Expectation = .any, door: Door = .person, request: Request? = nil) {
        self.action = action
        self.principal = principal
        self.expectation = expectation
        self.door = door
        self.request = request
    }
}

/// What was entered for one field.
package struct FieldInput: Sendable {
    package enum Entry: Sendable {
        case value(Value)
        /// Could not be read as the field's type; reported together with all other violations.
        case unreadable(Violation)
    }

    package let field: FieldID
    package let entry: Entry

    package init(_ field: FieldID, _ entry: Entry) {
        self.field = field
        self.entry = entry
    }

    package init(_ field: FieldID, _ value: Value) {
        self.init(field, .value(value))
    }
}

/// What became of a command.
package enum SaveOutcome: Sendable {
    /// Durable. `changed` are the fields that differ, computed ones included; a new record lists all that are not blank.
    case saved(Row, changed: Set<FieldID>)
    /// The record was already so; no version, no event.
    case unchanged(Row)
    /// A repeated request: this is what the first one made.
    case repeated(RecordID, version: Int64)
    /// The request key was used for something else before.
    case requestKeyReused
    /// Everything that stands against it, in the order of the fields, then the rules.
    case refused([Violation])
    /// The gate of the stage is closed.
    case held(GateVerdict)
    /// Somebody saved in between: the record as it stands now, and which touched fields differ from what the command had seen.
    case conflict(current: Row, fields: Set<FieldID>)
    case missing
    case denied(Words)
}

/// One thing that stands against saving.
package struct Violation: Sendable, Hashable, Error {
    package enum Code: String, Sendable, Hashable, CaseIterable {
        case required, unreadable
        case notUnique = "not_unique"
        case readOnly = "read_only"
        case unknownRecord = "unknown_record"
        case unknownField = "unknown_field"
        /// Records that must have their link to this one stand in the way of deleting it.
        case inUse = "in_use"
        case rule
        case tooLong = "too_long"
        case outOfRange = "out_of_range"
        case stageMove = "stage_move"
        /// Somebody was given the record lately and keeps it for a while.
        case protected
        /// It is being decided on by people.
        case frozen
        /// A bound that keeps one save from holding up all others.
        case limit
    }

    package let code: Code
    /// Nil where it concerns the record as a whole.
    package let field: FieldID?
    /// The author's rule, where there is one.
    package let rule: String?
    package let words: Words
    /// The record that has the value which must be unique.
    var holder: RecordID?

    package init(_ code: Code, field: FieldID? = nil, rule: String? = nil, _ words: Words) {
        self.code = code
        self.field = field
        self.rule = rule
        self.words = words
    }
}

/// What a gate says about a record that would enter a stage.
package struct GateVerdict: Sendable {
    package struct Item: Sendable {
        package let name: String
        package let isMet: Bool
        /// What is asked, in the author's words.
        package let say: Words
        /// How it can be met on the spot; empty where the condition does not tell.
        package let ways: [GateWay]

        package init(name: String, isMet: Bool, say: Words, ways: [GateWay]) {
            self.name = name
            self.isMet = isMet
            self.say = say
            self.ways = ways
        }
    }

    package let to: String
    /// Every condition of the stage, in written order.
    package let items: [Item]
    /// Set where the path itself forbids the move, whatever the conditions say.
    package let moveRefusal: Words?
    /// The request that has been made for the move, which follows once it is granted.
    package var approval: Int64?

    package var isOpen: Bool { moveRefusal == nil && items.allSatisfy(\.isMet) }

    package init(to: String, items: [Item], moveRefusal: Words?) {
        self.to = to
        self.items = items
        self.moveRefusal = moveRefusal
    }
}

/// A way to meet a condition, read off its formula.
package enum GateWay: Sendable, Hashable {
    /// Fill in this field of the record itself.
    case fill(FieldID)
    /// Add a record to this child set, with these values given (`kind = 'minutes'`).
    case add(object: ObjectID, link: FieldID, preset: [FieldID: Value])
}
