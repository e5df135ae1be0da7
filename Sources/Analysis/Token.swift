/// One form standing at one position of a text.
///
/// A word yields one token of kind `.word`; extra forms of the same word (the base of a possessive, an acronym without
/// its dots) follow it directly, with the same position and the same byte range.
public struct Token: Sendable, BitwiseCopyable, Equatable {
  /// Why a form stands at its position.
  public enum Kind: UInt8, Sendable, BitwiseCopyable {
    /// The word as written, folded.
    case word
    /// `iraq` at "Iraq’s", `states` at "states'".
    case possessiveBase
    /// `us` at "U.S.".
    case acronym
  }

  /// Where the form begins in `TokenBatch.formBytes`.
  public var formOffset: UInt32
  /// Number of the word in this text, from 0.
  public var position: UInt32
  /// First byte of the word in the text.
  public var byteStart: UInt32
  /// The byte after the word in the text.
  public var byteEnd: UInt32
  /// Bytes of the form, 1 to `Limits.wordBytesMax`.
  public var formLength: UInt16
  public var kind: Kind

  @inlinable
  public init(
    formOffset: UInt32, formLength: UInt16, kind: Kind, position: UInt32, byteStart: UInt32, byteEnd: UInt32
  ) {
    self.formOffset = formOffset
    self.formLength = formLength
    self.kind = kind
    self.position = position
    self.byteStart = byteStart
    self.byteEnd = byteEnd
  }
}
