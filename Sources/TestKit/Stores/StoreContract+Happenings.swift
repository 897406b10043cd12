import Formula
import Model
import Program
import Storage

/// What a store keeps beside records: history, audit, stays, messages, requests, files, accounts.
extension StoreContract {
    static let happenings = [
        Promise(description: "history is gapless and reads back digit for digit") { try await $0.historyReadsBack() },
        Promise(description: "audit is gapless and reads back") { try await $0.auditReadsBack() },
        Promise(description: "opening a stay ends the one before") { try await $0.visitsFollow() },
        Promise(description: "a request key is remembered per person") { try await $0.requestsAreRemembered() },
        Promise(description: "a message is enqueued once") { try await $0.messagesAreUnique() },
        Promise(description: "messages are found by step, target and state") { try await $0.messagesAreFound() },
        Promise(description: "files are kept by their content") { try await $0.filesAreKept() },
        Promise(description: "accounts: credentials, sessions, keys, settings") { try await $0.accounts() },
    ]

    func historyReadsBack() async throws {
        try await store { store in
            let row = SampleApp.row(SampleApp.deal, 1, Self.full)
            let changes = SampleApp.app.model[SampleApp.deal].fields.filter { !$0.isSystem }
                .map { HistoryEntry.Change(field: $0.id, old: .blank, new: row[$0.id]) }
            let strange = HistoryEntry.Change(
                field: SampleApp.field(SampleApp.deal, "amount"), old: .failure(FormulaFailure(.custom, text: "a:\"b\"\u{1}\\")),
                new: .number(decimal("0.00000000000000000001")))
            let by = RecordID(object: SampleApp.user, number: 4)
            let entries = [
                HistoryEntry(record: row.id, kind: .created, version: 1, at: Instant(microseconds: 5), by: by, changes: changes),
                HistoryEntry(record: row.id, kind: .propagated, version: 1, at: Instant(microseconds: 6), by: nil, changes: [strange]),
            ]
            try await store.write { transaction in
                try transaction.append(entries[0])
                try? transaction.savepoint {
                    try transaction.append(entries[1])
                    throw ContractBroken("on purpose")
                }
            }
            try await store.write { try $0.append(entries[1]) }
            try await store.write { transaction in
                try transaction.append(
                    HistoryEntry(
                        record: RecordID(object: SampleApp.user, number: 1), kind: .edited, version: 3, at: Instant(microseconds: 7), by: nil, changes: []))
            }
            let read = try await store.read { try $0.history(of: row.id, limit: 10, before: nil) }
            try requireEqual(read.map(\.sequence), [2, 1], "sequence, newest first")
            for (got, wanted) in zip(read, entries.reversed()) {
                try requireEqual(got.changes, wanted.changes, "changes")
                try requireEqual([got.kind], [wanted.kind], "kind")
                try requireEqual([got.by], [wanted.by], "by")
                try requireEqual([got.at], [wanted.at], "at")
            }
            let earlier = try await store.read { try $0.history(of: row.id, limit: 1, before: 2) }
            try requireEqual(earlier.map(\.sequence), [1], "history before 2")
            let other = try await store.read { try $0.history(of: RecordID(object: SampleApp.user, number: 1), limit: 5, before: nil) }
            try requireEqual(other.map(\.sequence), [3], "history of the other record")
        }
    }

    func auditReadsBack() async throws {
        try await store { store in
            let entries = [
                AuditEntry(
                    at: Instant(microseconds: 1), by: RecordID(object: SampleApp.user, number: 2), address: "::1", device: "浏览器", action: "create",
                    record: RecordID(object: SampleApp.deal, number: 3), detail: "a\nb"),
                AuditEntry(at: Instant(microseconds: 2), by: nil, address: nil, device: nil, action: "sign_in_failed", record: nil, detail: nil),
            ]
            try? await store.write { transaction in
                try transaction.append(entries[1])
                throw ContractBroken("on purpose")
            }
            try await store.write { transaction in for entry in entries { try transaction.append(entry) } }
            let read = try await store.read { try $0.audit(limit: 10, before: nil) }
            let wanted = entries.enumerated().map { index, entry in
                AuditEntry(
                    sequence: Int64(index) + 1, at: entry.at, by: entry.by, address: entry.address, device: entry.device, action: entry.action,
                    record: entry.record, detail: entry.detail)
            }
            try requireEqual(read, wanted.reversed(), "audit")
            let earlier = try await store.read { try $0.audit(limit: 10, before: 2) }
            try requireEqual(earlier, [wanted[0]], "audit before 2")
        }
    }

    func visitsFollow() async throws {
        try await store { store in
            let record = RecordID(object: SampleApp.deal, number: 1)
            let other = RecordID(object: SampleApp.deal, number: 2)
            func visit(_ record: RecordID, _ stage: String, _ at: Int64, left: Int64? = nil) -> StageVisit {
                StageVisit(record: record, stage: stage, entered: Instant(microseconds: at), by: nil, left: left.map { Instant(microseconds: $0) })
            }
            let opened = [visit(record, "lead", 1), visit(other, "lead", 2), visit(record, "quoted", 3), visit(record, "lead", 4)]
            try await store.write { transaction in for visit in opened { try transaction.open(visit) } }
            let read = try await store.read { try ($0.visits(of: record), $0.visits(of: other)) }
            try requireEqual(read.0, [visit(record, "lead", 1, left: 3), visit(record, "quoted", 3, left: 4), visit(record, "lead", 4)], "stays")
            try requireEqual(read.1, [visit(other, "lead", 2)], "stays of the other")
        }
    }

    func requestsAreRemembered() async throws {
        try await store { store in
            let keys = [
                RequestKey(key: "k", user: nil), RequestKey(key: "k", user: RecordID(object: SampleApp.user, number: 1)),
                RequestKey(key: "other", user: nil),
            ]
            let response = RememberedResponse(
                requestDigest: "ab", record: RecordID(object: SampleApp.deal, number: 4), version: 2, at: Instant(microseconds: 3))
            try await store.write { try $0.remember(response, for: keys[0]) }
            let read = try await store.read { transaction in try keys.map { try transaction.response(to: $0) } }
            try requireEqual(read, [response, nil, nil], "answers")
            try await expectFailure("remembering a key twice") { try await store.write { try $0.remember(response, for: keys[0]) } }
        }
    }

    func messagesAreUnique() async throws {
        try await store { store in
            let effect = Effect(key: "run:1", run: nil, target: "http", payload: "{}", created: Instant(microseconds: 1), due: Instant(microseconds: 1))
            try await store.write {
                try $0.add(effect)
                try $0.add(effect)
            }
            let kept = try await store.read { try $0.dueEffects(until: Instant(microseconds: 1), limit: 10) }
            try requireEqual(kept.map(\.key), ["run:1"], "effects of one key")
        }
    }

    func messagesAreFound() async throws {
        try await store { store in
            @Sendable func effect(_ key: String, _ target: String, due: Int64?, _ state: Effect.State = .waiting) -> Effect {
                Effect(
                    key: key, run: 1, target: target, payload: "{}", created: Instant(microseconds: 1), state: state,
                    due: due.map { Instant(microseconds: $0) })
            }
            try await store.write { transaction in
                for made in [
                    effect("d:1:2", "sms", due: 5), effect("d:1:2:voice:7", "voice", due: 3), effect("d:1:2:voice:7#2", "sms", due: 9),
                    effect("d:1:20", "mail", due: nil, .done), effect("d:1:2.then.1", "mail", due: nil, .failed), effect("d:1:2;x", "mail", due: nil, .failed),
                ] { try transaction.add(made) }
            }
            let found = try await store.read { transaction in
                (
                    step: try transaction.effects(under: "d:1:2").map(\.key), targets: try transaction.openTargets(),
                    due: try transaction.dueEffects(of: "sms", until: Instant(microseconds: 5), limit: 10).map(\.key),
                    next: try [transaction.nextEffect(of: "voice"), transaction.nextEffect(of: "mail")],
                    failed: try transaction.effects(in: [.failed, .done], limit: 2, before: nil).map(\.key)
                )
            }
            try requireEqual(found.step, ["d:1:2", "d:1:2:voice:7", "d:1:2:voice:7#2"], "effects of a step")
            try requireEqual(found.targets, ["sms", "voice"], "targets of what is to be delivered")
            try requireEqual(found.due, ["d:1:2"], "what of a target is due")
            try requireEqual(found.next, [Instant(microseconds: 3), nil], "when the next of a target is due")
            try requireEqual(found.failed, ["d:1:2;x", "d:1:2.then.1"], "by state, newest first")
        }
    }

    func filesAreKept() async throws {
        try await store { store in
            var kept: [StoredFile] = []
            for token in ["a", "b"] {
                let path = try store.files.newUploadPath(token: token)
                try TestFiles.write("会议纪要", to: path)
                kept.append(try store.files.keep(uploadAt: path))
                try require(!TestFiles.exists(path), "the upload is still there")
            }
            try requireEqual(kept[0], kept[1], "the same content twice")
            try requireEqual(kept[0].size, 12, "size")
            // sha256sum of these 12 bytes.
            try requireEqual(kept[0].key, "d9acdc65b1a821845504368644625811042673251c36403f229ebf74eecab7d2", "key")
            try requireEqual(try TestFiles.read(store.files.path(of: kept[0])), "会议纪要", "content")
            let file = kept[0]
            let record = RecordID(object: SampleApp.file, number: 1)
            try await store.write { try $0.attach(file, to: record) }
            let read = try await store.read { try [$0.content(of: record), $0.content(of: RecordID(object: SampleApp.file, number: 2))] }
            try requireEqual(read, [file, nil], "contents")
            for token in ["../x", "", "a/b"] {
                let escaped = (try? store.files.newUploadPath(token: token)) != nil
                try require(!escaped, "the token `\(token)` leads out of the folder")
            }
        }
    }

    func accounts() async throws {
        try await store { store in
            let user = RecordID(object: SampleApp.user, number: 1)
            let credential = Credential(
                user: user, login: "zhang", passwordHash: "scrypt:…", failedAttempts: 2, lockedUntil: Instant(microseconds: 7), mustChange: true)
            let changed = Credential(user: user, login: "li", passwordHash: "x", failedAttempts: 0, lockedUntil: nil, mustChange: false)
            try await store.write { try $0.set(credential) }
            let first = try await store.read { try [$0.credential(login: "zhang"), $0.credential(of: user), $0.credential(login: "nobody")] }
            try requireEqual(first, [credential, credential, nil], "credentials")
            try await store.write { try $0.set(changed) }
            let second = try await store.read { try [$0.credential(login: "zhang"), $0.credential(of: user)] }
            try requireEqual(second, [nil, changed], "changed credentials")

            let sessions = (1...3).map { number in
                Session(
                    tokenHash: [UInt8(number), 0, 255], user: RecordID(object: SampleApp.user, number: number < 3 ? 1 : 2), formToken: "f\(number)",
                    started: Instant(microseconds: 1), lastSeen: Instant(microseconds: 2))
            }
            try await store.write { transaction in
                for session in sessions { try transaction.start(session) }
                try transaction.touch(sessionTokenHash: sessions[0].tokenHash, lastSeen: Instant(microseconds: 9))
            }
            let touched = try await store.read { try $0.session(tokenHash: sessions[0].tokenHash) }
            try requireEqual(touched?.lastSeen, Instant(microseconds: 9), "last seen")
            try requireEqual(touched?.formToken, "f1", "form token")
            try await store.write { try $0.endSessions(of: user) }
            let left = try await store.read { transaction in try sessions.map { try transaction.session(tokenHash: $0.tokenHash) } }
            try requireEqual(left, [nil, nil, sessions[2]], "sessions after signing one person out")
            try await store.write { try $0.endSession(tokenHash: sessions[2].tokenHash) }
            let none = try await store.read { try $0.session(tokenHash: sessions[2].tokenHash) }
            try require(none == nil, "an ended session is still there")

            let key = APIKey(name: "sync", hash: [1, 2, 3], user: user, created: Instant(microseconds: 4), revoked: nil)
            try await store.write { try $0.add(key) }
            let added = try await store.read { try $0.apiKey(hash: [1, 2, 3]) }
            try require(added?.id ?? 0 > 0 && added?.name == "sync" && added?.user == user, "the key reads back as \(String(describing: added))")
            try await store.write { try $0.revokeKey(id: added?.id ?? 0, at: Instant(microseconds: 8)) }
            let keys = try await store.read { try $0.apiKeys() }
            try requireEqual(keys.map(\.revoked), [Instant(microseconds: 8)], "revoked")
            try await store.write { try $0.set("1", forSetting: "a") }
            try await store.write { try $0.set("2", forSetting: "a") }
            let settings = try await store.read { try [$0.setting("a"), $0.setting("b")] }
            try requireEqual(settings, ["2", nil], "settings")
        }
    }
}
