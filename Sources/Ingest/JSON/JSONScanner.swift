/// Walks over one JSON text (RFC 8259) in bytes, decoding the strings that are wanted and stepping over the rest.
///
/// It exists beside Foundation for two reasons: what is not indexed is kept *verbatim*, which needs the byte range of a
/// value and not its decoded form; and it is several times faster (figures in this module's chapter). The bytes must be
/// valid UTF-8 already; the scanner never looks inside a character.
///
/// Every method leaves `offset` behind what it read, or throws and leaves it anywhere.
public struct JSONScanner: Sendable {
  /// Brackets inside one another. Deeper input is hostile, and each level costs stack.
  public static let depthMax = 64

  public let bytes: [UInt8]
  public private(set) var offset: Int

  public init(_ bytes: [UInt8], at offset: Int = 0) {
    self.bytes = bytes
    self.offset = offset
  }

  /// The next byte that is not blank, without taking it; nil at the end.
  public mutating func peek() -> UInt8? {
    while offset < bytes.count {
      let byte = bytes[offset]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
      offset += 1
    }
    return nil
  }

  /// The byte at `offset`, blank or not; nil at the end.
  func peekHere() -> UInt8? { offset < bytes.count ? bytes[offset] : nil }

  /// Takes one byte, which the caller has seen.
  mutating func advance() { offset += 1 }

  /// Takes `byte` if it comes next after blanks.
  public mutating func take(_ byte: UInt8) -> Bool {
    guard peek() == byte else { return false }
    offset += 1
    return true
  }

  /// Takes `byte` after blanks, or throws naming `expected`.
  public mutating func require(_ byte: UInt8, _ expected: String) throws(JSONProblem) {
    guard take(byte) else { throw unexpected(expected) }
  }

  /// Throws unless only blanks are left.
  public mutating func requireEnd() throws(JSONProblem) {
    guard peek() == nil else { throw unexpected("the end of the line") }
  }

  /// The problem at the present place.
  public mutating func unexpected(_ expected: String) -> JSONProblem {
    guard let byte = peek() else { return JSONProblem(offset: offset, reason: .unexpectedEnd) }
    return JSONProblem(offset: offset, reason: .unexpected(byte: byte, expected: expected))
  }

  // MARK: Strings

  /// The next value, decoded, which must be a string.
  public mutating func string() throws(JSONProblem) -> [UInt8] {
    try require(UInt8(ascii: "\""), "a string")
    let start = offset
    try skipPlain()
    if bytes[offset] == UInt8(ascii: "\"") {
      offset += 1
      return Array(bytes[start..<offset - 1])
    }
    var decoded = Array(bytes[start..<offset])
    while true {
      // Here stands a backslash: `skipPlain` stops at nothing else but the quote.
      offset += 1
      try decodeEscape(into: &decoded)
      let plain = offset
      try skipPlain()
      decoded.append(contentsOf: bytes[plain..<offset])
      if bytes[offset] == UInt8(ascii: "\"") { break }
    }
    offset += 1
    return decoded
  }

  /// Moves to the next quote or backslash.
  private mutating func skipPlain() throws(JSONProblem) {
    var place = offset
    while place < bytes.count {
      let byte = bytes[place]
      if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
        offset = place
        return
      }
      guard byte >= 0x20 else { throw JSONProblem(offset: place, reason: .controlCharacter(byte: byte)) }
      place += 1
    }
    throw JSONProblem(offset: place, reason: .unexpectedEnd)
  }

  /// Decodes what follows a backslash.
  private mutating func decodeEscape(into decoded: inout [UInt8]) throws(JSONProblem) {
    let backslash = offset - 1
    guard offset < bytes.count else { throw JSONProblem(offset: offset, reason: .unexpectedEnd) }
    let letter = bytes[offset]
    offset += 1
    switch letter {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): decoded.append(letter)
    case UInt8(ascii: "n"): decoded.append(0x0A)
    case UInt8(ascii: "t"): decoded.append(0x09)
    case UInt8(ascii: "r"): decoded.append(0x0D)
    case UInt8(ascii: "b"): decoded.append(0x08)
    case UInt8(ascii: "f"): decoded.append(0x0C)
    case UInt8(ascii: "u"):
      let first = try hexadecimal(backslash)
      guard first & 0xFC00 == 0xD800 else {
        guard let scalar = Unicode.Scalar(first) else { throw JSONProblem(offset: backslash, reason: .loneSurrogate) }
        decoded.append(contentsOf: Character(scalar).utf8)
        return
      }
      guard offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"), bytes[offset + 1] == UInt8(ascii: "u")
      else { throw JSONProblem(offset: backslash, reason: .loneSurrogate) }
      offset += 2
      let second = try hexadecimal(offset - 2)
      guard second & 0xFC00 == 0xDC00,
        let scalar = Unicode.Scalar(0x1_0000 + (first & 0x3FF) << 10 + second & 0x3FF)
      else { throw JSONProblem(offset: backslash, reason: .loneSurrogate) }
      decoded.append(contentsOf: Character(scalar).utf8)
    default: throw JSONProblem(offset: backslash, reason: .badEscape)
    }
  }

  /// Four hexadecimal digits of the escape that begins at `backslash`.
  private mutating func hexadecimal(_ backslash: Int) throws(JSONProblem) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard offset < bytes.count else { throw JSONProblem(offset: offset, reason: .unexpectedEnd) }
      guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
        throw JSONProblem(offset: backslash, reason: .badEscape)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }
}
