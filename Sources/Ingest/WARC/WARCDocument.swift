internal import Base
internal import Index

/// Makes documents of the records of a web archive.
struct WARCDocument {
  typealias Item = RecordReader.Item

  /// Kinds of records that hold something to read. The others tell about them: `request`, `metadata`, `warcinfo`, and
  /// `revisit`, which repeats what is there.
  private static let wanted: Set<String> = ["response", "resource", "conversion"]

  let path: String
  let entries: EntryReader

  static func isWanted(_ head: HeaderBlock) -> Bool { wanted.contains(head["warc-type"]?.lowercased() ?? "") }

  /// The address that was fetched; some programs write it in angle brackets.
  static func url(_ head: HeaderBlock) -> String? {
    head["warc-target-uri"].map { $0.filter { $0 != "<" && $0 != ">" } }
  }

  /// What one record brings: its document, why it is none, or nothing where it tells about others.
  ///
  /// - Parameter number: of the record, from 1.
  func items(_ head: HeaderBlock, _ block: [UInt8], _ number: Int) -> [Item] {
    guard Self.isWanted(head) else { return [] }
    let place = "record \(number)\(Self.url(head).map { " (\($0.prefix(200)))" } ?? "")"
    do throws(FileError) {
      var mediaType = head.kind("content-type") ?? ""
      var charset = head.parameter("charset", of: "content-type")
      var body = block
      if mediaType == "application/http" || head["warc-type"]?.lowercased() == "response" && block.starts(with: "HTTP/".utf8) {
        guard let response = HTTPResponse(block) else {
          return [refused(.damagedEntry, "\(place): no HTTP response in it")]
        }
        guard (200..<300).contains(response.status) else {
          return [refused(.noDocument, "\(place): answered with status \(response.status)")]
        }
        mediaType = response.head.kind("content-type") ?? head["warc-identified-payload-type"] ?? ""
        charset = response.head.parameter("charset", of: "content-type")
        guard Self.format(mediaType, head, body: block) != nil else { return [noText(place, mediaType)] }
        body = try response.body(max: Limits.documentBytesMax)
      }
      guard let format = Self.format(mediaType, head, body: body) else { return [noText(place, mediaType)] }
      return documents(head, body, format, charset, number, place)
    } catch {
      return [refused(error.entryCode, "\(place): \(error.message)")]
    }
  }

  private func documents(
    _ head: HeaderBlock, _ body: [UInt8], _ format: SourceFormat, _ charset: String?, _ number: Int, _ place: String
  ) -> [Item] {
    let ownID = head["warc-record-id"].map { $0.filter { !$0.isWhitespace && $0 != "<" && $0 != ">" } } ?? ""
    let isFit = !ownID.isEmpty && ownID.utf8.count <= Limits.documentIDBytesMax && !ownID.utf8.contains { $0 < 0x20 || $0 == 0x7F }
    let id = isFit ? ownID : "\(path)#\(number)"
    let entry = SourceEntry(id: id, bytes: body, format: format, charset: charset.flatMap { Charset(label: $0) }, depth: 1)
    return entries.items(entry).map { item in
      guard case .document(var document, let line, let byteCount) = item else {
        guard case .refused(var problem) = item else { return item }
        problem.id = problem.id ?? id
        return .refused(LineProblem(problem.code, "\(place): \(problem.message)", id: problem.id))
      }
      // The page may say when it was written; the archive says when it was so.
      document.append("published", text: document.date)
      document.date = head["warc-date"].flatMap(DateText.iso) ?? document.date
      document.extras.removeAll { $0.name == "url" }
      document.append("url", text: Self.url(head))
      return .document(document, line: line, byteCount: byteCount)
    }
  }

  /// The format of a body, by its media type, else by the path of its address. What a server calls JSON is read as text.
  private static func format(_ mediaType: String, _ head: HeaderBlock, body: [UInt8]) -> SourceFormat? {
    let isUntold = mediaType.isEmpty || mediaType == "application/octet-stream"
    let named = SourceFormat(mediaType: mediaType) ?? (isUntold ? url(head).flatMap(pathFormat) : nil)
    switch named {
    case .json, .jsonLines: return .text
    case .zip, .warc, .mailbox: return nil
    default: return named
    }
  }

  private static func pathFormat(_ url: String) -> SourceFormat? {
    let path = url.prefix { $0 != "?" && $0 != "#" }
    let name = path.split(separator: "/").last.map(String.init) ?? ""
    return name.contains(".") ? SourceFormat(path: name) : nil
  }

  private func noText(_ place: String, _ mediaType: String) -> Item {
    refused(.noDocument, "\(place): \(mediaType.isEmpty ? "of no stated type" : mediaType.prefix(80)[...]) is no text that is read")
  }

  private func refused(_ code: LineProblem.Code, _ message: String) -> Item { .refused(LineProblem(code, message)) }
}
