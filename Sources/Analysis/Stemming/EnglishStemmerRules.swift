/// The word and suffix lists of the English stemmer. Suffixes of a list are tried longest first.
enum EnglishStemmerRules {
  struct Rule: Sendable {
    var suffix: [UInt8]
    var replacement: [UInt8]
    /// One of these letters must precede the suffix.
    var lettersBefore: [UInt8]?
    /// The suffix must lie in R2 where the step asks for R1.
    var needsR2: Bool
  }

  /// Words with a stem of their own, and words that are their own stem.
  static let irregular: [[UInt8]: [UInt8]] = {
    var words: [[UInt8]: [UInt8]] = [:]
    let changed = [
      "skis": "ski", "skies": "sky", "idly": "idl", "gently": "gentl",
      "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl",
    ]
    for (word, stem) in changed { words[bytes(word)] = bytes(stem) }
    for word in ["sky", "news", "howe", "atlas", "cosmos", "bias", "andes"] { words[bytes(word)] = bytes(word) }
    return words
  }()

  /// Words that change no more after step 1a.
  static let invariantAfter1a = Set(
    ["inning", "outing", "canning", "herring", "earring", "evening", "proceed", "exceed", "succeed"].map(bytes))

  /// Beginnings behind which R1 begins.
  static let regionPrefixes = [
    "gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter",
  ].map(bytes)

  static let ing = bytes("ing")
  /// Counts as a short syllable, for the sake of "paste".
  static let past = bytes("past")

  static let possessives = rules(("'s'", ""), ("'s", ""), ("'", ""))
  static let plurals = rules(("sses", "ss"), ("ied", ""), ("ies", ""), ("us", "us"), ("ss", "ss"), ("s", ""))
  static let pasts = rules(
    ("eedly", "ee"), ("ingly", ""), ("edly", ""), ("eed", "ee"), ("ing", ""), ("ed", ""))
  /// Ends to which an e comes back.
  static let lostE = rules(("at", ""), ("bl", ""), ("iz", ""))
  static let doubles = rules(
    ("bb", ""), ("dd", ""), ("ff", ""), ("gg", ""), ("mm", ""), ("nn", ""), ("pp", ""), ("rr", ""), ("tt", ""))

  static let step2: [Rule] =
    rules(
      ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"),
      ("biliti", "ble"), ("lessli", "less"), ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"),
      ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"), ("ousli", "ous"), ("ogist", "og"), ("abli", "able"),
      ("alli", "al"),
      ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"), ("bli", "ble"))
    + [
      Rule(suffix: bytes("ogi"), replacement: bytes("og"), lettersBefore: bytes("l"), needsR2: false),
      Rule(suffix: bytes("li"), replacement: [], lettersBefore: bytes("cdeghkmnrt"), needsR2: false),
    ]

  static let step3: [Rule] =
    rules(("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"))
    + [Rule(suffix: bytes("ative"), replacement: [], lettersBefore: nil, needsR2: true)]
    + rules(("ical", "ic"), ("ness", ""), ("ful", ""))

  static let step4: [Rule] =
    rules(
      ("ement", ""), ("able", ""), ("ance", ""), ("ence", ""), ("ible", ""), ("ment", ""), ("ant", ""), ("ate", ""),
      ("ent", ""))
    + [Rule(suffix: bytes("ion"), replacement: [], lettersBefore: bytes("st"), needsR2: false)]
    + rules(
      ("ism", ""), ("iti", ""), ("ive", ""), ("ize", ""), ("ous", ""), ("al", ""), ("er", ""), ("ic", ""))

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func rules(_ pairs: (String, String)...) -> [Rule] {
    pairs.map { Rule(suffix: bytes($0.0), replacement: bytes($0.1), lettersBefore: nil, needsR2: false) }
  }
}
