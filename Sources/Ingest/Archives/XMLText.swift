/// Looks through the XML inside of books and office documents.
enum XMLText {
  /// The tags and texts of a document in whatever encoding it declares, in order, until `take` answers false.
  ///
  /// Names come in lower case, without their prefix. Complexity: linear.
  static func forEach(_ bytes: [UInt8], _ take: (MarkupTokenizer.Token) -> Bool) {
    let text = TextEncoding.decodeLeniently(bytes, declared: HTMLPage.declaration(in: bytes)).text
    var tokenizer = MarkupTokenizer(text, isXML: true)
    while let token = tokenizer.next() {
      let isWanted: Bool
      switch token {
      case .start(let name, let attributes, let isClosed):
        isWanted = take(.start(name: local(name), attributes: attributes, isClosed: isClosed))
        if isWanted, isClosed, !take(.end(name: local(name))) { return }
      case .end(let name): isWanted = take(.end(name: local(name)))
      case .text: isWanted = take(token)
      }
      if !isWanted { return }
    }
  }

  /// A name without its prefix.
  static func local(_ name: String) -> String {
    name.utf8.lastIndex(of: UInt8(ascii: ":")).map { String(name[name.utf8.index(after: $0)...]) } ?? name
  }

  /// The value of an attribute whatever its prefix.
  static func value(_ name: String, _ attributes: [MarkupTokenizer.Attribute]) -> String? {
    attributes.first { $0.name == name || local($0.name) == name }?.value
  }

  /// The first text of each of some elements, blanks collapsed: what metadata is.
  static func firstTexts(_ bytes: [UInt8], of names: Set<String>) -> [String: String] {
    var texts: [String: String] = [:]
    var name: String?
    var text: [UInt8] = []
    forEach(bytes) { token in
      switch token {
      case .start(let started, _, _) where names.contains(started) && texts[started] == nil:
        name = started
        text = []
      case .text(let piece): if name != nil { text += piece }
      case .end(let ended) where ended == name:
        let line = HTMLMetadata.line(String(decoding: text, as: UTF8.self))
        if !line.isEmpty { texts[ended] = line }
        name = nil
      default: break
      }
      return true
    }
    return texts
  }
}
