internal import Analysis
internal import Base
internal import Index
internal import ScoringCore

/// The stored text of one document, with the places of its words where they are asked for.
///
/// The index stores no offsets: the words around a hit are found by analysing the field's value again from the
/// checkpoint before them (one every 128 words).
struct DocumentText {
  let stored: StoredDocument
  private let layout: DocumentLayout
  private let analyzer: Analyzer
  private var batch = TokenBatch()
  /// What `batch` holds: a value, and the words of it by their position.
  private var window: (value: Int, words: Range<Int>, isLast: Bool)?
  /// Tokens of kind `.word` in `batch`, from `window.words.lowerBound` on.
  private var tokens: [Token] = []

  private static let checkpointWords = 128
  /// Words analysed beyond what is asked for: the next hit is often near.
  private static let spareWords = 256

  init(_ document: DocID, in segment: Segment, analyzer: Analyzer) throws(IndexError) {
    stored = try segment.storedDocument(document)
    self.analyzer = analyzer
    var layout = DocumentLayout()
    do {
      try segment.view.layouts.load(document, sentences: false, into: &layout)
    } catch {
      throw .corrupt(segment: segment.id.rawValue, structure: .layouts, address: 0)
    }
    self.layout = layout
  }

  var title: String { stored.text(of: "title").map { String(decoding: $0, as: UTF8.self) } ?? "" }

  /// The hit with its concordance line; nil where the text is not stored.
  mutating func result(_ hit: Hit, contextWords: Int) -> HitResult? {
    guard let place = layout.locate(hit.lo), place.value < stored.values.count else { return nil }
    let value = stored.values[place.value]
    let start = layout.values[place.value].start
    let lo = Int(hit.lo - start)
    let hi = Int(hit.hi - start)
    let context = max(0, contextWords)
    let first = max(0, lo - context)
    let end = hi.addingReportingOverflow(context).overflow ? Int.max - 1 : hi + context
    guard load(first...end, of: place.value), let loToken = token(lo), let hiToken = token(hi) else { return nil }

    let bytes = Int(loToken.byteStart)..<Int(hiToken.byteEnd)
    let from = first == 0 ? 0 : token(first).map { Int($0.byteStart) } ?? bytes.lowerBound
    let to = token(end).map { Int($0.byteEnd) } ?? value.text.count
    return HitResult(
      field: value.name, lo: lo, hi: hi, bytes: bytes, words: words(hit, from: start),
      left: Self.text(value.text[from..<bytes.lowerBound]), match: Self.text(value.text[bytes]),
      right: Self.text(value.text[bytes.upperBound..<max(bytes.upperBound, to)]))
  }

  private func words(_ hit: Hit, from start: UInt32) -> [HitWord] {
    hit.words.compactMap { word in
      let position = Int(word.position - start)
      guard let token = token(position) else { return nil }
      let offset = Int(token.formOffset)
      return HitWord(
        form: Self.text(batch.formBytes[offset..<offset + Int(token.formLength)]), position: position,
        bytes: Int(token.byteStart)..<Int(token.byteEnd))
    }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  private func token(_ position: Int) -> Token? {
    guard let window, window.words.contains(position) else { return nil }
    return tokens[position - window.words.lowerBound]
  }

  /// Makes the words of a range known, as far as the value has them; false if it has none of them.
  private mutating func load(_ wanted: ClosedRange<Int>, of value: Int) -> Bool {
    if let window, window.value == value, window.words.contains(wanted.lowerBound),
      window.isLast || window.words.contains(wanted.upperBound)
    {
      return true
    }
    let text = stored.values[value].text
    let checkpoints = stored.values[value].checkpoints
    let checkpoint = min(wanted.lowerBound / Self.checkpointWords, checkpoints.count)
    let first = checkpoint * Self.checkpointWords
    let byte = checkpoint == 0 ? 0 : Int(checkpoints[checkpoint - 1])
    guard byte <= text.count else { return false }
    let count = wanted.upperBound - first
    let limit = count > Int.max - 1 - Self.spareWords ? Int.max : count + 1 + Self.spareWords
    analyzer.analyzeWords(text.span, fromByte: byte, position: UInt32(first), limit: limit, into: &batch)
    tokens = batch.tokens.filter { $0.kind == .word }
    window = (value, first..<first + tokens.count, isLast: tokens.count < limit)
    return !tokens.isEmpty
  }
}
