import Definition
import LocatedYAML
import Model
package import SourceText

/// What acted by itself in an earlier version of an app, made ready for the objects of the present one.
///
/// Automations and watches are those of the earlier version; all that they name (objects, fields, approvals, assignments, channels, connectors)
/// is the present version's, with its identities. What does not fit that any more is left out, and said why.
package struct PinnedAutomations: Sendable {
    package let automations: CompiledAutomations
    /// By automation or watch, as `automation/NAME` or `watch/NAME`: why it cannot be gone on with.
    private let troubles: [String: Words]

    /// - Parameters:
    ///   - earlier: All files of the earlier version.
    ///   - present: The app that runs.
    /// - Returns: Nil if nothing of the earlier version can be used, or if nobody knows the texts of the present one.
    package init?(_ earlier: SourceSet, on present: CompiledApp) {
        guard var sources = present.sources, !earlier.files.isEmpty else { return nil }
        let files = sources.files
        for file in earlier.files { sources.add(path: file.path, bytes: file.bytes) }
        var unread = Diagnostics()
        var definition = AppDefinition(readTrees(files, &unread), &unread)
        // What is wrong with the earlier version was told when it was written, or is told here by what is missing.
        let old = AppDefinition(readTrees(Array(sources.files.dropFirst(files.count)), &unread), &unread)
        definition.scenarios = []
        definition.automations = old.automations
        definition.watches = old.watches
        definition.sequences = old.sequences
        // A decay is a field of today's; only what is done below its limits was another.
        for index in definition.decays.indices {
            definition.decays[index].thresholds = old.decays.first { $0.name.value == definition.decays[index].name.value }?.thresholds ?? []
        }
        var troubles: [String: Words] = [:]
        while true {
            var report = Diagnostics()
            if let model = CheckedApp(definition, &report) {
                automations = CompiledApp(model, sourceHash: "", sources: sources).automations
                self.troubles = troubles
                return
            }
            let before = definition.count
            for mistake in report.found where mistake.severity == .error {
                for automation in definition.automations where automation.extent.holds(mistake.span) { troubles["automation/\(automation.name.value)"] = mistake.message }
                for watch in definition.watches where watch.extent.holds(mistake.span) { troubles["watch/\(watch.name.value)"] = mistake.message }
                for sequence in definition.sequences where sequence.extent.holds(mistake.span) {
                    troubles["automation/\(sequence.automation.name.value)"] = mistake.message
                }
                for decay in definition.decays {
                    for threshold in decay.thresholds where threshold.extent.holds(mistake.span) { troubles["watch/\(decay.watchName(of: threshold))"] = mistake.message }
                }
            }
            definition.automations.removeAll { troubles["automation/\($0.name.value)"] != nil }
            definition.watches.removeAll { troubles["watch/\($0.name.value)"] != nil }
            definition.sequences.removeAll { troubles["automation/\($0.automation.name.value)"] != nil }
            for index in definition.decays.indices {
                let decay = definition.decays[index]
                definition.decays[index].thresholds.removeAll { troubles["watch/\(decay.watchName(of: $0))"] != nil }
            }
            // The mistake lies elsewhere: the two versions do not go together at all.
            guard definition.count < before else { return nil }
        }
    }

    /// Why the process cannot be gone on with; nil if it can, or if the earlier version has none of this key.
    package func trouble(ofProcess key: String) -> Words? {
        troubles[key.split(separator: "/").prefix(2).joined(separator: "/")]
    }
}

extension AppDefinition {
    /// How many things in it act.
    fileprivate var count: Int { automations.count + watches.count + sequences.count + decays.reduce(0) { $0 + $1.thresholds.count } }
}

extension Span {
    fileprivate func holds(_ other: Span) -> Bool { file == other.file && start <= other.start && other.end <= end }
}
