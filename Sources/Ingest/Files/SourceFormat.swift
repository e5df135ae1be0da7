/// What a file holds, as its name says.
public enum SourceFormat: Equatable, Sendable {
  /// One document: text or Markdown.
  case text
  /// One JSON object, or an array of them.
  case json
  /// One JSON object a line.
  case jsonLines

  /// What names of files that are read end in, for messages.
  static let endings = ".txt .md .json .jsonl, with .gz behind or not"

  /// The format of a file of this name, `.gz` behind the ending or not; nil for names that are not read.
  public init?(path: String) {
    let name = path.hasSuffix(".gz") ? path.dropLast(3) : path[...]
    if name.hasSuffix(".txt") || name.hasSuffix(".md") {
      self = .text
    } else if name.hasSuffix(".json") {
      self = .json
    } else if name.hasSuffix(".jsonl") {
      self = .jsonLines
    } else {
      return nil
    }
  }
}
