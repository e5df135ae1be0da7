/// One document that matches.
public struct DocumentResult: Sendable, Equatable {
  public var id: String
  public var score: Float
  /// First value of the field `title`; empty where there is none.
  public var title: String
  /// As the document gave it.
  public var date: String?
  /// All its hits, shown or not.
  public var hitCount: Int
  /// In the order of field and place, as many as asked for.
  public var hits: [HitResult]
  /// Where near-duplicates are collapsed: how many documents of this story match, this one included, and the earliest
  /// date of them (as `CalendarDate.text`).
  public var copies: Int?
  public var firstDate: String?
  /// Where it was asked for.
  public var explanation: ResultExplanation?
}

/// Why a document matches and what its score is made of, beside its hits. Indirect, so that a result without one is small.
public indirect enum ResultExplanation: Sendable, Equatable {
  case tree(Explanation)
  /// Lines for a terminal.
  case text(String)
}
