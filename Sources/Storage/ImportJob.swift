package import Formula

/// An import as the database keeps it: the file, what was decided about it, and how far it has come.
///
/// Rows and the job's position are written in one transaction, so a job goes on exactly where it stood, whatever stopped it.
package struct ImportJob: Sendable, Hashable {
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// Its columns are being matched to fields.
        case draft
        case checking, checked
        case running
        /// Stopped by a person or by trouble; can go on.
        case stopped
        case done
        case undoing, undone
    }

    package struct Counts: Sendable, Hashable {
        package var created = 0, updated = 0, skipped = 0, refused = 0
        package var all: Int { created + updated + skipped + refused }

        package init() {}
    }

    /// 0 before it is written.
    package let id: Int64
    package let object: ObjectID
    /// Who imports; nil for the system.
    package let by: RecordID?
    package let file: StoredFile
    package let fileName: String
    package let created: Instant
    package var changed: Instant
    package var state: State
    /// What becomes of which column, as the engine writes it.
    package var settings: String
    /// Rows of the file that are settled; while it is undone, parts that are still to be taken back.
    package var position = 0
    /// In thousandths of the file.
    package var progress = 0
    /// What was found when all rows were checked; nil before.
    package var found: Counts?
    package var counts = Counts()
    /// Trouble that stopped it, as the engine writes it.
    package var note: String?

    package init(
        id: Int64 = 0, object: ObjectID, by: RecordID?, file: StoredFile, fileName: String, created: Instant, changed: Instant, state: State,
        settings: String
    ) {
        self.id = id
        self.object = object
        self.by = by
        self.file = file
        self.fileName = fileName
        self.created = created
        self.changed = changed
        self.state = state
        self.settings = settings
    }
}

/// What became of some rows of an import, one after the other.
package struct ImportPart: Sendable, Hashable {
    package enum Phase: String, Sendable, Hashable, CaseIterable { case check, run, undo }

    package let job: Int64
    package let phase: Phase
    /// From 0, without gaps in `run`.
    package let number: Int
    /// As the engine writes it.
    package let content: String

    package init(job: Int64, phase: Phase, number: Int, content: String) {
        self.job = job
        self.phase = phase
        self.number = number
        self.content = content
    }
}
