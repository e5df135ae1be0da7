internal import Foundation
internal import Index

/// The archive that ships with the repository: real news, a few hundred articles.
enum Archive {
  static func documents(root: String) throws -> [Document] {
    let folder = "\(root)/config/archive"
    let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    var documents: [Document] = []
    for name in names where name.hasSuffix(".jsonl") || name.hasSuffix(".jsonl.gz") {
      var file = try JSONLinesFile(path: "\(folder)/\(name)")
      while let document = try file.next() { documents.append(document) }
    }
    guard !documents.isEmpty else { throw CorpusProblem("\(folder) holds no JSON Lines") }
    return documents
  }
}
