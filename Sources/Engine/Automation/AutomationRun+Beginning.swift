import Formula
import Program
import Storage

extension AutomationRun {
    /// One that begins now, by the steps of the version that is live; cut off where too many stand in the chain before it.
    ///
    /// - Parameters:
    ///   - before: How the record was, as text of the engine; nil if it was made, or nothing changed.
    ///   - cause: What set it off, where that was a run itself.
    init(
        of process: Process, in engine: Engine, record: RecordID?, before: String? = nil, cause: RunCause? = nil, by: RecordID?, at now: Instant,
        scheduled: Instant? = nil, batch: String? = nil
    ) {
        self.init(
            process: process.key, fingerprint: process.layout, version: engine.store.version, record: record, before: before, root: cause?.root,
            depth: cause?.depth ?? 0, by: by, started: now, changed: now, scheduled: scheduled, batch: batch)
        if let cause, depth >= RunCause.mostDepth {
            state = .looped
            note = .looped(process.key, cause.process, limit: RunCause.mostDepth)
        }
    }
}
