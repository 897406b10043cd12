import Foundation
import HTTPTypes
import SourceText
import Storage

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// A file that arrives, written in the incoming folder of the data folder.
final class UploadFile {
    let path: String
    private(set) var size: Int64 = 0
    private var descriptor: Int32

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        guard descriptor >= 0 else { throw StoreError.other("cannot write the incoming file: errno \(errno)") }
    }

    deinit {
        if descriptor >= 0 { _ = Self.closeDescriptor(descriptor) }
    }

    func write(_ bytes: some Collection<UInt8>, largest: Int64) throws {
        size += Int64(bytes.count)
        guard size <= largest else { throw Self.tooLarge }
        try Array(bytes).withUnsafeBytes { raw in
            var rest = raw[...]
            while !rest.isEmpty {
                #if canImport(Glibc)
                let written = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #else
                let written = Darwin.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                #endif
                guard written > 0 else {
                    if errno == EINTR { continue }
                    throw errno == ENOSPC ? StoreError.diskFull : StoreError.other("cannot write the incoming file: errno \(errno)")
                }
                rest = rest.dropFirst(written)
            }
        }
    }

    func close() throws {
        let open = descriptor
        descriptor = -1
        guard open < 0 || Self.closeDescriptor(open) == 0 else { throw StoreError.other("cannot close the incoming file: errno \(errno)") }
    }

    private static func closeDescriptor(_ descriptor: Int32) -> Int32 {
        #if canImport(Glibc)
        Glibc.close(descriptor)
        #else
        Darwin.close(descriptor)
        #endif
    }

    /// The last part of what a client calls a file, without folders, control characters and surrounding blanks; at most 200 scalars.
    static func baseName(_ name: String) -> String {
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        let clean = String(String.UnicodeScalarView(last.unicodeScalars.filter { $0.value >= 32 && $0.value != 127 }))
        let trimmed = clean.trimmingCharacters(in: .whitespaces)
        return trimmed == "." || trimmed == ".." ? "" : String(String.UnicodeScalarView(trimmed.unicodeScalars.prefix(200)))
    }

    static let tooLarge = Problem(.contentTooLarge, code: "too_large", Words(zh: "文件太大", en: "the file is too large"))
}
