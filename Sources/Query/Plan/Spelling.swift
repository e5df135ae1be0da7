internal import Analysis

/// What `==word` asks of the text itself: the case and the diacritics of each form that stands at a position.
///
/// A spelling belongs to a form as the form belongs to its word: of "Iraq’s" they are `Iraq's` and `Iraq`, of "U.S."
/// `U.S.` and `US`. ’ is the same as ', and canonically equivalent texts are equal.
struct Spelling: Sendable {
  private let words: Set<String>
  private let patterns: [[Character]]
  /// Forms that other terms of the same choice accept in any spelling.
  private let anyForms: Set<[UInt8]>

  /// Nil where no term asks for a spelling.
  ///
  /// - Parameter anyForms: What the terms that ask for none accept.
  init?(_ terms: [QueryTerm], anyForms: Set<[UInt8]>) {
    var words: Set<String> = []
    var patterns: [[Character]] = []
    for term in terms {
      guard let verbatim = term.verbatim else { continue }
      switch term {
      case .word: words.insert(Self.canonical(verbatim))
      case .wildcard: patterns.append(Array(Self.canonical(verbatim)))
      case .fuzzy: preconditionFailure("a fuzzy word has no spelling")
      }
    }
    guard !words.isEmpty || !patterns.isEmpty else { return nil }
    self.words = words
    self.patterns = patterns
    self.anyForms = anyForms
  }

  /// Whether a form that stands where `word` is written counts.
  func accepts(form: [UInt8], _ kind: Token.Kind, word: ArraySlice<UInt8>, _ analyzer: Analyzer) -> Bool {
    if anyForms.contains(form) { return true }
    guard let spelled = Self.spelled(form, kind, word, analyzer) else { return false }
    if words.contains(spelled) { return true }
    let characters = Array(spelled)
    return patterns.contains { FormMatcher.matches($0, characters, star: "*", one: "?") }
  }

  /// How `form` is spelled in `word`: all of it, or what is left of it without dots or without its ending.
  private static func spelled(
    _ form: [UInt8], _ kind: Token.Kind, _ word: ArraySlice<UInt8>, _ analyzer: Analyzer
  ) -> String? {
    var text = canonical(String(decoding: word, as: UTF8.self))
    if kind == .word { return text }
    if kind == .acronym { text.unicodeScalars.removeAll { $0 == "." } }
    while !text.isEmpty {
      if analyzer.fold(Array(text.utf8)) == form { return text }
      text.unicodeScalars.removeLast()
    }
    return nil
  }

  /// With one kind of apostrophe.
  private static func canonical(_ text: String) -> String {
    guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text }
    var result = ""
    for scalar in text.unicodeScalars { result.unicodeScalars.append(isApostrophe(scalar) ? "'" : scalar) }
    return result
  }

  /// What the analysis folds to an apostrophe.
  private static func isApostrophe(_ scalar: Unicode.Scalar) -> Bool {
    guard scalar.value >= 0x80, !scalar.properties.isAlphabetic || scalar.value == 0x02BC else { return false }
    return Analyzer().fold(Array(String(scalar).utf8)) == [UInt8(ascii: "'")]
  }
}

extension QueryTerm {
  /// The spelling that is asked for, if any.
  var verbatim: String? {
    switch self {
    case .word(let word): word.sense == .verbatim ? word.verbatim : nil
    case .wildcard(let pattern): pattern.verbatim
    case .fuzzy: nil
    }
  }
}
