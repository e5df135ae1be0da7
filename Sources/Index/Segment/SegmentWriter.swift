internal import Base
internal import ScoringCore

/// Writes one segment from a source: stored documents, layouts, norms, dates, columns, identifiers, then the lists of every
/// term, the lists of the stem classes, the two dictionaries and the header. One pass, front to back.
///
/// Memory: offsets and layouts of the documents (some 70 bytes each), the dictionaries' encoded blocks and one
/// posting list.
struct SegmentWriter<Source: SegmentSource & ~Copyable>: ~Copyable {
  private var writer: ExtentWriter<IndexError>
  private var header: SegmentHeader

  private let phraseLayer: PhraseLayer
  private var common = CommonWords(countMax: 0)

  init(size: ExtentSize, analysisVersion: UInt32, phraseLayer: PhraseLayer, sink: SegmentSink) {
    self.phraseLayer = phraseLayer
    header = SegmentHeader(analysisVersion: analysisVersion)
    writer = ExtentWriter(size: size, reserved: SegmentHeader.reservedBytes) { (extent, bytes) throws(IndexError) in
      try sink.take(extent: extent, bytes: bytes)
    }
  }

  /// Writes everything; returns the number of extents.
  consuming func write(_ source: inout Source) throws(IndexError) -> Int {
    precondition(source.documentCount > 0, "a segment holds at least one document")
    header.documentCount = UInt32(source.documentCount)
    header.wordCount = source.wordCount
    header.flags = source.storesText ? .storesText : []
    if source.everyDocumentHasOneValue { header.flags.insert(.singleValue) }
    if source.isOrdered { header.flags.insert(.ordered) }
    try writeStored(source)
    try writeLayouts(source)
    try writeNorms(source)
    try writeDates(source)
    try writeColumns(source)
    try writeIdentifiers(source)
    var ahead: PairsAhead?
    let commonCount = phraseLayer.wordCount(occurrences: source.wordCount, documents: source.documentCount)
    if commonCount > 0 {
      common = CommonWords(countMax: commonCount)
      ahead = source.pairsAhead(phraseLayer)
    }
    try writeTerms(&source)
    try writePairs(&source, ahead)
    return try writer.finish(header: header.encoded())
  }

  // MARK: Documents

  private mutating func writeStored(_ source: borrowing Source) throws(IndexError) {
    var starts: [UInt64] = []
    starts.reserveCapacity(source.documentCount + 1)
    let start = writer.address
    for document in 0..<source.documentCount {
      let record = try source.storedRecord(document)
      starts.append(try writer.append(record.span))
    }
    starts.append(writer.address)
    header[.stored] = .init(address: start, count: writer.address - start)
    let entryBytes = header.storedOffsetBytes
    var offsets: [UInt8] = []
    offsets.reserveCapacity(starts.count * entryBytes)
    for record in starts {
      if entryBytes == 4 { offsets.appendInteger(UInt32(record - start)) } else { offsets.appendInteger(record - start) }
    }
    header[.storedOffsets] = try array(offsets, entryBytes: entryBytes)
  }

  private mutating func writeLayouts(_ source: borrowing Source) throws(IndexError) {
    header[.layouts] = .init(address: try source.writeLayouts(into: &writer), count: UInt64(source.documentCount))
  }

  private mutating func writeNorms(_ source: borrowing Source) throws(IndexError) {
    var norms: [UInt8] = []
    norms.reserveCapacity(source.documentCount)
    for document in 0..<source.documentCount { norms.append(source.norm(document)) }
    // In one extent where that is possible, so that a reader needs no copy.
    if norms.count <= writer.size.usableBytes { try writer.reserve(norms.count, alignment: 16) }
    header[.norms] = .init(address: try writer.append(norms.span), count: UInt64(norms.count))
  }

  private mutating func writeDates(_ source: borrowing Source) throws(IndexError) {
    guard (0..<source.documentCount).contains(where: { source.date($0) != .min }) else { return }
    var dates: [UInt8] = []
    for document in 0..<source.documentCount { dates.appendInteger(source.date(document)) }
    header[.dates] = try array(dates, entryBytes: 8)
  }

  private mutating func writeColumns(_ source: borrowing Source) throws(IndexError) {
    var columns = ColumnWriter()
    for field in 0..<source.columnCount {
      guard let values = try source.column(field) else { continue }
      try columns.append(values, field: field, into: &writer)
    }
    header[.columns] = .init(address: try columns.finish(into: &writer), count: UInt64(columns.count))
  }

  private mutating func writeIdentifiers(_ source: borrowing Source) throws(IndexError) {
    var pairs: [UInt64] = []
    pairs.reserveCapacity(source.documentCount)
    for document in 0..<source.documentCount {
      pairs.append(UInt64(source.identifierHash(document)) << 32 | UInt64(document))
    }
    pairs.sort()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(pairs.count * IdentifierMap.entryBytes)
    for pair in pairs {
      bytes.appendInteger(UInt32(truncatingIfNeeded: pair >> 32))
      bytes.appendInteger(UInt32(truncatingIfNeeded: pair))
    }
    header[.identifiers] = try array(bytes, entryBytes: IdentifierMap.entryBytes)
  }

  /// Entries of fixed size, aligned so that none straddles two extents.
  private mutating func array(_ bytes: [UInt8], entryBytes: Int) throws(IndexError) -> SegmentHeader.Extent {
    try writer.reserve(0, alignment: entryBytes)
    let address = try writer.append(bytes.span)
    return SegmentHeader.Extent(address: address, count: UInt64(bytes.count / entryBytes))
  }

  // MARK: Words

  private mutating func writeTerms(_ source: inout Source) throws(IndexError) {
    let start = writer.address
    var terms = DictionaryWriter()
    var encoder = PostingListEncoder(withPositions: true)
    var payload: [UInt8] = []
    while let term = try source.nextTerm() {
      encoder.reset()
      try source.encodePostings(into: &encoder)
      if encoder.documentFrequency == 0 { continue }  // All its documents were deleted.
      let frequency = encoder.totalFrequency
      payload.removeAll(keepingCapacity: true)
      try encoder.finish(into: &writer, payload: &payload)
      terms.append(term, payload: payload)
      common.note(term, frequency: frequency, payload: payload)
    }
    header[.postings] = .init(address: start, count: writer.address - start)
    let classStart = writer.address
    let classes = try writeClasses(&source)
    header[.classPostings] = .init(address: classStart, count: writer.address - classStart)
    let location = try terms.finish(into: &writer)
    header[.terms] = .init(address: location.headsAddress, count: location.blockCount)
    header[.termCount] = .init(count: location.keyCount)
    let classLocation = try classes.finish(into: &writer)
    header[.classes] = .init(address: classLocation.headsAddress, count: classLocation.blockCount)
    header[.classCount] = .init(count: classLocation.keyCount)
  }

  /// The phrase layer, where the segment has one.
  private mutating func writePairs(_ source: inout Source, _ ahead: PairsAhead?) throws(IndexError) {
    guard common.all.count > 1 else { return }
    let start = writer.address
    var dictionary = DictionaryWriter()
    for firstWords in PairSectionWriter.passes(common.all, phraseLayer) {
      var builder: PairBuilder?
      // Chosen by the same rule; were it not so, the layer would be made here.
      if let ahead, ahead.words.map(\.form) == common.all.map(\.form) { builder = ahead.take() }
      if builder == nil { builder = try PairSectionWriter(words: common.all).build(&source, firstWords: firstWords) }
      guard var pairs = builder.take() else { return }
      for (key, payload) in try pairs.finish(into: &writer) { dictionary.append(key, payload: payload) }
    }
    let location = try dictionary.finish(into: &writer)
    header[.pairs] = .init(address: location.headsAddress, count: location.blockCount)
    header[.pairCount] = .init(count: location.keyCount)
    var addresses: [UInt8] = []
    for word in common.all { addresses.appendInteger(word.address) }
    header[.commonLists] = try array(addresses, entryBytes: 8)
    header[.phraseLayer] = .init(address: start, count: writer.address - start)
  }

  private mutating func writeClasses(_ source: inout Source) throws(IndexError) -> DictionaryWriter {
    var classes = DictionaryWriter()
    var encoder = PostingListEncoder(withPositions: false)
    var postings = ClassPostings()
    while let forms = try source.nextClass() {
      guard forms.forms.count > 1 else {
        if let only = forms.documentFrequencies.first, forms.forms[0] != forms.stem {
          classes.append(forms.stem, payload: StemClassFormat.encode(forms, documentFrequency: only, list: nil))
        }
        continue
      }
      var list: [UInt8]?
      let documentFrequency: UInt32
      if StemClassFormat.listIsWorthIt(forms.documentFrequencies) {
        postings.removeAll()
        try source.classPostings(&postings)
        documentFrequency = UInt32(postings.documents.count)
        encoder.reset()
        for (document, frequency) in zip(postings.documents, postings.frequencies) {
          encoder.add(document, frequency: frequency, norm: source.norm(Int(document)), positions: Span())
        }
        list = try encoder.finish(into: &writer)
      } else {
        documentFrequency = try source.classDocumentFrequency()
      }
      let payload = StemClassFormat.encode(forms, documentFrequency: documentFrequency, list: list)
      classes.append(forms.stem, payload: payload)
    }
    return classes
  }
}
