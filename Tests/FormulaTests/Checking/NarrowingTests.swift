import Formula
import SourceText
import Testing

/// Links to several objects: what `is` says of them, and what may be read then.
@Suite struct NarrowingTests {
    @Test(arguments: [
        ("about is account", "(is? this.about account)"),
        ("about is not user", "(not (is? this.about user))"),
        ("about is account and about.level = 'L1'", "(and (is? this.about account) (equal this.about→level #L1))"),
        ("if(about is account, about.level)", "(if (is? this.about account) ? this.about→level : blank)"),
        ("if(about is account, 0, about.pending)", "(if (is? this.about account) ? 0 : this.about→pending)"),
        ("about is user or about.level is blank", "(or (is? this.about user) (blank? this.about→level))"),
        ("ifs(about is user, about.pending, 0 < 1, 2)", "(if (is? this.about user) ? this.about→pending : (less 0 1) ? 2 : blank)"),
        ("about.name", "(if (is? this.about account) ? this.about→name : (is? this.about user) ? this.about→name : blank)"),
        ("about is account and count(about.opportunities) > 1", nil),
    ] as [(String, String?)])
    func readsWhatIsKnown(_ formula: String, _ form: String?) throws {
        let (expression, found) = Desk.check(formula)
        let checked = try #require(expression, "\(formula): \(found.map(\.message.en))")
        if let form { #expect(Desk.form(checked.root) == form) }
    }

    @Test(arguments: [
        ("about.level", "several-objects"), ("about is line", "wrong-object"), ("owner is user", "wrong-object"), ("about is nobody", "unknown-name"),
        ("about is account and about is user", "wrong-object"), ("about is account or about.level = 'L1'", "unknown-name"),
        ("if(about is account, 1, about.level = 'L1')", "unknown-name"), ("name is account", "formula-syntax"),
        ("count(about.opportunities)", "several-objects"),
    ])
    func refusesWhatIsNot(_ formula: String, _ code: String) {
        #expect(Desk.check(formula).found.map(\.code) == [code], "\(formula)")
    }

    @Test func aNarrowingEndsWithItsCondition() {
        #expect(Desk.check("(about is account and about.level = 'L1') and about.level = 'L2'").expression != nil)
        #expect(Desk.check("not (about is account) and about.level = 'L2'").found.map(\.code) == ["unknown-name"])
        #expect(Desk.check("if(about is account, 1, 2) + if(about.level = 'L1', 1, 0)").found.map(\.code) == ["several-objects"])
    }
}
