package import SourceText
import Synchronization

/// What is the matter with an app's definition while an earlier version of it runs on: told to those who can do something about it.
package final class Authoring: Sendable {
    package struct Trouble: Sendable, Hashable {
        package struct At: Sendable, Hashable {
            package let file: Int
            package let line: Int

            package init(file: Int, line: Int) {
                self.file = file
                self.line = line
            }
        }

        package struct Line: Sendable, Hashable {
            /// `file:line:column`; nil where it concerns the app as a whole.
            package let place: String?
            /// The same in `sources`: the file's position, and the line from 1.
            package let at: At?
            package let words: Words
            package let hint: Words?

            package init(place: String?, at: At? = nil, words: Words, hint: Words? = nil) {
                self.place = place
                self.at = at
                self.words = words
                self.hint = hint
            }
        }

        package let title: Words
        package let lines: [Line]
        /// How many more there are than `lines`.
        package let more: Int
        /// What was written and not taken over.
        package let sources: SourceSet

        package init(title: Words, lines: [Line], more: Int = 0, sources: SourceSet = SourceSet()) {
            self.title = title
            self.lines = lines
            self.more = more
            self.sources = sources
        }
    }

    private let current = Mutex<Trouble?>(nil)

    package init() {}

    /// Nil while what runs is what is written.
    package var trouble: Trouble? {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }
}
