/// One file as the author wrote it.
package struct SourceFile: Sendable, Hashable {
    package let id: SourceFileID
    /// The path as it is shown to people, with `/` between folders.
    package let path: String
    /// The bytes as they stand on disk. Not necessarily valid UTF-8: the reader of the file says so.
    package let bytes: [UInt8]

    package init(id: SourceFileID, path: String, bytes: [UInt8]) {
        self.id = id
        self.path = path
        self.bytes = bytes
    }
}

/// The files of one app, in the order in which they are read (sorted by path).
package struct SourceSet: Sendable, Hashable {
    package private(set) var files: [SourceFile] = []

    package init() {}

    /// Adds a file behind the others and says how it is called from here on.
    @discardableResult
    package mutating func add(path: String, bytes: [UInt8]) -> SourceFile {
        let file = SourceFile(id: SourceFileID(index: Int32(files.count)), path: path, bytes: bytes)
        files.append(file)
        return file
    }

    @discardableResult
    package mutating func add(path: String, text: String) -> SourceFile {
        add(path: path, bytes: Array(text.utf8))
    }

    package subscript(id: SourceFileID) -> SourceFile {
        files[Int(id.index)]
    }
}
