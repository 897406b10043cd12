package import Engine
package import Formula
import Model
import Program
package import SourceText
package import Storage

/// Who may come in: passwords, sessions, keys. Nothing is open without signing in.
package final class Accounts: Sendable {
    /// After so many wrong passwords in a row, the login is closed for a while.
    static let attemptsBeforeLock = 5
    static let lockMinutes: Int64 = 15
    /// A session ends when it was not used for so long …
    static let idleHours: Int64 = 12
    /// … and in any case after so long.
    static let longestDays: Int64 = 7
    /// How often "last seen" is written.
    static let touchMinutes: Int64 = 5

    /// Sessions that were last used before this open nothing any more.
    package static func sessionsOverBefore(_ now: Instant) -> Instant {
        Instant(microseconds: now.microseconds - idleHours * 3_600_000_000)
    }

    private let engine: Engine
    private let hashing = HashingQueue()
    private let fields: UserFields
    private let knownPeople = KnownPeople()

    package init(engine: Engine) {
        self.engine = engine
        self.fields = UserFields(engine.app)
    }

    // MARK: Signing in

    package enum SignIn: Sendable {
        /// `token` goes into the cookie and is nowhere else.
        case welcome(token: String, Session)
        /// Wrong login, wrong password, closed login: the same answer.
        case refused
    }

    package func signIn(login: String, password: String, address: String?, device: String?) async throws -> SignIn {
        let now = engine.world.clock.now()
        let known = try await engine.store.read { try $0.credential(login: login) }
        // An unknown login costs the same time as a known one.
        let stored = known?.passwordHash ?? Self.nobodysHash
        let matches = try await hashing.matches(password, stored)
        guard let known else {
            try await note("sign_in_failed", user: nil, address: address, device: device, detail: nil)
            return .refused
        }
        if let until = known.lockedUntil, now < until { return .refused }
        guard matches, try await isActive(known.user) else {
            try await countFailure(of: known, now: now, address: address, device: device)
            return .refused
        }
        return try await open(for: known, now: now, address: address, device: device)
    }

    /// Opens a session without a password: for the sign-in links of a demo.
    package func signIn(user: RecordID, address: String?, device: String?) async throws -> SignIn {
        guard let known = try await engine.store.read({ try $0.credential(of: user) }), try await isActive(user) else { return .refused }
        return try await open(for: known, now: engine.world.clock.now(), address: address, device: device)
    }

    private func open(for known: Credential, now: Instant, address: String?, device: String?) async throws -> SignIn {
        let token = engine.world.entropy.bytes(32)
        let session = Session(
            tokenHash: sha256(token), user: known.user, formToken: base64URL(engine.world.entropy.bytes(24)), started: now, lastSeen: now)
        try await engine.store.write { transaction in
            if known.failedAttempts != 0 || known.lockedUntil != nil {
                try transaction.set(known.with(failedAttempts: 0, lockedUntil: nil))
            }
            try transaction.start(session)
            try transaction.append(
                AuditEntry(at: now, by: known.user, address: address, device: device, action: "sign_in", record: known.user, detail: nil))
        }
        return .welcome(token: base64URL(token), session)
    }

    private func countFailure(of known: Credential, now: Instant, address: String?, device: String?) async throws {
        try await engine.store.write { transaction in
            guard let current = try transaction.credential(of: known.user) else { return }
            let failures = current.failedAttempts + 1
            let locks = failures >= Self.attemptsBeforeLock
            try transaction.set(
                current.with(
                    failedAttempts: locks ? 0 : failures,
                    lockedUntil: locks ? Instant(microseconds: now.microseconds + Self.lockMinutes * 60_000_000) : current.lockedUntil))
            try transaction.append(
                AuditEntry(
                    at: now, by: nil, address: address, device: device, action: "sign_in_failed", record: known.user,
                    detail: locks ? "locked" : nil))
        }
    }

    package func signOut(_ session: Session, address: String?, device: String?) async throws {
        let now = engine.world.clock.now()
        try await engine.store.write { transaction in
            try transaction.endSession(tokenHash: session.tokenHash)
            try transaction.append(
                AuditEntry(at: now, by: session.user, address: address, device: device, action: "sign_out", record: session.user, detail: nil))
        }
    }

    // MARK: Recognising

    /// The person behind a session cookie; nil if the session is over or the person has left.
    package func person(sessionToken: String, address: String?, device: String?) async throws -> SignedIn? {
        guard let token = decodeBase64URL(sessionToken), token.count == 32 else { return nil }
        let hash = sha256(token)
        let now = engine.world.clock.now()
        let found = try await recognised(hash) { transaction in
            guard let session = try transaction.session(tokenHash: hash), let row = try transaction.row(session.user),
                let credential = try transaction.credential(of: session.user)
            else { return nil }
            return KnownPeople.Known(way: .session(session, credential), row: row)
        }
        guard let found, case .session(let session, let credential) = found.way, fields.isActive(found.row) else { return nil }
        let row = found.row
        let idle = now.microseconds - session.lastSeen.microseconds
        let age = now.microseconds - session.started.microseconds
        guard idle < Self.idleHours * 3_600_000_000, age < Self.longestDays * 86_400_000_000 else {
            try await engine.store.write { try $0.endSession(tokenHash: hash) }
            return nil
        }
        if idle > Self.touchMinutes * 60_000_000 {
            try await engine.store.write { try $0.touch(sessionTokenHash: hash, lastSeen: now) }
        }
        return SignedIn(
            user: row.id, principal: fields.principal(row, address: address, device: device), login: credential.login,
            way: .session(session), mustChangePassword: credential.mustChange)
    }

    /// The person behind a bearer key; nil if it is unknown or revoked, or the person has left.
    package func person(key: String, address: String?, device: String?) async throws -> SignedIn? {
        guard key.hasPrefix(Self.keyPrefix), key.utf8.count < 200 else { return nil }
        let hash = sha256(key.utf8)
        let found = try await recognised(hash) { transaction in
            guard let key = try transaction.apiKey(hash: hash), key.revoked == nil, let row = try transaction.row(key.user) else { return nil }
            return KnownPeople.Known(way: .key(key), row: row)
        }
        guard let found, case .key(let apiKey) = found.way, fields.isActive(found.row) else { return nil }
        let row = found.row
        return SignedIn(
            user: row.id, principal: fields.principal(row, address: address, device: device), login: fields.login(row), way: .key(apiKey),
            mustChangePassword: false)
    }

    /// From memory where nothing about people was committed since, else from the database.
    private func recognised(
        _ hash: [UInt8], _ find: @escaping @Sendable (any ReadTransaction) throws -> KnownPeople.Known?
    ) async throws -> KnownPeople.Known? {
        let epoch = engine.store.peopleEpoch
        if let known = knownPeople.known(hash, at: epoch) { return known }
        guard let found = try await engine.store.readBriefly(find) else { return nil }
        knownPeople.keep(found, under: hash, at: epoch)
        return found
    }

    private func isActive(_ user: RecordID) async throws -> Bool {
        let fields = fields
        return try await engine.store.read { try $0.row(user) }.map(fields.isActive) ?? false
    }

    // MARK: Passwords and keys

    package enum PasswordProblem: Error, Sendable {
        case tooShort, tooLong, wrongOld

        package var words: Words {
            switch self {
            case .tooShort:
                Words(zh: "密码至少要 \(PasswordHash.shortestPassword) 个字符", en: "a password needs at least \(PasswordHash.shortestPassword) characters")
            case .tooLong: Words(zh: "密码太长", en: "the password is too long")
            case .wrongOld: Words(zh: "原密码不对", en: "the old password is wrong")
            }
        }
    }

    /// Sets a password and ends the person's sessions, so that whoever knew the old one is out.
    package func setPassword(of user: RecordID, login: String, to password: String, mustChange: Bool) async throws {
        guard password.unicodeScalars.count >= PasswordHash.shortestPassword else { throw PasswordProblem.tooShort }
        guard password.utf8.count <= PasswordHash.longestPassword else { throw PasswordProblem.tooLong }
        let hash = try await hashing.make(password, salt: engine.world.entropy.bytes(16))
        try await engine.store.write { transaction in
            try transaction.set(
                Credential(user: user, login: login, passwordHash: hash, failedAttempts: 0, lockedUntil: nil, mustChange: mustChange))
            try transaction.endSessions(of: user)
        }
    }

    /// - Throws: `PasswordProblem`.
    package func changePassword(of person: SignedIn, from old: String, to new: String) async throws {
        let now = engine.world.clock.now()
        guard let known = try await engine.store.read({ try $0.credential(of: person.user) }), known.lockedUntil.map({ $0 <= now }) ?? true
        else { throw PasswordProblem.wrongOld }
        guard try await hashing.matches(old, known.passwordHash) else {
            // A stolen session must not guess the password without end.
            try await countFailure(of: known, now: now, address: person.principal.address, device: person.principal.device)
            throw PasswordProblem.wrongOld
        }
        try await setPassword(of: person.user, login: known.login, to: new, mustChange: false)
        try await note("password_changed", user: person.user, address: person.principal.address, device: person.principal.device, detail: nil)
    }

    static let keyPrefix = "weir_"

    /// A new key for programs that act as this person. It is shown once: only its hash is kept.
    package func createKey(named name: String, for user: RecordID) async throws -> String {
        let key = Self.keyPrefix + base64URL(engine.world.entropy.bytes(32))
        let now = engine.world.clock.now()
        try await engine.store.write { transaction in
            try transaction.add(APIKey(name: name, hash: sha256(key.utf8), user: user, created: now, revoked: nil))
            try transaction.append(
                AuditEntry(at: now, by: user, address: nil, device: nil, action: "key_create", record: user, detail: name))
        }
        return key
    }

    package func note(_ action: String, user: RecordID?, address: String?, device: String?, detail: String?) async throws {
        let now = engine.world.clock.now()
        try await engine.store.write {
            try $0.append(AuditEntry(at: now, by: user, address: address, device: device, action: action, record: user, detail: detail))
        }
    }

    /// The hash of a password nobody has, made with today's parameters.
    private static let nobodysHash =
        "scrypt$15$8$1$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
}

extension Credential {
    func with(failedAttempts: Int, lockedUntil: Instant?) -> Credential {
        Credential(
            user: user, login: login, passwordHash: passwordHash, failedAttempts: failedAttempts, lockedUntil: lockedUntil, mustChange: mustChange)
    }
}

