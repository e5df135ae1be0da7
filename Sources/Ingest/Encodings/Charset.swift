/// A character encoding by its name on the web and its name in the C library.
struct Charset: Equatable, Sendable {
  /// Lower case, as documents say it (`"encoding": "koi8-r"`).
  let name: String
  /// What `iconv_open` knows it as.
  let converterName: String

  static let utf8 = Charset(name: "utf-8", converterName: "UTF-8")
  static let utf16LittleEndian = Charset(name: "utf-16le", converterName: "UTF-16LE")
  static let utf16BigEndian = Charset(name: "utf-16be", converterName: "UTF-16BE")
  static let utf32LittleEndian = Charset(name: "utf-32le", converterName: "UTF-32LE")
  static let windows1252 = Charset(name: "windows-1252", converterName: "CP1252")
  static let iso2022JP = Charset(name: "iso-2022-jp", converterName: "ISO-2022-JP")

  /// Bytes below 80 are ASCII in it, so what is valid UTF-8 beyond ASCII is hardly ever it.
  var isASCIISuperset: Bool { !name.hasPrefix("utf-") && !name.hasPrefix("iso-2022") && !name.hasPrefix("ibm0") }

  init(name: String, converterName: String) {
    self.name = name
    self.converterName = converterName
  }

  /// The encoding that a label in a document's head means; nil for labels that are none.
  ///
  /// As the WHATWG Encoding Standard has it, labels of ISO-8859-1 and ASCII mean Windows-1252, and those of GB 2312 and
  /// Shift_JIS the supersets that are really written. Names beyond its list go to the C library as they are.
  init?(label: String) {
    var label = label.lowercased()
    label = String(label.drop { $0 == " " || $0 == "\"" || $0 == "'" })
    while let last = label.last, " \"';".contains(last) { label.removeLast() }
    if let known = Self.labels[label] {
      self.init(name: known.0, converterName: known.1)
      return
    }
    // Nothing that iconv would take as an option (`//IGNORE`) or a path.
    guard (2...40).contains(label.utf8.count),
      label.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || "-_.:".utf8.contains($0) })
    else { return nil }
    self.init(name: label, converterName: label.uppercased())
  }

  private static let labels: [String: (String, String)] = {
    var table: [String: (String, String)] = [:]
    for (name, converter, labels) in names {
      for label in labels.split(separator: " ") { table[String(label)] = (name, converter) }
      table[name] = (name, converter)
    }
    return table
  }()

  /// Name, name in the C library, further labels.
  private static let names: [(String, String, String)] = [
    ("utf-8", "UTF-8", "utf8 unicode-1-1-utf-8 x-unicode20utf8"),
    ("utf-16le", "UTF-16LE", "utf-16 unicode ucs-2 iso-10646-ucs-2 csunicode"),
    ("utf-16be", "UTF-16BE", "unicodefffe"),
    ("utf-7", "UTF-7", "unicode-1-1-utf-7"),
    (
      "windows-1252", "CP1252",
      "iso-8859-1 iso8859-1 iso_8859-1 latin1 latin-1 l1 ascii us-ascii ansi_x3.4-1968 cp1252 x-cp1252 ansi cp819 8bit unknown-8bit"
    ),
    ("iso-8859-2", "ISO-8859-2", "iso8859-2 iso_8859-2 latin2 l2"),
    ("iso-8859-5", "ISO-8859-5", "iso8859-5 iso_8859-5 cyrillic"),
    ("iso-8859-6", "ISO-8859-6", "iso8859-6 arabic iso-8859-6-i"),
    ("iso-8859-7", "ISO-8859-7", "iso8859-7 greek"),
    ("iso-8859-8", "ISO-8859-8", "iso8859-8 hebrew iso-8859-8-i logical"),
    ("iso-8859-15", "ISO-8859-15", "iso8859-15 iso_8859-15 latin9 latin-9 l9"),
    ("windows-1250", "CP1250", "cp1250 x-cp1250"),
    ("windows-1251", "CP1251", "cp1251 x-cp1251 win-1251"),
    ("windows-1253", "CP1253", "cp1253 x-cp1253"),
    ("windows-1254", "CP1254", "cp1254 iso-8859-9 iso8859-9 latin5 l5"),
    ("windows-1255", "CP1255", "cp1255 x-cp1255"),
    ("windows-1256", "CP1256", "cp1256 x-cp1256"),
    ("windows-1257", "CP1257", "cp1257 x-cp1257"),
    ("windows-1258", "CP1258", "cp1258 x-cp1258"),
    ("windows-874", "CP874", "tis-620 iso-8859-11 dos-874"),
    ("koi8-r", "KOI8-R", "koi8 koi cskoi8r"),
    ("koi8-u", "KOI8-U", "koi8-ru"),
    ("ibm866", "CP866", "866 cp866 dos-866"),
    ("macintosh", "MACINTOSH", "mac x-mac-roman"),
    ("shift_jis", "CP932", "shift-jis sjis x-sjis ms_kanji ms932 windows-31j cp932"),
    ("euc-jp", "EUC-JP", "x-euc-jp cseucpkdfmtjapanese"),
    ("iso-2022-jp", "ISO-2022-JP", "csiso2022jp"),
    ("gb18030", "GB18030", "gbk gb2312 gb_2312-80 x-gbk cp936 windows-936 chinese euc-cn"),
    ("big5", "BIG5-HKSCS", "big5-hkscs cn-big5 x-x-big5 cp950"),
    ("euc-kr", "CP949", "ks_c_5601-1987 korean windows-949 cp949 ksc5601"),
  ]
}
