/// What a page says of itself in its head: title, date, address, language, author.
struct HTMLMetadata {
  /// Names of `meta` elements that hold the date of publication, the surest first.
  private static let dateNames = [
    "article:published_time", "datepublished", "og:published_time", "dcterms.created", "dcterms.issued", "dc.date.issued",
    "dc.date", "dcterms.date", "citation_publication_date", "citation_date", "parsely-pub-date", "sailthru.date",
    "publishdate", "pubdate", "publication_date", "date", "creationdate", "article:modified_time", "last-modified",
  ]

  private var title = ""
  private var properties: [String: String] = [:]
  private var canonical: String?
  private var htmlLanguage: String?
  private var timeElement: String?
  private var isInTitle = false
  private var isInStructuredData = false
  private var structuredDate: String?
  private var isInSVG = false

  mutating func take(_ token: MarkupTokenizer.Token) {
    switch token {
    case .start(let name, let attributes, let isClosed):
      isInTitle = name == "title" && title.isEmpty && !isClosed && !isInSVG
      isInStructuredData = name == "script" && attributes["type"]?.lowercased() == "application/ld+json"
      begin(name, attributes)
    case .end(let name):
      if name == "svg" { isInSVG = false }
      isInTitle = false
      isInStructuredData = false
    case .text(let text):
      if isInTitle { title += String(decoding: text, as: UTF8.self) }
      if isInStructuredData, structuredDate == nil {
        structuredDate = Self.member("datePublished", of: text) ?? Self.member("dateCreated", of: text)
      }
    }
  }

  private mutating func begin(_ name: String, _ attributes: [MarkupTokenizer.Attribute]) {
    switch name {
    case "svg": isInSVG = true
    case "html": htmlLanguage = htmlLanguage ?? attributes["lang"] ?? attributes["xml:lang"]
    case "meta":
      guard let content = attributes["content"], !content.isEmpty else { return }
      for key in ["property", "name", "itemprop", "http-equiv"] {
        guard let name = attributes[key]?.lowercased(), properties[name] == nil else { continue }
        properties[name] = content
      }
    case "link":
      let relations = attributes["rel"]?.lowercased().split(separator: " ") ?? []
      if relations.contains("canonical"), canonical == nil { canonical = attributes["href"] }
    case "time":
      if let time = attributes["datetime"], timeElement == nil || attributes["pubdate"] != nil || attributes["itemprop"] == "datePublished" {
        timeElement = time
      }
    default:
      if attributes["itemprop"] == "datePublished", let date = attributes["datetime"] ?? attributes["content"] {
        properties["datepublished"] = properties["datepublished"] ?? date
      }
    }
  }

  /// `"name": "…"` in a piece of JSON, found without reading the rest of it.
  private static func member(_ name: String, of json: [UInt8]) -> String? {
    let text = String(decoding: json.prefix(64 << 10), as: UTF8.self)
    guard let key = text.firstRange(of: "\"\(name)\"") else { return nil }
    let rest = text[key.upperBound...].drop { $0.isWhitespace }
    guard rest.first == ":" else { return nil }
    let value = rest.dropFirst().drop { $0.isWhitespace }
    guard value.first == "\"", let end = value.dropFirst().firstIndex(of: "\"") else { return nil }
    return String(value.dropFirst()[..<end])
  }

  /// What the page says that its title is: as it would be shared, else its one chief heading where the title of the window has
  /// it with the site's name around, else that title.
  func title(headings: [String]) -> String? {
    let window = Self.line(title)
    for name in ["og:title", "twitter:title", "dc.title", "citation_title"] {
      if let text = properties[name].map(Self.line), !text.isEmpty { return text }
    }
    if headings.count == 1, !headings[0].isEmpty, window.isEmpty || window.contains(headings[0]) { return headings[0] }
    return window.isEmpty ? headings.first : window
  }

  var date: String? {
    for name in Self.dateNames.prefix(5) {
      if let date = properties[name].flatMap(DateText.iso) { return date }
    }
    if let date = structuredDate.flatMap(DateText.iso) { return date }
    for name in Self.dateNames.dropFirst(5).dropLast(2) {
      if let date = properties[name].flatMap(DateText.iso) { return date }
    }
    if let date = timeElement.flatMap(DateText.iso) { return date }
    return Self.dateNames.suffix(2).lazy.compactMap { properties[$0].flatMap(DateText.iso) }.first
  }

  /// Only whole addresses: what a relative one stands against is not known here.
  var url: String? {
    [canonical, properties["og:url"]].lazy.compactMap { $0 }.map(Self.line).first { $0.contains("://") && $0.utf8.count <= 2_048 }
  }

  var language: String? {
    let said = htmlLanguage ?? properties["content-language"] ?? properties["og:locale"] ?? properties["dc.language"]
    guard let tag = said?.split(separator: ",").first.map({ Self.line(String($0)).replacing("_", with: "-") }) else { return nil }
    let isPlain = tag.utf8.allSatisfy { $0 == 0x2D || (0x61...0x7A).contains($0 | 0x20) || (0x30...0x39).contains($0) }
    return isPlain && (2...35).contains(tag.utf8.count) ? tag : nil
  }

  var author: String? {
    let said = properties["author"] ?? properties["article:author"] ?? properties["dc.creator"] ?? properties["citation_author"]
    // An address of a profile is no name.
    return said.map(Self.line).flatMap { $0.isEmpty || $0.contains("://") ? nil : $0 }
  }

  /// Blanks collapsed.
  static func line(_ text: String) -> String { text.split { $0.isWhitespace }.joined(separator: " ") }
}
