package import Formula
package import SourceText
package import Storage

/// What somebody does about an open request.
package enum ApprovalDecision: Sendable, Hashable {
    case approve
    /// Back to a level of this name or to `start`, where whoever rejects has the choice.
    case reject(to: String?)
    case sendBack(to: String)
    case delegate(to: RecordID)
    /// Somebody beside whoever decides, who is asked first or next.
    case addSigner(RecordID, ApprovalSeat.Added.Order)
    case withdraw
    case resubmit

    /// As commands and addresses call it.
    package var name: String {
        switch self {
        case .approve: "approve"
        case .reject: "reject"
        case .sendBack: "send_back"
        case .delegate: "delegate"
        case .addSigner(_, .before): "add_signer_before"
        case .addSigner(_, .after): "add_signer_after"
        case .withdraw: "withdraw"
        case .resubmit: "resubmit"
        }
    }
}

/// What became of a decision.
package enum ApprovalOutcome: Sendable {
    /// Durable, with the request as it stands now.
    case done(ApprovalRequest)
    /// The person had decided so before.
    case unchanged(ApprovalRequest)
    /// What is decided on is not what the person had seen.
    case conflict(ApprovalRequest)
    case refused(Words)
    case missing
    case denied(Words)
}

/// Thrown out of a savepoint: the move needs an approval first.
struct ApprovalNeeded: Error {
    let stage: String
}

/// Thrown out of a savepoint: a level cannot be opened.
struct ApprovalFailure: Error {
    let words: Words
}
