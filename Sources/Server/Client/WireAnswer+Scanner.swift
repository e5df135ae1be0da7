internal import Ingest

/// Reads results of an answer without Foundation's decoder: a client that prints a million hits is as slow as this.
/// Members that are not known are stepped over.
extension WireAnswer.Document {
  /// - Throws: what is wrong with the JSON, or which member is not what it should be.
  init(json: [UInt8]) throws(JSONProblem) {
    var scanner = JSONScanner(json)
    try self.init(&scanner)
    try scanner.requireEnd()
  }

  private init(_ scanner: inout JSONScanner) throws(JSONProblem) {
    id = ""
    score = 0
    hits = []
    try scanner.members { (name, scanner) throws(JSONProblem) in
      switch name {
      case "id": id = try scanner.text()
      case "score": score = try scanner.decimal()
      case "title": title = try scanner.text()
      case "date": date = try scanner.text()
      case "hit_count": hitCount = try scanner.integer()
      case "copies": copies = try scanner.integer()
      case "first_date": firstDate = try scanner.text()
      case "hits":
        try scanner.elements { (scanner) throws(JSONProblem) in hits.append(try WireAnswer.Hit(&scanner)) }
      case "explanation" where scanner.peek() == UInt8(ascii: "\""):
        explanation = WireAnswer.Explanation(text: try scanner.text())
      default: _ = try scanner.skipValue()
      }
    }
  }
}

extension WireAnswer.Hit {
  fileprivate init(_ scanner: inout JSONScanner) throws(JSONProblem) {
    (field, left, match, right) = ("", "", "", "")
    (lo, hi) = (0, 0)
    (bytes, words) = ([], [])
    try scanner.members { (name, scanner) throws(JSONProblem) in
      switch name {
      case "field": field = try scanner.text()
      case "lo": lo = try scanner.integer()
      case "hi": hi = try scanner.integer()
      case "bytes": bytes = try scanner.integers()
      case "words":
        try scanner.elements { (scanner) throws(JSONProblem) in words.append(try WireAnswer.Word(&scanner)) }
      case "left": left = try scanner.text()
      case "match": match = try scanner.text()
      case "right": right = try scanner.text()
      default: _ = try scanner.skipValue()
      }
    }
  }
}

extension WireAnswer.Word {
  fileprivate init(_ scanner: inout JSONScanner) throws(JSONProblem) {
    form = ""
    position = 0
    bytes = []
    try scanner.members { (name, scanner) throws(JSONProblem) in
      switch name {
      case "form": form = try scanner.text()
      case "position": position = try scanner.integer()
      case "bytes": bytes = try scanner.integers()
      default: _ = try scanner.skipValue()
      }
    }
  }
}

extension JSONScanner {
  /// Calls `visit` behind the colon of each member; it takes the value.
  fileprivate mutating func members(
    _ visit: (String, inout JSONScanner) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    try require(UInt8(ascii: "{"), "an object")
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let name = try text()
      try require(UInt8(ascii: ":"), "a colon")
      try visit(name, &self)
    } while take(UInt8(ascii: ","))
    try require(UInt8(ascii: "}"), "a comma or '}'")
  }

  /// Calls `visit` before each element; it takes the element.
  fileprivate mutating func elements(
    _ visit: (inout JSONScanner) throws(JSONProblem) -> Void
  ) throws(JSONProblem) {
    try require(UInt8(ascii: "["), "an array")
    if take(UInt8(ascii: "]")) { return }
    repeat { try visit(&self) } while take(UInt8(ascii: ","))
    try require(UInt8(ascii: "]"), "a comma or ']'")
  }

  fileprivate mutating func text() throws(JSONProblem) -> String { String(decoding: try string(), as: UTF8.self) }

  fileprivate mutating func integers() throws(JSONProblem) -> [Int] {
    var numbers: [Int] = []
    try elements { (scanner) throws(JSONProblem) in numbers.append(try scanner.integer()) }
    return numbers
  }

  fileprivate mutating func integer() throws(JSONProblem) -> Int {
    guard let value = Int(try number()) else { throw unexpected("a whole number") }
    return value
  }

  fileprivate mutating func decimal() throws(JSONProblem) -> Double {
    guard let value = Double(try number()) else { throw unexpected("a number") }
    return value
  }

  private mutating func number() throws(JSONProblem) -> String { String(decoding: bytes[try skipValue()], as: UTF8.self) }
}
