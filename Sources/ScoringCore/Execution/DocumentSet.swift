public import Base

/// Some documents of one segment as a bitmap: what a filter lets through, or what a query matched.
///
/// Thread-safe: nothing in it changes.
@safe
public final class DocumentSet: @unchecked Sendable {
  // SAFETY: `words` has `wordCount` initialised words, at least one, allocated in `init`, never written after it and
  // freed in deinit. Bits from `documentCount` on are 0.
  let words: UnsafePointer<UInt64>
  let wordCount: Int
  /// Documents of the segment.
  public let documentCount: UInt32
  /// Documents of the set.
  public let count: Int

  /// - Parameter bits: Document d is bit d % 64 of word d / 64. Missing words are 0; bits beyond the segment are
  ///   dropped.
  public init(documentCount: UInt32, bits: [UInt64]) {
    self.documentCount = documentCount
    let needed = Int(documentCount) / 64 + 1
    let copy = UnsafeMutablePointer<UInt64>.allocate(capacity: needed)
    var count = 0
    for word in 0..<needed {
      let isLast = word == needed - 1
      let value = (word < bits.count ? bits[word] : 0) & (isLast ? (1 << UInt64(documentCount % 64)) - 1 : .max)
      unsafe (copy + word).initialize(to: value)  // SAFETY: word < needed.
      count += value.nonzeroBitCount
    }
    unsafe words = UnsafePointer(copy)
    wordCount = needed
    self.count = count
  }

  deinit { unsafe words.deallocate() }

  /// The other documents of the segment.
  public var complement: DocumentSet {
    DocumentSet(documentCount: documentCount, bits: (0..<wordCount).map { ~word($0) })
  }

  public func contains(_ document: DocID) -> Bool {
    document < documentCount && word(Int(document) / 64) >> UInt64(document % 64) & 1 == 1
  }

  /// Calls `visit` with every document of the set, ascending.
  public func forEach<Failure: Error>(_ visit: (DocID) throws(Failure) -> Void) throws(Failure) {
    for number in 0..<wordCount {
      var bits = word(number)
      while bits != 0 {
        try visit(DocID(number * 64 + bits.trailingZeroBitCount))
        bits &= bits &- 1
      }
    }
  }

  /// What must not be found where only this set may be: its complement and the documents that `view` says are deleted.
  func rejections(in view: SegmentView) -> DocumentSet {
    DocumentSet(
      documentCount: documentCount,
      bits: (0..<wordCount).map { ~word($0) | ($0 * 64 < Int(documentCount) ? view.deletedWord(DocID($0)) : 0) })
  }

  func intersection(_ other: DocumentSet) -> DocumentSet {
    DocumentSet(
      documentCount: documentCount,
      bits: (0..<wordCount).map { word($0) & ($0 < other.wordCount ? other.word($0) : 0) })
  }

  private func word(_ number: Int) -> UInt64 { unsafe words[number] }  // SAFETY: number < wordCount.
}

/// A set as the loops read it. Borrowed: the plan keeps the set alive.
@safe
struct DocumentBits: BitwiseCopyable {
  // SAFETY: as `DocumentSet`, which outlives the execution.
  private let words: UnsafePointer<UInt64>
  private let documentCount: UInt32

  init(_ set: DocumentSet) {
    unsafe words = set.words
    documentCount = set.documentCount
  }

  /// The first document of the set that is `target` or later.
  @inline(__always)
  func first(from target: DocID) -> DocID {
    guard target < documentCount else { return .terminated }
    var number = Int(target &>> 6)
    // SAFETY (both loads): number <= documentCount / 64, so the word is there.
    var bits = unsafe words[number] &>> UInt64(target & 63)
    if bits & 1 == 1 { return target }
    if bits != 0 { return target &+ DocID(bits.trailingZeroBitCount) }
    let last = Int(documentCount / 64)
    while number < last {
      number &+= 1
      bits = unsafe words[number]
      if bits != 0 { return DocID(number &* 64 &+ bits.trailingZeroBitCount) }
    }
    return .terminated
  }
}

extension MatchPlan {
  /// A filter and what it filters, where that is a word or a flat disjunction of words: their loops ask for deletions
  /// document by document, so a filter may pass for some. A small set leads better by itself: it skips whole blocks.
  var masked: (rest: MatchPlan, filter: DocumentSet)? {
    guard case .and(let operands) = self else { return nil }
    var filter: DocumentSet?
    var rest: MatchPlan?
    for operand in operands {
      if case .documents(let set) = operand {
        filter = filter.map { $0.intersection(set) } ?? set
      } else if rest == nil {
        rest = operand
      } else {
        return nil
      }
    }
    guard let filter, let rest, let documents = rest.unionDocuments, filter.count * 16 > documents else { return nil }
    return (rest, filter)
  }

  /// Documents of a word or of a flat disjunction of words, at most; nil for other plans.
  private var unionDocuments: Int? {
    switch self {
    case .words(let word) where !word.needsPositions:
      return word.lists.reduce(0) { $0 + Int($1.documentFrequency) }
    case .or(let operands):
      var sum = 0
      for operand in operands {
        guard case .words = operand, let documents = operand.unionDocuments else { return nil }
        sum += documents
      }
      return sum
    default: return nil
    }
  }
}
