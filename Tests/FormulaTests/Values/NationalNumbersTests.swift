import Formula
import Testing

@Suite struct NationalNumbersTests {
    @Test(arguments: ["91350100M000100Y43", "91330100799655058B", "9144030071526726XG", "914403001922038216"])
    func creditCodes(_ code: String) {
        #expect(TextValidity.isValid(code, as: .uscc))
        #expect(TextValidity.isValid(" \(code.lowercased()) ", as: .uscc))
        // Any one digit changed shows.
        for position in code.indices where code[position].isNumber {
            let digit: Character = code[position] == "9" ? "0" : "9"
            let wrong = code[..<position] + String(digit) + code[code.index(after: position)...]
            #expect(!NationalNumbers.isUnifiedSocialCreditCode(String(wrong)), "\(wrong)")
        }
    }

    @Test(arguments: ["", "9135010", "91350100M000100Y4I", "91350100M000100Y433", "9135010OM000100Y43", "营业执照", "91350100M000100y43"])
    func noCreditCodes(_ text: String) {
        #expect(!NationalNumbers.isUnifiedSocialCreditCode(text))
    }

    @Test(arguments: ["11010519491231002X", "440524188001010014"])
    func citizens(_ number: String) {
        #expect(TextValidity.isValid(number, as: .citizenNumber))
        #expect(NationalNumbers.canonical("1101 0519-4912 3100 2x") == "11010519491231002X")
        #expect(NationalNumbers.canonical("１１０105") == "110105")
    }

    @Test(arguments: [
        "110105194912310021", "440524188013010014", "110105490307001", "01010519491231002X", "X1010519491231002X", "11010519490230002X", "",
    ])
    func noCitizens(_ text: String) {
        #expect(!NationalNumbers.isCitizenNumber(text))
    }

    @Test func places() throws {
        let place = try #require(Location("30.2741,120.1551"))
        #expect(place.description == "30.2741,120.1551")
        #expect(Location("（30.2741， 120.1551）") == place)
        #expect(Location(place.description) == place)
        #expect(Location("-33.8688,151.2093")?.latitude.description == "-33.8688")
        for text in ["", "30", "91,0", "0,181", "a,b", "1,2,3", "30.1;120"] { #expect(Location(text) == nil, "\(text)") }
    }
}
