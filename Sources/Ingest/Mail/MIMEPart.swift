/// A part of a mail, taken apart (RFC 2046): one text or file, or parts inside it.
struct MIMEPart {
  /// Parts inside each other, and parts in all, that are taken apart; what is beyond is left out.
  private static let depthMax = 16
  private static let partsMax = 2_000

  let head: HeaderBlock
  /// `text/plain`, in lower case.
  let mediaType: String
  /// As it stands in the mail, to be decoded by `content()`.
  let encodedBody: ArraySlice<UInt8>
  let parts: [MIMEPart]

  /// The whole of a message. Complexity: linear in its bytes, for each level of parts inside parts.
  init(_ bytes: ArraySlice<UInt8>) {
    var count = 0
    self.init(bytes, defaultType: "text/plain", depth: 0, count: &count)
  }

  private init(_ bytes: ArraySlice<UInt8>, defaultType: String, depth: Int, count: inout Int) {
    let end: Int
    (head, end) = HeaderBlock.read(bytes)
    encodedBody = bytes[end...]
    let said = head.kind("content-type") ?? ""
    mediaType = said.contains("/") ? said : said == "text" ? "text/plain" : defaultType
    count += 1
    guard mediaType.hasPrefix("multipart/"), depth < Self.depthMax, let boundary = head.parameter("boundary", of: "content-type"),
      !boundary.isEmpty
    else {
      parts = []
      return
    }
    let inner = mediaType == "multipart/digest" ? "message/rfc822" : "text/plain"
    var parts: [MIMEPart] = []
    for piece in Self.split(encodedBody, [UInt8]("--\(boundary)".utf8)) where count < Self.partsMax {
      parts.append(MIMEPart(piece, defaultType: inner, depth: depth + 1, count: &count))
    }
    self.parts = parts
  }

  /// What stands between the lines that begin with `mark`; a last part without its closing line goes to the end.
  private static func split(_ bytes: ArraySlice<UInt8>, _ mark: [UInt8]) -> [ArraySlice<UInt8>] {
    var pieces: [ArraySlice<UInt8>] = []
    var start: Int?
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.endIndex
      if bytes[place..<lineEnd].starts(with: mark) {
        let after = bytes[(place + mark.count)..<lineEnd]
        let isClosing = after.starts(with: "--".utf8)
        // Another boundary may begin with this one.
        if isClosing || after.allSatisfy(MarkupTokenizer.isBlank) {
          if let start { pieces.append(bytes[start..<beforeLineEnd(bytes, place, start)]) }
          start = isClosing ? nil : min(bytes.endIndex, lineEnd + 1)
          if isClosing { return pieces }
        }
      }
      place = lineEnd + 1
    }
    if let start { pieces.append(bytes[start...]) }
    return pieces
  }

  /// The line end before a boundary belongs to it.
  private static func beforeLineEnd(_ bytes: ArraySlice<UInt8>, _ place: Int, _ start: Int) -> Int {
    var end = place
    if end > start, bytes[end - 1] == 0x0A { end -= 1 }
    if end > start, bytes[end - 1] == 0x0D { end -= 1 }
    return end
  }

  /// Its bytes, freed of their transfer encoding.
  func content() -> [UInt8] { TransferEncoding.decode(encodedBody, head["content-transfer-encoding"] ?? "") }

  var charset: Charset? { head.parameter("charset", of: "content-type").flatMap { Charset(label: $0) } }

  var fileName: String? {
    head.parameter("filename", of: "content-disposition") ?? head.parameter("name", of: "content-type")
  }

  /// A file of its own rather than text of the message.
  var isAttachment: Bool {
    if head.kind("content-disposition") == "attachment" { return true }
    return !["text/plain", "text/html"].contains(mediaType)
  }
}
