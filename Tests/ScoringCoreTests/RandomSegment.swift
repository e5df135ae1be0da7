import Base
@testable import ScoringCore

/// A segment made of random documents, in memory, beside the documents themselves: what twins are compared over.
///
/// Words are small numbers; each document is one or two values of them.
@safe
final class RandomSegment {
  // SAFETY: `norms` has a byte for each document, `deletedWords` a bit; both live as long as the segment.
  struct Failure: Error {}

  /// Documents, their values, the words of a value.
  let documents: [[[Int]]]
  let wordCount: Int
  /// The list of each word with positions, and without; nil where no document holds it.
  private(set) var lists: [PostingListReference?] = []
  /// Classes of words with a merged list: class c holds the words w with w % classCount == c.
  let classCount: Int
  private(set) var classLists: [PostingListReference?] = []
  /// The lists of some classes as one in memory; nil where a class has fewer than two.
  private(set) var mergedLists: [MergedList?] = []
  /// The phrase layer of the first words, by key.
  private(set) var pairs: [[UInt8]: [UInt8]] = [:]
  let pairWordCount: Int
  private(set) var deleted: [Bool]
  let extents: MemoryExtents
  let view: SegmentView
  private let norms: UnsafePointer<UInt8>
  private let deletedWords: UnsafePointer<UInt64>?

  init(documents: [[[Int]]], wordCount: Int, classCount: Int, deleted: [Bool], size: ExtentSize) throws {
    self.documents = documents
    self.wordCount = wordCount
    self.classCount = classCount
    self.deleted = deleted
    let extents = MemoryExtents(size: size)
    var writer = ExtentWriter<Never>(size: size, reserved: 64) { number, bytes in extents.store(number, bytes) }
    var payloads: [[UInt8]?] = []
    var encoder = PostingListEncoder(withPositions: true)
    for word in 0..<wordCount {
      payloads.append(Self.encode(documents, [word], &encoder, into: &writer))
    }
    var classEncoder = PostingListEncoder(withPositions: false)
    var classPayloads: [[UInt8]?] = []
    for number in 0..<classCount {
      let words = Array(stride(from: number, to: wordCount, by: classCount))
      classPayloads.append(Self.encode(documents, words, &classEncoder, into: &writer))
    }
    pairWordCount = min(wordCount, 12)
    for (key, payload) in Self.encodePairs(documents, pairWordCount, into: &writer) { pairs[key] = payload }
    let layoutAddress = Self.encodeLayouts(documents, into: &writer)
    _ = writer.finish(header: [])
    self.extents = extents
    var normBytes = documents.map { Norm.encode(length: UInt32(Self.length($0))) }
    normBytes.append(0)
    var bits = [UInt64](repeating: 0, count: documents.count / 64 + 1)
    for document in deleted.indices where deleted[document] { bits[document / 64] |= 1 << UInt64(document % 64) }
    let map = extents.map()
    // SAFETY: copies of the arrays, freed in deinit.
    unsafe (norms, deletedWords) = unsafe (Self.copy(normBytes), deleted.contains(true) ? Self.copy(bits) : nil)
    view = unsafe SegmentView(
      extents: map, documentCount: UInt32(documents.count), norms: norms, deleted: deletedWords,
      layouts: LayoutTable(extents: map, address: layoutAddress, documentCount: UInt32(documents.count),
        hasSingleValues: documents.allSatisfy { $0.count == 1 }))
    lists = try payloads.map { try $0.map { try PostingListReference($0) } }
    classLists = try classPayloads.map {
      try $0.map { try PostingListReference($0, withPositions: false) }
    }
    mergedLists = try (0..<classCount).map { number in
      guard (number + documents.count) % 2 == 0 else { return nil }
      return try ListMerger.merge(
        stride(from: number, to: wordCount, by: classCount).compactMap { lists[$0] }, in: view)
    }
  }

  deinit {
    // SAFETY: allocated in init, freed once.
    unsafe norms.deallocate()
    unsafe deletedWords?.deallocate()
  }

  private static func copy<T: BitwiseCopyable>(_ values: [T]) -> UnsafePointer<T> {
    let copy = UnsafeMutablePointer<T>.allocate(capacity: values.count)
    for (i, value) in values.enumerated() { unsafe (copy + i).initialize(to: value) }  // SAFETY: i < capacity.
    return unsafe UnsafePointer(copy)  // SAFETY: initialised above.
  }

  /// Words with probabilities that fall from frequent to rare, so that every kind of list occurs.
  static func random(_ random: inout SplitMix64, documentsMax: Int = 3_000) throws -> RandomSegment {
    let documentCount = Int.random(in: 1...documentsMax, using: &random)
    let wordCount = Int.random(in: 2...40, using: &random)
    let lengthMax = Int.random(in: 1...[6, 20, 60].randomElement(using: &random)!, using: &random)
    let skew = Double.random(in: 1...6, using: &random)
    var documents = (0..<documentCount).map { _ in
      (0..<([1, 1, 1, 2, 3].randomElement(using: &random)!)).map { _ in
        (0..<Int.random(in: 0...lengthMax, using: &random)).map { _ in
          var u = 1.0
          let v = Double.random(in: 0..<1, using: &random)
          for _ in 0..<Int(skew) { u *= v }
          return min(Int(u * Double(wordCount)), wordCount - 1)
        }
      }
    }
    // As a batch or a merge orders them, or as they come.
    if Bool.random(using: &random) { documents.sort { length($0) < length($1) } }
    let deletes = Int.random(in: 0...3, using: &random)
    let deleted = (0..<documentCount).map { _ in deletes == 0 && Int.random(in: 0..<4, using: &random) == 0 }
    return try RandomSegment(
      documents: documents, wordCount: wordCount, classCount: Int.random(in: 1...4, using: &random), deleted: deleted,
      size: Bool.random(using: &random) ? .small : .large)
  }

  static func length(_ document: [[Int]]) -> Int { document.reduce(0) { $0 + $1.count } }

  /// The words of a document by position, with an empty position (nil) between two values.
  func positions(_ document: Int) -> [Int?] {
    var result: [Int?] = []
    for (i, value) in documents[document].enumerated() {
      if i > 0 { result.append(nil) }
      result.append(contentsOf: value.map { $0 })
    }
    return result
  }

  private static func encode(
    _ documents: [[[Int]]], _ words: [Int], _ encoder: inout PostingListEncoder, into writer: inout ExtentWriter<Never>
  ) -> [UInt8]? {
    encoder.reset()
    let accepted = Set(words)
    for (document, values) in documents.enumerated() {
      var positions: [UInt32] = []
      var next: UInt32 = 0
      for value in values {
        for word in value {
          if accepted.contains(word) { positions.append(next) }
          next += 1
        }
        next += 1
      }
      guard !positions.isEmpty else { continue }
      let norm = Norm.encode(length: UInt32(length(values)))
      let kept = encoder.withPositions ? positions : []
      encoder.add(UInt32(document), frequency: UInt32(positions.count), norm: norm, positions: kept.span)
    }
    return encoder.documentFrequency == 0 ? nil : encoder.finish(into: &writer)
  }

  private static func encodePairs(
    _ documents: [[[Int]]], _ wordCount: Int, into writer: inout ExtentWriter<Never>
  ) -> [(key: [UInt8], payload: [UInt8])] {
    var builder = PairBuilder(wordCount: wordCount, averageLength: 20)
    for (document, values) in documents.enumerated() {
      var positions = [[UInt32]](repeating: [], count: wordCount)
      var next: UInt32 = 0
      for value in values {
        for word in value {
          if word < wordCount { positions[word].append(next) }
          next += 1
        }
        next += 1
      }
      for (word, places) in positions.enumerated() { builder.add(word: word, positions: places.span) }
      builder.endDocument(UInt32(document), norm: Norm.encode(length: UInt32(length(values))))
    }
    return builder.finish(into: &writer)
  }

  private static func encodeLayouts(_ documents: [[[Int]]], into writer: inout ExtentWriter<Never>) -> UInt64 {
    var encoder = DocumentLayoutEncoder()
    for values in documents {
      for (i, value) in values.enumerated() {
        let starts: [UInt32] = value.isEmpty ? [] : [0]
        encoder.addValue(
          field: FieldID(rawValue: UInt8(min(i, 1))), wordCount: UInt32(value.count), sentenceStarts: starts.span,
          paragraphStarts: starts.span)
      }
      encoder.endDocument()
    }
    return encoder.finish(into: &writer)
  }
}
