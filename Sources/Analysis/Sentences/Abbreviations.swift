/// Full stops that belong to a word and end no sentence.
///
/// Three kinds: what stands in `always` ("Gen."), initials and letters with dots ("J.", "U.S."), and what stands in
/// `beforeNumber` when a number follows ("No. 5"). "I." is the pronoun and ends its sentence. What is abbreviated as
/// often at a sentence's end as inside ("etc.") stands in no list.
enum Abbreviations {
  /// Longest abbreviation without its last full stop: all of them fit a `Key`.
  private static let bytesMax = 8

  /// Up to eight lower-case bytes, the last one lowest.
  private typealias Key = UInt64

  private static let always: Set<Key> = keys(
    """
    mr mrs ms messrs dr prof rev hon st mt ft gen lt col maj capt cmdr adm brig sgt cpl pvt gov sen rep pres supt
    jan feb mar apr jun jul aug sept sep oct nov dec inc ltd corp co bros dept univ assn est approx vs cf viz al
    ph.d jr sr
    """)
  private static let beforeNumber: Set<Key> = keys("no nos p pp vol fig figs art sec ch ca op par para")

  private static func keys(_ list: String) -> Set<Key> {
    Set(list.utf8.split { $0 == 0x20 || $0 == 0x0A }.map { $0.reduce(0) { $0 << 8 | Key($1) } })
  }

  /// Whether the full stop at `offset` belongs to an abbreviation.
  static func endsAbbreviation(_ text: Span<UInt8>, at offset: Int) -> Bool {
    guard text[offset] == 0x2E, offset > 0, isLetter(text[offset - 1]) else { return false }
    var start = offset
    var key: Key = 0
    while start > 0, isLetter(text[start - 1]) || text[start - 1] == 0x2E {
      guard offset - start < bytesMax else { return false }
      start -= 1
      let byte = text[start]
      key |= Key(byte == 0x2E ? byte : byte | 0x20) << Key(8 * (offset - start - 1))
    }
    guard start == 0 || separates(text[start - 1]) else { return false }
    if offset - start == 1, isInitial(text[start]) { return true }
    if offset - start > 1, isDotted(text, start..<offset) { return true }
    return always.contains(key) || (beforeNumber.contains(key) && numberFollows(text, offset + 1))
  }

  private static func isInitial(_ byte: UInt8) -> Bool { byte & 0x20 == 0 && byte != UInt8(ascii: "I") }

  /// Single letters with a dot between any two.
  private static func isDotted(_ text: Span<UInt8>, _ range: Range<Int>) -> Bool {
    guard range.count % 2 == 1 else { return false }
    return range.allSatisfy { (text[$0] == 0x2E) == (($0 - range.lowerBound) % 2 == 1) }
  }

  private static func numberFollows(_ text: Span<UInt8>, _ start: Int) -> Bool {
    var offset = start
    while offset < text.count, text[offset] == 0x20 { offset += 1 }
    return offset < text.count && (0x30...0x39).contains(text[offset])
  }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

  /// Whether an abbreviation may begin behind `byte`: no letter, number or underscore. Bytes beyond ASCII are letters
  /// but for those that end “, ”, ‘, ’ and the dashes.
  private static func separates(_ byte: UInt8) -> Bool {
    if byte >= 0x80 { return (0x90...0x9F).contains(byte) }
    return !(isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x5F)
  }
}
