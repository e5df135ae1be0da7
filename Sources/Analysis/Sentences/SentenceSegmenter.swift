internal import CKernels

/// Cuts text at the sentence boundaries of UAX #29 (Unicode 15.0).
///
/// Complexity: linear; behind a full stop the scalars up to the next lower-case letter, terminator or paragraph end are
/// passed over once more (SB8).
struct SentenceSegmenter: ~Escapable {
  /// Which rules apply.
  enum Tailoring {
    /// UAX #29 to the letter.
    case none
    /// For text as it is filed: a line break is a space (hard-wrapped wire copy and mail); a blank line, a line break
    /// before an indent and U+2029 end sentence and paragraph; abbreviations end nothing.
    case standard
  }

  struct Sentence: BitwiseCopyable {
    /// The boundary after the sentence.
    var end: Int
    /// Whether the paragraph ends there too. Always false without tailoring.
    var endsParagraph: Bool
  }

  private struct Item: BitwiseCopyable {
    var kind: SentenceBreak
    var end: Int
  }

  private let text: Span<UInt8>
  private let tables: UnicodeTables
  private let tailoring: Tailoring

  @_lifetime(copy text)
  init(_ text: Span<UInt8>, tailoring: Tailoring, tables: UnicodeTables = .shared) {
    self.text = text
    self.tables = tables
    self.tailoring = tailoring
  }

  /// The sentence that begins at `start`, a boundary before the end of the text.
  func sentence(from start: Int) -> Sentence {
    var offset = start
    // The last scalar that SB5 does not pass over.
    var left = SentenceBreak.other
    while true {
      let plainEnd = skippingPlain(offset)
      if plainEnd > offset, let last = plainItem(at: plainEnd - 1) { left = last.kind }
      offset = plainEnd
      guard let next = item(at: offset) else { break }
      switch next.kind {
      case .sep, .cr, .lf:  // SB3, SB4
        return Sentence(end: separatorEnd(next), endsParagraph: tailoring == .standard)
      case .aTerm where tailoring == .standard && Abbreviations.endsAbbreviation(text, at: offset):
        left = .other
        offset = next.end
      case .aTerm, .sTerm:
        let (end, ending) = afterTerminator(next, left: left)
        if let ending { return ending }
        left = next.kind
        offset = end
      case .extend, .format:  // SB5
        offset = next.end
      default:
        left = next.kind
        offset = next.end
      }
    }
    return Sentence(end: text.count, endsParagraph: false)
  }

  /// Passes over ASCII that ends nothing.
  @inline(__always)
  private func skippingPlain(_ start: Int) -> Int {
    guard start < text.count else { return start }
    return unsafe text.withUnsafeBufferPointer { bytes in
      // SAFETY: start < count, and the kernel reads no byte behind the text.
      unsafe start + kwic_find_sentence_mark(bytes.baseAddress! + start, bytes.count - start)
    }
  }

  /// What follows a terminator: the sentence's end (SB11), or where to read on when a rule forbids a boundary.
  private func afterTerminator(_ terminator: Item, left: SentenceBreak) -> (offset: Int, ending: Sentence?) {
    let isFullStop = terminator.kind == .aTerm
    var offset = skippingIgnored(terminator.end)
    if isFullStop, let next = item(at: offset) {
      if next.kind == .numeric { return (offset, nil) }  // SB6
      if next.kind == .upper, left == .upper || left == .lower { return (offset, nil) }  // SB7
    }
    while let next = item(at: offset), next.kind == .close { offset = skippingIgnored(next.end) }  // SB9
    while let next = item(at: offset), next.kind == .sp { offset = skippingIgnored(next.end) }  // SB9, SB10
    guard let next = item(at: offset) else {
      return (offset, Sentence(end: offset, endsParagraph: false))
    }
    switch next.kind {
    case .sContinue, .aTerm, .sTerm:  // SB8a
      return (offset, nil)
    case .sep, .cr, .lf:  // SB9, SB10, then SB4
      return (offset, Sentence(end: separatorEnd(next), endsParagraph: tailoring == .standard))
    default:
      if isFullStop, lowerFollows(offset) { return (offset, nil) }
      return (offset, Sentence(end: offset, endsParagraph: false))
    }
  }

  /// SB8: a lower-case letter comes before any other letter, terminator or separator.
  private func lowerFollows(_ start: Int) -> Bool {
    var offset = start
    while let next = item(at: offset) {
      switch next.kind {
      case .lower: return true
      case .oLetter, .upper, .sep, .cr, .lf, .aTerm, .sTerm: return false
      default: offset = next.end
      }
    }
    return false
  }

  private func skippingIgnored(_ start: Int) -> Int {
    var offset = start
    while let next = item(at: offset), next.kind == .extend || next.kind == .format { offset = next.end }
    return offset
  }

  /// CR LF is one separator.
  private func separatorEnd(_ separator: Item) -> Int {
    guard separator.kind == .cr, let next = plainItem(at: separator.end), next.kind == .lf else { return separator.end }
    return next.end
  }

  /// The scalar at `offset` as the tailoring sees it, nil at the end of the text.
  @inline(__always)
  private func item(at offset: Int) -> Item? {
    guard let plain = plainItem(at: offset) else { return nil }
    guard tailoring == .standard else { return plain }
    switch plain.kind {
    case .sep, .cr, .lf: return tailored(plain, from: offset)
    default: return plain
    }
  }

  private func plainItem(at offset: Int) -> Item? {
    guard offset < text.count else { return nil }
    let scalar = UTF8Scalar(text, at: offset)
    return Item(kind: tables.properties(of: scalar.value).sentenceBreak, end: offset + scalar.byteCount)
  }

  /// A line break becomes a space unless it ends a paragraph: before another line break, with only blanks between, or
  /// before a line that begins with a blank.
  private func tailored(_ lineBreak: Item, from offset: Int) -> Item {
    let paragraphSeparator = lineBreak.kind == .sep && lineBreak.end - offset == 3 && text[offset + 2] == 0xA9
    if paragraphSeparator { return lineBreak }
    let end = separatorEnd(lineBreak)
    var next = end
    while next < text.count, text[next] == 0x20 || text[next] == 0x09 { next += 1 }
    if next < text.count {
      switch text[next] {
      case 0x0A, 0x0D: return lineBreak
      case 0xE3 where Self.isIdeographicSpace(UTF8Scalar(text, at: next)): return lineBreak
      default: if next > end { return lineBreak }
      }
    }
    return Item(kind: .sp, end: end)
  }

  private static func isIdeographicSpace(_ scalar: UTF8Scalar) -> Bool { scalar.value == 0x3000 }
}
