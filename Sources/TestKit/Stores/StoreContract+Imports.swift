import Formula
import Storage

/// What a store keeps of imports, and how records are found by a value that several have.
extension StoreContract {
    static let imports = [
        Promise(description: "an import reads back, changes, and goes with its parts") { try await $0.importsReadBack() },
        Promise(description: "all holders of a value are found") { try await $0.holdersAreFound() },
    ]

    func importsReadBack() async throws {
        try await store { store in
            var job = ImportJob(
                object: SampleApp.deal, by: RecordID(object: SampleApp.user, number: 4), file: StoredFile(key: "ab", size: 7), fileName: "表.csv",
                created: Instant(microseconds: 5), changed: Instant(microseconds: 6), state: .draft, settings: "{}")
            let written = job
            let id = try await store.write { try $0.add(written) }
            let other = try await store.write { try $0.add(written) }
            try require(id > 0 && other > id, "imports get numbers that rise: \(id), \(other)")
            guard let first = try await store.read({ try $0.importJob(id) }) else { throw ContractBroken("the import is not there") }
            job = first
            try requireEqual(job.fileName, "表.csv", "the file's name")
            try requireEqual(job.by, written.by, "who imports")
            try requireEqual(job.found, nil, "nothing was checked")
            job.state = .running
            job.position = 400
            job.progress = 350
            job.counts.created = 1
            job.counts.updated = 2
            job.counts.skipped = 3
            job.counts.refused = 4
            job.found = job.counts
            job.note = "n"
            let changed = job
            try await store.write { transaction in
                try transaction.update(changed)
                for number in 0..<3 { try transaction.append(ImportPart(job: id, phase: .run, number: number, content: "[\(number)]")) }
                try transaction.append(ImportPart(job: id, phase: .check, number: 0, content: "[]"))
                try transaction.append(ImportPart(job: other, phase: .run, number: 0, content: "x"))
            }
            let again: ImportJob? = try await store.read { try $0.importJob(id) }
            try requireEqual(again, Optional(changed), "the import as it was changed")
            try requireEqual(try await store.read { try $0.importJobs(of: SampleApp.deal, limit: 5) }.map(\.id), [other, id], "newest first")
            try requireEqual(try await store.read { try $0.importJobs(of: SampleApp.user, limit: 5) }.count, 0, "of another object")
            try requireEqual(try await store.read { try $0.importJobs(of: nil, limit: 1) }.map(\.id), [other], "of all, bounded")
            try requireEqual(
                try await store.read { try $0.importParts(of: id, phase: .run, from: 1, limit: 5) }.map(\.content), ["[1]", "[2]"], "parts from a number on")
            try await store.write { try $0.removeImportParts(of: id, phase: .run) }
            try requireEqual(try await store.read { try $0.importParts(of: id, phase: .check, from: 0, limit: 5) }.count, 1, "parts of another phase stay")
            try await store.write { try $0.removeImport(id) }
            let gone: ImportJob? = try await store.read { try $0.importJob(id) }
            try require(gone == nil, "the import is still there")
            try requireEqual(try await store.read { try $0.importParts(of: id, phase: .check, from: 0, limit: 5) }.count, 0, "its parts too")
            try requireEqual(try await store.read { try $0.importParts(of: other, phase: .run, from: 0, limit: 5) }.count, 1, "parts of others stay")
            let third = try await store.write { try $0.add(written) }
            try require(third > other, "a number is not given twice")
        }
    }

    func holdersAreFound() async throws {
        try await store { store in
            let name = SampleApp.field(SampleApp.deal, "name")
            try await store.write { transaction in
                for number in 1...3 { try transaction.insert(SampleApp.row(SampleApp.deal, Int64(number), ["name": .text(number == 2 ? "other" : "same")])) }
            }
            try requireEqual(try await store.read { try $0.holders(of: .text("same"), in: name, limit: 5) }.map(\.number), [1, 3], "by id")
            try requireEqual(try await store.read { try $0.holders(of: .text("same"), in: name, limit: 1) }.count, 1, "bounded")
            try await store.write { try $0.delete(RecordID(object: SampleApp.deal, number: 1), at: Instant(microseconds: 9)) }
            try requireEqual(try await store.read { try $0.holders(of: .text("same"), in: name, limit: 5) }.map(\.number), [3], "not what is deleted")
            try requireEqual(try await store.read { try $0.holders(of: .blank, in: name, limit: 5) }.count, 0, "blank is no value")
        }
    }
}
