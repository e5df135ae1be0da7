/// What a file holds, as its name says.
public enum SourceFormat: Equatable, Sendable {
  /// One document: text or Markdown.
  case text
  /// One JSON object, or an array of them.
  case json
  /// One JSON object a line.
  case jsonLines
  /// One page.
  case html
  /// One document a row.
  case csv
  /// One mail, with its attachments.
  case mail
  /// One mail after the other (mbox).
  case mailbox
  /// Web archive: one document a response.
  case warc
  /// Archive: what its entries are.
  case zip
  /// One book.
  case epub
  /// One document of Word, Excel or PowerPoint in their newer formats.
  case officeOpenXML
  /// One document of LibreOffice.
  case openDocument
  /// One document, read by pdftotext.
  case pdf
  /// One document in the older formats of Word, Excel, PowerPoint and in RTF, read by LibreOffice.
  case legacyOffice
  /// A name without an ending: the content must tell.
  case undeclared

  /// What names of files that are read end in, for messages.
  public static let endings =
    ".txt .md .html .csv .tsv .json .jsonl .eml .mbox .warc .zip .epub .pdf .docx .odt .doc .rtf .pptx .xlsx and others, with .gz or .zst behind or not"

  private static let byEnding: [String: SourceFormat] = [
    "txt": .text, "text": .text, "md": .text, "markdown": .text, "json": .json, "jsonl": .jsonLines, "ndjson": .jsonLines,
    "html": .html, "htm": .html, "xhtml": .html, "csv": .csv, "tsv": .csv, "eml": .mail, "mbox": .mailbox, "mbx": .mailbox,
    "warc": .warc, "zip": .zip, "epub": .epub, "docx": .officeOpenXML, "xlsx": .officeOpenXML, "pptx": .officeOpenXML,
    "odt": .openDocument, "ods": .openDocument, "odp": .openDocument, "pdf": .pdf, "doc": .legacyOffice,
    "xls": .legacyOffice, "ppt": .legacyOffice, "rtf": .legacyOffice,
  ]

  private static let byMediaType: [String: SourceFormat] = [
    "text/plain": .text, "text/markdown": .text, "text/html": .html, "application/xhtml+xml": .html, "text/csv": .csv,
    "text/tab-separated-values": .csv, "application/json": .json, "application/x-ndjson": .jsonLines,
    "message/rfc822": .mail, "application/mbox": .mailbox, "application/zip": .zip, "application/x-zip-compressed": .zip,
    "application/warc": .warc, "application/epub+zip": .epub, "application/pdf": .pdf, "application/x-pdf": .pdf,
    "application/msword": .legacyOffice, "application/vnd.ms-excel": .legacyOffice,
    "application/vnd.ms-powerpoint": .legacyOffice, "application/rtf": .legacyOffice, "text/rtf": .legacyOffice,
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": .officeOpenXML,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": .officeOpenXML,
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": .officeOpenXML,
    "application/vnd.oasis.opendocument.text": .openDocument,
    "application/vnd.oasis.opendocument.spreadsheet": .openDocument,
    "application/vnd.oasis.opendocument.presentation": .openDocument,
  ]

  /// The format of a file of this name, `.gz` or `.zst` behind the ending or not; nil for names that are not read.
  public init?(path: String) {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    guard var name = parts.last, !name.isEmpty else { return nil }
    if name.hasSuffix(".gz") { name = name.dropLast(3) } else if name.hasSuffix(".zst") { name = name.dropLast(4) }
    if let dot = name.lastIndex(of: "."), let format = Self.byEnding[name[name.index(after: dot)...].lowercased()] {
      self = format
    } else if parts.count >= 2, parts[parts.count - 2] == "cur" || parts[parts.count - 2] == "new", Self.isMaildirName(name) {
      self = .mail
    } else if !name.contains(".") {
      self = .undeclared
    } else {
      return nil
    }
  }

  /// The format that a media type names, parameters and all; nil for those that are not read.
  init?(mediaType: String) {
    guard let format = Self.byMediaType[mediaType.prefix { $0 != ";" }.lowercased().filter { !$0.isWhitespace }] else { return nil }
    self = format
  }

  /// Names in a maildir: `1204680122.27c448.host:2,S`.
  private static func isMaildirName(_ name: Substring) -> Bool {
    name.contains(":2,") || name.prefix { $0.isNumber }.utf8.count >= 6 && name.contains(".")
  }

  /// The format of a file whose name tells nothing, by its first bytes; nil where they tell nothing either.
  init?(content: [UInt8]) {
    let start = content.first == 0xEF ? content.dropFirst(3) : content[...]
    func begins(_ text: StaticString) -> Bool { start.starts(with: "\(text)".utf8) }
    if begins("%PDF-") {
      self = .pdf
    } else if begins("WARC/1.") || begins("WARC/0.") {
      self = .warc
    } else if begins("{\\rtf") {
      self = .legacyOffice
    } else if begins("From "), start.prefix(500).contains(0x0A) {
      self = .mailbox
    } else if start.starts(with: [0x50, 0x4B, 3, 4]) {
      self = Self.zipFormat(content)
    } else if Self.isMail(start) {
      self = .mail
    } else if Self.isHTML(start) {
      self = .html
    } else {
      return nil
    }
  }

  /// Books and documents of LibreOffice name their type in the first entry.
  private static func zipFormat(_ content: [UInt8]) -> SourceFormat {
    let head = String(decoding: content.prefix(200), as: UTF8.self)
    if head.contains("application/epub+zip") { return .epub }
    if head.contains("application/vnd.oasis.opendocument") { return .openDocument }
    return head.contains("[Content_Types].xml") ? .officeOpenXML : .zip
  }

  /// A head in which at least two fields are those of mails.
  private static func isMail(_ start: ArraySlice<UInt8>) -> Bool {
    let names = HeaderBlock.read(start.prefix(16 << 10)).head.fields.map(\.name)
    let known: Set<String> = ["from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version"]
    return Set(names).intersection(known).count >= 2
  }

  private static func isHTML(_ start: ArraySlice<UInt8>) -> Bool {
    let head = String(decoding: start.prefix(256), as: UTF8.self).lowercased()
    let text = head.drop { $0.isWhitespace }
    return text.hasPrefix("<!doctype html") || text.hasPrefix("<html")
  }
}
