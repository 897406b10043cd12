package import Storage

extension Engine {
    /// Does what the command says, or says why not. The order is the one list of `spec/saving.md`.
    ///
    /// - Throws: `StoreError`; then nothing is written.
    package func save(_ command: SaveCommand) async throws -> SaveOutcome {
        throw StoreError.other("not built")
    }

    /// The same for many, in one transaction, each in a savepoint of its own: one that is refused leaves the others standing.
    package func save(_ commands: [SaveCommand]) async throws -> [SaveOutcome] {
        throw StoreError.other("not built")
    }
}
