package import Engine
package import Formula
package import Storage

/// Who sends a request.
package enum Visitor: Sendable {
    case anonymous
    case signedIn(SignedIn)

    package var signedIn: SignedIn? {
        if case .signedIn(let person) = self { person } else { nil }
    }
}

/// A person who has shown who they are, read anew for every request: a leaver is out with the next one.
package struct SignedIn: Sendable {
    package let user: RecordID
    package let principal: Principal
    package let login: String
    package let way: Way
    /// The person must choose a new password before anything else.
    package let mustChangePassword: Bool

    package enum Way: Sendable {
        /// A browser with a session cookie.
        case session(Session)
        /// A program with a key. Keys need no protection against cross-site requests: browsers do not send them by themselves.
        case key(APIKey)
    }

    /// The secret that this session's forms carry; nil for keys.
    package var formToken: String? {
        switch way {
        case .session(let session): session.formToken
        case .key: nil
        }
    }

    package init(user: RecordID, principal: Principal, login: String, way: Way, mustChangePassword: Bool) {
        self.user = user
        self.principal = principal
        self.login = login
        self.way = way
        self.mustChangePassword = mustChangePassword
    }
}
