/// Says which forms of a dictionary a wildcard or fuzzy word accepts.
struct FormMatcher {
  private enum Rule {
    case wildcard([Unicode.Scalar])
    case fuzzy([Unicode.Scalar], edits: Int)
    case none
  }

  private let rule: Rule
  /// Every accepted form begins with these bytes.
  let prefix: [UInt8]

  init(_ term: QueryTerm) {
    switch term {
    case .wildcard(let pattern):
      rule = .wildcard(Array(pattern.text.unicodeScalars))
      prefix = Array(pattern.literalPrefix.utf8)
    case .fuzzy(let word):
      rule = .fuzzy(Array(word.form.unicodeScalars), edits: word.edits)
      prefix = []
    case .word(let word):
      rule = .none
      prefix = Array(word.form.utf8)
    }
  }

  func accepts(_ form: [UInt8]) -> Bool {
    switch rule {
    case .wildcard(let pattern):
      return Self.matches(pattern, Array(String(decoding: form, as: UTF8.self).unicodeScalars), star: "*", one: "?")
    case .fuzzy(let word, let edits):
      // A scalar has one to four bytes: most forms are out by their length.
      guard form.count <= 4 * (word.count + edits), form.count + edits >= word.count else { return false }
      return EditDistance.between(word, Array(String(decoding: form, as: UTF8.self).unicodeScalars), atMost: edits)
        != nil
    case .none: return form == prefix
    }
  }

  /// Greedy matching with one way back, to the last star: linear for one star, quadratic at worst.
  static func matches<Letter: Equatable>(
    _ pattern: [Letter], _ text: [Letter], star wildcard: Letter, one: Letter
  ) -> Bool {
    var p = 0
    var t = 0
    var star: (pattern: Int, text: Int)?
    while t < text.count {
      if p < pattern.count, pattern[p] == wildcard {
        star = (p, t)
        p += 1
      } else if p < pattern.count, pattern[p] == one || pattern[p] == text[t] {
        p += 1
        t += 1
      } else if let last = star {
        star = (last.pattern, last.text + 1)
        p = last.pattern + 1
        t = last.text + 1
      } else {
        return false
      }
    }
    while p < pattern.count, pattern[p] == wildcard { p += 1 }
    return p == pattern.count
  }
}
