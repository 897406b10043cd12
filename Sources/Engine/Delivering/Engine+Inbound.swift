package import Formula
package import Model
import Program
package import SourceText
import Storage

/// What became of a message that came in.
package enum InboundOutcome: Sendable {
    /// It is not what it says it is, or does not say which one it is. Nothing was written.
    case unreadable(Words)
    /// It became this record, or had become it before: by `once`, or by its bytes.
    case taken(RecordID, isRepeated: Bool)
    /// A message of the same number but with other content came before, and stands.
    case differs
    /// What stood against it. Nothing was written, and the same message may come again.
    case refused(SaveOutcome)
}

extension Engine {
    /// Makes a record of a message, once for each message, whoever comes how often at the same time.
    ///
    /// Who may send it was looked at before.
    ///
    /// - Parameters:
    ///   - digest: Of all its bytes; the same for the same bytes, and for no others.
    ///   - address: Of the sender, for the audit.
    /// - Throws: `StoreError`; then nothing is written.
    package func receive(_ inbound: CheckedInbound, _ bytes: [UInt8], contentType: String?, digest: String, address: String? = nil) async throws -> InboundOutcome {
        guard let body = MessageBody(bytes, contentType: contentType) else {
            return .unreadable(.notWhatItSays)
        }
        let moment = app.model.moment(at: world.clock.now(), language: .zh)
        var number = digest
        if let once = inbound.once {
            let value = body.value(of: once, at: moment)
            let text = value.text(of: once.type, at: moment) { _ in "" }
            if case .failure(let failure) = value { return .unreadable(failure.words) }
            guard !text.isEmpty, text.utf8.count <= Self.longestNumber else {
                return .unreadable(.noNumber)
            }
            number = text
        }
        var texts: [(field: FieldID, text: String)] = []
        var inputs: [FieldInput] = []
        for mapping in inbound.map {
            let value = body.value(of: mapping.value, at: moment)
            if case .failure(let failure) = value {
                inputs.append(FieldInput(mapping.field, .unreadable(Violation(.unreadable, field: mapping.field, failure.words))))
            } else if mapping.isTyped, case .text(let text) = value {
                texts.append((mapping.field, text))
            } else if !value.isBlank {
                inputs.append(FieldInput(mapping.field, value))
            }
        }
        inputs += try await self.inputs(texts: texts)
        var command = SaveCommand(
            .create(inbound.object, inputs), by: Principal(user: nil, name: "inbound \(inbound.name)", roles: [], address: address),
            request: SaveCommand.Request(key: "inbound:\(inbound.name):\(number)", digest: digest))
        command.inbound = inbound.name
        let outcome = try await save(command)
        switch outcome {
        case .saved(let row, _), .unchanged(let row): return .taken(row.id, isRepeated: false)
        case .repeated(let record, _): return .taken(record, isRepeated: true)
        case .requestKeyReused:
            let now = world.clock.now()
            try await store.write { [number] transaction in
                try transaction.append(
                    AuditEntry(at: now, by: nil, address: address, device: nil, action: "inbound-differs", record: nil, detail: "\(inbound.name) \(number)"))
            }
            return .differs
        case .refused, .held, .conflict, .missing, .denied: return .refused(outcome)
        }
    }

    /// Bytes of what numbers a message.
    static let longestNumber = 300
}
