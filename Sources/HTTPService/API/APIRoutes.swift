package import Engine
package import Hummingbird

/// `/api/v1`: JSON for programs, and for our own pages' scripts. Everything but signing in needs a person.
package struct APIRoutes: Sendable {
    let engine: Engine
    let accounts: Accounts
    let limiter: SignInLimiter

    package init(engine: Engine, accounts: Accounts, limiter: SignInLimiter) {
        self.engine = engine
        self.accounts = accounts
        self.limiter = limiter
    }

    /// A request body of JSON may have so many bytes.
    static let largestJSON = 4 << 20
    /// An uploaded file may have so many bytes.
    package static let largestFile: Int64 = 200 << 20

    package func add(to router: Router<WeirContext>) {
        let api = router.group("api/v1")
        api.post("sign-in", use: signIn)
        api.post("sign-out", use: signOut)
        let records = api.group("records/:object")
        records.get(use: list)
        records.post(use: create)
        records.get(":id", use: read)
        records.patch(":id", use: edit)
        records.delete(":id", use: delete)
        records.get(":id/gate", use: gate)
        records.post(":id/stage", use: move)
        api.put("files", use: upload)
        api.get("files/:id", use: download)
    }
}
