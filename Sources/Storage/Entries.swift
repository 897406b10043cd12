package import Formula

/// One change of one record.
package struct HistoryEntry: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case created, edited, moved, deleted, restored
        /// A formula over links got another value because a record elsewhere changed.
        case propagated
        case imported
    }

    package struct Change: Sendable, Hashable {
        package let field: FieldID
        package let old: Value
        package let new: Value

        package init(field: FieldID, old: Value, new: Value) {
            self.field = field
            self.old = old
            self.new = new
        }
    }

    /// Gapless over the app, from 1; 0 before it is written.
    package let sequence: Int64
    package let record: RecordID
    package let kind: Kind
    /// The record's version after the change.
    package let version: Int64
    package let at: Instant
    package let by: RecordID?
    package let changes: [Change]

    package init(sequence: Int64 = 0, record: RecordID, kind: Kind, version: Int64, at: Instant, by: RecordID?, changes: [Change]) {
        self.sequence = sequence
        self.record = record
        self.kind = kind
        self.version = version
        self.at = at
        self.by = by
        self.changes = changes
    }
}

/// Who did what from where.
package struct AuditEntry: Sendable, Hashable {
    package let sequence: Int64
    package let at: Instant
    package let by: RecordID?
    /// Network address and device as the client names them; nil for commands and automations.
    package let address: String?
    package let device: String?
    /// Such as `create`, `edit`, `move`, `delete`, `sign_in`, `sign_in_failed`, `export`, `import`, `key_create`.
    package let action: String
    package let record: RecordID?
    /// Further facts, such as the request key; never a secret.
    package let detail: String?

    package init(
        sequence: Int64 = 0, at: Instant, by: RecordID?, address: String?, device: String?, action: String, record: RecordID?, detail: String?
    ) {
        self.sequence = sequence
        self.at = at
        self.by = by
        self.address = address
        self.device = device
        self.action = action
        self.record = record
        self.detail = detail
    }
}

/// One stay of a record in a stage. Entering again is a new visit.
package struct StageVisit: Sendable, Hashable {
    package let record: RecordID
    package let stage: String
    package let entered: Instant
    package let by: RecordID?
    /// Nil while it lasts.
    package let left: Instant?

    package init(record: RecordID, stage: String, entered: Instant, by: RecordID?, left: Instant?) {
        self.record = record
        self.stage = stage
        self.entered = entered
        self.by = by
        self.left = left
    }
}

/// Who sent which request, so that a repeated one gets the first answer.
package struct RequestKey: Sendable, Hashable {
    package let key: String
    /// Keys of different people never meet.
    package let user: RecordID?

    package init(key: String, user: RecordID?) {
        self.key = key
        self.user = user
    }
}

package struct RememberedResponse: Sendable, Hashable {
    /// Digest of the request's method, path and body: another request under the same key is a mistake (409).
    package let requestDigest: String
    /// What was made or changed.
    package let record: RecordID?
    package let version: Int64
    package let at: Instant

    package init(requestDigest: String, record: RecordID?, version: Int64, at: Instant) {
        self.requestDigest = requestDigest
        self.record = record
        self.version = version
        self.at = at
    }
}

/// Bytes kept in the file area.
package struct StoredFile: Sendable, Hashable {
    /// Relative name in the area; the lower-case hex SHA-256 of the content.
    package let key: String
    package let size: Int64

    package init(key: String, size: Int64) {
        self.key = key
        self.size = size
    }
}

/// Where the bytes of files lie, beside the database.
package protocol FileArea: Sendable {
    /// A new empty place to write an upload to; swept at the next start if it is never kept.
    func newUploadPath(token: String) throws -> String
    /// Makes a finished upload durable under the hash of its content. The upload is gone afterwards.
    func keep(uploadAt path: String) throws -> StoredFile
    /// Where to read it.
    func path(of file: StoredFile) -> String
}

/// How a person signs in with a password.
package struct Credential: Sendable, Hashable {
    package let user: RecordID
    package let login: String
    /// Self-describing: algorithm, parameters, salt, hash.
    package let passwordHash: String
    package let failedAttempts: Int
    package let lockedUntil: Instant?
    /// The person must choose a new password at the next sign-in.
    package let mustChange: Bool

    package init(user: RecordID, login: String, passwordHash: String, failedAttempts: Int, lockedUntil: Instant?, mustChange: Bool) {
        self.user = user
        self.login = login
        self.passwordHash = passwordHash
        self.failedAttempts = failedAttempts
        self.lockedUntil = lockedUntil
        self.mustChange = mustChange
    }
}

package struct Session: Sendable, Hashable {
    /// SHA-256 of the cookie's token: the token itself is nowhere stored.
    package let tokenHash: [UInt8]
    package let user: RecordID
    /// The secret that forms carry against cross-site requests.
    package let formToken: String
    package let started: Instant
    package let lastSeen: Instant

    package init(tokenHash: [UInt8], user: RecordID, formToken: String, started: Instant, lastSeen: Instant) {
        self.tokenHash = tokenHash
        self.user = user
        self.formToken = formToken
        self.started = started
        self.lastSeen = lastSeen
    }
}

package struct APIKey: Sendable, Hashable {
    /// 0 before it is written.
    package let id: Int64
    package let name: String
    package let hash: [UInt8]
    package let user: RecordID
    package let created: Instant
    package let revoked: Instant?

    package init(id: Int64 = 0, name: String, hash: [UInt8], user: RecordID, created: Instant, revoked: Instant?) {
        self.id = id
        self.name = name
        self.hash = hash
        self.user = user
        self.created = created
        self.revoked = revoked
    }
}
