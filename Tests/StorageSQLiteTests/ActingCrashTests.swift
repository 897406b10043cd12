import Foundation
import Storage
import TestKit
import Testing

/// Killed at each commit point while people are asked, words are put in and messages come in: after the next start everything stands as if
/// nothing had happened.
@Suite struct ActingCrashTests {
    static let points: [CommitPoint] = CommitPoint.allCases.filter { point in
        switch point {
        case .transactionBegun, .rowWritten, .sideTablesWritten, .historyWritten, .auditWritten, .visitWritten, .effectWritten, .requestRemembered, .savepointReleased,
            .beforeCommit, .afterCommit, .beforeReply, .runWritten, .noticeWritten, .runStepDone, .timerFired, .effectSettled, .messageWritten:
            true
        // Nothing in the story computes over links, keeps files, changes tables, imports or watches.
        case .propagated, .fileWritten, .fileSynced, .fileRenamed, .schemaBegun, .schemaStepDone, .schemaBeforeCommit, .schemaAfterCommit, .importBatchCommitted,
            .watchWritten:
            false
        }
    }

    @Test("T01: asked, tagged, written to: killed at each passing of each point", arguments: points) func eachPassing(of point: CommitPoint) async throws {
        let whole = try await Self.undisturbed(deals: 2)
        #expect(whole.contains { $0.contains("state=text(\"answered\")") || $0.contains("answered") } && !whole.contains { $0.hasPrefix("broken") }, "\(whole)")
        var count = 1
        while true {
            let (lives, lines) = try await Self.killed(at: point, count, deals: 2)
            if lives { break }
            #expect(lines == whole, "\(point) time \(count): \(Self.difference(lines, whole))")
            count += 1
        }
        // Some of the points belong to what this story does not do.
        #expect(count > 1 || [.visitWritten, .timerFired, .savepointReleased, .beforeReply].contains(point), "\(point) was never passed")
    }

    @Test("T01: nine at once, of whom people are told together", arguments: points, [11, 60]) func together(point: CommitPoint, count: Int) async throws {
        let whole = try await Self.undisturbed(deals: 9)
        let (lives, lines) = try await Self.killed(at: point, count, deals: 9)
        if !lives { #expect(lines == whole, "\(Self.difference(lines, whole))") }
    }

    /// What stands in the end if nobody is killed.
    private static func undisturbed(deals: Int) async throws -> [String] {
        try await TestFiles.withFolder { folder in try Child.run("acting", folder, nil, limit: deals) }
    }

    /// Whether the point is not passed so often; else what stands after another start.
    private static func killed(at point: CommitPoint, _ count: Int, deals: Int) async throws -> (lives: Bool, lines: [String]) {
        try await TestFiles.withFolder { folder in
            let isKilled = try Child.isKilled("acting", folder, Crashes.Kill(point: point, count: count, seed: 1), limit: deals)
            return (!isKilled, isKilled ? try Child.run("acting", folder, nil, limit: deals) : [])
        }
    }

    private static func difference(_ lines: [String], _ whole: [String]) -> String {
        "\(lines.filter { !whole.contains($0) }) in place of \(whole.filter { !lines.contains($0) })"
    }
}
