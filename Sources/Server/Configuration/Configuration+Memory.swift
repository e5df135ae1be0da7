/// Who gets how much of `memory_ceiling`. The table in the chapter of the server adds it up.
extension Configuration {
  /// Documents of one commit; so many more may wait.
  public var batchBytesMax: Int { batchBytesLimit ?? min(memoryCeilingBytes / 16, 1 << 30) }

  /// All documents from the socket to their commit: one batch with the writer, one that waits.
  var documentBytesMax: Int { 2 * batchBytesMax }

  /// Documents of watched files on their way.
  var watchedBytesMax: Int { min(memoryCeilingBytes / 16, batchBytesMax) }

  /// Answers to lines of uploads that have not left yet.
  var answerBytesMax: Int { memoryCeilingBytes / 8 }

  /// The buffers in which a batch is indexed: words, postings, records.
  var bufferBytes: Int { max(memoryCeilingBytes / 4, batchBytesMax) }

  /// Lists of the phrase layer of a segment in the making.
  var phraseListBytesMax: Int { memoryCeilingBytes / 12 }

  /// Stems that queries asked for, and their merged lists.
  var stemCacheBytes: Int { memoryCeilingBytes / 16 }

  /// Extents that are written at one time, by a commit and by a merge, and once more by the store.
  var extentBatchBytes: Int { min(max(memoryCeilingBytes / 32, 2 << 20), 16 << 20) }
}
