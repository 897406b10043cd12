import Definition
import Dispatch
import LocatedYAML
import Model
package import SourceText
import Synchronization

/// The whole front end: from the files of an app to the app, ready to run.
///
/// Every stage goes on as far as it can, so one run reports all that can be seen. Without errors there is an app; there may be warnings
/// besides.
///
/// - Parameter sources: At least one file.
package func compile(_ sources: SourceSet) -> (app: CompiledApp?, diagnostics: Diagnostics) {
    precondition(!sources.files.isEmpty, "an app has at least one file; whoever reads the folder says so")
    var report = Diagnostics()
    let trees = readTrees(sources.files, &report)
    report.beginStage()
    let definition = AppDefinition(trees, &report)
    report.beginStage()
    guard let model = CheckedApp(definition, &report) else { return (nil, report) }
    return (CompiledApp(model, sourceHash: sources.contentHash, sources: sources), report)
}

/// Reads the files on as many cores as there are; what is reported comes in the order of the files.
func readTrees(_ files: [SourceFile], _ report: inout Diagnostics) -> [YAMLNode] {
    let read = Mutex<[(tree: YAMLNode?, report: Diagnostics)?]>(Array(repeating: nil, count: files.count))
    DispatchQueue.concurrentPerform(iterations: files.count) { index in
        var found = Diagnostics()
        let tree = parseYAML(files[index], &found)
        read.withLock { $0[index] = (tree, found) }
    }
    return read.withLock { $0 }.compactMap { file in
        guard let file else { return nil }
        report.add(file.report)
        return file.tree
    }
}

extension SourceSet {
    /// FNV-1a over paths and bytes, 16 hexadecimal digits: tells versions of an app apart; it protects from nothing.
    package var contentHash: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func take(_ byte: UInt8) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        for file in files {
            file.path.utf8.forEach(take)
            take(0)
            file.bytes.forEach(take)
            take(0)
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
