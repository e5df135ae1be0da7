internal import Base
internal import Index

/// Documents of a table: one a row, its columns named by the first line.
///
/// The delimiter (`,` `;` tab `|`) is the one that the first line has most of. The encoding is looked at where a field is
/// not UTF-8. Memory is bounded by one record and one piece.
struct CSVReader: RecordReader {
  private static let delimiters: [UInt8] = [UInt8](",;\t|".utf8)
  /// A first line that is not whole after so many bytes is no line of names.
  private static let headBytesMax = 1 << 20

  private let path: String
  private let columns: CSVColumns
  private let textFields: [String]
  /// Bytes before the delimiter is known.
  private var head: [UInt8] = []
  private var utf16: (charset: Charset, carry: [UInt8])?
  private var scanner: CSVScanner?
  private var names: [String] = []
  private var fields: [String?] = []
  /// No column is text: then all are that are nothing else, and are kept as members too.
  private var areAllText = false
  private var isHeadRead = false
  private var number = 0
  /// Of fields that are not UTF-8.
  private var charset: Charset?
  private var sample: [UInt8] = []
  private var waiting: [CSVScanner.Record] = []

  init(path: String, columns: CSVColumns, textFields: [String]) {
    self.path = path
    self.columns = columns
    self.textFields = textFields
  }

  mutating func append(_ piece: [UInt8]) {
    if scanner == nil, utf16 == nil, head.isEmpty, let charset = Self.utf16(piece) { utf16 = (charset, []) }
    guard utf16 != nil else { return scan(piece) }
    utf16?.carry.append(contentsOf: piece)
    convertLines(isEnd: false)
  }

  mutating func finish() {
    convertLines(isEnd: true)
    if scanner == nil { begin() }
    scanner?.finish()
    takeRecords()
  }

  mutating func next() -> Item? {
    while let record = waiting.popLast() {
      switch record {
      case .unclosedQuote(let line):
        return .refused(LineProblem(.malformedCSV, "a quote on this line is never closed; double those inside a field", line: line))
      case .tooLong(let line):
        return .refused(LineProblem(.tooLong, "a row of more than \(Limits.documentBytesMax) bytes", line: line))
      case .fields(let cells, let line):
        if !isHeadRead {
          isHeadRead = true
          if readHead(cells) { continue }
        }
        number += 1
        return row(cells, line)
      }
    }
    return nil
  }

  // MARK: Bytes

  private static func utf16(_ piece: [UInt8]) -> Charset? {
    if piece.starts(with: [0xFF, 0xFE]) { return .utf16LittleEndian }
    return piece.starts(with: [0xFE, 0xFF]) ? .utf16BigEndian : nil
  }

  /// Turns whole lines of UTF-16 into UTF-8.
  private mutating func convertLines(isEnd: Bool) {
    guard let (charset, carry) = utf16 else { return }
    let low = charset == .utf16LittleEndian ? 0 : 1
    var end = carry.count
    if !isEnd {
      end -= end % 2
      while end > 0, !(carry[end - 2 + low] == 0x0A && carry[end - 1 - low] == 0) { end -= 2 }
    }
    guard end > 0 else { return }
    utf16?.carry = Array(carry[end...])
    let mark: [UInt8] = low == 0 ? [0xFF, 0xFE] : [0xFE, 0xFF]
    scan(TextEncoding.decodeLeniently(mark + carry[..<end]).text)
  }

  private mutating func scan(_ piece: [UInt8]) {
    if charset == nil { sample = piece }
    guard scanner == nil else {
      scanner?.append(piece)
      takeRecords()
      return
    }
    head.append(contentsOf: piece)
    if head.contains(0x0A) || head.count > Self.headBytesMax { begin() }
  }

  private mutating func begin() {
    var bytes = head[...]
    head = []
    while bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    var delimiter = Self.delimiter(of: bytes)
    // A line that spreadsheets write and read.
    if bytes.starts(with: "sep=".utf8), bytes.count > 4, let end = bytes.firstIndex(of: 0x0A) {
      delimiter = bytes[bytes.startIndex + 4]
      bytes = bytes[(end + 1)...]
    }
    scanner = CSVScanner(delimiter: delimiter)
    scanner?.append(bytes)
    takeRecords()
  }

  private mutating func takeRecords() {
    waiting = (scanner?.takeRecords() ?? []).reversed() + waiting
  }

  /// The delimiter that stands most often outside of quotes in the first line that has one.
  static func delimiter(of bytes: ArraySlice<UInt8>) -> UInt8 {
    var counts = [Int](repeating: 0, count: delimiters.count)
    var isQuoted = false
    for byte in bytes.prefix(headBytesMax) {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if isQuoted { continue }
      if byte == 0x0A, counts.contains(where: { $0 > 0 }) { break }
      if let place = delimiters.firstIndex(of: byte) { counts[place] += 1 }
    }
    let most = counts.max() ?? 0
    return most == 0 ? delimiters[0] : delimiters[counts.firstIndex(of: most) ?? 0]
  }

  // MARK: Rows

  /// Takes a first row as names of columns; false where it is a row like the others.
  private mutating func readHead(_ cells: [[UInt8]]) -> Bool {
    let texts = cells.map { HTMLMetadata.line(text($0)) }
    let isHead = columns.knows(texts) || texts.allSatisfy { $0.utf8.count <= 64 && Double($0) == nil && DateText.iso($0) == nil }
    fields = columns.fields(of: isHead ? texts : texts.map { _ in "" }, textFields: textFields)
    // Members of the document that are not a column's.
    var seen: Set<String> = ["id", "title", "body", "date", "url", "lang", "date_text", "column_id"]
    seen.formUnion(fields.compactMap { $0 } + textFields)
    names = texts.enumerated().map { place, text in
      var name = isHead && !text.isEmpty ? text : "column\(place + 1)"
      while !seen.insert(name).inserted { name += "_\(place + 1)" }
      return name
    }
    areAllText = !fields.contains { field in field.map { $0 == "body" || textFields.contains($0) && $0 != "title" } ?? false }
    return isHead
  }

  private mutating func row(_ cells: [[UInt8]], _ line: Int) -> Item {
    var document = Document(id: "\(path)#\(number)")
    var byteCount = 0
    for (place, cell) in cells.enumerated() where !cell.isEmpty {
      byteCount += cell.count
      let text = text(cell)
      let field = place < fields.count ? fields[place] : nil
      let name = place < names.count ? names[place] : "cell\(place + 1)"
      switch field {
      case "id":
        let id = HTMLMetadata.line(text)
        if !id.isEmpty, id.utf8.count <= Limits.documentIDBytesMax, !id.utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) {
          document.id = id
        } else {
          document.append("column_id", text: text)
        }
      case "date":
        document.date = DateText.iso(text)
        if document.date == nil { document.append("date_text", text: text) }
      case "title", "body": document.texts.append(Document.TextValue(field: field ?? "body", text: [UInt8](text.utf8)))
      case let field? where textFields.contains(field):
        document.texts.append(Document.TextValue(field: field, text: [UInt8](text.utf8)))
      case let field?: document.append(field, text: text)
      case nil:
        if areAllText { document.texts.append(Document.TextValue(field: "body", text: [UInt8](text.utf8))) }
        // Names of columns are told apart when the head is read, so none is looked for.
        document.extras.append(Document.Extra(name: name, json: Document.json(value: text)))
      }
    }
    return .document(document, line: line, byteCount: byteCount + 64)
  }

  private mutating func text(_ cell: [UInt8]) -> String {
    if let text = String(validating: cell, as: UTF8.self) { return text }
    if charset == nil {
      charset = EncodingGuess.charset(of: sample)
      sample = []
    }
    return String(decoding: TextEncoding.decodeLeniently(cell, declared: charset).text, as: UTF8.self)
  }
}
