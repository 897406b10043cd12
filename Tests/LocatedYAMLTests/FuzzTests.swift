import LocatedYAML
import SourceText
import TestKit
import Testing

/// Damaged documents, the same ones on every run.
@Suite struct FuzzTests {
    struct Generator {
        private var state: UInt64
        init(seed: UInt64) { state = seed }

        mutating func next(below bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((z ^ (z >> 31)) % UInt64(max(1, bound)))
        }
    }

    static let sound = """
        app: { name: crm, label: { zh: 客户管理, en: "Customer desk" } }   # comment
        objects:
          lead:
            shows: "{name} · {company}"
            fields:
              name: { type: text, required: yes, clean: [trim, honorific → role] }
              score:
                points:
                  手机号有效: 10 if phone is valid
                formula: |
                  round(a, 2) +
                    b

                  + "c"
              text: >-
                folded
                 more

                end
              win: "switch(stage, 'lead', 10%,
                \\u4e2d\\
                0%)"
              plain: a
                + b

                + 'c'
        list:
        - one
        -
          - 'it''s
            two'
        """

    static let pieces: [String] = [
        " ", "  ", "\n", "\r\n", "\t", ":", ": ", "：", "-", "- ", "? ", "#", " #", "\"", "'", "`", "{", "}", "[", "]", ",", "，", "|", ">", "|-\n", ">+2\n", "&a ", "*a", "!t ", "!!str ",
        "%", "---\n", "...\n", "<<: ", "~", "null", "\\", "\\u12", "\u{3000}", "\u{A0}", "\u{FEFF}", "\u{202E}", "\u{85}", "\u{2028}", "中", "👩‍👩‍👧", "e\u{301}", "(", ")", "“", "”", "｛", "\u{0}", "a: b\n", "\n  ", "\n    x: y",
    ]

    @Test(arguments: 0..<24)
    func neverTrapsAndNeverMisplaces(_ seed: Int) throws {
        var random = Generator(seed: UInt64(seed))
        let inputs = try (HostileTests.files + MistakesTests.files).map { try $0.bytes() }.filter { $0.count < 600 } + [Array(Self.sound.utf8)]
        for round in 0..<40 {
            var bytes = random.next(below: 2) == 0 ? Array(Self.sound.utf8) : inputs[random.next(below: inputs.count)]
            for _ in 0...random.next(below: 5) {
                let at = random.next(below: bytes.count + 1)
                switch random.next(below: 6) {
                case 0 where at < bytes.count: bytes.remove(at: at)
                case 1 where at < bytes.count: bytes[at] = UInt8(random.next(below: 256))
                case 2:
                    let other = inputs[random.next(below: inputs.count)]
                    bytes.insert(contentsOf: other[..<random.next(below: other.count + 1)], at: at)
                case 3: bytes.removeSubrange(at..<min(bytes.count, at + random.next(below: 20)))
                default: bytes.insert(contentsOf: Self.pieces[random.next(below: Self.pieces.count)].utf8, at: at)
                }
            }
            let reading = Reading(bytes)
            #expect(reading.breaches == [], "seed \(seed), round \(round): \(String(decoding: bytes, as: UTF8.self).debugDescription)")
            #expect(reading.rendered.isEmpty == false)
        }
    }

    @Test func theSoundDocumentIsSound() {
        #expect(Reading(Self.sound).codes == [])
        #expect(Reading(Self.sound).breaches == [])
    }
}
