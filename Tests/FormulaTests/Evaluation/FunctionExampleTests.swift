import Testing

@testable import Formula

@Suite struct FunctionExampleTests {
    @Test(arguments: FunctionCatalogue.all.map(\.name))
    func examplesAreTrue(name: String) throws {
        let function = FunctionCatalogue[try #require(FunctionCatalogue.find(name))]
        // A function of options or tags is shown in the tests of apps: without an app there are none.
        let needsApp = function.overloads.contains { $0.parameters.contains { $0.kind == .option || $0.kind == .options } }
        #expect(needsApp || !function.examples.isEmpty)
        for example in function.examples {
            #expect(try FormulaRun.text(of: example.call) == example.result, "\(example.call)")
        }
    }

    @Test func namesAreFoundWithoutRegardToCase() {
        #expect(FunctionCatalogue.find("ROUND") == FunctionCatalogue.find("四舍五入"))
        #expect(FunctionCatalogue.find("nothing") == nil)
        #expect(FunctionCatalogue.all.count >= 45)
    }
}
