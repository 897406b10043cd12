/// The name in `candidates` that `word` was probably meant to be; nil when none is near enough, since a wrong guess misleads.
///
/// Near is one slip in a name of three to seven letters, two up to twelve, three beyond (Damerau–Levenshtein: neighbours exchanged
/// count once; the longer of the two names counts). Names that differ only in case or in full-width letters are always near. Of
/// equally near names the one that goes on longer as the word does wins, then the earlier.
package func closestMatch(to word: String, among candidates: some Sequence<String>) -> String? {
    let wanted = comparable(word)
    var best: (name: String, distance: Int, sharedStart: Int)?
    for name in candidates where name != word {
        let candidate = comparable(name)
        let longer = max(wanted.count, candidate.count)
        // A name of hundreds of letters is no slip of a name of ten.
        guard longer <= 200, abs(wanted.count - candidate.count) <= 3 else { continue }
        let isSwap = longer == 2 && wanted.count == 2 && candidate.count == 2 && wanted[0] == candidate[1] && wanted[1] == candidate[0]
        let allowed = isSwap ? 1 : min(3, (longer + 2) / 5)
        let distance = editDistance(wanted, candidate, atMost: min(allowed, best?.distance ?? allowed))
        guard let distance else { continue }
        let sharedStart = zip(wanted, candidate).prefix { $0 == $1 }.count
        if let best, best.distance < distance || (best.distance == distance && best.sharedStart >= sharedStart) { continue }
        best = (name, distance, sharedStart)
    }
    return best?.name
}

/// Letters without case and full width, so that only real slips count.
private func comparable(_ text: String) -> [Unicode.Scalar] {
    text.normalizedName.lowercased().unicodeScalars.map { scalar in
        (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
    }
}

/// Insertions, deletions, replacements and exchanges of neighbours; nil above `limit`.
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar], atMost limit: Int) -> Int? {
    if abs(a.count - b.count) > limit { return nil }
    var beforeLast = [Int](repeating: 0, count: b.count + 1)
    var last = Array(0...b.count)
    for i in 0..<a.count {
        var row = [i + 1]
        row.reserveCapacity(b.count + 1)
        for j in 0..<b.count {
            var cost = min(last[j] + (a[i] == b[j] ? 0 : 1), last[j + 1] + 1, row[j] + 1)
            if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, beforeLast[j - 1] + 1) }
            row.append(cost)
        }
        if (row.min() ?? 0) > limit { return nil }
        beforeLast = last
        last = row
    }
    let distance = last[b.count]
    return distance <= limit ? distance : nil
}
