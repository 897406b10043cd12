import HTML
import HTTPService
import SourceText
import WebAssets

/// What stands around every page: who is here, where, in which language.
struct Shell: Sendable {
    enum Theme: String, Sendable, CaseIterable {
        case system, light, dark

        static let cookieName = "weir_theme"

        var words: Words {
            switch self {
            case .system: Say.system2
            case .light: Say.light
            case .dark: Say.dark
            }
        }
    }

    struct Person: Sendable {
        var name: String
        /// The secret that forms carry back.
        var formToken: String
        /// `user/3`.
        var id = ""
    }

    struct Place: Sendable, Hashable {
        var name: String
        var label: Words
        /// The author's heading, if there is one.
        var group: Words?
        /// People, activities and files: every app has them.
        var isBuiltIn = false
    }

    var language: Language
    var theme: Theme
    var app: Words
    var person: Person?
    /// The author's objects, then people.
    var places: [Place] = []
    /// The author's objects under their headings, in the order in which the headings first appear; those without one come first.
    var placesByGroup: [(heading: Words, places: [Place])] {
        var groups: [(heading: Words, places: [Place])] = [(Say.records, [])]
        for place in places where !place.isBuiltIn {
            let heading = place.group ?? Say.records
            if let index = groups.firstIndex(where: { $0.heading == heading }) {
                groups[index].places.append(place)
            } else {
                groups.append((heading, [place]))
            }
        }
        return groups.filter { !$0.places.isEmpty }
    }

    /// Whether anything is put to people to be decided.
    var hasApprovals = false
    var hasReports = false
    /// What the person was told and has not read; nil where nobody is ever told anything.
    var unread: Int?
    /// Runs that have failed, for those who look after the app; nil for others, and where nothing acts.
    var failedRuns: Int?
    /// The name of the object that is shown, or a fixed place such as `home`.
    var current: String?
    /// Address of this page, for coming back to it.
    var address: Link?
    var notice: Notice?
    /// What the notice offers to take back.
    var undo: UndoOffer?
    /// Single keys are shortcuts.
    var hasKeys = true
    /// The page is drawn as it is printed.
    var isPrinting = false
    /// What is the matter with the app's definition, for administrators.
    var trouble: Authoring.Trouble?
    /// Names the version of the app that made the page; empty where nobody is signed in.
    var version = ""

    init(language: Language, theme: Theme, app: Words) {
        self.language = language
        self.theme = theme
        self.app = app
    }

    static let keysCookieName = "weir_keys"

    /// The list that is a touch away on phones: of what is looked at, else of the first object.
    var nearest: Place? { places.first { $0.name == current } ?? places.first }

    static func asset(_ name: String) -> Link { Link("a", WebAssets.hash, name) }
    static let icons = asset("icons.svg")
}
