/// Which entries below a watched folder are read, which are not, and why not.
public struct PathRules: Sendable, Equatable {
  /// Files that fit none of these are skipped; empty for all.
  public var include: [GlobPattern]
  /// Files and folders that fit one of these are skipped; such a folder is not entered.
  public var exclude: [GlobPattern]
  /// Symbolic links stand for what they point to.
  public var followsLinks: Bool

  public init(include: [GlobPattern] = [], exclude: [GlobPattern] = [], followsLinks: Bool = false) {
    self.include = include
    self.exclude = exclude
    self.followsLinks = followsLinks
  }

  /// Why an entry is not read, as the ledger has it.
  public struct Skip: Equatable, Sendable {
    public let code: String
    public let reason: String
  }

  /// Whether a folder is not entered. `path` is below the watched folder.
  public func skipOfFolder(_ path: String) -> Skip? { hidden(path, "folder") ?? excluded(path) }

  /// Whether a file is not read, judged by its name.
  public func skipOfFile(_ path: String) -> Skip? {
    if let skip = hidden(path, "file") ?? excluded(path) { return skip }
    if !include.isEmpty, !include.contains(where: { $0.matches(path) }) {
      return Skip(code: "not-included", reason: "fits no pattern of include in the configuration")
    }
    if SourceFormat(path: path) == nil {
      return Skip(code: "unknown-format", reason: "no format that is read has a name like this: \(SourceFormat.endings)")
    }
    return nil
  }

  private func excluded(_ path: String) -> Skip? {
    guard let pattern = exclude.first(where: { $0.matches(path) }) else { return nil }
    return Skip(code: "excluded", reason: "fits \(pattern.text) of exclude in the configuration")
  }

  private func hidden(_ path: String, _ what: String) -> Skip? {
    let name = path.utf8.lastIndex(of: UInt8(ascii: "/")).map { path.utf8[path.utf8.index(after: $0)...] } ?? path.utf8[...]
    return name.first == UInt8(ascii: ".") ? Skip(code: "hidden", reason: "a hidden \(what): its name begins with a full stop") : nil
  }
}
