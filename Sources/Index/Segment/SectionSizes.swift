/// Bytes that each part of a segment takes, for status pages and for whoever tunes the format.
public struct SectionSizes: Sendable, Equatable {
  public var storedDocuments: UInt64 = 0
  public var layouts: UInt64 = 0
  /// Norms, dates, columns and identities.
  public var documentColumns: UInt64 = 0
  public var postings: UInt64 = 0
  public var classPostings: UInt64 = 0
  public var dictionaries: UInt64 = 0
  /// Lists of pairs of common words, and their dictionary.
  public var phraseLayer: UInt64 = 0

  public static func += (sum: inout SectionSizes, other: SectionSizes) {
    sum.storedDocuments += other.storedDocuments
    sum.layouts += other.layouts
    sum.documentColumns += other.documentColumns
    sum.postings += other.postings
    sum.classPostings += other.classPostings
    sum.dictionaries += other.dictionaries
    sum.phraseLayer += other.phraseLayer
  }
}

extension SegmentHeader {
  /// From the addresses: sections lie end to end in the order in which they are written.
  var sectionSizes: SectionSizes {
    var sizes = SectionSizes()
    sizes.storedDocuments = self[.layouts].address - self[.stored].address
    sizes.layouts = self[.norms].address - self[.layouts].address
    sizes.documentColumns = self[.postings].address - self[.norms].address
    sizes.postings = self[.postings].count
    sizes.classPostings = self[.classPostings].count
    let end = self[.classes].address + self[.classes].count * UInt64(DictionaryFormat.headBytes)
    sizes.dictionaries = end - self[.classPostings].address - self[.classPostings].count
    sizes.phraseLayer = self[.phraseLayer].count
    return sizes
  }
}
