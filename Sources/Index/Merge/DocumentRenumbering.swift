internal import Base

/// Where the live documents of the sources of a merge go.
struct DocumentRenumbering {
  /// For each source the new number of each of its documents, `DocID.terminated` for those left out.
  private(set) var maps: [[DocID]]
  let documentCount: Int
  /// Whether documents keep their order, those of the first source first.
  private(set) var keepsOrder = true

  /// The documents in the order they have.
  init(_ sources: [Segment]) {
    var next: DocID = 0
    maps = sources.map { segment in
      (0..<DocID(segment.documentCount)).map { document in
        if segment.isDeleted(document) { return .terminated }
        defer { next += 1 }
        return next
      }
    }
    documentCount = Int(next)
  }

  /// Puts the documents into another order.
  /// - Parameter order: For each place the number that the document there has had until now.
  mutating func reorder(_ order: [DocID]) {
    precondition(order.count == documentCount, "an order of all documents")
    var places = [DocID](repeating: 0, count: documentCount)
    for (place, document) in order.enumerated() { places[Int(document)] = DocID(place) }
    for source in maps.indices {
      for document in maps[source].indices where maps[source][document] != .terminated {
        maps[source][document] = places[Int(maps[source][document])]
      }
    }
    keepsOrder = false
  }

  /// Source and number there of each document, in the new order.
  func origins() -> [(source: UInt16, document: DocID)] {
    var origins = [(source: UInt16, document: DocID)](repeating: (0, 0), count: documentCount)
    for (source, map) in maps.enumerated() {
      for (document, new) in map.enumerated() where new != .terminated {
        origins[Int(new)] = (UInt16(source), DocID(document))
      }
    }
    return origins
  }
}
