/// Whether a text that came out of an East Asian encoding looks like one.
enum EastAsianText {
  /// How much of the text is made of what its language uses most, from 0 to 1; nil where it is too little to be that
  /// language.
  ///
  /// - Parameter charset: name of the encoding the text was read as.
  static func plausibility(_ text: String, of charset: String) -> Double? {
    var counts = Counts()
    for scalar in text.unicodeScalars where scalar.value >= 0x80 { counts.add(scalar, charset) }
    guard counts.all > 0 else { return nil }
    let all = Double(counts.all)
    let rubbish = Double(counts.rubbish) / all
    guard rubbish < 0.2 else { return nil }
    switch charset {
    case "shift_jis", "euc-jp":
      // Half-width katakana is what other encodings look like.
      guard Double(counts.kana) / all >= 0.15, Double(counts.halfWidth) / all < 0.15 else { return nil }
      return Double(counts.kana) / all + 0.3 - rubbish
    case "euc-kr":
      let hangul = Double(counts.hangul)
      guard hangul / all >= 0.5, Double(counts.common) / hangul >= 0.15 else { return nil }
      return 0.3 + Double(counts.common) / hangul - rubbish
    default:
      let han = Double(counts.han)
      guard han / all >= 0.3, Double(counts.common) / max(1, han) >= 0.1 else { return nil }
      return Double(counts.common) / han - rubbish
    }
  }

  private struct Counts {
    var all = 0
    var kana = 0
    var halfWidth = 0
    var hangul = 0
    var han = 0
    var common = 0
    var rubbish = 0

    mutating func add(_ scalar: Unicode.Scalar, _ charset: String) {
      all += 1
      switch scalar.value {
      case 0x3041...0x3096, 0x30A1...0x30FC: kana += 1
      case 0xFF61...0xFF9F: halfWidth += 1
      case 0xAC00...0xD7A3:
        hangul += 1
        if charset == "euc-kr", EastAsianText.korean.contains(scalar) { common += 1 }
      case 0x4E00...0x9FFF:
        han += 1
        if charset == "gb18030" ? EastAsianText.simplified.contains(scalar) : EastAsianText.traditional.contains(scalar) {
          common += 1
        }
      case 0x3000...0x303F, 0xFF01...0xFF60, 0x2010...0x2027: break
      default: rubbish += 1
      }
    }
  }

  /// The commonest characters of written Chinese, some two fifths of a text (after Jun Da's list of 2004).
  private static let simplified = Set(
    """
    的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同\
    现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最\
    重并物手应战向头文体政美相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入
    """.unicodeScalars)
  private static let traditional = Set(
    """
    的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去法學如都同\
    現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最\
    重並物手應戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解水名真論處走義各入
    """.unicodeScalars)
  /// The commonest syllables of written Korean, about half of a text.
  private static let korean = Set("이다는에을의가고하지로한은를기도사리아서나자인시대어정그해일라스수전게있들과만".unicodeScalars)
}
