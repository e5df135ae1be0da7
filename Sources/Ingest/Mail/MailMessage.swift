/// A mail: what its head says, the text to be read, and the files with it.
struct MailMessage {
  let head: HeaderBlock
  /// UTF-8.
  let body: [UInt8]
  let attachments: [MIMEPart]

  init(_ bytes: ArraySlice<UInt8>) {
    let root = MIMEPart(bytes)
    head = root.head
    var reader = Reader()
    reader.read(root)
    body = Array(reader.texts.filter { !$0.isEmpty }.joined(separator: [0x0A, 0x0A]))
    attachments = reader.attachments
  }

  /// The id that the sender's program gave it, less its angle brackets.
  var messageID: String? {
    guard let text = head["message-id"] else { return nil }
    let id = text.filter { !$0.isWhitespace && $0 != "<" && $0 != ">" }
    let isFit = !id.isEmpty && id.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    return isFit ? id : nil
  }

  private struct Reader {
    var texts: [[UInt8]] = []
    var attachments: [MIMEPart] = []

    mutating func read(_ part: MIMEPart) {
      if part.mediaType == "multipart/alternative", !part.parts.isEmpty {
        readAlternative(part)
      } else if !part.parts.isEmpty {
        for inner in part.parts { read(inner) }
      } else if part.mediaType.hasPrefix("multipart/") || !part.isAttachment {
        texts.append(Self.text(part))
      } else {
        attachments.append(part)
      }
    }

    /// The same text in several forms: the plain one, unless it only says that there is another.
    private mutating func readAlternative(_ part: MIMEPart) {
      var forms = part.parts.map { inner -> Reader in
        var reader = Reader()
        reader.read(inner)
        return reader
      }
      let words = forms.map { form in form.texts.reduce(0) { $0 + TextBlock.countWords($1) } }
      let most = words.max() ?? 0
      let chosen = words.firstIndex { $0 * 3 >= most } ?? 0
      for place in forms.indices {
        if place == chosen { texts += forms[place].texts }
        attachments += forms[place].attachments
        forms[place] = Reader()
      }
    }

    private static func text(_ part: MIMEPart) -> [UInt8] {
      let content = part.content()
      if part.mediaType == "text/html" {
        return HTMLPage(content, declared: part.charset, extent: .whole).body
      }
      let text = TextEncoding.decodeLeniently(content, declared: part.charset).text.filter { $0 != 0 && $0 != 0x0D }
      var lines = text[...]
      while let last = lines.last, MarkupTokenizer.isBlank(last) { lines = lines.dropLast() }
      return Array(lines)
    }
  }
}
