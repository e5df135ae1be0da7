/// Which order documents have in a segment: in one of a large batch the shorter ones come first, in one of a large merge
/// those that share words stand side by side. Both make posting lists shorter and queries faster. Documents, hits, counts
/// and scores do not depend on it, only the order of ties.
public struct DocumentOrdering: Sendable, Equatable {
  public var isOn: Bool
  /// A batch of fewer documents keeps the order in which they were put: it is few blocks of postings, whose bounds an
  /// order cannot tell apart.
  public var batchDocumentsMin: Int
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

  public init(
    isOn: Bool = true, batchDocumentsMin: Int = 512, documentsMin: Int = 4_096, bytesMax: Int = 64 << 20
  ) {
    self.isOn = isOn
    self.batchDocumentsMin = batchDocumentsMin
    self.documentsMin = documentsMin
    self.bytesMax = bytesMax
  }

  public static let none = DocumentOrdering(isOn: false)

  /// The order in which a batch is written, as numbers of its documents: by length, equal ones as they were put; nil
  /// where it keeps its own.
  ///
  /// BM25 favours short documents, so the floor of the ten best is high after the first blocks, and as the documents of a
  /// block are of one length, its bound tells what it can reach. Bytes stand for words, which are counted only when the
  /// text is analysed.
  func order(ofBatch textBytes: [Int]) -> [Int]? {
    guard isOn, textBytes.count >= batchDocumentsMin else { return nil }
    return textBytes.indices.sorted { (textBytes[$0], $0) < (textBytes[$1], $1) }
  }
}
