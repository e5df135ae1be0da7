/// A document as it is put into the index: its identity, its text in the order it was given, and all else verbatim.
public struct Document: Sendable, Equatable {
  /// One value of one text field. A field may stand several times; no match crosses from one value to the next.
  public struct TextValue: Sendable, Equatable {
    public var field: String
    public var text: [UInt8]

    public init(field: String, text: [UInt8]) {
      self.field = field
      self.text = text
    }
  }

  /// A member of the document that is no text: kept as the JSON it came as, and filtered by where `IndexSchema` names it.
  public struct Extra: Sendable, Equatable {
    public var name: String
    public var json: [UInt8]

    public init(name: String, json: [UInt8]) {
      self.name = name
      self.json = json
    }
  }

  /// Identity, 1 to `Limits.documentIDBytesMax` bytes: putting a known id replaces the document.
  public var id: String
  public var texts: [TextValue]
  /// ISO 8601, as it was written; `CalendarDate` reads it.
  public var date: String?
  public var extras: [Extra]

  public init(id: String, texts: [TextValue] = [], date: String? = nil, extras: [Extra] = []) {
    self.id = id
    self.texts = texts
    self.date = date
    self.extras = extras
  }

  /// A document with the two usual fields.
  public init(id: String, title: String? = nil, body: String, date: String? = nil) {
    self.init(id: id, date: date)
    if let title { texts.append(TextValue(field: "title", text: [UInt8](title.utf8))) }
    texts.append(TextValue(field: "body", text: [UInt8](body.utf8)))
  }
}

/// One change asked of the index.
public enum IndexOperation: Sendable {
  case put(Document)
  case delete(id: String)
  /// A file's documents and its place in the ledger. Ids that others brought are refused.
  case file(FileUpdate)
  /// New facts or another reason for a file whose documents stay as they are.
  case noteFile(FileRecord)
  /// The file is gone, and with it the documents it owns.
  case forgetFile(path: String)
}

/// What became of one operation. All of a batch are durable and searchable when it is reported.
public enum OperationOutcome: Sendable, Equatable {
  case stored
  case replaced
  case deleted
  case notFound
  case refused(Refusal)
  /// What became of a file.
  case file(FileOutcome)

  /// Why a document was not taken; the others of its batch are.
  public enum Refusal: Error, Sendable, Equatable {
    case emptyID
    case idTooLong(bytes: Int)
    case tooManyWords
    case tooLarge(bytes: Int)
    case tooManyFields
    case badDate(String)
    /// A number or date field holds something else.
    case badValue(field: String, expected: String)
    /// A file brings an id that another file or a sender has brought.
    case taken
  }
}
