internal import Base

/// What to say of a wildcard or fuzzy word that stands for too many forms.
enum BroadWildcard {
  static func problem(
    _ term: QueryTerm, forms: Set<[UInt8]>, query: String, range: Range<Int>
  ) -> QueryProblem {
    let limit = Limits.expansionFormsMax
    let narrower = narrower(term, forms, limit)
    let place = range.count == term.text.utf8.count ? range : Self.place(of: term, in: query, range)
    return QueryProblem(
      code: .wildcardTooBroad,
      message: "`\(term.text)` stands for \(forms.count) forms; the limit is \(limit).", query: query, byteRange: place,
      hint: narrower.map { "The shortest beginnings that fit have \($0.count) letters more, such as `\($0.text)`." }
        ?? "Write more letters of the word.",
      fixes: narrower.map { [query.replacingBytes(place, with: $0.text)] } ?? [])
  }

  /// A wildcard inside a phrase is reported at its own place where it can be found.
  private static func place(of term: QueryTerm, in query: String, _ range: Range<Int>) -> Range<Int> {
    let bytes = Array(query.utf8)
    let wanted = Array(term.text.utf8)
    guard wanted.count <= range.count else { return range }
    for start in range.lowerBound...(range.upperBound - wanted.count)
    where bytes[start..<start + wanted.count].elementsEqual(wanted) {
      return start..<start + wanted.count
    }
    return range
  }

  /// The pattern with the fewest letters more before its first `*` with which no choice of those letters has more forms
  /// than the limit, and of these choices the one with the most; for a fuzzy word one edit less.
  private static func narrower(
    _ term: QueryTerm, _ forms: Set<[UInt8]>, _ limit: Int
  ) -> (text: String, count: Int)? {
    guard case .wildcard(let pattern) = term, pattern.text.dropFirst(pattern.literalPrefix.count).hasPrefix("*") else {
      return nil
    }
    let prefix = pattern.literalPrefix
    let tail = pattern.text.dropFirst(prefix.count)
    for length in 1...8 {
      var groups: [String: Int] = [:]
      for form in forms {
        let scalars = String(decoding: form, as: UTF8.self).unicodeScalars
        var beginning = ""
        beginning.unicodeScalars.append(contentsOf: scalars.prefix(prefix.unicodeScalars.count + length))
        groups[beginning, default: 0] += 1
      }
      guard let largest = groups.values.max(), largest <= limit else { continue }
      let beginning = groups.filter { $0.value == largest }.keys.min() ?? prefix
      return (beginning + tail, length)
    }
    return nil
  }
}
