/// An HTTP response as a crawler has kept it: head and body in one block of bytes.
struct HTTPResponse {
  let status: Int
  let head: HeaderBlock
  private let rawBody: ArraySlice<UInt8>

  /// Nil for what does not begin like a response.
  init?(_ block: [UInt8]) {
    let lineEnd = block.firstIndex(of: 0x0A) ?? block.count
    let words = block[..<lineEnd].split { MarkupTokenizer.isBlank($0) }
    guard let version = words.first, version.starts(with: "HTTP/".utf8), words.count >= 2,
      let status = Int(String(decoding: words[1], as: UTF8.self))
    else { return nil }
    self.status = status
    let (head, end) = HeaderBlock.read(block[min(block.count, lineEnd + 1)...])
    self.head = head
    rawBody = block[end...]
  }

  /// The body, freed of chunks and of packing; at most `max` bytes.
  ///
  /// Crawlers often keep the heads and undo what they announce, so what is not chunked or not packed is taken as it is.
  func body(max: Int) throws(FileError) -> [UInt8] {
    let isChunked = head.text("transfer-encoding")?.lowercased().contains("chunked") ?? false
    var bytes = isChunked ? Self.unchunked(rawBody) ?? Array(rawBody) : Array(rawBody)
    let codings = (head.text("content-encoding") ?? "").lowercased().split { $0 == "," || $0 == " " }
    for coding in codings.reversed() {
      switch coding {
      case "identity", "none", "utf-8": continue
      case "gzip", "x-gzip":
        if bytes.starts(with: [0x1F, 0x8B]) { bytes = try Inflater.unpack(bytes, .gzip, max: max) }
      case "deflate":
        guard !bytes.isEmpty else { continue }
        let hasHead = bytes.count >= 2 && bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
        bytes = try Inflater.unpack(bytes, hasHead ? .zlib : .raw, max: max)
      case "br":
        // A stream has no mark of its own: text that is there shows that it was undone.
        if bytes.isEmpty || Self.isMarkup(bytes) { continue }
        do throws(FileError) {
          bytes = try BrotliLibrary.unpack(bytes, max: max)
        } catch {
          guard case .damagedPacking = error, !bytes.contains(where: { $0 < 0x09 }), (try? UTF8Check.require(bytes)) != nil
          else { throw error }
        }
      case "zstd":
        if bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]) { bytes = try ZstdLibrary.unpack(bytes, max: max) }
      default:
        if bytes.isEmpty || Self.isMarkup(bytes) { continue }
        throw .unsupported("packed as \(coding), which is not unpacked")
      }
    }
    return bytes
  }

  private static func isMarkup(_ bytes: [UInt8]) -> Bool {
    bytes.first { !MarkupTokenizer.isBlank($0) } == UInt8(ascii: "<")
  }

  /// The chunks put together (RFC 9112, 7.1); nil where the first is none. A chunk that is cut off counts as far as it goes.
  static func unchunked(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var body: [UInt8] = []
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.endIndex
      let digits = bytes[place..<lineEnd].prefix { CharacterReferences.hexValue($0) != nil }
      guard !digits.isEmpty, digits.count <= 8, let count = Int(String(decoding: digits, as: UTF8.self), radix: 16) else {
        return body.isEmpty ? nil : body
      }
      if count == 0 { break }
      let start = min(bytes.endIndex, lineEnd + 1)
      let end = min(bytes.endIndex, start + count)
      body.append(contentsOf: bytes[start..<end])
      place = end
      while place < bytes.endIndex, bytes[place] == 0x0D || bytes[place] == 0x0A { place += 1 }
    }
    return body
  }
}
