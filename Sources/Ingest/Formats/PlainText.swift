internal import Index

/// A text or Markdown file as a document: its path is the id, its first line the title if a blank line follows it.
enum PlainText {
  /// The document that a file of these bytes is, less a byte order mark; `encoding` says what it was where not UTF-8.
  ///
  /// - Parameter declared: what the container says of the encoding.
  static func document(id: String, _ bytes: [UInt8], declared: Charset? = nil) throws(LineProblem) -> Document {
    let (decoded, charset) = try TextEncoding.decode(bytes, declared: declared)
    if let place = decoded.firstIndex(of: 0) {
      throw LineProblem(
        .binaryFile, "a NUL byte at offset \(place): this is no text file", column: place + 1, id: id)
    }
    let text = decoded[...]
    guard text.contains(where: { !isBlank($0) && $0 != 0x0A }) else {
      throw LineProblem(.emptyFile, "no text in it", id: id)
    }
    var document = Document(id: id)
    var body = text
    if let (title, rest) = splitTitle(text) {
      document.texts.append(Document.TextValue(field: "title", text: [UInt8](title)))
      body = rest
    }
    document.texts.append(Document.TextValue(field: "body", text: [UInt8](body)))
    if charset != .utf8 { document.append("encoding", text: charset.name) }
    return document
  }

  /// The first line, and what stands after the blank line (or lines) below it.
  ///
  /// A Markdown heading loses its `#`. Nil when the text goes on right below its first line, as prose does.
  static func splitTitle(_ text: ArraySlice<UInt8>) -> (title: ArraySlice<UInt8>, body: ArraySlice<UInt8>)? {
    guard let end = text.firstIndex(of: 0x0A) else { return nil }
    var title = text[..<end]
    var rest = text[(end + 1)...]
    guard let secondEnd = rest.firstIndex(of: 0x0A), rest[..<secondEnd].allSatisfy(isBlank) else { return nil }
    rest = rest[(secondEnd + 1)...]
    while let next = rest.firstIndex(of: 0x0A), rest[..<next].allSatisfy(isBlank) { rest = rest[(next + 1)...] }
    if title.first == UInt8(ascii: "#") { title = title.drop { $0 == UInt8(ascii: "#") } }
    title = title.drop(while: isBlank)
    while let last = title.last, isBlank(last) { title = title.dropLast() }
    return title.isEmpty ? nil : (title, rest)
  }

  private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
