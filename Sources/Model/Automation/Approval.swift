package import Formula
package import SourceText

/// Who must agree before something goes on, one level after the other; every name is known.
package struct CheckedApproval: Sendable {
    /// How many of a level's people must agree.
    package enum Need: Sendable, Hashable {
        /// The first who decides, decides.
        case any
        case all
        case count(Int)
        /// All, one after the other.
        case inOrder
    }

    /// What is done, one thing after the other, once a level's time is up.
    package enum Late: Sendable, Hashable {
        case remind(every: Delay?, times: Int)
        case escalate, approve, reject
    }

    /// What is done where nobody is left who may decide.
    package enum Empty: String, Sendable, Hashable {
        case fail, skip, escalate
    }

    /// What becomes of an open request if what is frozen changes.
    package enum Changed: String, Sendable, Hashable {
        case refuse, restart, invalidate
    }

    package enum Rejection: String, Sendable, Hashable {
        case stop
        case toStart = "back to start"
        case toLevel = "back to level"
        /// Whoever rejects says how far back.
        case toChoice = "back to choice"
    }

    package enum Liberty: String, Sendable, Hashable, CaseIterable {
        case delegate
        case sendBack = "send back"
        case withdraw
        case addSignerBefore = "add signer before"
        case addSignerAfter = "add signer after"

        /// What people may do where the author says nothing of it: who decides is changed by those who decide only where the author wants that.
        package static let usual: Set<Liberty> = [.delegate, .sendBack, .withdraw]
    }

    package struct Level: Sendable {
        package let name: String
        package let label: Words
        /// Each gives people; `me` is who asks.
        package let people: [CheckedExpression]
        package let need: Need
        package let condition: CheckedExpression?
        package let within: Delay?
        package let late: [Late]
        /// Whether somebody who has agreed at the level before counts as having agreed.
        package let skipsSamePerson: Bool
        package let empty: Empty

        package init(
            name: String, label: Words, people: [CheckedExpression], need: Need, condition: CheckedExpression?, within: Delay?, late: [Late],
            skipsSamePerson: Bool, empty: Empty
        ) {
            self.name = name
            self.label = label
            self.people = people
            self.need = need
            self.condition = condition
            self.within = within
            self.late = late
            self.skipsSamePerson = skipsSamePerson
            self.empty = empty
        }
    }

    package let name: String
    package let label: Words
    package let object: ObjectID
    package let condition: CheckedExpression?
    /// What must not change while it is open, by position.
    package let freeze: [FieldID]
    package let changed: Changed
    package let levels: [Level]
    package let rejection: Rejection
    package let liberties: Set<Liberty>
    package let allowsSelf: Bool
    /// Stages of the object that it stands before.
    package let stages: Set<String>
    package let declaredAt: Span
    /// From its name to its end.
    package let extent: Span

    package init(
        name: String, label: Words, object: ObjectID, condition: CheckedExpression?, freeze: [FieldID], changed: Changed, levels: [Level],
        rejection: Rejection, liberties: Set<Liberty>, allowsSelf: Bool, stages: Set<String>, declaredAt: Span, extent: Span
    ) {
        self.name = name
        self.label = label
        self.object = object
        self.condition = condition
        self.freeze = freeze
        self.changed = changed
        self.levels = levels
        self.rejection = rejection
        self.liberties = liberties
        self.allowsSelf = allowsSelf
        self.stages = stages
        self.declaredAt = declaredAt
        self.extent = extent
    }
}

extension CheckedApproval.Late {
    /// `remind`, `remind every 2h up to 3`, `escalate`, `approve`, `reject`; nil for anything else.
    package init?(_ text: String) {
        switch text {
        case "remind": self = .remind(every: nil, times: 1)
        case "escalate": self = .escalate
        case "approve": self = .approve
        case "reject": self = .reject
        default:
            let words = text.split(separator: " ").map(String.init)
            // remind every DELAY up to N
            guard words.count >= 6, words[0] == "remind", words[1] == "every", Array(words.suffix(3).prefix(2)) == ["up", "to"],
                let times = words.last.flatMap({ Int($0) }), (1...20).contains(times),
                let delay = Delay(words[2..<words.count - 3].joined(separator: " "))
            else { return nil }
            self = .remind(every: delay, times: times)
        }
    }
}
