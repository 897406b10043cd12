import SourceText

/// The app that `weir new` makes: small, complete, and worth changing. Its labels are in both languages, its remarks in the author's.
enum Starter {
    static func files(appName: String, language: Language) -> [(name: String, text: String)] {
        let aboutApp = Words(
            zh: "应用的名称、时区与角色。修改后运行 weir check 检查。", en: "Name, time zone and roles of the app. Run weir check after a change.")[language]
        let aboutObject = Words(
            zh: "一个对象就是一张表：字段、公式、阶段都写在这里。", en: "An object is a table: its fields, formulas and stages stand here.")[language]
        let aboutTests = Words(
            zh: "场景测试：weir test 在内存里运行，不影响真实数据。", en: "Scenarios: weir test runs them in memory, apart from real records.")[language]
        let test = Words(zh: "没有电话不能进入合作中", en: "nobody becomes active without a phone")[language]
        let customer = Words(zh: "启明智学", en: "Bright Mind")[language]
        return [
            ("app.yaml", """
                # \(aboutApp)
                app:
                  name: \(appName)
                  label: { zh: \(appName), en: \(appName) }
                  version: 0.1.0
                  timezone: Asia/Shanghai

                roles:
                  sales:   { label: { zh: 销售, en: Sales } }
                  manager: { label: { zh: 主管, en: Manager }, includes: sales }

                """),
            ("customer.yaml", """
                # \(aboutObject)
                objects:
                  customer:
                    label: { zh: 客户, en: Customer }
                    shows: "{name}"
                    fields:
                      name:    { type: text, label: { zh: 名称, en: Name }, required: yes, clean: [trim] }
                      phone:   { type: phone, label: { zh: 电话, en: Phone }, clean: [phone] }
                      yearly:  { type: money, label: { zh: 年采购额, en: Yearly purchases } }
                      renewal: { type: percent, label: { zh: 续费率, en: Renewal rate } }
                      expected:
                        label: { zh: 预计续费额, en: Expected renewal }
                        formula: yearly * renewal
                      stage:
                        type: stage
                        label: { zh: 阶段, en: Stage }
                        stages:
                          new:    { label: { zh: 新建, en: New } }
                          active:
                            label: { zh: 合作中, en: Active }
                            enter:
                              has_phone:
                                must: phone is valid
                                say: { zh: 请先填写有效电话, en: enter a valid phone first }
                          lost:   { label: { zh: 流失, en: Lost }, end: lost }

                """),
            ("tests.yaml", """
                # \(aboutTests)
                tests:
                  \(test):
                    steps:
                      - create: customer
                        as: sales
                        with: { name: \(customer), yearly: 20万, renewal: 90% }
                      - expect: { expected: 18万, stage: new }
                      - move: active
                        as: sales
                      - expect held: [has_phone]
                      - edit:
                        as: sales
                        with: { phone: "138 1234 5678" }
                      - move: active
                        as: sales
                      - expect: { stage: active }

                """),
        ]
    }
}
