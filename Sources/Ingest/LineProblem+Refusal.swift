internal import Base
public import Index

extension LineProblem {
  /// The index's own refusal of a document that was readable, in the words of a line's answer.
  public init(_ refusal: OperationOutcome.Refusal, line: Int = 0, id: String) {
    let (code, message) = Self.explain(refusal)
    // An id above the limit is not repeated: it may be as long as the line.
    if case .idTooLong = refusal {
      self.init(code, message, line: line)
    } else {
      self.init(code, message, line: line, id: id)
    }
  }

  private static func explain(_ refusal: OperationOutcome.Refusal) -> (Code, String) {
    switch refusal {
    case .emptyID: (.missingID, "\"id\" is empty: every document needs an id of its own")
    case .idTooLong(let bytes):
      (.longID, "the id has \(bytes) bytes, at most \(Limits.documentIDBytesMax) are taken")
    case .tooManyWords:
      (.tooManyWords, "more than \(Limits.wordsPerDocumentMax) words in one document; split it")
    case .tooLarge(let bytes):
      (.tooLong, "the document has \(bytes) bytes, at most \(Limits.documentBytesMax) are taken; split it")
    case .tooManyFields: (.tooManyFields, "more than \(Limits.fieldsMax) fields in the index; see text_fields in the configuration")
    case .badDate(let date):
      (.badDate, "\"\(date.prefix(64))\" is no ISO 8601 date; write 2016, 2016-10, 2016-10-28 or 2016-10-28T14:05:09Z")
    case .taken: (.idTaken, "another file or sender has brought this id; the later one is refused")
    case .badValue(let field, let expected):
      (.wrongType, "\"\(field)\" must be \(expected), an array of such, or null")
    }
  }
}
