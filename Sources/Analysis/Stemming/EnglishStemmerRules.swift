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

  /// Rules that are tried in order, and the last letters of their suffixes: most words end in none of them.
  struct Rules: Sendable {
    let all: [Rule]
    private let lastLetters: UInt32

    init(_ all: [Rule]) {
      self.all = all
      lastLetters = all.reduce(0) { $0 | Self.bit($1.suffix[$1.suffix.count - 1]) }
    }

    /// Whether a word that ends in this letter may have one of the suffixes.
    func mayMatch(_ last: UInt8) -> Bool { lastLetters & Self.bit(last) != 0 }

    private static func bit(_ letter: UInt8) -> UInt32 { 1 &<< UInt32(letter & 31) }
  }

  /// No irregular word is longer.
  static let irregularBytesMax = 6
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

  /// How long those are that change no more after step 1a.
  static let invariantBytes = 6...7
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

  static let step2 = Rules(
    list(
      ("ational", "ate"), ("fulness", "ful"), ("iveness", "ive"), ("ization", "ize"), ("ousness", "ous"),
      ("biliti", "ble"), ("lessli", "less"), ("tional", "tion"), ("alism", "al"), ("aliti", "al"), ("ation", "ate"),
      ("entli", "ent"), ("fulli", "ful"), ("iviti", "ive"), ("ousli", "ous"), ("ogist", "og"), ("abli", "able"),
      ("alli", "al"),
      ("anci", "ance"), ("ator", "ate"), ("enci", "ence"), ("izer", "ize"), ("bli", "ble"))
    + [
      Rule(suffix: bytes("ogi"), replacement: bytes("og"), lettersBefore: bytes("l"), needsR2: false),
      Rule(suffix: bytes("li"), replacement: [], lettersBefore: bytes("cdeghkmnrt"), needsR2: false),
    ])

  static let step3 = Rules(
    list(("ational", "ate"), ("tional", "tion"), ("alize", "al"), ("icate", "ic"), ("iciti", "ic"))
    + [Rule(suffix: bytes("ative"), replacement: [], lettersBefore: nil, needsR2: true)]
    + list(("ical", "ic"), ("ness", ""), ("ful", "")))

  static let step4 = Rules(
    list(
      ("ement", ""), ("able", ""), ("ance", ""), ("ence", ""), ("ible", ""), ("ment", ""), ("ant", ""), ("ate", ""),
      ("ent", ""))
    + [Rule(suffix: bytes("ion"), replacement: [], lettersBefore: bytes("st"), needsR2: false)]
    + list(
      ("ism", ""), ("iti", ""), ("ive", ""), ("ize", ""), ("ous", ""), ("al", ""), ("er", ""), ("ic", "")))

  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func rules(_ pairs: (String, String)...) -> Rules { Rules(pairs.map(rule)) }

  private static func list(_ pairs: (String, String)...) -> [Rule] { pairs.map(rule) }

  private static func rule(_ pair: (String, String)) -> Rule {
    Rule(suffix: bytes(pair.0), replacement: bytes(pair.1), lettersBefore: nil, needsR2: false)
  }
}
