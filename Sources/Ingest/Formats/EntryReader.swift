internal import Base
internal import Index

/// Makes documents of what is in memory, whatever its format: small files, entries of archives, attachments, pages.
struct EntryReader: Sendable {
  typealias Item = RecordReader.Item

  /// Mails inside mails, and files inside those, that are read.
  private static let depthMax = 6

  let parser: DocumentParser
  let columns: CSVColumns
  let programs: ProgramReader

  init(parser: DocumentParser, columns: CSVColumns = CSVColumns(), isCancelled: @escaping @Sendable () -> Bool = { false }) {
    self.parser = parser
    self.columns = columns
    programs = ProgramReader(isCancelled: isCancelled)
  }

  /// The reader of a format that is read record by record; nil for those that are read as a whole.
  ///
  /// - Parameter path: what ids begin with.
  func stream(_ format: SourceFormat, path: String) -> (any RecordReader)? {
    switch format {
    case .jsonLines: JSONLinesReader(parser: parser, path: path)
    case .csv: CSVReader(path: path, columns: columns, textFields: parser.textFields)
    case .mailbox: MailboxReader(path: path, entries: self)
    case .warc: WARCReader(path: path, entries: self)
    default: nil
    }
  }

  /// The documents of an entry, or why there are none.
  func items(_ entry: SourceEntry) -> [Item] {
    guard entry.depth <= Self.depthMax else { return [Self.refused(.unsupported, "too deep inside of other files", entry)] }
    guard !entry.bytes.isEmpty else { return [Self.refused(.emptyFile, "no text in it", entry)] }
    do throws(FileError) {
      switch entry.format {
      case .text: return [text(entry)]
      case .json: return records(entry)
      case .html: return [page(entry)]
      case .mail: return mail(entry.bytes[...], fallbackID: entry.id, line: 0, envelope: nil, depth: entry.depth)
      case .jsonLines, .csv, .mailbox, .warc: return streamed(entry)
      case .epub, .officeOpenXML, .openDocument: return try PackagedDocument.items(entry.format, .memory(entry.bytes), id: entry.id)
      case .pdf: return try programs.pdf(.memory(entry.bytes), id: entry.id)
      case .legacyOffice: return try programs.office(entry.bytes, id: entry.id, name: entry.name ?? entry.id)
      case .zip: return [Self.refused(.unsupported, "an archive inside of another file, which is not opened", entry)]
      case .undeclared: return [Self.refused(.unknownFormat, "neither its name nor its first bytes tell what it is", entry)]
      }
    } catch {
      let code = entry.depth == 0 ? error.code : error.entryCode
      return [Self.refused(code, error.message, entry)]
    }
  }

  static func item(_ byteCount: Int, _ read: () throws(LineProblem) -> Document) -> Item {
    do throws(LineProblem) {
      return .document(try read(), line: 0, byteCount: byteCount)
    } catch {
      return .refused(error)
    }
  }

  private static func refused(_ code: LineProblem.Code, _ message: String, _ entry: SourceEntry) -> Item {
    .refused(LineProblem(code, message, id: entry.id))
  }

  private func streamed(_ entry: SourceEntry) -> [Item] {
    guard var reader = stream(entry.format, path: entry.id) else { return [] }
    var items: [Item] = []
    reader.append(entry.bytes)
    while let item = reader.next() { items.append(item) }
    reader.finish()
    while let item = reader.next() { items.append(item) }
    return items
  }

  private func text(_ entry: SourceEntry) -> Item {
    Self.item(entry.bytes.count) { () throws(LineProblem) in
      try PlainText.document(id: entry.id, entry.bytes, declared: entry.charset)
    }
  }

  // MARK: JSON

  /// One object, whose id is the path unless it has its own, or an array of them, each `PATH#NUMBER`.
  private func records(_ entry: SourceEntry) -> [Item] {
    let bytes = entry.bytes
    var scanner = JSONScanner(bytes)
    guard scanner.take(UInt8(ascii: "[")) else {
      return [Self.item(bytes.count) { () throws(LineProblem) in try parser.parse(bytes, fallbackID: entry.id) }]
    }
    var items: [Item] = []
    do throws(LineProblem) {
      try UTF8Check.require(bytes)
    } catch {
      return [.refused(error)]
    }
    do throws(JSONProblem) {
      if scanner.take(UInt8(ascii: "]")) { return [] }
      repeat {
        let record = [UInt8](bytes[try scanner.skipValue()])
        let id = "\(entry.id)#\(items.count + 1)"
        items.append(Self.item(record.count) { () throws(LineProblem) in try parser.parse(record, fallbackID: id) })
      } while scanner.take(UInt8(ascii: ","))
      try scanner.require(UInt8(ascii: "]"), "a comma or ']'")
      try scanner.requireEnd()
    } catch {
      let message = "not valid JSON at byte \(error.offset + 1): \(error.message)"
      items.append(.refused(LineProblem(.malformedJSON, message, column: error.offset + 1)))
    }
    return items
  }

  // MARK: Pages

  private func page(_ entry: SourceEntry) -> Item {
    let page = HTMLPage(entry.bytes, declared: entry.charset)
    guard !page.body.isEmpty || page.title != nil else { return Self.refused(.emptyFile, "no text in it", entry) }
    var document = Document(id: entry.id, date: page.metadata.date)
    if let title = page.title { document.texts.append(.init(field: "title", text: [UInt8](title.utf8))) }
    if !page.body.isEmpty { document.texts.append(.init(field: "body", text: page.body)) }
    document.append("url", text: page.metadata.url)
    document.append("lang", text: page.metadata.language)
    document.append("author", text: page.metadata.author)
    if page.charset != .utf8 { document.append("encoding", text: page.charset.name) }
    return .document(document, line: 0, byteCount: page.body.count + 256)
  }

  // MARK: Mails

  /// A mail and its attachments: the mail under its Message-ID or `fallbackID`, attachments as `ID#NUMBER`.
  ///
  /// - Parameter envelope: the line `From …` before it in a mailbox, whose date stands in for a missing one.
  func mail(_ bytes: ArraySlice<UInt8>, fallbackID: String, line: Int, envelope: String?, depth: Int) -> [Item] {
    let message = MailMessage(bytes)
    let ownID = message.messageID.flatMap { $0.utf8.count <= Limits.documentIDBytesMax - 16 ? $0 : nil }
    var document = Document(id: ownID ?? fallbackID)
    let title = message.head.text("subject")
    if let title { document.texts.append(.init(field: "title", text: [UInt8](title.utf8))) }
    if !message.body.isEmpty { document.texts.append(.init(field: "body", text: message.body)) }
    document.date = message.head["date"].flatMap(MailDate.iso) ?? envelope.flatMap(Self.date(ofEnvelope:))
    for name in ["from", "to", "cc"] { document.append(name, text: message.head.text(name)) }
    var items: [Item] = []
    if document.texts.isEmpty, message.attachments.isEmpty {
      items.append(.refused(LineProblem(.emptyFile, "a message without text", line: line, id: document.id)))
    } else {
      items.append(.document(document, line: line, byteCount: message.body.count + 256))
    }
    for (number, part) in message.attachments.enumerated() {
      items += attachment(part, id: "\(document.id)#\(number + 1)", of: document, line: line, depth: depth)
    }
    return items
  }

  private func attachment(_ part: MIMEPart, id: String, of mail: Document, line: Int, depth: Int) -> [Item] {
    let name = part.fileName
    let what = name.map { "attachment \($0.prefix(100))" } ?? "attachment of type \(part.mediaType.prefix(80))"
    let named = name.flatMap { $0.contains(".") ? SourceFormat(path: $0.replacing("/", with: "_")) : nil }
    let isText = part.mediaType.hasPrefix("text/") || part.mediaType == "message/delivery-status"
    let typed = SourceFormat(mediaType: part.mediaType) ?? (isText ? .text : nil)
    guard let format = part.mediaType == "message/rfc822" ? .mail : named ?? typed, format != .undeclared else {
      return [.refused(LineProblem(.noDocument, "\(what): no format that is read", line: line, id: id))]
    }
    if name?.hasSuffix(".gz") ?? false || name?.hasSuffix(".zst") ?? false {
      return [.refused(LineProblem(.unsupported, "\(what): packed inside of another file, which is not opened", line: line, id: id))]
    }
    let entry = SourceEntry(id: id, bytes: part.content(), format: format, charset: part.charset, name: name, depth: depth + 1)
    return items(entry).map { item in
      switch item {
      case .refused(let problem): return .refused(LineProblem(problem.code, "\(what): \(problem.message)", line: line, id: problem.id))
      case .document(var document, _, let byteCount):
        if document.date == nil { document.date = mail.date }
        if !document.texts.contains(where: { $0.field == "title" }), let name {
          document.texts.insert(.init(field: "title", text: [UInt8](name.utf8)), at: 0)
        }
        document.append("attached_to", text: mail.id)
        for name in ["from", "to"] {
          if let extra = mail.extras.first(where: { $0.name == name }), !document.extras.contains(where: { $0.name == name }) {
            document.extras.append(extra)
          }
        }
        return .document(document, line: line, byteCount: byteCount)
      }
    }
  }

  /// `From somebody Mon Jun 01 10:00:00 2009`.
  private static func date(ofEnvelope line: String) -> String? {
    let words = line.split(separator: " ")
    return words.count >= 5 ? MailDate.iso(words.dropFirst(2).joined(separator: " ")) : nil
  }
}
