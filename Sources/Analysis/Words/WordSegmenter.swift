/// Cuts text at the default word boundaries of UAX #29 (Unicode 15.0), scalar by scalar.
///
/// Boundaries depend only on what stands between the last boundary and the first scalar after the next one (and the
/// one behind a middle character), so a scan may begin at any boundary. Bytes that are not UTF-8 are segments alone.
///
/// Complexity: linear; the look-ahead behind a middle character passes over a run of marks once more.
struct WordSegmenter: ~Escapable {
  /// Which rules apply.
  enum Tailoring {
    /// UAX #29 to the letter.
    case none
    /// Without the colon between letters, as CLDR tailors it for all languages but Swedish and Finnish: "to:you" is two
    /// words. And a zero width joiner ties a pictograph to a pictograph only (as in UAX #29's rule GB11), so that no word
    /// begins with the blank before a joiner gone astray.
    case standard
  }

  struct Segment: BitwiseCopyable {
    /// The boundary after the segment.
    var end: Int
    /// Whether it holds a letter, number, ideograph or kana.
    var isWord: Bool
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

  /// One scalar with what the rules ask of it.
  struct Item: BitwiseCopyable {
    var kind: WordBreak
    var properties: ScalarProperties
    var end: Int

    var isIgnored: Bool { kind == .extend || kind == .format || kind == .zwj }
    var isLetter: Bool { kind == .aLetter || kind == .hebrewLetter }
  }

  /// The scalar at `offset`, nil at the end of the text.
  @inline(__always)
  func item(at offset: Int) -> Item? {
    guard offset < text.count else { return nil }
    let scalar = UTF8Scalar(text, at: offset)
    let properties = tables.properties(of: scalar.value)
    var kind = properties.wordBreak
    if kind == .midLetter, tailoring == .standard, Self.isColon(scalar.value) { kind = .other }
    return Item(kind: kind, properties: properties, end: offset + scalar.byteCount)
  }

  private static func isColon(_ scalar: UInt32) -> Bool { scalar == 0x3A || scalar == 0xFE55 || scalar == 0xFF1A }

  /// The segment that begins at `start`, a boundary before the end of the text.
  func segment(from start: Int) -> Segment {
    guard let first = item(at: start) else { return Segment(end: start, isWord: false) }
    var end = first.end
    var isWord = first.properties.makesWord
    switch first.kind {
    case .cr:  // WB3
      if let next = item(at: end), next.kind == .lf { end = next.end }
      return Segment(end: end, isWord: false)
    case .lf, .newline:  // WB3a
      return Segment(end: end, isWord: isWord)
    default:
      break
    }
    // `left` is the last scalar that WB4 does not pass over; `adjacent` the one just before the boundary in question.
    var left = first.kind
    var leftIsPictographic = first.properties.isPictographic
    var adjacent = first.kind
    var flags = 1  // regional indicators in a row
    while let next = item(at: end) {
      if next.isIgnored {  // WB4
        adjacent = next.kind
        end = next.end
        continue
      }
      if adjacent == .zwj, next.properties.isPictographic, leftIsPictographic || tailoring == .none {  // WB3c
        flags = 1
      } else if left == .regionalIndicator, next.kind == .regionalIndicator, flags % 2 == 1 {  // WB15, WB16
        flags += 1
      } else if joins(left, next.kind) || (adjacent == .wSegSpace && next.kind == .wSegSpace) {  // WB3d
        flags = 1
      } else if let beyond = joinsAcross(left, next) {
        // Both boundaries around the middle character are none: go on behind the scalar that follows it.
        end = beyond.end
        isWord = isWord || next.properties.makesWord || beyond.properties.makesWord
        left = beyond.kind
        leftIsPictographic = beyond.properties.isPictographic
        adjacent = beyond.kind
        continue
      } else {
        break
      }
      end = next.end
      isWord = isWord || next.properties.makesWord
      left = next.kind
      leftIsPictographic = next.properties.isPictographic
      adjacent = next.kind
    }
    return Segment(end: end, isWord: isWord)
  }

  /// The rules that look at two scalars: WB5, WB7a, WB8, WB9, WB10, WB13, WB13a, WB13b.
  private func joins(_ left: WordBreak, _ right: WordBreak) -> Bool {
    switch (left, right) {
    case (.aLetter, .aLetter), (.aLetter, .hebrewLetter), (.hebrewLetter, .aLetter), (.hebrewLetter, .hebrewLetter):
      true
    case (.aLetter, .numeric), (.hebrewLetter, .numeric), (.numeric, .aLetter), (.numeric, .hebrewLetter):
      true
    case (.numeric, .numeric), (.katakana, .katakana), (.extendNumLet, .extendNumLet):
      true
    case (.aLetter, .extendNumLet), (.hebrewLetter, .extendNumLet), (.numeric, .extendNumLet):
      true
    case (.katakana, .extendNumLet), (.extendNumLet, .katakana):
      true
    case (.extendNumLet, .aLetter), (.extendNumLet, .hebrewLetter), (.extendNumLet, .numeric):
      true
    default:
      false
    }
  }

  /// The rules that look behind a middle character: WB6 with WB7, WB7a, WB7b with WB7c, WB11 with WB12.
  ///
  /// Returns where the segment goes on: the scalar behind the middle one, or, for the single quote that ends a Hebrew
  /// word, the quote itself.
  private func joinsAcross(_ left: WordBreak, _ middle: Item) -> Item? {
    guard left == .aLetter || left == .hebrewLetter || left == .numeric else { return nil }
    switch middle.kind {
    case .singleQuote, .midNumLet, .midLetter, .midNum, .doubleQuote: break
    default: return nil
    }
    var following = item(at: middle.end)
    while let passed = following, passed.isIgnored { following = item(at: passed.end) }
    if let following {
      switch middle.kind {
      case .doubleQuote:
        if left == .hebrewLetter, following.kind == .hebrewLetter { return following }
      case .midNum:
        if left == .numeric, following.kind == .numeric { return following }
      case .midLetter:
        if left != .numeric, following.isLetter { return following }
      default:
        if left == .numeric ? following.kind == .numeric : following.isLetter { return following }
      }
    }
    return left == .hebrewLetter && middle.kind == .singleQuote ? middle : nil
  }
}
