import Definition
import Formula
import SourceText

extension AppChecker {
    func checkHeader() {
        let name = header.timezone ?? Located("Asia/Shanghai", at: header.span)
        if let known = Zone(name: name.value) { zone = known } else { report.report(.unknownTimezone(name)) }
        if let code = header.currency { currency = checkedCurrency(code) ?? currency }
        if let text = header.demoDay {
            if let day = DateReader.day(text.value) { demoDay = day } else { report.report(.badDemoDay(text)) }
        }
        if let name = header.calendar { calendar = checkedCalendar(name) ?? calendar }
    }

    func checkedCurrency(_ code: Located<String>) -> String? {
        guard Currency.codes.contains(code.value) else {
            report.report(.unknownCurrency(code))
            return nil
        }
        return code.value
    }
}
