package import Formula

/// What came in over a channel.
package struct Message: Sendable, Hashable {
    /// 0 before it is written.
    package var id: Int64
    package let channel: String
    /// One message a number and channel.
    package let number: String
    /// The same for the same bytes.
    package let digest: String
    package let at: Instant
    /// The address of the sender as it came.
    package let from: String
    package let text: String
    /// What the last message to that address was about.
    package let about: RecordID?
    package let user: RecordID?

    package init(id: Int64 = 0, channel: String, number: String, digest: String, at: Instant, from: String, text: String, about: RecordID?, user: RecordID?) {
        self.id = id
        self.channel = channel
        self.number = number
        self.digest = digest
        self.at = at
        self.from = from
        self.text = text
        self.about = about
        self.user = user
    }
}

/// Where something was sent over a channel that receives, so that it is known to what an answer belongs.
package struct Addressed: Sendable, Hashable {
    package let channel: String
    /// In the form in which addresses are compared.
    package let address: String
    /// `Effect.key`.
    package let key: String
    package let record: RecordID?
    package let person: RecordID?

    package init(channel: String, address: String, key: String, record: RecordID?, person: RecordID?) {
        self.channel = channel
        self.address = address
        self.key = key
        self.record = record
        self.person = person
    }
}

/// What came in, as a transaction reads it.
package protocol MessageReading: AnyObject {
    func message(_ id: Int64) throws -> Message?
    func message(numbered number: String, over channel: String) throws -> Message?
    /// Newest first; nil: before none.
    func messages(limit: Int, before id: Int64?) throws -> [Message]
    /// The last that was sent to this address over the channel and not given up, with its effect.
    func lastAddressed(_ address: String, over channel: String) throws -> (sent: Addressed, effect: Effect)?
}

/// The same, written.
package protocol MessageWriting: MessageReading {
    /// - Returns: Its id.
    func add(_ message: Message) throws -> Int64
    /// Nothing if the key is known.
    func note(_ addressed: Addressed) throws
}
