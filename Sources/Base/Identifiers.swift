/// Number of a document inside one segment, from 0. `DocID.terminated` marks the end of every cursor.
public typealias DocID = UInt32

extension DocID {
  /// What a cursor stands on after its last document. No segment holds a document of this number.
  public static let terminated = DocID.max
}

/// Identity of a segment for the life of an index; never given twice.
public struct SegmentID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public let rawValue: UInt64
  @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
  @inlinable public static func < (a: SegmentID, b: SegmentID) -> Bool { a.rawValue < b.rawValue }
}

/// Number of a field in the index's field table; the table maps it to a name and a kind.
public struct FieldID: RawRepresentable, Hashable, Comparable, Sendable, BitwiseCopyable {
  public let rawValue: UInt8
  @inlinable public init(rawValue: UInt8) { self.rawValue = rawValue }
  @inlinable public static func < (a: FieldID, b: FieldID) -> Bool { a.rawValue < b.rawValue }
}
