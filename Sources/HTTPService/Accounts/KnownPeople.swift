import Formula
import Storage
import Synchronization

/// People who were recognised lately, by the hash of their session's token or their key. Each holds while `Store.peopleEpoch` is what it was
/// before the database was asked, so a leaver is out with the next request.
final class KnownPeople: Sendable {
    struct Known: Sendable {
        enum Way: Sendable {
            case session(Session, Credential)
            case key(APIKey)
        }

        let way: Way
        let row: Row
    }

    /// Beyond so many, the memory begins anew.
    private static let most = 10_000

    private let known = Mutex<[[UInt8]: (epoch: UInt64, known: Known)]>([:])

    /// Who was found under this hash at this epoch; nil if nobody was, or a commit that touches people is under way.
    func known(_ hash: [UInt8], at epoch: UInt64) -> Known? {
        guard epoch.isMultiple(of: 2) else { return nil }
        return known.withLock { known in
            guard let entry = known[hash], entry.epoch == epoch else { return nil }
            return entry.known
        }
    }

    /// - Parameter epoch: As it was before the database was asked.
    func keep(_ someone: Known, under hash: [UInt8], at epoch: UInt64) {
        guard epoch.isMultiple(of: 2) else { return }
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[hash] = (epoch, someone)
        }
    }
}
