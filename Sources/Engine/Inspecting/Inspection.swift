package import Formula
package import SourceText

/// What going through the records found: values that are not what their formula gives, and records that break rules of the app.
package struct Inspection: Sendable {
    /// Records named as examples, per kind of finding.
    static let mostExamples = 3

    /// A stored formula whose value is not what it gives when it is computed now.
    package struct Drift: Sendable {
        package let field: FieldID
        package fileprivate(set) var count = 0
        package fileprivate(set) var examples: [RecordID] = []
    }

    /// A rule of the author's, or a required field that is blank.
    package struct Breach: Sendable {
        package let object: ObjectID
        /// Nil where a required field is blank.
        package let rule: String?
        package let field: FieldID?
        /// What a person who saved the first of the records would be told.
        package let words: Words
        package fileprivate(set) var count = 0
        package fileprivate(set) var examples: [RecordID] = []
    }

    /// How many records were looked at, and of how many.
    package internal(set) var seen = 0
    package internal(set) var total = 0
    package private(set) var drifts: [Drift] = []
    package private(set) var breaches: [Breach] = []

    mutating func drifted(_ field: FieldID, of record: RecordID) {
        let position = drifts.firstIndex { $0.field == field } ?? drifts.endIndex
        if position == drifts.endIndex { drifts.append(Drift(field: field)) }
        drifts[position].count += 1
        if drifts[position].examples.count < Self.mostExamples { drifts[position].examples.append(record) }
    }

    mutating func broke(_ rule: String?, _ field: FieldID?, of record: RecordID, _ words: Words) {
        let position = breaches.firstIndex { $0.object == record.object && $0.rule == rule && (rule != nil || $0.field == field) } ?? breaches.endIndex
        if position == breaches.endIndex { breaches.append(Breach(object: record.object, rule: rule, field: field, words: words)) }
        breaches[position].count += 1
        if breaches[position].examples.count < Self.mostExamples { breaches[position].examples.append(record) }
    }
}
