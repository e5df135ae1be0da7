/// A named table of an environment: one B-tree of byte-string keys in byte order.
///
/// The owner of the format gives the names; an environment is opened with all of its tables and refuses others.
public struct Table: Hashable, Sendable {
  public let name: String
  public init(_ name: String) { self.name = name }

  /// Where extents live, under `ExtentKey`. Every environment has it.
  public static let extents = Table("extents")

  /// Longest key that LMDB takes.
  public static let keyBytesMax = 511
}
