public import Store

/// What can go wrong with an index on disk. Every case says enough to name the remedy.
public enum IndexError: StoreFailure, Sendable, Equatable {
  /// LMDB or the file system refused; see the store's error.
  case store(StoreError)
  /// Bytes of a segment do not say what they should. `kwic verify` tells which documents are concerned.
  case corrupt(segment: UInt64, structure: Structure, address: UInt64)
  /// The index was written in another format: re-index, or use the version that wrote it.
  case formatVersion(found: UInt32, known: UInt32)
  /// The words were cut by another version of the analysis: re-index.
  case analysisVersion(found: UInt32, known: UInt32)
  /// The index was made with another stemmer than the configuration names.
  case stemming(found: UInt8, asked: UInt8)
  /// A field of the index is of another kind than the configuration names: give it another name, or re-index.
  case fieldKind(field: String, found: String, asked: String)
  /// More than `Limits.fieldsMax` keyword, number and date fields.
  case tooManyFields
  /// The index was opened for reading only, or is closed.
  case readOnly
  case closed
  /// A limit of the format was met; merge less or split the archive.
  case segmentTooLarge

  /// What the store throws around a transaction arrives as the index's error.
  public init(_ error: StoreError) { self = .store(error) }

  /// The parts of a segment, as an error names them.
  public enum Structure: String, Sendable {
    case header, storedDocuments, layouts, norms, dates, columns, identifiers, postings, dictionary, classes, pairs, checksum
    case deletes
    case manifest
    /// The ledger of files.
    case files
  }
}

/// Runs an operation of the store; its error becomes the index's.
@inline(__always)
func storing<Result>(_ operation: () throws(StoreError) -> Result) throws(IndexError) -> Result {
  do { return try operation() } catch { throw .store(error) }
}
