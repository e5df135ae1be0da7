/// Why bytes are not JSON, and where.
public struct JSONProblem: Error, Equatable, Sendable {
  public enum Reason: Equatable, Sendable {
    /// The bytes end inside a value.
    case unexpectedEnd
    /// Another byte than the grammar allows; `expected` names what would have been right.
    case unexpected(byte: UInt8, expected: String)
    /// A byte below 0x20 inside a string, which JSON wants escaped; NUL is one of them.
    case controlCharacter(byte: UInt8)
    /// `\` followed by something that is no escape, or four digits that are not hexadecimal.
    case badEscape
    /// Half of a surrogate pair: it stands for no character and has no UTF-8.
    case loneSurrogate
    /// More brackets inside one another than `JSONScanner.depthMax`.
    case tooDeep
  }

  /// Bytes before the offending one.
  public let offset: Int
  public let reason: Reason

  /// One clause, without the place: "expected a colon, found ’}’".
  public var message: String {
    switch reason {
    case .unexpectedEnd: "the JSON ends too early"
    case .unexpected(let byte, let expected): "expected \(expected), found \(Self.name(byte))"
    case .controlCharacter(0): "a NUL byte inside a string (JSON writes it \\u0000)"
    case .controlCharacter(let byte): "the control character \(Self.name(byte)) inside a string (JSON wants it escaped)"
    case .badEscape: "an escape that JSON does not have"
    case .loneSurrogate: "half of a surrogate pair, which stands for no character"
    case .tooDeep: "more than \(JSONScanner.depthMax) brackets inside one another"
    }
  }

  private static func name(_ byte: UInt8) -> String {
    if byte == 0 { return "a NUL byte" }
    guard byte > 0x20, byte < 0x7F else {
      let digits = String(byte, radix: 16, uppercase: true)
      return "0x" + (digits.utf8.count < 2 ? "0" : "") + digits
    }
    return "'\(Character(Unicode.Scalar(byte)))'"
  }
}
