import Foundation
import SourceText

/// A file that is whole or not there: it is written beside its place and moved when it is done.
///
/// `@unchecked Sendable`: one command writes it, piece after piece.
final class OutputFile: @unchecked Sendable {
    private let path: String
    private let handle: FileHandle
    private let language: Language

    private var draft: String { path + ".part" }

    init(_ path: String, language: Language) throws {
        self.path = path
        self.language = language
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil), let handle = FileHandle(forWritingAtPath: path + ".part") else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能写 \(path)", en: "cannot write \(path)"), in: language)
        }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            try? FileManager.default.removeItem(atPath: draft)
            throw Ending(Ending.worldsTrouble, Words(zh: "不能写 \(path)：\(error.localizedDescription)", en: "cannot write \(path): \(error.localizedDescription)"), in: language)
        }
    }

    func finish() throws {
        try handle.synchronize()
        try handle.close()
        guard rename(draft, path) == 0 else {
            throw Ending(Ending.worldsTrouble, Words(zh: "不能写 \(path)", en: "cannot write \(path)"), in: language)
        }
    }
}
