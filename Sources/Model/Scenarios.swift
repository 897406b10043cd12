package import Formula
package import SourceText

/// A scenario whose names are known to exist.
package struct CheckedScenario: Sendable {
    package let name: String
    /// Nil: 2026-01-05 09:00 in the app's zone, a Monday.
    package let at: Instant?
    package let given: [Given]
    /// How the outside answers, by `connector.call` or by the name of a connector; what is not among them is taken.
    package let stubs: [String: Stub]
    package let steps: [Step]
    package let declaredAt: Span

    /// A record that stands before the first step; made without gates and rules.
    package struct Given: Sendable {
        package let object: ObjectID
        package let name: String
        package let values: [Assignment]

        package init(object: ObjectID, name: String, values: [Assignment]) {
            self.object = object
            self.name = name
            self.values = values
        }
    }

    package enum Stub: Sendable, Hashable {
        case takes(receipt: String)
        case refuses
        case isDown
    }

    package struct Assignment: Sendable {
        package let field: FieldID
        package let value: ScenarioValue
        package let span: Span

        package init(field: FieldID, value: ScenarioValue, span: Span) {
            self.field = field
            self.value = value
            self.span = span
        }
    }

    package enum ScenarioValue: Sendable {
        case value(Value)
        /// A record that the scenario named, in `given` or with `create`.
        case record(String)
        /// Several such records.
        case records([String])
        /// Evaluated on the record at hand.
        case formula(CheckedExpression)
    }

    package struct Step: Sendable {
        package enum Action: Sendable {
            case create(ObjectID, name: String?, with: [Assignment])
            /// Nil: the last record. The same in the other cases.
            case edit(record: String?, with: [Assignment])
            case move(to: String, record: String?)
            case delete(record: String?)
            case expect(record: String?, [Assignment])
            case expectHeld([String])
            case expectRefused([String])
            /// People, by the names of `given`.
            case expectNotified([String], isExpected: Bool)
            case expectCreated([Created], isExpected: Bool)
            case expectSent([String])
            /// What comes in, as JSON, and what the record that it becomes is called.
            case inbound(String, name: String?, body: String)
            /// What comes in over a channel, as JSON.
            case receive(String, body: String)
            case wait(Delay)
            /// What is done about an open approval; `to` is a level or `start`, or a person of `given`.
            case decide(Decision, approval: String, record: String?, to: String?, comment: String?)
            /// What is answered, as people type it; of a question about this record, or of the latest.
            case answer([(field: String, text: String)], record: String?)
            /// People, by the names of `given`; nil: from now on.
            case away(String, to: String, from: Instant?, until: Instant)
            case expectApproval([(approval: String, state: String)], record: String?)
            /// People, by the names of `given`, whose decision is waited for.
            case expectApprovers([String], record: String?)
        }

        package enum Decision: String, Sendable, Hashable {
            case approve, reject, delegate, withdraw, resubmit
            case sendBack = "send back"
            case addSignerBefore = "add signer before"
            case addSignerAfter = "add signer after"
        }

        package enum Actor: Sendable, Hashable {
            /// A person of `given`, by name.
            case person(String)
            case role(RoleID)
            /// Nobody in particular: the system, which may do everything.
            case system
        }

        package struct Created: Sendable {
            package let object: ObjectID
            package let values: [Assignment]

            package init(object: ObjectID, values: [Assignment]) {
                self.object = object
                self.values = values
            }
        }

        package let action: Action
        package let actor: Actor
        package let span: Span

        package init(action: Action, actor: Actor, span: Span) {
            self.action = action
            self.actor = actor
            self.span = span
        }
    }

    package init(name: String, at: Instant?, given: [Given], stubs: [String: Stub] = [:], steps: [Step], declaredAt: Span) {
        self.name = name
        self.at = at
        self.given = given
        self.stubs = stubs
        self.steps = steps
        self.declaredAt = declaredAt
    }
}
