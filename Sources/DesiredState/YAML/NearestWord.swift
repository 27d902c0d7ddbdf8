/// The candidate that was probably meant: a few letters away, or the same but for case, `-` and `_`.
///
/// Returns `nil` when nothing is close enough to be worth a suggestion.
func nearest(_ word: String, in candidates: some Sequence<String>) -> String? {
    let limit = max(word.count / 3, min(2, word.count - 1))
    let folded = foldedForComparison(word)
    var best: (distance: Int, candidate: String)?
    for candidate in candidates where abs(candidate.count - word.count) <= limit {
        let isSame = foldedForComparison(candidate) == folded
        let distance = isSame ? 0 : editDistance(Array(word), Array(candidate))
        guard distance <= limit, distance < candidate.count else { continue }
        if let best, (best.distance, best.candidate) <= (distance, candidate) { continue }
        best = (distance, candidate)
    }
    return best?.candidate
}

private func foldedForComparison(_ word: String) -> String {
    word.lowercased().filter { $0 != "-" && $0 != "_" }
}

/// The number of letters to add, drop, change or swap with their neighbour.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
    var beforePrevious: [Int] = []
    var previous = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        for column in right.indices {
            var cost = previous[column] + (left[row] == right[column] ? 0 : 1)
            cost = min(cost, previous[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                cost = min(cost, beforePrevious[column - 1] + 1)
            }
            current.append(cost)
        }
        beforePrevious = previous
        previous = current
    }
    return previous[right.count]
}
