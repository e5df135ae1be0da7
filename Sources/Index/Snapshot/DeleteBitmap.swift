internal import Base

/// Which documents of a segment are deleted: one bit a document, set for the dead. Immutable once published.
///
/// On disk it is cut into chunks of one LMDB page each, so that a delete rewrites 4 KiB and not the whole map:
///
///     key   := segment u64 BE, chunk u32 BE
///     value := 510 little-endian words of 64 documents
///
/// Thread-safe: nothing changes after `init`.
@safe
final class DeleteBitmap: @unchecked Sendable {
  static let wordsPerChunk = 510
  static let documentsPerChunk = wordsPerChunk * 64
  static let chunkBytes = wordsPerChunk * 8

  let documentCount: Int
  let deletedCount: Int
  // SAFETY (whole type): allocated in `init`, never written after it, freed in deinit; `wordCount` words.
  private let words: UnsafeMutablePointer<UInt64>
  private let wordCount: Int

  /// A map of `documentCount` documents, of which `old`'s and those of `newlyDeleted` are dead.
  init(documentCount: Int, old: DeleteBitmap?, newlyDeleted: some Sequence<DocID>) {
    self.documentCount = documentCount
    wordCount = (documentCount + 63) / 64
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: max(wordCount, 1))
    unsafe words.initialize(repeating: 0, count: max(wordCount, 1))
    var count = 0
    if let old {
      unsafe words.update(from: old.words, count: wordCount)
      count = old.deletedCount
    }
    for document in newlyDeleted where Int(document) < documentCount {
      let bit: UInt64 = 1 << UInt64(document % 64)
      if unsafe words[Int(document) / 64] & bit == 0 { count += 1 }
      unsafe words[Int(document) / 64] |= bit
    }
    unsafe self.words = words
    deletedCount = count
  }

  /// A map from its chunks on disk; a chunk that is not there has no deleted document.
  init(documentCount: Int, chunks: [Int: [UInt8]]) {
    self.documentCount = documentCount
    wordCount = (documentCount + 63) / 64
    let words = UnsafeMutablePointer<UInt64>.allocate(capacity: max(wordCount, 1))
    unsafe words.initialize(repeating: 0, count: max(wordCount, 1))
    var count = 0
    for (number, bytes) in chunks {
      for at in 0..<min(Self.wordsPerChunk, bytes.count / 8) {
        let word = number * Self.wordsPerChunk + at
        guard word < wordCount else { break }
        var value: UInt64 = 0
        for byte in 0..<8 { value |= UInt64(bytes[at * 8 + byte]) << UInt64(byte * 8) }
        unsafe words[word] = value
        count += value.nonzeroBitCount
      }
    }
    unsafe self.words = words
    deletedCount = count
  }

  deinit { unsafe words.deallocate() }

  func contains(_ document: DocID) -> Bool {
    precondition(Int(document) < documentCount)
    return unsafe words[Int(document) / 64] >> UInt64(document % 64) & 1 == 1
  }

  /// The words, for cursors: valid while the map lives.
  var pointer: UnsafePointer<UInt64> { unsafe UnsafePointer(words) }

  /// Numbers of the chunks that documents lie in.
  static func chunks(of documents: some Sequence<DocID>) -> Set<Int> {
    Set(documents.map { Int($0) / documentsPerChunk })
  }

  /// The bytes of one chunk.
  func chunk(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.chunkBytes)
    for at in 0..<Self.wordsPerChunk {
      let word = number * Self.wordsPerChunk + at
      bytes.appendInteger(word < wordCount ? unsafe words[word] : 0)
    }
    return bytes
  }
}
