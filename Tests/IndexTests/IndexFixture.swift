import Base
import Index
import TestSupport

/// An index in a directory that goes with the test, and what is asked of it again and again.
struct IndexFixture {
  let directory: TemporaryDirectory
  var index: Index

  init(_ change: (inout IndexOptions) -> Void = { _ in }) throws {
    directory = try TemporaryDirectory("kwic-index")
    index = try Self.open(directory, change)
  }

  static func open(_ directory: TemporaryDirectory, _ change: (inout IndexOptions) -> Void = { _ in }) throws -> Index {
    var options = IndexOptions()
    options.mergesInBackground = false
    change(&options)
    return try Index.open(directory: directory.path("index"), options: options)
  }

  mutating func reopen(_ change: (inout IndexOptions) -> Void = { _ in }) throws {
    index.close()
    index = try Self.open(directory, change)
  }

  @discardableResult
  func put(_ id: String, _ body: String, title: String? = nil, date: String? = nil) throws -> OperationOutcome {
    try index.apply([.put(Document(id: id, title: title, body: body, date: date))])[0]
  }
}

extension Snapshot {
  /// Identities of all live documents.
  func identities() throws -> Set<String> {
    var found: Set<String> = []
    for segment in segments {
      for document in 0..<DocID(segment.documentCount) where !segment.isDeleted(document) {
        let (isNew, _) = found.insert(try segment.identifier(document))
        precondition(isNew, "one live document an identity")
      }
    }
    return found
  }

  /// Body of the live document with this identity.
  func body(of id: String) throws -> String? {
    guard let (segment, document) = try locate(id: id) else { return nil }
    return try segment.storedDocument(document).text(of: "body").map { String(decoding: $0, as: UTF8.self) }
  }

  /// Identities of live documents that hold an exact form.
  func identities(holding form: String) throws -> Set<String> {
    var found: Set<String> = []
    for segment in segments {
      guard let list = try segment.lookup([UInt8](form.utf8)) else { continue }
      for document in try segment.documents(of: list) where !segment.isDeleted(document) {
        found.insert(try segment.identifier(document))
      }
    }
    return found
  }
}
