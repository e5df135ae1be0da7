internal import Glibc

/// How often a language writes each of its letters beyond ASCII, and how such letters stand in its texts.
struct LetterProfile: Sendable {
  /// Logarithm of the share of a letter in lower case.
  private let weights: [Unicode.Scalar: Double]
  /// Its words are Latin letters with some others between; else all of a word's letters are beyond ASCII.
  private let isLatin: Bool
  /// Encodings its texts are met in.
  let charsets: [String]

  /// A letter that the language does not have; punctuation; what is neither.
  private static let foreignLetter = log(0.0005)
  private static let punctuation = -2.5
  private static let rubbish = -9.0
  private static let neutral = Set("«»“”„‘’‚–—…°§№©®€£·¿¡´\u{A0}\u{AD}".unicodeScalars)

  /// - Parameter letters: letters with their weights, `é19 à5`.
  private init(_ letters: String, isLatin: Bool, _ charsets: [String]) {
    var weights: [Unicode.Scalar: Double] = [:]
    for item in letters.split(separator: " ") {
      guard let letter = item.unicodeScalars.first else { continue }
      weights[letter] = Double(item.dropFirst()) ?? 1
    }
    let sum = weights.values.reduce(0, +)
    self.weights = weights.mapValues { log($0 / sum) }
    self.isLatin = isLatin
    self.charsets = charsets
  }

  /// Mean log-likelihood of what stands beyond ASCII. Complexity: linear.
  func score(_ text: [Unicode.Scalar]) -> Double {
    var sum = 0.0
    var count = 0
    for place in text.indices where text[place].value >= 0x80 {
      let before = place > 0 ? text[place - 1] : " "
      let after = place + 1 < text.count ? text[place + 1] : " "
      sum += score(text[place], before, after)
      count += 1
    }
    return count == 0 ? 0 : sum / Double(count)
  }

  private func score(_ scalar: Unicode.Scalar, _ before: Unicode.Scalar, _ after: Unicode.Scalar) -> Double {
    if Self.neutral.contains(scalar) { return Self.punctuation }
    let properties = scalar.properties
    guard properties.isAlphabetic || weights[scalar] != nil else { return Self.rubbish }
    let isCapital = properties.isUppercase
    let lower = isCapital ? properties.lowercaseMapping.unicodeScalars.first ?? scalar : scalar
    var score = weights[lower] ?? Self.foreignLetter
    if isCapital { score -= before.properties.isLowercase ? 5 : 0.7 }
    let isHighNeighbour = (before.value >= 0x80 && before.properties.isAlphabetic) || (after.value >= 0x80 && after.properties.isAlphabetic)
    let isASCIINeighbour = isASCIILetter(before) || isASCIILetter(after)
    if isLatin {
      if isHighNeighbour { score -= 1.5 }
    } else {
      if isASCIINeighbour { score -= 3 }
    }
    return score
  }

  private func isASCIILetter(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && scalar.properties.isAlphabetic }

  private static let western = ["windows-1252"]
  private static let central = ["windows-1250", "iso-8859-2"]
  private static let cyrillic = ["windows-1251", "koi8-r", "ibm866", "iso-8859-5"]

  /// Shares in thousandths of all letters, after the tables of letter frequencies that are published for the languages.
  static let all: [LetterProfile] = [
    LetterProfile("é19 à5 è3 ê2 ç1 û.6 ô.3 î.5 â.5 ù.6 œ.2 ë.1 ï.1", isLatin: true, western),
    LetterProfile("ä6 ö4 ü10 ß3 é.2", isLatin: true, western),
    LetterProfile("ó8 í7 á5 é4 ñ3 ú2 ü.1", isLatin: true, western),
    LetterProfile("ã7 á1.2 â.6 ç5 é3.4 ê4.5 í1.3 ó3 õ.4 ô.6 ú2 à.7", isLatin: true, western),
    LetterProfile("à6 è3 ì.5 ò1.5 ù1.7 é.6", isLatin: true, western),
    LetterProfile("å13 ä18 ö13 é.2", isLatin: true, western),
    LetterProfile("å12 æ9 ø9 é.2", isLatin: true, western),
    LetterProfile("ä36 ö4 å.1", isLatin: true, western),
    LetterProfile("ð4 á2 í1.6 ó1 ú.6 æ.9 þ1.5 ö.8 é.6 ý.2", isLatin: true, western),
    LetterProfile("ą7 ę10 ł21 ś8 ż7 ó11 ć7 ń4 ź.8", isLatin: true, central),
    LetterProfile("á9 č5 ď.2 é6 ě12 í16 ň.1 ó.2 ř4 š7 ť.1 ú.5 ů2 ý10 ž7", isLatin: true, central),
    LetterProfile("á15 č10 ď2 é8 í10 ľ4 ň2 ó2 ô1.5 š8 ť4 ú9 ý10 ž7 ä1", isLatin: true, central),
    LetterProfile("á34 é35 ó10 ö8 ő9 í6 ü6 ú2 ű.4", isLatin: true, central),
    LetterProfile("ă30 ţ12 ş15 î12 â6", isLatin: true, central),
    LetterProfile("č12 š10 ž6 ć5 đ3", isLatin: true, central),
    LetterProfile("ı51 ü19 ş18 ğ11 ç12 ö8 â.5", isLatin: true, ["windows-1254"]),
    LetterProfile(
      """
      о110 е85 а80 и74 н67 т63 с55 р47 в45 л44 к35 м32 д30 п28 у26 я20 ы19 ь17 г17 з16 б16 ч14 й12 х10 ж9 ш7 ю6 ц5 \
      щ4 э3 ф3 ъ.4 ё.4
      """, isLatin: false, cyrillic),
    LetterProfile(
      """
      о94 а83 н67 и62 і57 в53 т53 р47 е49 с42 к40 м31 л36 у34 д34 п29 я24 ь18 з22 г15 б18 ч14 й13 х11 ц8 ж8 ю9 ї6 є5 \
      щ5 ш7 ф3 ґ.1
      """, isLatin: false, cyrillic),
    LetterProfile(
      """
      α100 ο80 ι75 ε70 σ45 ς40 τ80 ν65 η45 υ40 ρ42 π41 κ40 μ33 λ28 ω20 δ17 γ17 χ12 θ12 φ8 β7 ξ5 ζ4 ψ2 ά18 έ15 ή13 ί22 \
      ό19 ύ9 ώ9 ϊ1
      """, isLatin: false, ["windows-1253"]),
    LetterProfile(
      "י110 ו105 ה90 ל75 א63 ר56 ת51 ב47 ש44 מ46 נ28 ם30 כ27 ע32 ק21 ד24 ח25 פ17 ט12 ג13 ס15 צ11 ז13 ן11 ך8 ף2 ץ1",
      isLatin: false, ["windows-1255"]),
    LetterProfile(
      """
      ا125 ل114 ي68 م61 ن60 و57 ر52 ت50 ب41 ة35 ه39 ع37 س33 ف29 د30 ك24 ق24 ح21 ج14 أ24 ش13 ص11 ط11 خ9 ض9 ى10 إ8 ذ7 \
      ز6 ث6 غ5 ئ5 ء4 ظ3 آ2 ؤ2
      """, isLatin: false, ["windows-1256"]),
    LetterProfile(
      """
      า70 น65 ร62 อ55 ก48 เ45 ง43 ม38 ย33 ล32 ว32 ด30 ท30 ส29 ต25 ะ22 ป21 บ20 ค19 ห18 แ16 จ13 พ13 ช11 ข11 ใ9 ไ9 โ8 ผ7 \
      ั35 ่33 ้30 ี28 ิ23 ์15 ื11 ุ14 ู10 ็8 ำ8 ึ6 ซ4 ถ6 ศ5 ญ3 ธ6 ณ5 ภ4 ษ4 ฐ2 ๆ1
      """, isLatin: false, ["windows-874"]),
  ]
}
