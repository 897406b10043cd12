import Formula
import SourceText
import Testing

/// Texts with formulas in braces, and entries of points.
@Suite struct TemplateTests {
    private func parts(_ template: String) -> (parts: [String]?, found: [Diagnostic]) {
        let (checked, found) = Desk.checker.checkedTemplate(Desk.embedded(template), in: Desk.scope)
        let parts = checked?.parts.map { part in
            switch part {
            case .text(let text): "'\(text)'"
            case .expression(let expression): Desk.form(expression.root)
            }
        }
        return (parts, found)
    }

    @Test func splicesFormulas() {
        #expect(parts("{name} · {account.name}").parts == ["this.name", "' · '", "this.account→name"])
        #expect(parts("共 {count(lines)} 行，{amount}").parts == ["'共 '", "toText(count[this←line.opportunity as 0])", "' 行，'", "toText(this.amount)"])
        #expect(parts("plain").parts == ["'plain'"])
        #expect(parts("").parts == [])
        #expect(parts("{this}").parts == ["toText(this)"])
    }

    @Test func doublesBraces() {
        #expect(parts("{{x}} {name}").parts == ["'{x} '", "this.name"])
        #expect(parts("{if(active, '}', \"{\")}").parts == ["(if blankAsFalse(this.active) ? '}' : '{')"])
        #expect(parts("{“}” & name}").parts == ["(& '}' this.name)"])
    }

    @Test func locatesMistakes() {
        let template = "你好 {nam}，{amount"
        let found = parts(template).found
        #expect(found.map(\.code).sorted() == ["template-braces", "unknown-name"])
        let utf8 = Array(template.utf8)
        #expect(found.map { String(decoding: utf8[Int($0.span.start)..<Int($0.span.end)], as: UTF8.self) }.sorted() == ["nam", "{"])
        #expect(parts("a } b").found.map(\.code) == ["template-braces"])
        #expect(parts("{}").found.map(\.code) == ["template-braces"])
        #expect(parts("{lines}").found.map(\.code) == ["set-without-aggregate"])
        #expect(parts("{a b}").found.map(\.code) == ["formula-syntax"])
    }

    @Test func readsPoints() {
        func points(_ text: String) -> (form: String?, codes: [String]) {
            let (expression, found) = Desk.checker.checkedPoints(Desk.embedded(text), in: Desk.scope)
            return (expression.map { Desk.form($0.root) }, found.map(\.code))
        }
        #expect(points("10 if phone is valid").form == "(if (valid? this.phone) ? 10 : 0)")
        #expect(points("10 if(active or quantity > 3)").form == "(if (or blankAsFalse(this.active) (greater this.quantity 3)) ? 10 : 0)")
        #expect(points("-5 * candidate.pending").form == "(multiply (negate 5) blankAsZero(candidate.pending))")
        #expect(points("discount").form == "blankAsZero(this.discount)")
        #expect(points("if(active, 3, 4)").form == "(if blankAsFalse(this.active) ? 3 : 4)")
        #expect(points("'x' if active").codes == ["type-mismatch"])
        #expect(points("10 if name").codes == ["type-mismatch"])
        #expect(points("10 if").codes == ["formula-syntax"])
        #expect(points("10 if active if read").codes == ["formula-syntax"])
    }

    @Test func reportsIntoTheGivenDiagnostics() {
        var report = Diagnostics()
        #expect(Desk.checker.check(Desk.embedded("amout"), in: Desk.scope, report: &report) == nil)
        #expect(Desk.checker.checkPoints(Desk.embedded("'x'"), in: Desk.scope, report: &report) == nil)
        #expect(Desk.checker.checkTemplate(Desk.embedded("{"), in: Desk.scope, report: &report) == nil)
        #expect(report.found.map(\.code) == ["unknown-name", "type-mismatch", "template-braces"])
    }
}
