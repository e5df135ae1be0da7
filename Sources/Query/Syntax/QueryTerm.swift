/// What stands for one word of text: a word, a wildcard or a fuzzy word.
public enum QueryTerm: Sendable, Equatable {
  case word(QueryWordTerm)
  case wildcard(WildcardPattern)
  case fuzzy(FuzzyWord)
}

/// One word as the analyser reads it.
public struct QueryWordTerm: Sendable, Equatable {
  /// Which forms of a text's words the word accepts.
  public enum Sense: Sendable, Equatable {
    /// Every form with the same stem.
    case stem
    /// The exact form, without regard to case and diacritics.
    case exact
    /// The exact form with the case and the diacritics of `verbatim`.
    case verbatim
  }

  public let sense: Sense
  /// Folded form, as the dictionary holds it.
  public let form: String
  /// Stem of `form`.
  public let stem: String
  /// The word as typed; for `.verbatim` only, else empty.
  public let verbatim: String

  public init(sense: Sense, form: String, stem: String, verbatim: String = "") {
    self.sense = sense
    self.form = form
    self.stem = stem
    self.verbatim = sense == .verbatim ? verbatim : ""
  }
}

/// A form with `*` (any characters, also none) and `?` (exactly one), folded.
public struct WildcardPattern: Sendable, Equatable {
  public let text: String
  /// The pattern as typed where case and diacritics count; nil where they do not.
  public let verbatim: String?

  public init(text: String, verbatim: String? = nil) {
    self.text = text
    self.verbatim = verbatim
  }

  /// The characters before the first wildcard.
  public var literalPrefix: String { String(text.prefix { $0 != "*" && $0 != "?" }) }
  /// How many characters stand for themselves.
  public var literalCount: Int { text.unicodeScalars.count { $0 != "*" && $0 != "?" } }
}

/// Forms within so many edits (insertion, deletion, replacement, exchange of neighbours) of a form.
public struct FuzzyWord: Sendable, Equatable {
  public let form: String
  /// 1 or 2.
  public let edits: Int

  public init(form: String, edits: Int) {
    self.form = form
    self.edits = edits
  }
}
