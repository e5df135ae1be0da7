internal import Base

/// A document that was checked and waits for the commit, which analyses it.
struct PendingDocument: Sendable {
  var document: Document
  var fields: [FieldID]
  /// Seconds since 1970, `Int64.min` for none.
  var date: Int64
  var fieldValues: FieldValues
  var textBytes: Int
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
