/// The members of one JSON object, in their order: those that were asked for decoded, all with their verbatim bytes.
public struct JSONObject: Sendable {
  public enum Value: Equatable, Sendable {
    case string([UInt8])
    /// An array of nothing but strings; the empty array too.
    case strings([[UInt8]])
    case null
    /// Anything else, or a member that was not asked for.
    case other
  }

  public struct Member: Sendable {
    /// The name, decoded.
    public let name: [UInt8]
    public let value: Value
    /// Where the value stands in the bytes of the object.
    public let range: Range<Int>
  }

  public let members: [Member]

  /// Reads `bytes`, which must be valid UTF-8 and hold one value; nil when that value is not an object.
  ///
  /// - Complexity: one pass over the bytes.
  public init?(_ bytes: [UInt8], decoding wanted: [[UInt8]]) throws(JSONProblem) {
    var scanner = JSONScanner(bytes)
    guard scanner.peek() == UInt8(ascii: "{") else {
      _ = try scanner.skipValue()
      try scanner.requireEnd()
      return nil
    }
    scanner.advance()
    var members: [Member] = []
    if !scanner.take(UInt8(ascii: "}")) {
      repeat {
        guard scanner.peek() == UInt8(ascii: "\"") else { throw scanner.unexpected("a name in quotes") }
        let name = try scanner.string()
        try scanner.require(UInt8(ascii: ":"), "a colon")
        members.append(try Self.member(name, isWanted: wanted.contains(name), &scanner))
      } while scanner.take(UInt8(ascii: ","))
      try scanner.require(UInt8(ascii: "}"), "a comma or '}'")
    }
    try scanner.requireEnd()
    self.members = members
  }

  private static func member(
    _ name: [UInt8], isWanted: Bool, _ scanner: inout JSONScanner
  ) throws(JSONProblem) -> Member {
    let first = scanner.peek()
    let start = scanner.offset
    if isWanted, first == UInt8(ascii: "\"") {
      let string = try scanner.string()
      return Member(name: name, value: .string(string), range: start..<scanner.offset)
    }
    let range = try scanner.skipValue()
    guard isWanted else { return Member(name: name, value: .other, range: range) }
    switch first {
    case UInt8(ascii: "n"): return Member(name: name, value: .null, range: range)
    case UInt8(ascii: "["):
      // The array was checked as a whole above; now its strings, if it holds nothing else.
      var elements = JSONScanner(scanner.bytes, at: start)
      return Member(name: name, value: try elements.strings().map(Value.strings) ?? .other, range: range)
    default: return Member(name: name, value: .other, range: range)
    }
  }
}

extension JSONScanner {
  /// The array that comes next, decoded, when it holds nothing but strings; nil when it holds anything else.
  mutating func strings() throws(JSONProblem) -> [[UInt8]]? {
    try require(UInt8(ascii: "["), "an array")
    var strings: [[UInt8]] = []
    if take(UInt8(ascii: "]")) { return strings }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { return nil }
      strings.append(try string())
    } while take(UInt8(ascii: ","))
    try require(UInt8(ascii: "]"), "a comma or ']'")
    return strings
  }
}
