/// What a word of the query stood for in the snapshot that was searched.
public struct TermExpansion: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// The exact form alone, with or without regard to case.
    case exact
    /// Every form with the same stem.
    case stem
    case wildcard
    case fuzzy
  }

  /// Forms that a receipt names.
  static let namedMax = 64

  /// As the query language writes it.
  public let term: String
  public let kind: Kind
  /// Forms of the index that it stands for, and the first of them in the order of their bytes.
  public let formCount: Int
  public let forms: [String]

  init(_ term: QueryTerm, forms: Set<[UInt8]>, exactForms: Bool) {
    self.term = term.text
    switch term {
    case .word(let word): kind = word.sense == .stem && !exactForms ? .stem : .exact
    case .wildcard: kind = .wildcard
    case .fuzzy: kind = .fuzzy
    }
    formCount = forms.count
    self.forms = forms.sorted { $0.lexicographicallyPrecedes($1) }.prefix(Self.namedMax)
      .map { String(decoding: $0, as: UTF8.self) }
  }
}
