internal import Base

/// A document that was checked and waits for the commit, which analyses it. An object, so that a batch is put in order and
/// handed to threads without copies of all that a document has.
final class PendingDocument: Sendable {
  let document: Document
  let fields: [FieldID]
  /// Seconds since 1970, `Int64.min` for none.
  let date: Int64
  let fieldValues: FieldValues
  let textBytes: Int

  init(document: Document, fields: [FieldID], date: Int64, fieldValues: FieldValues, textBytes: Int) {
    self.document = document
    self.fields = fields
    self.date = date
    self.fieldValues = fieldValues
    self.textBytes = textBytes
  }
}

/// What a batch puts, in order. Documents are analysed all at once by the commit, on as many cores as there are, and
/// those that the same batch replaces or deletes again are not analysed at all.
struct PendingDocuments {
  /// By place; nil for what is gone.
  private(set) var all: [PendingDocument?] = []
  private var places: [String: Int] = [:]

  /// Whether a document is left.
  var isEmpty: Bool { places.isEmpty }

  mutating func append(_ document: PendingDocument) {
    places[document.document.id] = all.count
    all.append(document)
  }

  func contains(_ id: String) -> Bool { places[id] != nil }

  /// Takes a document out; false where there is none of this identity.
  mutating func remove(_ id: String) -> Bool {
    guard let place = places.removeValue(forKey: id) else { return false }
    all[place] = nil
    return true
  }

  /// Hands over what waits, by place; nothing waits afterwards.
  mutating func take() -> [PendingDocument?] {
    defer { removeAll() }
    return all
  }

  mutating func removeAll() {
    all.removeAll()
    places.removeAll(keepingCapacity: true)
  }
}
