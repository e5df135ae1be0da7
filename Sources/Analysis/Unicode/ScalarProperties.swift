/// Word_Break of UAX #29, table 3. Raw values are those of the generated tables.
enum WordBreak: UInt8 {
  case other, cr, lf, newline, extend, zwj, regionalIndicator, format, katakana, hebrewLetter, aLetter, singleQuote
  case doubleQuote, midNumLet, midLetter, midNum, numeric, extendNumLet, wSegSpace
}

/// Sentence_Break of UAX #29, table 4. Raw values are those of the generated tables.
enum SentenceBreak: UInt8 {
  case other, cr, lf, extend, sep, format, sp, lower, upper, oLetter, numeric, aTerm, sContinue, sTerm, close
}

/// What segmentation and folding know of one scalar.
///
///     15      11 10      9           8        5 4        0
///     | rank    | word | pictograph | sentence | word    |
///     |         |      |            | break    | break   |
struct ScalarProperties: BitwiseCopyable {
  var record: UInt16

  /// Ill-formed bytes separate words and sentences' words on both sides, as a newline does.
  static let invalid = ScalarProperties(record: UInt16(WordBreak.newline.rawValue))

  @inline(__always)
  var wordBreak: WordBreak { WordBreak(rawValue: UInt8(truncatingIfNeeded: record & 0x1F)) ?? .other }
  @inline(__always)
  var sentenceBreak: SentenceBreak { SentenceBreak(rawValue: UInt8(truncatingIfNeeded: record >> 5 & 0xF)) ?? .other }
  /// Extended_Pictographic: emoji that a zero width joiner ties together.
  var isPictographic: Bool { record & 1 << 9 != 0 }
  /// Letter, number, ideograph or kana: a segment with one of them is a word.
  @inline(__always)
  var makesWord: Bool { record & 1 << 10 != 0 }
  /// Order of the canonical combining class among the marks that folding keeps; 0 for everything else.
  var reorderRank: UInt16 { record >> 11 }
}
