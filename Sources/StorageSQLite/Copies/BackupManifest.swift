package import Formula
import JSON
import SourceText
package import Storage

/// What lies in a backup: `manifest.json` in its folder. Sizes in bytes, digests are lower-case hex SHA-256.
package struct BackupManifest: Sendable, Hashable {
    /// Rises when the folder's layout changes.
    static let format = 1
    static let fileName = "manifest.json"

    /// The app whose data it is.
    package let app: String
    package let made: Instant
    package let databaseSize: Int64
    package let databaseDigest: String
    /// A file's name is its digest.
    package let files: [StoredFile]
    /// Digests of files that records name and the data folder did not have: the backup lacks them too.
    package let missing: [String]

    /// Files and bytes of it all.
    package var size: Int64 { files.reduce(databaseSize) { $0 + $1.size } }

    var json: JSONValue {
        .object([
            .init("format", .int(Self.format)), .init("app", .string(app)), .init("made", .string(made.description)),
            .init("database", .object([.init("size", .int(Int(databaseSize))), .init("sha256", .string(databaseDigest))])),
            .init(
                "files",
                .array(files.map { .object([.init("sha256", .string($0.key)), .init("size", .int(Int($0.size)))]) })),
            .init("missing", .array(missing.map(JSONValue.string))),
        ])
    }

    init(app: String, made: Instant, databaseSize: Int64, databaseDigest: String, files: [StoredFile], missing: [String]) {
        self.app = app
        self.made = made
        self.databaseSize = databaseSize
        self.databaseDigest = databaseDigest
        self.files = files
        self.missing = missing
    }

    /// - Throws: `StoreError.incompatible` for bytes that are no manifest, or one of a later format.
    init(_ bytes: [UInt8]) throws {
        guard let json = try? JSONValue.parse(bytes), let format = json["format"]?.asInt else { throw Self.unreadable }
        guard format == Self.format else {
            throw StoreError.incompatible(
                Words(zh: "备份由更新版本的 Weir 制作，请升级后再恢复", en: "the backup was made by a newer Weir; restore it with that one"))
        }
        guard let app = json["app"]?.asString, let made = json["made"]?.asString.flatMap({ Instant($0) }),
            let size = json["database"]?["size"]?.asInt, let digest = json["database"]?["sha256"]?.asString,
            let files = json["files"]?.asArray
        else { throw Self.unreadable }
        self.app = app
        self.made = made
        databaseSize = Int64(size)
        databaseDigest = digest
        self.files = try files.map { file in
            guard let key = file["sha256"]?.asString, key.utf8.count == 64, key.utf8.allSatisfy(Self.isHexDigit), let size = file["size"]?.asInt
            else { throw Self.unreadable }
            return StoredFile(key: key, size: Int64(size))
        }
        missing = json["missing"]?.asArray?.compactMap(\.asString) ?? []
    }

    /// A name that could lead out of the folder is no digest.
    private static func isHexDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
    }

    private static var unreadable: StoreError {
        .incompatible(Words(zh: "这不是 Weir 的备份，或清单已损坏", en: "this is no backup of Weir, or its manifest is damaged"))
    }
}
