import Formula
import SourceText
import Testing

/// What a formula's value depends on.
@Suite struct ReadsTests {
    private func reads(_ formula: String) throws -> FormulaReads { try #require(Desk.check(formula).expression).reads }

    private func describe(_ path: FormulaReads.Path) -> String {
        let steps = path.steps.map { step in
            switch step {
            case .link(let field): "→\(Desk.name(field))"
            case .children(let field): "←\(Desk.name(field))"
            }
        }
        return steps.joined(separator: " ") + " : " + (path.field.map(Desk.name) ?? "any")
    }

    private func related(_ formula: String) throws -> [String] { try reads(formula).related.map(describe).sorted() }

    @Test func readsItsOwnFields() throws {
        let reads = try reads("amount * quantity + this.amount")
        #expect(reads.own.map(Desk.name).sorted() == ["opportunity.amount", "opportunity.quantity"])
        #expect(reads.related.isEmpty)
        #expect(!reads.clock && !reads.user && !reads.change)
    }

    @Test func readsAlongLinks() throws {
        #expect(try reads("account.owner.name").own.map(Desk.name) == ["opportunity.account"])
        #expect(
            try related("account.owner.name") == [
                "→opportunity.account : account.owner", "→opportunity.account →account.owner : user.name",
            ])
    }

    @Test func readsChildrenAndThatTheyExist() throws {
        #expect(
            try related("sum(lines.qty where active)") == [
                "←line.opportunity : any", "←line.opportunity : line.active", "←line.opportunity : line.qty",
            ])
        #expect(try related("count(lines)") == ["←line.opportunity : any"])
        #expect(
            try related("max(account.opportunities.quantity)") == [
                "→opportunity.account ←opportunity.account : any", "→opportunity.account ←opportunity.account : opportunity.quantity",
            ])
    }

    @Test func readsBehindAnAggregate() throws {
        #expect(
            try related("latest(activities by at).by_whom.name") == [
                "←activity.opportunity : activity.at", "←activity.opportunity : activity.by_whom", "←activity.opportunity : any",
                "←activity.opportunity →activity.by_whom : user.name",
            ])
    }

    @Test func readsThroughBranchesAndLet() throws {
        #expect(
            try related("let(p, coalesce(owner, account.owner), p.name)") == [
                "→opportunity.account : account.owner", "→opportunity.account →account.owner : user.name", "→opportunity.owner : user.name",
            ])
    }

    @Test func readsInsideNestedRows() throws {
        #expect(
            try related("sum(account.opportunities, sum(lines.qty))") == [
                "→opportunity.account ←opportunity.account : any", "→opportunity.account ←opportunity.account ←line.opportunity : any",
                "→opportunity.account ←opportunity.account ←line.opportunity : line.qty",
            ])
        #expect(try reads("count(lines where qty > this.quantity)").own.map(Desk.name) == ["opportunity.quantity"])
    }

    @Test func readsWholeObjects() throws {
        let reads = try reads("count(opportunity where owner.name = 'x')")
        #expect(reads.wholeObjects == [Desk.opportunity, Desk.user])
        #expect(try self.reads("count(users in role sales)").wholeObjects == [Desk.user])
    }

    @Test func readsClockUserAndChange() throws {
        #expect(try reads("due < today()").clock)
        #expect(try reads("owner = me").user)
        #expect(try reads("ischanged(amount)").change)
        #expect(try reads("old.amount").change)
        #expect(try reads("me.name").related.isEmpty)
    }
}
