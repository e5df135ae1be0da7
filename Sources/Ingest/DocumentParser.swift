public import Index

/// Reads one JSON object into a `Document`: `id`, `date`, the text fields, and everything else verbatim.
///
/// A text field may be a string, an array of strings (several values of the field) or null (absent). Names are compared
/// after decoding, so `"\u0069d"` is `id`. Sizes and dates are the index's business: it refuses what it cannot hold.
public struct DocumentParser: Sendable {
  /// Names of the fields that are searched.
  public let textFields: [String]
  private let textFieldNames: [[UInt8]]
  private let wantedNames: [[UInt8]]

  private static let idName = [UInt8]("id".utf8)
  private static let dateName = [UInt8]("date".utf8)

  public init(textFields: [String] = ["title", "body"]) {
    self.textFields = textFields
    textFieldNames = textFields.map { [UInt8]($0.utf8) }
    wantedNames = [Self.idName, Self.dateName] + textFieldNames
  }

  /// The document that `line` holds. `fallbackID` stands in when it has no `id` of its own.
  ///
  /// - Complexity: two passes over the line: validation as UTF-8, then JSON.
  public func parse(_ line: [UInt8], fallbackID: String? = nil) throws(LineProblem) -> Document {
    try UTF8Check.require(line)
    let object: JSONObject?
    do throws(JSONProblem) {
      object = try JSONObject(line, decoding: wantedNames)
    } catch {
      throw LineProblem(
        .malformedJSON, "not valid JSON at column \(error.offset + 1): \(error.message)", column: error.offset + 1)
    }
    guard let object else {
      throw LineProblem(.notAnObject, "a document is a JSON object: {\"id\": …, \"body\": …}")
    }
    return try document(object, line, fallbackID: fallbackID)
  }

  private func document(
    _ object: JSONObject, _ line: [UInt8], fallbackID: String?
  ) throws(LineProblem) -> Document {
    let id = try identity(object) ?? fallbackID
    guard let id else {
      throw LineProblem(.missingID, "no \"id\": every document needs one, since adding a known id replaces the document")
    }
    var document = Document(id: id)
    var seen: [[UInt8]] = []
    for member in object.members {
      if wantedNames.contains(member.name) {
        guard !seen.contains(member.name) else {
          throw problem(.duplicateField, "stands twice in this object; keep one", member, id)
        }
        seen.append(member.name)
      }
      if member.name == Self.idName { continue }
      if member.name == Self.dateName {
        document.date = try date(member, id)
      } else if let field = textFieldNames.firstIndex(of: member.name) {
        try appendText(member, textFields[field], to: &document)
      } else {
        let name = String(decoding: member.name, as: UTF8.self)
        document.extras.append(Document.Extra(name: name, json: [UInt8](line[member.range])))
      }
    }
    return document
  }

  /// The id of the object; nil when it has none. Read first, so that every other problem can name the document.
  private func identity(_ object: JSONObject) throws(LineProblem) -> String? {
    guard let member = object.members.first(where: { $0.name == Self.idName }) else { return nil }
    guard case .string(let bytes) = member.value else {
      throw problem(.wrongType, "must be a string in quotes", member, nil)
    }
    guard !bytes.isEmpty else {
      throw problem(.missingID, "is empty: every document needs an id of its own", member, nil)
    }
    guard !bytes.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
      throw problem(.badID, "holds a control character (a tab, a line break, NUL), which no list of ids can show", member, nil)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func date(_ member: JSONObject.Member, _ id: String) throws(LineProblem) -> String? {
    switch member.value {
    case .string(let bytes): return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    case .null: return nil
    case .strings, .other: throw problem(.wrongType, "must be a string such as \"2016-10-28\"", member, id)
    }
  }

  private func appendText(
    _ member: JSONObject.Member, _ field: String, to document: inout Document
  ) throws(LineProblem) {
    switch member.value {
    case .string(let text): document.texts.append(Document.TextValue(field: field, text: text))
    case .strings(let texts):
      document.texts.append(contentsOf: texts.map { Document.TextValue(field: field, text: $0) })
    case .null: break
    case .other: throw problem(.wrongType, "must be a string or an array of strings", member, document.id)
    }
  }

  private func problem(
    _ code: LineProblem.Code, _ message: String, _ member: JSONObject.Member, _ id: String?
  ) -> LineProblem {
    let column = member.range.lowerBound + 1
    let name = String(decoding: member.name, as: UTF8.self)
    return LineProblem(code, "\"\(name)\" at column \(column) \(message)", column: column, id: id)
  }
}
