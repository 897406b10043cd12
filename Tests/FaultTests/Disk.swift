import CSQLite
import FaultDisk
import Foundation
import TestKit
import Testing

/// A folder on a disk that notes what is done to it, and fails when it is told to. `@unchecked Sendable`: the disk has a lock of its own.
final class Disk: @unchecked Sendable {
    let folder: String
    private let raw: OpaquePointer

    /// - Parameter folder: Of a new one, without links in its path.
    init(_ folder: String) throws {
        self.folder = folder
        raw = try #require(fault_disk_watch(folder))
    }

    deinit {
        fault_disk_end(raw)
    }

    /// How many things were done to it.
    var count: Int { Int(fault_disk_count(raw)) }

    subscript(index: Int) -> fault_disk_event { fault_disk_at(raw, Int64(index)) }

    func name(of file: Int32) -> String { String(cString: fault_disk_name(raw, file)) }

    /// - Parameters:
    ///   - spared: Chances to fail that are let pass.
    ///   - times: How often it fails; nil: until told otherwise.
    func set(_ trouble: fault_disk_trouble, sparing spared: Int = 0, times: Int? = nil) {
        fault_disk_set(raw, trouble, Int32(spared), Int32(times ?? -1))
    }

    /// How often it failed since it was told to.
    var struck: Int { Int(fault_disk_struck(raw)) }

    /// What SQLite finds wrong with the database; empty: nothing.
    static func damage(in folder: String) throws -> [String] {
        var handle: OpaquePointer?
        defer { sqlite3_close_v2(handle) }
        guard sqlite3_open_v2(folder + "/app.sqlite", &handle, SQLITE_OPEN_READWRITE, nil) == SQLITE_OK else { return ["it cannot be opened"] }
        var statement: OpaquePointer?
        defer { sqlite3_finalize(statement) }
        guard sqlite3_prepare_v2(handle, "PRAGMA integrity_check", -1, &statement, nil) == SQLITE_OK else { return [String(cString: sqlite3_errmsg(handle))] }
        var lines: [String] = []
        while sqlite3_step(statement) == SQLITE_ROW {
            if let text = sqlite3_column_text(statement, 0) { lines.append(String(cString: text)) }
        }
        return lines == ["ok"] ? [] : lines.isEmpty ? [String(cString: sqlite3_errmsg(handle))] : lines
    }
}

/// What lies on a disk after some of the things that were done to it, and what is left of it when the power goes at that moment.
///
/// What was synced is there. Of what was not, any part may be: nothing, all, all up to some write, or any of the sectors.
struct DiskImage {
    private struct File {
        let name: String
        var durable: [UInt8] = []
        /// Things done to it since it was synced.
        var pending: [fault_disk_event] = []
    }

    private enum Naming {
        case made(Int32)
        case gone(Int32)
    }

    private let disk: Disk
    /// Things to be done that are done without anybody making sure of them, though somebody asked.
    private let lies: @Sendable (String) -> Bool
    private var files: [Int32: File] = [:]
    /// By name, as far as it is sure.
    private var names: [String: Int32] = [:]
    private var naming: [Naming] = []
    private var random: RepeatableRandom
    private(set) var position = 0

    /// A write of the disk is whole or not.
    private static let sector = 512

    /// - Parameter lies: Whether the syncing of a file of that name does nothing.
    init(of disk: Disk, seed: UInt64, lies: @escaping @Sendable (String) -> Bool = { _ in false }) {
        self.disk = disk
        self.lies = lies
        random = RepeatableRandom(seed: seed)
    }

    /// Goes on to where so many things were done.
    mutating func goOn(to end: Int) {
        while position < end {
            take(disk[position])
            position += 1
        }
    }

    private mutating func take(_ event: fault_disk_event) {
        switch event.kind {
        case FAULT_DISK_CREATED:
            files[event.file] = File(name: disk.name(of: event.file))
            naming.append(.made(event.file))
        case FAULT_DISK_WRITTEN, FAULT_DISK_TRUNCATED: files[event.file]?.pending.append(event)
        case FAULT_DISK_SYNCED:
            guard var file = files.removeValue(forKey: event.file) else { return }
            if !lies(file.name) {
                for change in file.pending { Self.apply(change, to: &file.durable) }
                file.pending = []
            }
            files[event.file] = file
            if event.length == 1 { settleNames(naming.count) }
        case FAULT_DISK_SYNC_FAILED:
            guard var file = files.removeValue(forKey: event.file) else { return }
            for change in file.pending where Bool.random(using: &random) { Self.apply(change, to: &file.durable, &random) }
            file.pending = []
            files[event.file] = file
        case FAULT_DISK_DELETED:
            naming.append(.gone(event.file))
            if event.length == 1 { settleNames(naming.count) }
        default: preconditionFailure("a thing that nobody knows was done to the disk")
        }
    }

    /// The first of what was done to names lies on the disk.
    private mutating func settleNames(_ count: Int) {
        for change in naming.prefix(count) { Self.apply(change, files, to: &names) }
        naming.removeFirst(count)
    }

    private static func apply(_ change: Naming, _ files: [Int32: File], to names: inout [String: Int32]) {
        switch change {
        case .made(let file): if let name = files[file]?.name { names[name] = file }
        case .gone(let file): if let name = files[file]?.name, names[name] == file { names[name] = nil }
        }
    }

    private static func apply(_ change: fault_disk_event, to bytes: inout [UInt8]) {
        let offset = Int(change.offset), length = Int(change.length)
        if change.kind == FAULT_DISK_TRUNCATED {
            if offset < bytes.count { bytes.removeLast(bytes.count - offset) } else { grow(&bytes, to: offset) }
            return
        }
        grow(&bytes, to: offset + length)
        _ = bytes.withUnsafeMutableBytes { memcpy($0.baseAddress! + offset, change.bytes, length) }
    }

    private static func grow(_ bytes: inout [UInt8], to count: Int) {
        if count > bytes.count { bytes.append(contentsOf: repeatElement(0, count: count - bytes.count)) }
    }

    /// Any of the sectors that it touches.
    private static func apply(_ change: fault_disk_event, to bytes: inout [UInt8], _ random: inout RepeatableRandom) {
        guard change.kind == FAULT_DISK_WRITTEN else { return apply(change, to: &bytes) }
        var start = change.offset
        let end = change.offset + change.length
        while start < end {
            let next = min(end, (start / Int64(sector) + 1) * Int64(sector))
            if Bool.random(using: &random) {
                var part = change
                part.offset = start
                part.length = next - start
                part.bytes = change.bytes + Int(start - change.offset)
                apply(part, to: &bytes)
            }
            start = next
        }
    }

    /// What becomes of that which was not synced.
    enum Loss: CaseIterable, Sendable { case all, nothing, theLast, some }

    /// Writes what is left into a new folder.
    func write(to folder: String, losing loss: Loss, seed: UInt64) throws {
        var random = RepeatableRandom(seed: seed &* 1_000_003 &+ UInt64(position))
        var names = names
        let known = switch loss {
        case .all: 0
        case .nothing: naming.count
        case .theLast, .some: Int.random(in: 0...naming.count, using: &random)
        }
        for change in naming.prefix(known) { Self.apply(change, files, to: &names) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, number) in names.sorted(by: { $0.key < $1.key }) {
            guard let file = files[number] else { continue }
            var bytes = file.durable
            switch loss {
            case .all: break
            case .nothing: for change in file.pending { Self.apply(change, to: &bytes) }
            case .theLast:
                let whole = Int.random(in: 0...file.pending.count, using: &random)
                for change in file.pending.prefix(whole) { Self.apply(change, to: &bytes) }
                if whole < file.pending.count { Self.apply(file.pending[whole], to: &bytes, &random) }
            case .some: for change in file.pending { Self.apply(change, to: &bytes, &random) }
            }
            try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + name))
        }
    }
}
