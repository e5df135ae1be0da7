internal import Index
internal import NIOHTTP1

extension APIError {
  /// Trouble with the index itself, in words that lead to a remedy.
  init(_ error: IndexError) {
    switch error {
    case .store(let store):
      self.init(
        .insufficientStorage, "store", "the index could not be read or written: \(store)",
        remedy: "what was acknowledged is safe; see that the disk has room, then send the rest again")
    case .corrupt(let segment, let structure, _):
      self.init(
        .internalServerError, "corrupt", "the \(structure.rawValue) of segment \(segment) is damaged",
        remedy: "restore a backup of the index or index the sources again")
    case .formatVersion(let found, let known), .analysisVersion(let found, let known):
      self.init(
        .internalServerError, "version", "the index has version \(found), this program reads version \(known)",
        remedy: "index the sources again into a fresh directory, or use the program that wrote it")
    case .stemming:
      self.init(
        .internalServerError, "stemming", "the index was made with another stemming",
        remedy: "index the sources again into a fresh directory")
    case .fieldKind(let field, let found, let asked):
      self.init(
        .internalServerError, "field-kind", "the index has \(field) as a \(found) field, the configuration as \(asked)",
        remedy: "give the field another name in the configuration, or index the sources again into a fresh directory")
    case .tooManyFields:
      self.init(
        .internalServerError, "too-many-fields", "the index has no room for more keyword, number and date fields",
        remedy: "name fewer of them in the configuration")
    case .readOnly, .closed: self = .stopping
    case .segmentTooLarge:
      self.init(
        .insufficientStorage, "segment-too-large", "a part of the index has outgrown its format",
        remedy: "split the archive over two indexes")
    }
  }
}
