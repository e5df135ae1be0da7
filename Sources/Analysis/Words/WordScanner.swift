internal import Base

/// Finds the words of a text one after another and writes their forms.
///
/// A word is a segment of UAX #29 with a letter, number, ideograph or kana in it, and with these, which the standard
/// cuts off:
///
///     states'    the apostrophe behind a final s       forms  states'  states
///     U.S.       the last dot of letters with dots     forms  u.s.     us
///     U.S.'s     both                                  forms  u.s.'s   u.s.   us
///
/// ASCII takes two short ways: words that bytes alone delimit are found by a kernel, many at a time (`PlainWords`), those
/// with apostrophes or dots through a table of bytes. Both hand over to `WordSegmenter` wherever a scalar beyond ASCII
/// could have a say, so all ways yield the same words (`usesFastPath: false` is the twin in the tests).
struct WordScanner: ~Escapable {
  private let text: Span<UInt8>
  private let segmenter: WordSegmenter
  private var folder: Folder
  /// `ASCIIKind.table`.
  private let kinds: Span<ASCIIKind>
  private let usesFastPath: Bool
  /// Where the next word may begin: always a boundary.
  private(set) var offset: Int

  @_lifetime(copy text, copy kinds)
  init(_ text: Span<UInt8>, from offset: Int, kinds: Span<ASCIIKind>, usesFastPath: Bool) {
    self.text = text
    segmenter = WordSegmenter(text, tailoring: .standard)
    folder = Folder()
    self.kinds = kinds
    self.usesFastPath = usesFastPath
    self.offset = offset
  }

  /// Appends words from `position` on until the text ends or `limit` of them are found.
  @_lifetime(self: copy self)
  mutating func scan(position: UInt32, limit: Int, into batch: inout TokenBatch) {
    var left = limit
    var position = position
    while offset < text.count, left > 0 {
      if usesFastPath {
        let found = PlainWords.take(text, &offset, position: position, limit: left, into: &batch)
        position &+= UInt32(truncatingIfNeeded: found)
        left -= found
        if found == PlainWords.most || offset == text.count || left == 0 { continue }
      }
      if usesFastPath, let segment = asciiSegment(from: offset) {
        emitASCII(segment, position, into: &batch)
      } else {
        let segment = segmenter.segment(from: offset)
        guard segment.isWord, emit(segment.end, position, into: &batch) else {
          offset = segment.end
          continue
        }
      }
      position &+= 1
      left -= 1
    }
  }

  /// Steps over `limit` words, or all that there are. Returns how many; `offset` is where to go on.
  ///
  /// - Parameter batch: What is made and thrown away of words that need a closer look.
  @_lifetime(self: copy self)
  mutating func skip(_ limit: Int, using batch: inout TokenBatch) -> Int {
    var left = limit
    while offset < text.count, left > 0 {
      if usesFastPath {
        left -= PlainWords.skip(text, &offset, limit: left)
        if offset == text.count || left == 0 { continue }
      }
      batch.removeAll()
      scan(position: 0, limit: 1, into: &batch)
      left -= Int(batch.wordCount)
    }
    return limit - left
  }

  // MARK: ASCII

  private struct ASCIISegment: BitwiseCopyable {
    var end: Int
    /// Whether dots, apostrophes or commas join its parts.
    var hasMiddle: Bool
  }

  /// The segment of ASCII letters, digits and underscores at `start`, or nil if there is none, if it has underscores
  /// only, or if a scalar beyond ASCII may be part of it.
  @inline(__always)
  private func asciiSegment(from start: Int) -> ASCIISegment? {
    var end = start
    var hasMiddle = false
    while true {
      while end < text.count, kinds[Int(text[end])].isWordPart { end += 1 }
      guard end > start else { return nil }
      guard end < text.count else { break }
      let kind = kinds[Int(text[end])]
      if kind == .separator { break }
      if kind == .beyond {
        guard separates(at: end) else { return nil }
        break
      }
      guard end + 1 < text.count else { break }
      let right = kinds[Int(text[end + 1])]
      if right == .beyond { return nil }
      let joinsDigits = right == .digit && kinds[Int(text[end - 1])] == .digit
      let joinsLetters = kind == .midBoth && right == .letter && kinds[Int(text[end - 1])] == .letter
      guard joinsDigits || joinsLetters else { break }
      end += 2
      hasMiddle = true
    }
    if text[start] == UInt8(ascii: "_"), !hasLetterOrDigit(start..<end) { return nil }
    return ASCIISegment(end: end, hasMiddle: hasMiddle)
  }

  private func hasLetterOrDigit(_ range: Range<Int>) -> Bool {
    range.contains { kinds[Int(text[$0])] != .underscore }
  }

  /// Whether the scalar at `offset` is beyond every rule about words.
  private func separates(at offset: Int) -> Bool {
    guard let item = segmenter.item(at: offset) else { return true }
    return item.kind == .other || item.kind == .newline || item.kind == .wSegSpace
  }

  @inline(__always)
  @_lifetime(self: copy self)
  private mutating func emitASCII(_ segment: ASCIISegment, _ position: UInt32, into batch: inout TokenBatch) {
    let formStart = batch.formBytes.count
    let start = offset
    let end = segment.end
    let length = min(end - start, Limits.wordBytesMax)
    batch.formBytes.append(addingCapacity: length) { output in
      for index in start..<start + length {
        let byte = text[index]
        let isUpper = byte &- 0x41 < 26
        output.append(isUpper ? byte | 0x20 : byte)
      }
    }
    let next = end < text.count ? text[end] : 0
    if segment.hasMiddle || next == 0x27 || next >= 0x80 {
      finish(end, position, formStart: formStart, into: &batch)
    } else {
      append(.word, formStart, position, end, into: &batch)
      offset = end
    }
  }

  // MARK: All text

  /// Folds and appends the segment from `offset` to `end`; false if folding leaves nothing of it.
  @_lifetime(self: copy self)
  private mutating func emit(_ end: Int, _ position: UInt32, into batch: inout TokenBatch) -> Bool {
    let formStart = batch.formBytes.count
    folder.append(text, offset..<end, limit: Limits.wordBytesMax, to: &batch.formBytes)
    guard batch.formBytes.count > formStart else { return false }
    finish(end, position, formStart: formStart, into: &batch)
    return true
  }

  /// Appends the word whose folded segment stands at the end of `batch.formBytes`, with what the tailoring adds to it,
  /// and its further forms. Moves on behind it.
  @_lifetime(self: copy self)
  private mutating func finish(_ segmentEnd: Int, _ position: UInt32, formStart: Int, into batch: inout TokenBatch) {
    let end = extend(segmentEnd, formStart: formStart, &batch.formBytes)
    append(.word, formStart, position, end, into: &batch)
    if batch.formBytes[formStart...].contains(where: { $0 == 0x27 || $0 == 0x2E }) {
      appendFurtherForms(of: Array(batch.formBytes[formStart...]), position, end, into: &batch)
    }
    offset = end
  }

  private func appendFurtherForms(of form: [UInt8], _ position: UInt32, _ end: Int, into batch: inout TokenBatch) {
    let base = WordForm.possessiveBase(form.span) ?? form.count
    if base < form.count {
      let baseStart = batch.formBytes.count
      batch.formBytes.append(contentsOf: form[..<base])
      append(.possessiveBase, baseStart, position, end, into: &batch)
    }
    if let letters = WordForm.acronymLetters(form[..<base]) {
      let lettersStart = batch.formBytes.count
      batch.formBytes.append(contentsOf: letters)
      append(.acronym, lettersStart, position, end, into: &batch)
    }
  }

  /// Takes the apostrophe of a plural possessive, or the last dot (and the possessive) of an acronym, into the word.
  private func extend(_ segmentEnd: Int, formStart: Int, _ formBytes: inout [UInt8]) -> Int {
    let length = formBytes.count - formStart
    guard segmentEnd < text.count, length < Limits.wordBytesMax - 2 else { return segmentEnd }
    if let quoteEnd = apostropheEnd(at: segmentEnd) {
      guard length >= 2, formBytes[formBytes.count - 1] == 0x73, apostropheEnd(at: quoteEnd) == nil,
        !wordPartFollows(quoteEnd)
      else { return segmentEnd }
      formBytes.append(0x27)
      return quoteEnd
    }
    guard text[segmentEnd] == 0x2E, formBytes[formStart...].contains(0x2E),
      WordForm.acronymLetters(formBytes[formStart...]) != nil
    else { return segmentEnd }
    formBytes.append(0x2E)
    let dotEnd = segmentEnd + 1
    guard let quoteEnd = apostropheEnd(at: dotEnd), quoteEnd < text.count, text[quoteEnd] | 0x20 == 0x73,
      !wordPartFollows(quoteEnd + 1)
    else { return dotEnd }
    formBytes.append(0x27)
    formBytes.append(0x73)
    return quoteEnd + 1
  }

  /// The byte behind the apostrophe at `offset`, straight or curly; nil if there is none.
  private func apostropheEnd(at offset: Int) -> Int? {
    guard offset < text.count else { return nil }
    if text[offset] == 0x27 { return offset + 1 }
    return text[offset] == 0xE2 && UTF8Scalar(text, at: offset).value == 0x2019 ? offset + 3 : nil
  }

  /// Whether a letter, number, mark or underscore stands at `offset`.
  private func wordPartFollows(_ offset: Int) -> Bool {
    guard let item = segmenter.item(at: offset) else { return false }
    return item.properties.makesWord || item.isIgnored || item.kind == .extendNumLet
  }

  @inline(__always)
  private func append(
    _ kind: Token.Kind, _ formStart: Int, _ position: UInt32, _ end: Int, into batch: inout TokenBatch
  ) {
    batch.tokens.append(
      Token(
        formOffset: UInt32(truncatingIfNeeded: formStart),
        formLength: UInt16(truncatingIfNeeded: batch.formBytes.count - formStart), kind: kind, position: position,
        byteStart: UInt32(truncatingIfNeeded: offset), byteEnd: UInt32(truncatingIfNeeded: end)))
    if kind == .word { batch.wordCount &+= 1 }
  }
}
