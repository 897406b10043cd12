import Formula
import Foundation
import Model
import Program
import SourceText

/// What is measured: deals with formulas, a stage and lists, rolled up in their accounts.
enum BenchApp {
    static let text = """
        app: { name: bench }
        roles: { sales: {} }
        objects:
          account:
            shows: "{name}"
            fields:
              name: { type: text, required: yes, unique: yes }
              total: { type: money, formula: sum(deals.amount) }
              count_of_deals: { type: number, decimals: 0, formula: count(deals) }
          deal:
            shows: "{name}"
            fields:
              account: { type: link, to: account, as: deals, required: yes }
              name: { type: text, required: yes, clean: [trim] }
              code: { type: text, unique: yes }
              amount: money
              rate: { type: percent, decimals: 4 }
              due: date
              level: { type: choice, options: [low, mid, high, top] }
              pains: { type: choices, options: [cost, time, risk] }
              words: tags
              note: long_text
              weighted: { type: money, formula: amount * rate }
              size_class: { formula: "if(amount >= 100万, 'L', if(amount >= 30万, 'M', 'S'))" }
              title: { formula: name & ' / ' & code }
              stage:
                type: stage
                stages:
                  open: {}
                  quoted: { enter: { amount_known: { must: amount > 0 }, pains_ticked: { must: size(pains) >= 2 } } }
                  won: { end: won }
            rules:
              amount_not_negative: { must: amount >= 0 }

        """

    static let app: CompiledApp = {
        var sources = SourceSet()
        sources.add(path: "app.yaml", text: text)
        let (app, diagnostics) = compile(sources)
        guard let app else { preconditionFailure(DiagnosticText(sources: sources, language: .en).render(diagnostics)) }
        return app
    }()

    static func object(_ name: String) -> CheckedObject {
        guard let object = app.model.object(named: name) else { preconditionFailure("the app of the benchmarks has no object \(name)") }
        return object
    }

    static func field(_ object: String, _ name: String) -> FieldID {
        guard let field = self.object(object).field(named: name) else { preconditionFailure("the app of the benchmarks has no field \(name)") }
        return field.id
    }

    static let accounts: Int64 = 200
}
