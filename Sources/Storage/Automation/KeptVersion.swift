package import Formula

/// A version of the app that was live on this database.
package struct KeptVersion: Sendable, Hashable {
    /// From 1, in the order in which they went live first.
    package let number: Int64
    /// `CompiledApp.sourceHash`.
    package let hash: String
    /// When it went live first.
    package let began: Instant
    /// What each process was, by its key (`Process.fingerprint`); empty where its texts are not kept any more.
    package let processes: [String: String]

    package init(number: Int64, hash: String, began: Instant, processes: [String: String]) {
        self.number = number
        self.hash = hash
        self.began = began
        self.processes = processes
    }

    /// As people read it.
    package var shortHash: String { String(hash.prefix(7)) }
}

/// Runs of one process and one version that are on their way.
package struct OpenRuns: Sendable, Hashable {
    /// `Process.key`.
    package let process: String
    package let version: Int64?
    package let count: Int

    package init(process: String, version: Int64?, count: Int) {
        self.process = process
        self.version = version
        self.count = count
    }
}
