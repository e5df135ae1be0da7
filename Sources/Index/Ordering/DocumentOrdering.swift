/// Whether large merges put documents that share words side by side, which makes posting lists shorter and queries
/// faster. Documents, hits, counts and scores do not depend on it, only the order of ties.
public struct DocumentOrdering: Sendable, Equatable {
  public var isOn: Bool
  /// A merge of fewer documents keeps the order they have.
  public var documentsMin: Int
  /// Whether a lone segment without deleted documents, which a compaction otherwise copies, is written anew for its order.
  public var takesLoneSegments = false
  /// Memory that finding the order may take. Words with the most documents are left out until it fits; where too little
  /// would be left to tell documents apart, the merge keeps the order they have.
  public var bytesMax: Int

  // What only tests change.

  /// Runs of fewer than twice so many documents are not ordered in themselves: a quarter of a block of postings.
  var rangeMin = 32
  /// Words in fewer documents do not count.
  var wordDocumentsMin = 8
  /// Occurrences of a word that a merge sorts at one time, about; a list with more is read once for each so many.
  var sortedOccurrencesMax: UInt64 = 4 << 20

  public init(isOn: Bool = true, documentsMin: Int = 4_096, bytesMax: Int = 64 << 20) {
    self.isOn = isOn
    self.documentsMin = documentsMin
    self.bytesMax = bytesMax
  }

  public static let none = DocumentOrdering(isOn: false)
}
