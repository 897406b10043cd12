import HTML
import SourceText

/// A page of the wizard that takes a table in.
struct ImportView: Sendable {
    enum State: Sendable, Hashable { case draft, checked, working, stopped, done, undone }

    enum Step: Int, Sendable, Hashable, CaseIterable {
        case upload = 1, map, match, check, run, result

        var words: Words {
            switch self {
            case .upload: Say.stepUpload
            case .map: Say.stepMap
            case .match: Say.stepMatch
            case .check: Say.stepCheck
            case .run: Say.stepRun
            case .result: Say.stepResult
            }
        }
    }

    struct Choice: Sendable {
        var value: String
        var label: String
        var isChosen: Bool
    }

    struct Column: Sendable {
        var header: String
        var samples: [String]
        var choices: [Choice]
        var isLeftOut: Bool
    }

    struct Mapping: Sendable {
        var format: [String]
        var columns: [Column]
        /// How the file may be read otherwise: the name of each question, its label and answers.
        var readings: [(name: String, label: Words, choices: [Choice])]
    }

    struct Matching: Sendable {
        var fields: [Choice]
        var found: [Choice]
    }

    struct Progress: Sendable {
        var heading: Words
        var percent: Int
        var rows: Int
        var canStop: Bool
    }

    /// A cell that can be put right on the page.
    struct Cell: Sendable {
        /// Its column's position in the file, and the field's label.
        var column: Int
        var label: String
        var text: String
        /// What may stand there, where only certain values may.
        var options: [Choice]?
    }

    struct Failure: Sendable {
        var line: Int
        /// Each with the column that it is about, and the cell unless an earlier reason has it already.
        var reasons: [(column: String?, text: String, cell: Cell?)]
        /// The row's other cells, where a reason is about none of them.
        var others: [Cell]
    }

    /// A value that is none of a field's options.
    struct StrangeValue: Sendable {
        var column: Int
        var label: String
        var text: String
        var rows: Int
        var options: [Choice]
        /// Where the author wrote the field, for those who look after the app.
        var source: (text: String, link: Link)?
    }

    struct Report: Sendable {
        var heading: Words
        var counts: [(text: Words, isBad: Bool)]
        var failures: [Failure]
        var moreFailures: Link?
        var rejects: [(label: Words, link: Link)]
        var records: Link?
        /// Of an import that was taken back: what stayed, and why.
        var kept: [(title: String, link: Link, reason: String)]
        var run: Words?
        var canUndo: Bool
        /// What sends corrected cells; nil where they cannot be corrected here.
        var correcting: Words?
        var strangeValues: [StrangeValue] = []
    }

    struct Earlier: Sendable {
        var name: String
        var when: String
        var state: State
        var link: Link
    }

    enum Body: Sendable {
        case upload(templates: [(label: Words, link: Link)], earlier: [Earlier])
        case map(Mapping)
        case match(Matching)
        case progress(Progress)
        case report(Report)
        case records(rows: [(title: String, link: Link, isNew: Bool)], next: Link?)
    }

    var label: Words
    var list: Link
    /// Where the page's forms go; the wizard's own address.
    var here: Link
    /// Where a form of this name goes.
    var actions: Link.Actions
    var fileName: String?
    var step: Step
    var error: String?
    var body: Body
}

extension Link {
    /// The addresses under one import.
    struct Actions: Sendable {
        let object: String
        /// Nil before there is one.
        let job: Int64?

        func callAsFunction(_ verb: String? = nil, query: [(String, String)] = []) -> Link {
            var segments = ["records", object, "import"]
            if let job { segments.append(String(job)) }
            if let verb { segments.append(verb) }
            return Link(segments: segments, query: query)
        }
    }
}
