internal import Base
internal import Index

/// A document of Word, Excel, PowerPoint (Office Open XML, ISO 29500) or LibreOffice (OpenDocument, ISO 26300), read from its XML.
///
/// Paragraphs, headings and rows of tables become paragraphs; notes and comments stand after the text, sheets and slides each
/// in a value of `body` of its own. Deleted text of tracked changes is left out.
struct OfficeDocument {
  private let archive: ZipArchive
  private var values: [[UInt8]] = []
  private var byteCount = 0

  static func items(_ archive: ZipArchive, id: String) throws(FileError) -> [RecordReader.Item] {
    var reader = OfficeDocument(archive: archive)
    try reader.read()
    var document = Document(id: id)
    let texts = try reader.metadata()
    if let title = texts["title"] { document.texts.append(.init(field: "title", text: [UInt8](title.utf8))) }
    document.date = (texts["created"] ?? texts["creation-date"] ?? texts["modified"] ?? texts["date"]).flatMap(DateText.iso)
    document.texts += reader.values.map { .init(field: "body", text: $0) }
    document.append("author", text: texts["creator"] ?? texts["initial-creator"])
    document.append("lang", text: texts["language"])
    guard !reader.values.isEmpty else { return [.refused(LineProblem(.emptyFile, "no text in it", id: id))] }
    return [.document(document, line: 0, byteCount: reader.byteCount + 256)]
  }

  private func metadata() throws(FileError) -> [String: String] {
    let names: Set<String> = ["title", "created", "modified", "creator", "language", "creation-date", "initial-creator", "date"]
    guard let entry = archive.entry("docProps/core.xml") ?? archive.entry("meta.xml") else { return [:] }
    return XMLText.firstTexts(try archive.read(entry, max: 1 << 20), of: names)
  }

  private mutating func read() throws(FileError) {
    if archive.entry("content.xml") != nil {
      try take("content.xml")
    } else if archive.entry("word/document.xml") != nil {
      for name in ["document", "footnotes", "endnotes", "comments"] { try take("word/\(name).xml") }
    } else if archive.entry("xl/workbook.xml") != nil {
      let strings = try sharedStrings()
      for name in numbered("xl/worksheets/sheet") { try takeSheet(name, strings) }
    } else if archive.entry("ppt/presentation.xml") != nil {
      for name in numbered("ppt/slides/slide") {
        try take(name)
        let number = name.filter(\.isNumber)
        try take("ppt/notesSlides/notesSlide\(number).xml")
      }
    } else {
      throw .damagedArchive("no document of Word, Excel, PowerPoint or LibreOffice")
    }
  }

  /// Entries `PREFIX1.xml`, `PREFIX2.xml` … in the order of their numbers.
  private func numbered(_ prefix: String) -> [String] {
    archive.entries.map(\.name).filter { $0.hasPrefix(prefix) && $0.hasSuffix(".xml") }
      .compactMap { name in Int(name.dropFirst(prefix.count).dropLast(4)).map { ($0, name) } }
      .sorted { $0.0 < $1.0 }.map(\.1)
  }

  private func bytes(_ name: String) throws(FileError) -> [UInt8]? {
    guard let entry = archive.entry(name) else { return nil }
    return try archive.read(entry)
  }

  private mutating func add(_ text: [UInt8]) throws(FileError) {
    guard !text.isEmpty else { return }
    byteCount += text.count
    guard byteCount <= Limits.documentBytesMax else { throw .tooLarge(Limits.documentBytesMax) }
    values.append(text)
  }

  /// Text in paragraphs: `p` and `h` are one, `tc` and `table-cell` a cell, `t` (of Office) or all text (of LibreOffice) the text.
  private mutating func take(_ name: String) throws(FileError) {
    guard let bytes = try bytes(name) else { return }
    var builder = OfficeTextBuilder(isOpenDocument: name == "content.xml")
    XMLText.forEach(bytes) { token in
      builder.take(token)
      return true
    }
    for value in builder.finish() { try add(value) }
  }

  private func sharedStrings() throws(FileError) -> [[UInt8]] {
    guard let bytes = try bytes("xl/sharedStrings.xml") else { return [] }
    var strings: [[UInt8]] = []
    var text: [UInt8] = []
    var isText = false
    var isPhonetic = false
    XMLText.forEach(bytes) { token in
      switch token {
      case .start("si", _, _): text = []
      case .start("rph", _, _): isPhonetic = true
      case .end("rph"): isPhonetic = false
      case .start("t", _, _): isText = !isPhonetic
      case .end("t"): isText = false
      case .end("si"): strings.append(text)
      case .text(let piece): if isText { text += piece }
      default: break
      }
      return true
    }
    return strings
  }

  /// A row a paragraph, cells behind tabs; numbers as they are stored.
  private mutating func takeSheet(_ name: String, _ strings: [[UInt8]]) throws(FileError) {
    guard let bytes = try bytes(name) else { return }
    var sheet: [UInt8] = []
    var cell: [UInt8] = []
    var isShared = false
    var isValue = false
    let bytesMax = Limits.documentBytesMax
    XMLText.forEach(bytes) { token in
      switch token {
      case .start("c", let attributes, _):
        cell = []
        isShared = attributes["t"] == "s"
      case .start("v", _, _), .start("t", _, _): isValue = true
      case .end("v"), .end("t"): isValue = false
      case .text(let piece): if isValue { cell += piece }
      case .end("c"):
        if isShared { cell = Int(String(decoding: cell, as: UTF8.self)).flatMap { strings.indices.contains($0) ? strings[$0] : nil } ?? [] }
        if !cell.isEmpty {
          if let last = sheet.last, last != 0x0A { sheet.append(0x09) }
          sheet += cell
        }
      case .end("row"): if let last = sheet.last, last != 0x0A { sheet += [0x0A, 0x0A] }
      default: break
      }
      return sheet.count <= bytesMax
    }
    while sheet.last == 0x0A { sheet.removeLast() }
    try add(sheet)
  }
}
