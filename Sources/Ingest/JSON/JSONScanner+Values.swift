extension JSONScanner {
  /// Steps over one value of any kind, checking it wholly, and answers the bytes it took (blanks around it left out).
  ///
  /// - Complexity: one pass over the value; strings are checked, not decoded.
  public mutating func skipValue() throws(JSONProblem) -> Range<Int> {
    guard peek() != nil else { throw unexpected("a value") }
    let start = offset
    try skipValue(depth: 1)
    return start..<offset
  }

  private mutating func skipValue(depth: Int) throws(JSONProblem) {
    switch peek() {
    case UInt8(ascii: "\""): _ = try string()
    case UInt8(ascii: "{"): try skipMembers(depth: depth)
    case UInt8(ascii: "["): try skipElements(depth: depth)
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    case UInt8(ascii: "-"): try skipNumber()
    case .some(let byte) where Self.isDigit(byte): try skipNumber()
    default: throw unexpected("a value")
    }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

  private mutating func skipMembers(depth: Int) throws(JSONProblem) {
    guard depth < Self.depthMax else { throw JSONProblem(offset: offset, reason: .tooDeep) }
    try require(UInt8(ascii: "{"), "an object")
    if take(UInt8(ascii: "}")) { return }
    repeat {
      guard peek() == UInt8(ascii: "\"") else { throw unexpected("a name in quotes") }
      _ = try string()
      try require(UInt8(ascii: ":"), "a colon")
      try skipValue(depth: depth + 1)
    } while take(UInt8(ascii: ","))
    try require(UInt8(ascii: "}"), "a comma or '}'")
  }

  private mutating func skipElements(depth: Int) throws(JSONProblem) {
    guard depth < Self.depthMax else { throw JSONProblem(offset: offset, reason: .tooDeep) }
    try require(UInt8(ascii: "["), "an array")
    if take(UInt8(ascii: "]")) { return }
    repeat { try skipValue(depth: depth + 1) } while take(UInt8(ascii: ","))
    try require(UInt8(ascii: "]"), "a comma or ']'")
  }

  private mutating func skipWord(_ word: StaticString) throws(JSONProblem) {
    for expected in word.description.utf8 {
      guard let byte = peekHere() else { throw JSONProblem(offset: offset, reason: .unexpectedEnd) }
      guard byte == expected else {
        throw JSONProblem(offset: offset, reason: .unexpected(byte: byte, expected: "'\(word)'"))
      }
      advance()
    }
  }

  /// `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
  private mutating func skipNumber() throws(JSONProblem) {
    if peekHere() == UInt8(ascii: "-") { advance() }
    if peekHere() == UInt8(ascii: "0") { advance() } else { try skipDigits() }
    if peekHere() == UInt8(ascii: ".") {
      advance()
      try skipDigits()
    }
    if let byte = peekHere(), byte | 0x20 == UInt8(ascii: "e") {
      advance()
      if let sign = peekHere(), sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { advance() }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(JSONProblem) {
    let start = offset
    while let byte = peekHere(), Self.isDigit(byte) { advance() }
    guard offset > start else {
      guard let byte = peekHere() else { throw JSONProblem(offset: offset, reason: .unexpectedEnd) }
      throw JSONProblem(offset: offset, reason: .unexpected(byte: byte, expected: "a digit"))
    }
  }
}
