/// The name that `name` may be a misspelling of, or nil if none is near enough that the guess would help.
///
/// Near is one edit for up to four characters, two up to eight, three beyond; a neighbouring swap is one edit. A name that differs only in case is always
/// near. Of several equally near ones the first is taken.
func nearestName(to name: String, among candidates: some Sequence<String>) -> String? {
    let wanted = Array(name.lowercased().prefix(64))
    guard !wanted.isEmpty else { return nil }
    var best: (name: String, distance: Int)?
    for candidate in candidates where candidate != name {
        let letters = Array(candidate.lowercased().prefix(64))
        let limit = max(wanted.count, letters.count) <= 4 ? 1 : max(wanted.count, letters.count) <= 8 ? 2 : 3
        guard abs(letters.count - wanted.count) <= limit else { continue }
        let distance = editDistance(wanted, letters)
        // A guess that shares no letter with what was written is none.
        guard distance <= limit, distance < max(wanted.count, letters.count), distance < best?.distance ?? .max else { continue }
        best = (candidate, distance)
    }
    return best?.name
}

private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
        var current = [row + 1]
        for (column, other) in right.enumerated() {
            var distance = min(last[column + 1] + 1, current[column] + 1, last[column] + (letter == other ? 0 : 1))
            if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
                distance = min(distance, beforeLast[column - 1] + 1)
            }
            current.append(distance)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}
