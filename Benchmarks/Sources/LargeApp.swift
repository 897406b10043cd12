import Foundation
import Program
import SourceText

/// A generated app of so many lines: objects in a chain of links, each with money, formulas that read one another, a stage with a gate
/// and two rules.
enum LargeApp {
    /// Fields with money on each object, and as many formulas.
    private static let width = 12

    /// The files of an app with at least so many lines; the last object makes it a few more.
    static func sources(lines: Int) -> (sources: SourceSet, lines: Int) {
        var sources = SourceSet()
        var total = 4
        sources.add(
            path: "app.yaml",
            text: """
                app: { name: big, timezone: Asia/Shanghai }
                roles: { sales: { label: { zh: 销售, en: Sales } } }
                choices:
                  level: [L1, L2, L3, L4]

                """)
        var number = 0
        while total < lines {
            let text = object(number)
            total += text.utf8.count { $0 == UInt8(ascii: "\n") }
            sources.add(path: "objects/thing\(number).yaml", text: text)
            number += 1
        }
        return (sources, total)
    }

    private static func object(_ number: Int) -> String {
        var text = """
            objects:
              thing\(number):
                label: { zh: 对象\(number), en: Thing \(number) }
                shows: "{name}"
                fields:
                  name: { type: text, label: { zh: 名称, en: Name }, required: yes, clean: [trim] }

            """
        if number > 0 {
            text += """
                      parent: { type: link, to: thing\(number - 1), as: { name: parts, label: { zh: 部分, en: Parts } }, label: { zh: 上级, en: Parent } }
                      above: { label: { zh: 上级金额, en: Above }, formula: parent.amount1 + parent.total2 }

                """
        }
        for index in 0..<width { text += "      amount\(index): { type: money, label: { zh: 金额\(index), en: Amount \(index) } }\n" }
        for index in 0..<width {
            let before = index == 0 ? "amount0" : "total\(index - 1)"
            text += """
                      total\(index):
                        label: { zh: 合计\(index), en: Total \(index) }
                        formula: if(amount\(index) > 100, amount\(index) * 1.1 + \(before), round(amount\((index + 1) % width) / 3, 2))

                """
        }
        return text + """
                  level: { type: choice of level, label: { zh: 级别, en: Level } }
                  day: { type: date, label: { zh: 日期, en: Day } }
                  stage:
                    type: stage
                    label: { zh: 阶段, en: Stage }
                    stages:
                      new: { label: { zh: 新建, en: New } }
                      won:
                        label: { zh: 赢单, en: Won }
                        enter:
                          big: { must: amount1 >= 10 and level >= 'L2', say: { zh: 金额不足, en: too small } }
                rules:
                  positive: { must: amount1 >= 0, if: amount1 is not blank, say: { zh: 不能为负, en: not below zero } }
                  later: { must: "day >= date(2020, 1, 1)", say: { zh: 太早, en: too early } }

            """
    }
}
