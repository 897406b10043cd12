import Foundation
import HTTPService
import SourceText
import Storage

/// The way a command ends when it does not end well: an exit code and a sentence.
struct Ending: Error {
    static let authorsTrouble: Int32 = 1
    static let wrongUsage: Int32 = 2
    static let worldsTrouble: Int32 = 3
    static let ourBug: Int32 = 4

    let code: Int32
    /// Nil where everything has been said.
    let words: Words?
    let language: Language

    init(_ code: Int32, _ words: Words? = nil, in language: Language) {
        self.code = code
        self.words = words
        self.language = language
    }

    /// What an error that nobody foresaw means to the person at the terminal.
    static func classify(_ error: any Error) -> (Int32, Words) {
        switch error {
        case let error as StoreError: (worldsTrouble, words(for: error))
        case let problem as Accounts.PasswordProblem: (authorsTrouble, problem.words)
        case let error as CocoaError: (worldsTrouble, Words(same: error.localizedDescription))
        case let error as POSIXError: (worldsTrouble, Words(same: error.localizedDescription))
        default: (ourBug, Words(zh: "内部错误，请报告：\(error)", en: "an internal error, please report it: \(error)"))
        }
    }

    static func words(for error: StoreError) -> Words {
        switch error {
        case .locked(let path):
            Words(
                zh: "数据目录 \(path) 正被另一个 weir 进程使用，请先停止它", en: "another weir process is using the data folder \(path); stop it first")
        case .diskFull: Words(zh: "磁盘已满，未写入", en: "the disk is full; nothing was written")
        case .readOnly: Words(zh: "数据目录只读，无法写入", en: "the data folder is read-only")
        case .diskFails(let what): Words(zh: "磁盘出错，未写入：\(what)", en: "the disk fails; nothing was written: \(what)")
        case .notADatabase(let what): Words(zh: "不是 Weir 的数据库或已损坏：\(what)", en: "not a database of Weir, or damaged: \(what)")
        case .incompatible(let words), .notLowerable(let words): words
        case .definitionChanged: Words(zh: "应用定义刚刚更新，未写入，请重试", en: "the app's definition has just changed; nothing was written, please try again")
        case .other(let what): Words(zh: "数据库出错：\(what)", en: "the database reports: \(what)")
        }
    }
}
