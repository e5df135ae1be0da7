/// The English stemmer of the Snowball project (Porter 2), https://snowballstem.org/algorithms/english/stemmer.html.
///
/// Works on one lower-case word at a time in a buffer of its own; bytes other than a to z count as consonants. Names
/// of steps and regions are those of the algorithm's description. Not for the hot loop: a form is stemmed once when it
/// enters a dictionary, in well under a microsecond.
struct EnglishStemmer {
  private(set) var word: [UInt8]
  /// Where the regions R1 and R2 begin.
  private var r1 = 0
  private var r2 = 0

  /// The stem of `word`.
  static func stem(_ word: [UInt8]) -> [UInt8] {
    if word.count <= EnglishStemmerRules.irregularBytesMax, let stem = EnglishStemmerRules.irregular[word] { return stem }
    guard word.count > 2 else { return word }
    var stemmer = EnglishStemmer(word: word)
    stemmer.run()
    return stemmer.word
  }

  private init(word: [UInt8]) {
    self.word = word
  }

  private mutating func run() {
    markConsonantY()
    markRegions()
    step1a()
    if !isInvariant {
      step1b()
      step1c()
      step2()
      step3()
      step4()
      step5()
    }
    for index in word.indices where word[index] == UInt8(ascii: "Y") { word[index] = UInt8(ascii: "y") }
  }

  private var isInvariant: Bool {
    EnglishStemmerRules.invariantBytes.contains(word.count) && EnglishStemmerRules.invariantAfter1a.contains(word)
  }

  // MARK: Letters and regions

  private static func isVowel(_ letter: UInt8) -> Bool {
    switch letter {
    case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"),
      UInt8(ascii: "y"):
      true
    default:
      false
    }
  }

  private func isVowel(at index: Int) -> Bool { Self.isVowel(word[index]) }

  /// Drops a leading apostrophe and writes Y for a y that is a consonant: at the start and after a vowel.
  private mutating func markConsonantY() {
    if word.first == UInt8(ascii: "'") { word.removeFirst() }
    for index in word.indices where word[index] == UInt8(ascii: "y") {
      if index == 0 || isVowel(at: index - 1) { word[index] = UInt8(ascii: "Y") }
    }
  }

  private mutating func markRegions() {
    let prefix = EnglishStemmerRules.regionPrefixes.first { $0.first == word.first && word.starts(with: $0) }
    r1 = prefix?.count ?? regionStart(after: 0)
    r2 = regionStart(after: r1)
  }

  /// The place behind the first consonant that follows a vowel, from `start` on.
  private func regionStart(after start: Int) -> Int {
    var index = start
    while index < word.count, !isVowel(at: index) { index += 1 }
    while index < word.count, isVowel(at: index) { index += 1 }
    return min(index + 1, word.count)
  }

  /// Whether a short syllable ends at `end`.
  private func endsInShortSyllable(_ end: Int) -> Bool {
    if word[..<end].elementsEqual(EnglishStemmerRules.past) { return true }
    guard end >= 2, isVowel(at: end - 2), !isVowel(at: end - 1) else { return false }
    if end == 2 { return true }
    switch word[end - 1] {
    case UInt8(ascii: "w"), UInt8(ascii: "x"), UInt8(ascii: "Y"): return false
    default: return !isVowel(at: end - 3)
    }
  }

  private func ends(with suffix: [UInt8]) -> Bool {
    word.count >= suffix.count && word[(word.count - suffix.count)...].elementsEqual(suffix)
  }

  private func hasVowel(before end: Int) -> Bool {
    (0..<max(0, end)).contains(where: isVowel(at:))
  }

  /// The first, and so the longest, of `rules` that applies to the word's end.
  private func match(_ rules: EnglishStemmerRules.Rules) -> EnglishStemmerRules.Rule? {
    guard let last = word.last, rules.mayMatch(last) else { return nil }
    return rules.all.first { $0.suffix.last == last && ends(with: $0.suffix) }
  }

  private mutating func replace(_ rule: EnglishStemmerRules.Rule) {
    word.removeLast(rule.suffix.count)
    word.append(contentsOf: rule.replacement)
  }

  // MARK: Steps

  private mutating func step1a() {
    if let rule = match(EnglishStemmerRules.possessives) { replace(rule) }
    guard let rule = match(EnglishStemmerRules.plurals) else { return }
    let stemLength = word.count - rule.suffix.count
    switch rule.suffix.count {
    case 3:  // ied, ies
      word.removeLast(stemLength > 1 ? 2 : 1)
    case 1:  // s, with a vowel before the letter before it
      if hasVowel(before: stemLength - 1) { word.removeLast() }
    default:  // sses; us and ss stay
      replace(rule)
    }
  }

  private mutating func step1b() {
    guard let rule = match(EnglishStemmerRules.pasts) else { return }
    let stemLength = word.count - rule.suffix.count
    if !rule.replacement.isEmpty {  // eed, eedly
      if stemLength >= r1 { replace(rule) }
      return
    }
    if rule.suffix == EnglishStemmerRules.ing, stemLength == 2, word[1] == UInt8(ascii: "y"), !isVowel(at: 0) {
      word.replaceSubrange(1..., with: [UInt8(ascii: "i"), UInt8(ascii: "e")])  // vying
      return
    }
    guard hasVowel(before: stemLength) else { return }
    word.removeLast(rule.suffix.count)
    if match(EnglishStemmerRules.lostE) != nil {
      word.append(UInt8(ascii: "e"))
    } else if match(EnglishStemmerRules.doubles) != nil {
      // "add", "egg" and "off" keep both letters.
      let isWhole = word.count == 3 && [UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o")].contains(word[0])
      if !isWhole { word.removeLast() }
    } else if word.count == r1, endsInShortSyllable(word.count) {
      word.append(UInt8(ascii: "e"))
    }
  }

  private mutating func step1c() {
    guard word.count > 2, let last = word.last, last == UInt8(ascii: "y") || last == UInt8(ascii: "Y") else { return }
    if !isVowel(at: word.count - 2) { word[word.count - 1] = UInt8(ascii: "i") }
  }

  private mutating func step2() {
    guard let rule = match(EnglishStemmerRules.step2) else { return }
    let stemLength = word.count - rule.suffix.count
    guard stemLength >= r1 else { return }
    if let letters = rule.lettersBefore {
      guard stemLength > 0, letters.contains(word[stemLength - 1]) else { return }
    }
    replace(rule)
  }

  private mutating func step3() {
    guard let rule = match(EnglishStemmerRules.step3) else { return }
    let stemLength = word.count - rule.suffix.count
    if stemLength >= (rule.needsR2 ? r2 : r1) { replace(rule) }
  }

  private mutating func step4() {
    guard let rule = match(EnglishStemmerRules.step4) else { return }
    let stemLength = word.count - rule.suffix.count
    guard stemLength >= r2 else { return }
    if let letters = rule.lettersBefore {
      guard stemLength > 0, letters.contains(word[stemLength - 1]) else { return }
    }
    replace(rule)
  }

  private mutating func step5() {
    guard let last = word.last else { return }
    let stemLength = word.count - 1
    if last == UInt8(ascii: "e") {
      if stemLength >= r2 || (stemLength >= r1 && !endsInShortSyllable(stemLength)) { word.removeLast() }
    } else if last == UInt8(ascii: "l"), stemLength >= r2, stemLength > 0, word[stemLength - 1] == last {
      word.removeLast()
    }
  }
}
