internal import Analysis
internal import Base
internal import Index
internal import ScoringCore

/// The stored text of one document, with the places of its words where they are asked for.
///
/// The index stores no offsets: the words around a hit are found by analysing the field's value again from the
/// checkpoint before them (one every 128 words). The text is read where it lies in the index: so showing a document takes
/// what its lines take, however long it is.
struct DocumentText: Sendable {
  let stored: StoredRecord
  private let analyzer: Analyzer
  /// Room for the words of a text and the layout of a document. Who shows many documents hands it on from one to the next.
  struct Room: Sendable {
    fileprivate var layout = DocumentLayout()
    fileprivate var batch = TokenBatch()
    /// Tokens of kind `.word`, from `window.words.lowerBound` on, where `batch` has others between them; else it has them.
    fileprivate var tokens: [Token] = []
    fileprivate var isSifted = false
  }

  var room: Room
  /// What the room holds: a value, and the words of it by their position.
  private var window: (value: Int, words: Range<Int>, isLast: Bool)?

  private static let checkpointWords = 128
  /// Words analysed beyond what is asked for, since the next hit is often near: few at first, as most texts are read at
  /// one place, then twice as many each time.
  private var spareWords = 8
  private static let spareWordsMax = 256
  /// Words of a sentence that are shown on either side of a hit: a text without full stops is one sentence.
  private static let sentenceWordsMax = 1_000

  /// - Parameters:
  ///   - stored: The document's record.
  ///   - sentences: Whether whole sentences will be asked for.
  ///   - room: What an earlier text has used, if there is one.
  init(
    _ document: DocID, _ stored: StoredRecord, in segment: Segment, analyzer: Analyzer, sentences: Bool = false,
    room: consuming Room = Room()
  ) throws(IndexError) {
    self.stored = stored
    self.analyzer = analyzer
    self.room = consume room
    do {
      try segment.view.layouts.load(document, sentences: sentences, into: &self.room.layout)
    } catch {
      throw .corrupt(segment: segment.id.rawValue, structure: .layouts, address: 0)
    }
  }

  /// Where the title lies in the record: the first value of the field `title`; empty where there is none.
  static func titleBytes(_ stored: StoredRecord) -> Range<Int> { stored.value(of: "title")?.text ?? 0..<0 }
  var title: String { stored.string(Self.titleBytes(stored)) }

  /// Where a hit stands: the value, and its first and last word in it.
  private struct Place {
    var value: Int
    var start: UInt32
    var lo: Int
    var hi: Int
  }

  /// Nil where the text is not stored.
  private func place(_ hit: Hit) -> Place? {
    guard let found = room.layout.locate(hit.lo), found.value < stored.values.count else { return nil }
    let start = room.layout.values[found.value].start
    return Place(value: found.value, start: start, lo: Int(hit.lo - start), hi: Int(hit.hi - start))
  }

  // MARK: Concordance lines

  /// A hit's concordance line: what is shown, by its place in the record. Its words are loaded.
  private struct Line {
    let place: Place
    let field: String
    /// Of the value.
    let bytes: Range<Int>
    /// Of the record.
    let left: Range<Int>
    let match: Range<Int>
    let right: Range<Int>
  }

  /// Nil where the text is not stored.
  private mutating func line(_ hit: Hit, _ context: SearchRequest.Context) -> Line? {
    guard let place = place(hit) else { return nil }
    let shown = words(around: place, hit, context)
    // Of a sentence the neighbours too, whose bytes bound its own.
    let loaded = context == .sentence ? max(0, shown.lowerBound - 1)...shown.upperBound + 1 : shown
    guard load(loaded, of: place.value), let lo = token(place.lo), let hi = token(place.hi) else { return nil }

    let value = stored.values[place.value]
    let bytes = Int(lo.byteStart)..<Int(hi.byteEnd)
    var from = shown.lowerBound == 0 ? 0 : token(shown.lowerBound).map { Int($0.byteStart) } ?? bytes.lowerBound
    var to = token(shown.upperBound).map { Int($0.byteEnd) } ?? value.text.count
    if context == .sentence { (from, to) = wholeSentence(shown, from..<to, value) }
    let base = value.text.lowerBound
    return Line(
      place: place, field: stored.name(of: value), bytes: bytes,
      left: base + min(from, bytes.lowerBound)..<base + bytes.lowerBound,
      match: base + bytes.lowerBound..<base + bytes.upperBound,
      right: base + bytes.upperBound..<base + max(bytes.upperBound, to))
  }

  /// The hit with its concordance line; nil where the text is not stored.
  mutating func result(_ hit: Hit, context: SearchRequest.Context) -> HitResult? {
    guard let line = line(hit, context) else { return nil }
    return HitResult(
      field: line.field, lo: line.place.lo, hi: line.place.hi, bytes: line.bytes,
      words: words(hit, from: line.place.start), left: stored.string(line.left), match: stored.string(line.match),
      right: stored.string(line.right))
  }

  /// Appends what `HitResult.write` does of the result, without making one where all of it is UTF-8; false, and nothing,
  /// where the text is not stored.
  mutating func write(_ hit: Hit, context: SearchRequest.Context, to json: inout JSONWriter) -> Bool {
    guard let line = line(hit, context) else { return false }
    if !writeUTF8(line, hit, to: &json) { result(hit, context: context)?.write(to: &json) }
    return true
  }

  /// False, and nothing, where some of it is not UTF-8.
  private func writeUTF8(_ line: Line, _ hit: Hit, to json: inout JSONWriter) -> Bool {
    let forms = room.batch.formBytes.span
    return stored.withBytes { text in
      let (left, match, right) = (text.extracting(line.left), text.extracting(line.match), text.extracting(line.right))
      guard left.isUTF8, match.isUTF8, right.isUTF8 else { return false }
      var bytesMax = JSONPiece.bytesMax(line.field.utf8.count + left.count + match.count + right.count, numbers: 4)
      for word in hit.words {
        guard let token = token(Int(word.position - line.place.start)) else { continue }
        guard forms.extracting(token.formRange).isUTF8 else { return false }
        bytesMax += JSONPiece.bytesMax(Int(token.formLength), numbers: 3)
      }
      json.piece(bytesMax: bytesMax) { piece in
        piece.raw(#"{"field":"#)
        piece.string(line.field.utf8.span)
        piece.raw(#","lo":"#)
        piece.integer(line.place.lo)
        piece.raw(#","hi":"#)
        piece.integer(line.place.hi)
        piece.raw(#","bytes":"#)
        piece.pair(line.bytes)
        piece.raw(#","words":["#)
        var isFirst = true
        for word in hit.words {
          let position = Int(word.position - line.place.start)
          guard let token = token(position) else { continue }
          piece.raw(isFirst ? #"{"form":"# : #",{"form":"#)
          isFirst = false
          piece.string(forms.extracting(token.formRange))
          piece.raw(#","position":"#)
          piece.integer(position)
          piece.raw(#","bytes":"#)
          piece.pair(Int(token.byteStart)..<Int(token.byteEnd))
          piece.raw("}")
        }
        piece.raw(#"],"left":"#)
        piece.string(left)
        piece.raw(#","match":"#)
        piece.string(match)
        piece.raw(#","right":"#)
        piece.string(right)
        piece.raw("}")
      }
      return true
    }
  }

  /// First and last word shown; the last may lie beyond the value.
  private func words(around place: Place, _ hit: Hit, _ context: SearchRequest.Context) -> ClosedRange<Int> {
    switch context {
    case .words(let count):
      let end = place.hi.addingReportingOverflow(max(0, count))
      return max(0, place.lo - max(0, count))...(end.overflow ? Int.max - 1 : end.partialValue)
    case .sentence:
      let value = room.layout.values[place.value]
      let starts = room.layout.sentenceStarts
      let before = starts.partition { $0 > hit.lo }
      let after = starts.partition { $0 > hit.hi }
      let first = before > 0 ? max(starts[before - 1], value.start) : value.start
      let end = after < starts.count ? min(starts[after], value.end) : value.end
      return max(Int(first - value.start), place.lo - Self.sentenceWordsMax)...min(
        max(place.hi, Int(end - value.start) - 1), place.hi + Self.sentenceWordsMax)
    }
  }

  /// The bytes of a sentence with the punctuation that is written at its first and last word: quotes, full stop.
  private func wholeSentence(
    _ shown: ClosedRange<Int>, _ bytes: Range<Int>, _ value: StoredRecord.Value
  ) -> (Int, Int) {
    let floor = shown.lowerBound == 0 ? 0 : token(shown.lowerBound - 1).map { Int($0.byteEnd) } ?? 0
    let ceiling = token(shown.upperBound + 1).map { Int($0.byteStart) } ?? value.text.count
    return stored.withBytes { record in
      let text = record.extracting(value.text)
      var from = bytes.lowerBound
      while from > floor, text[from - 1] > 0x20 { from -= 1 }
      var to = min(bytes.upperBound, text.count)
      while to < ceiling, text[to] > 0x20 { to += 1 }
      return (from, to)
    }
  }

  private func words(_ hit: Hit, from start: UInt32) -> [HitWord] {
    hit.words.compactMap { word in
      let position = Int(word.position - start)
      guard let token = token(position) else { return nil }
      return HitWord(
        form: String(decoding: form(token), as: UTF8.self), position: position,
        bytes: Int(token.byteStart)..<Int(token.byteEnd))
    }
  }

  // MARK: Order by context

  /// The folded words before (after) a hit, nearest first, each ended by a zero byte: bytewise order is the order of
  /// the concordance, and the end of the text comes before any word.
  mutating func contextKey(_ hit: Hit, isLeft: Bool, words count: Int) -> [UInt8] {
    guard let place = place(hit) else { return [] }
    let range = isLeft ? max(0, place.lo - count)...place.lo : place.hi...(place.hi + count)
    guard load(range, of: place.value) else { return [] }
    var key: [UInt8] = []
    for distance in 1...count {
      guard let token = token(isLeft ? place.lo - distance : place.hi + distance) else { break }
      key.append(contentsOf: form(token))
      key.append(0)
    }
    return key
  }

  // MARK: Highlighting

  /// The bytes of all words that hits stand on, by value: ascending, each word once.
  mutating func wordRanges(_ hits: [Hit]) -> [(value: Int, ranges: [Range<Int>])] {
    let positions = Set(hits.flatMap { hit in hit.words.map(\.position) }).sorted()
    var found: [(value: Int, ranges: [Range<Int>])] = []
    for position in positions {
      guard let place = room.layout.locate(position), place.value < stored.values.count else { continue }
      let word = Int(place.relative)
      guard load(word...word, of: place.value), let token = token(word) else { continue }
      if found.last?.value != place.value { found.append((place.value, [])) }
      found[found.count - 1].ranges.append(Int(token.byteStart)..<Int(token.byteEnd))
    }
    return found
  }

  // MARK: Words

  private func form(_ token: Token) -> ArraySlice<UInt8> {
    let offset = Int(token.formOffset)
    return room.batch.formBytes[offset..<offset + Int(token.formLength)]
  }

  private func token(_ position: Int) -> Token? {
    guard let window, window.words.contains(position) else { return nil }
    let place = position - window.words.lowerBound
    return room.isSifted ? room.tokens[place] : room.batch.tokens[place]
  }

  /// The nearest word at or before `word` of which it is known where it begins, or where the one before it ends: a
  /// checkpoint, or one that the room holds.
  private func known(before word: Int, of number: Int) -> (word: Int, byte: Int) {
    let value = stored.values[number]
    let checkpoint = min(word / Self.checkpointWords, value.checkpointCount)
    let first = checkpoint * Self.checkpointWords
    if let window, window.value == number, let last = token(window.words.upperBound - 1), !window.isLast {
      if let inside = token(word) { return (word, Int(inside.byteStart)) }
      if (first...word).contains(window.words.upperBound) { return (window.words.upperBound, Int(last.byteEnd)) }
    }
    return (first, stored.checkpoint(checkpoint, of: value))
  }

  /// Makes the words of a range known, as far as the value has them; false if it has none of them.
  private mutating func load(_ wanted: ClosedRange<Int>, of number: Int) -> Bool {
    if let window, window.value == number, window.words.contains(wanted.lowerBound),
      window.isLast || window.words.contains(wanted.upperBound)
    {
      return true
    }
    let value = stored.values[number]
    var (first, byte) = known(before: wanted.lowerBound, of: number)
    guard byte <= value.text.count else { return false }
    let (stored, analyzer) = (stored, analyzer)
    window = nil
    stored.withBytes {
      let text = $0.extracting(value.text)
      let skipped = analyzer.skipWords(text, fromByte: byte, limit: wanted.lowerBound - first, using: &room.batch)
      (first, byte) = (first + skipped.words, skipped.byte)
    }
    guard first == wanted.lowerBound else { return false }
    let count = wanted.upperBound - first
    let limit = count > Int.max - 1 - spareWords ? Int.max : count + 1 + spareWords
    spareWords = min(2 * spareWords, Self.spareWordsMax)
    stored.withBytes {
      analyzer.analyzeWords(
        $0.extracting(value.text), fromByte: byte, position: UInt32(first), limit: limit, into: &room.batch)
    }
    let found = Int(room.batch.wordCount)
    room.isSifted = found < room.batch.tokens.count
    if room.isSifted {
      room.tokens.removeAll(keepingCapacity: true)
      for token in room.batch.tokens where token.kind == .word { room.tokens.append(token) }
    }
    window = (number, first..<first + found, isLast: found < limit)
    return found > 0
  }
}

extension Token {
  /// Of its batch's `formBytes`.
  fileprivate var formRange: Range<Int> { Int(formOffset)..<Int(formOffset) + Int(formLength) }
}

extension Span<UInt8> {
  /// ASCII is, and one look at the bytes without a branch among them says so.
  fileprivate var isUTF8: Bool {
    var all: UInt8 = 0
    for place in indices { all |= self[place] }
    return all < 0x80 || (try? UTF8Span(validating: self)) != nil
  }
}

extension [UInt32] {
  /// The first index whose element is beyond; false must precede true. Complexity: logarithmic.
  fileprivate func partition(_ isBeyond: (UInt32) -> Bool) -> Int {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
