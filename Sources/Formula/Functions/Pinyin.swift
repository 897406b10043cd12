import Foundation
import Synchronization

/// How Chinese characters are spoken, without tones, from the transliteration that comes with Foundation.
package enum Pinyin {
    /// The text with its Chinese characters as pinyin, parted by spaces: `张三` → `zhang san`.
    package static func latin(_ text: String) -> String {
        let latin = text.applyingTransform(.toLatin, reverse: false) ?? text
        return (latin.applyingTransform(.stripDiacritics, reverse: false) ?? latin).lowercased()
    }

    /// For each character of the text the ways in which it is spoken; empty for what is no Chinese character.
    ///
    /// `重` has `zhong` and `chong`; a `ü` is also written `v`: `吕` has `lu` and `lv`.
    package static func ways(of text: some Collection<Unicode.Scalar>) -> [[String]] {
        var known = cache.withLock { cache in text.map { isHan($0) ? cache[$0] : [] } }
        var missing: [Unicode.Scalar] = []
        for (scalar, ways) in zip(text, known) where ways == nil && !missing.contains(scalar) { missing.append(scalar) }
        guard !missing.isEmpty else { return known.map { $0 ?? [] } }
        // One call for all: the call itself costs more than its characters.
        let lines = missing.map { String(Character($0)) }.joined(separator: "\n")
        let toned = (lines.applyingTransform(.toLatin, reverse: false) ?? lines).split(separator: "\n", omittingEmptySubsequences: false)
        var found: [Unicode.Scalar: [String]] = [:]
        for (scalar, line) in zip(missing, toned) { found[scalar] = ways(of: scalar, toned: String(line)) }
        cache.withLock { $0.merge(found) { old, _ in old } }
        for (index, scalar) in text.enumerated() where known[index] == nil { known[index] = found[scalar] }
        return known.map { $0 ?? [] }
    }

    /// What the first Chinese character needs takes a tenth of a second: done ahead, no save waits for it.
    package static func prepare() { _ = ways(of: "字".unicodeScalars) }

    /// Han characters of the blocks in use, extensions included.
    package static func isHan(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x3FFFF, 0x3007: true
        default: false
        }
    }

    private static func ways(of scalar: Unicode.Scalar, toned: String) -> [String] {
        let plain = (toned.applyingTransform(.stripDiacritics, reverse: false) ?? toned).lowercased().filter { $0.isASCII && $0.isLetter }
        guard !plain.isEmpty else { return [] }
        var ways = [plain]
        if toned.precomposedStringWithCanonicalMapping.contains(where: { "üǖǘǚǜ".contains($0) }) {
            ways.append(plain.replacingOccurrences(of: "u", with: "v"))
        }
        for other in others[Character(scalar)] ?? [] where !ways.contains(other) { ways.append(other) }
        return ways
    }

    private static let cache = Mutex<[Unicode.Scalar: [String]]>([:])

    /// Characters of names and of everyday words that are spoken in a second way.
    private static let others: [Character: [String]] = [
        "曾": ["zeng", "ceng"], "单": ["shan", "dan"], "行": ["hang", "xing"], "重": ["zhong", "chong"], "长": ["chang", "zhang"],
        "乐": ["le", "yue"], "朝": ["chao", "zhao"], "解": ["jie", "xie"], "仇": ["chou", "qiu"], "查": ["cha", "zha"], "盖": ["gai", "ge"],
        "区": ["qu", "ou"], "薄": ["bo", "bao"], "翟": ["zhai", "di"], "尉": ["wei", "yu"], "贾": ["jia", "gu"], "会": ["hui", "kuai"],
        "都": ["dou", "du"], "省": ["sheng", "xing"], "调": ["tiao", "diao"], "传": ["chuan", "zhuan"], "强": ["qiang", "jiang"],
        "藏": ["cang", "zang"], "厦": ["sha", "xia"], "石": ["shi", "dan"], "大": ["da", "dai"], "车": ["che", "ju"], "参": ["can", "shen"],
        "率": ["lv", "shuai"], "还": ["hai", "huan"], "了": ["le", "liao"], "着": ["zhe", "zhuo"], "得": ["de", "dei"], "地": ["di", "de"],
        "角": ["jiao", "jue"], "觉": ["jue", "jiao"], "校": ["xiao", "jiao"], "弹": ["tan", "dan"], "降": ["jiang", "xiang"], "折": ["zhe", "she"],
        "便": ["bian", "pian"], "差": ["cha", "chai"], "处": ["chu"], "发": ["fa"], "给": ["gei", "ji"], "和": ["he", "huo"], "落": ["luo", "la"],
        "没": ["mei", "mo"], "模": ["mo", "mu"], "宁": ["ning"], "盛": ["sheng", "cheng"], "似": ["si", "shi"], "提": ["ti", "di"],
        "系": ["xi", "ji"], "应": ["ying"], "员": ["yuan", "yun"], "种": ["zhong", "chong"], "缪": ["miao", "mou"], "覃": ["qin", "tan"],
        "冼": ["xian"], "那": ["na"], "召": ["zhao", "shao"], "洗": ["xi", "xian"], "埔": ["pu", "bu"], "六": ["liu", "lu"], "蚌": ["bang", "beng"],
    ]
}
