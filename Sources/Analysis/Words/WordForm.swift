/// What can be read off a folded form alone, so that the index and the analyser never disagree about it.
enum WordForm {
  /// Length of the base of a possessive: `iraq` of `iraq's`, `states` of `states'`; nil if the form is none.
  ///
  /// A base is not a possessive itself: of `x's'` it is `x`.
  static func possessiveBase(_ form: Span<UInt8>) -> Int? {
    var length = form.count
    while true {
      if length >= 3, form[length - 2] == 0x27, form[length - 1] == 0x73 {
        length -= 2
      } else if length >= 3, form[length - 2] == 0x73, form[length - 1] == 0x27 {
        length -= 1
      } else {
        return length < form.count ? length : nil
      }
    }
  }

  /// The letters of `u.s.` or `u.s`: at least two, with a dot between any two and perhaps one at the end.
  static func acronymLetters(_ form: ArraySlice<UInt8>) -> [UInt8]? {
    guard form.contains(0x2E) else { return nil }
    var letters: [UInt8] = []
    var count = 0
    var index = form.startIndex
    while index < form.endIndex {
      let first = form[index]
      guard isLetter(first) else { return nil }
      repeat {
        letters.append(form[index])
        index += 1
      } while index < form.endIndex && form[index] & 0xC0 == 0x80
      count += 1
      if index == form.endIndex { break }
      guard form[index] == 0x2E else { return nil }
      index += 1
    }
    return count >= 2 ? letters : nil
  }

  /// Whether Snowball knows the form: letters of English and apostrophes.
  static func isEnglish(_ form: Span<UInt8>) -> Bool {
    for index in form.indices where !(0x61...0x7A).contains(form[index]) && form[index] != 0x27 { return false }
    return true
  }

  /// A letter of ASCII, or the first byte of any scalar beyond it.
  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) || byte >= 0xC2 }
}
