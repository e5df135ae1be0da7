/// The text of an HTML page and what the page says of itself.
struct HTMLPage {
  enum Extent {
    /// The article, without what stands around it.
    case article
    /// All text, for pages that are nothing else: mails, chapters of books.
    case whole
  }

  /// Bytes in whose beginning a declaration of the encoding is looked for.
  private static let declarationBytes = 4_096

  let title: String?
  /// Paragraphs with blank lines between, UTF-8.
  let body: [UInt8]
  let metadata: HTMLMetadata
  /// What the bytes were read as.
  let charset: Charset

  /// - Parameters:
  ///   - declared: what the transport says of the encoding; it is asked before the page itself.
  ///   - isXML: XHTML: its elements may close themselves.
  /// - Complexity: linear.
  init(_ bytes: [UInt8], declared: Charset? = nil, extent: Extent = .article, isXML: Bool = false) {
    let (text, charset) = TextEncoding.decodeLeniently(bytes, declared: declared ?? Self.declaration(in: bytes))
    self.charset = charset
    var tokenizer = MarkupTokenizer(text, isXML: isXML)
    var builder = HTMLTextBuilder()
    var metadata = HTMLMetadata()
    while let token = tokenizer.next() {
      metadata.take(token)
      builder.take(token)
    }
    builder.finish()
    self.metadata = metadata
    let headings = builder.blocks.filter { $0.heading == 1 }.map { HTMLMetadata.line(String(decoding: $0.text, as: UTF8.self)) }
    title = metadata.title(headings: headings)
    var blocks = extent == .article ? MainContent.select(builder.blocks) : builder.blocks
    // The title is a field of its own; the heading that repeats it would count twice.
    if extent == .article, let title, blocks.count > 1,
      let place = blocks.firstIndex(where: { $0.heading == 1 && HTMLMetadata.line(String(decoding: $0.text, as: UTF8.self)) == title })
    {
      blocks.remove(at: place)
    }
    body = Array(blocks.map(\.text).joined(separator: [0x0A, 0x0A]))
  }

  /// What `<meta charset>`, `<meta http-equiv="content-type">` or the head of an XML document declare.
  static func declaration(in bytes: [UInt8]) -> Charset? {
    let head = Array(bytes.prefix(declarationBytes))
    if head.starts(with: "<?xml".utf8), let end = head.firstIndex(of: UInt8(ascii: ">")) {
      let text = String(decoding: head[..<end], as: UTF8.self)
      if let label = parameter("encoding", of: text) { return Charset(label: label) }
    }
    var tokenizer = MarkupTokenizer(head)
    while let token = tokenizer.next() {
      guard case .start("meta", let attributes, _) = token else { continue }
      if let label = attributes["charset"] { return web(label) }
      if attributes["http-equiv"]?.lowercased() == "content-type", let content = attributes["content"],
        let label = parameter("charset", of: content)
      {
        return web(label)
      }
    }
    return nil
  }

  /// A page in which `meta` was found is no UTF-16, whatever it says.
  private static func web(_ label: String) -> Charset? {
    let charset = Charset(label: label)
    return charset?.name.hasPrefix("utf-16") ?? false ? .utf8 : charset
  }

  /// The value of `name=value` in a header; quotes are dropped.
  static func parameter(_ name: String, of text: String) -> String? {
    guard let range = text.lowercased().firstRange(of: name) else { return nil }
    let offset = text.lowercased().distance(from: text.lowercased().startIndex, to: range.upperBound)
    let rest = text.dropFirst(offset).drop { $0.isWhitespace }
    guard rest.first == "=" else { return nil }
    let value = rest.dropFirst().drop { $0.isWhitespace }
    if let quote = value.first, quote == "\"" || quote == "'" {
      return String(value.dropFirst().prefix { $0 != quote })
    }
    return String(value.prefix { !$0.isWhitespace && $0 != ";" && $0 != "," })
  }
}
