/// What can be wrong with the bytes of a posting list. Always the data's fault; the segment is corrupt.
public enum PostingError: UInt8, Error, Equatable, Sendable {
  /// A dictionary payload that does not parse or contradicts itself.
  case payload = 1
  /// A header, skip entry or directory that lies outside the segment or contradicts the dictionary.
  case header
  /// A block that lies outside the segment, has an impossible width, or does not end where its skip entry says.
  case block
  /// Positions that are not there or do not ascend.
  case positions
}
