/// That nothing leaves the database: a copy of a busy app, put back elsewhere, must not send what the app itself has sent or will send.
package enum HeldEffects {
    /// The setting that says so.
    package static let setting = "effects"
    /// Its value while they are held.
    package static let held = "held"

    /// - Throws: `StoreError`.
    package static func hold(in transaction: any ReadTransaction) throws -> Bool { try transaction.setting(setting) == held }
}
