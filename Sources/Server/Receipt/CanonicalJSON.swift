internal import Ingest

/// The one form of a JSON value (RFC 8785, JSON Canonicalization Scheme): no blanks, members in the order of their
/// names' UTF-16 code units, strings with the fewest escapes.
///
/// Numbers are whole and below 2^53: others have no form here and are refused, as is a name that stands twice.
enum CanonicalJSON {
  /// Why a text has no canonical form.
  enum Problem: Error, Equatable {
    case malformed(JSONProblem)
    case notUTF8
    case number
    case nameTwice(String)
    case tooDeep
  }

  private static let depthMax = 32
  private static let integerMax = 1 << 53

  /// A member of an object in canonical form.
  struct Member {
    let name: String
    let value: [UInt8]
  }

  /// The members of an object, in canonical order.
  static func members(_ json: [UInt8]) throws(Problem) -> [Member] {
    guard String(validating: json, as: UTF8.self) != nil else { throw .notUTF8 }
    var scanner = JSONScanner(json)
    do {
      let members = try members(&scanner, depth: 1)
      try scanner.requireEnd()
      return members
    } catch let problem as JSONProblem {
      throw .malformed(problem)
    } catch let problem as Problem {
      throw problem
    } catch {
      preconditionFailure("only these two are thrown")
    }
  }

  /// An object of members in canonical form.
  static func object(_ members: [Member]) -> [UInt8] {
    var bytes: [UInt8] = [UInt8(ascii: "{")]
    for (place, member) in members.enumerated() {
      if place > 0 { bytes.append(UInt8(ascii: ",")) }
      append(member.name, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes += member.value
    }
    return bytes + [UInt8(ascii: "}")]
  }

  private static func members(_ scanner: inout JSONScanner, depth: Int) throws -> [Member] {
    guard depth < depthMax else { throw Problem.tooDeep }
    try scanner.require(UInt8(ascii: "{"), "an object")
    var members: [Member] = []
    var names: Set<String> = []
    if scanner.take(UInt8(ascii: "}")) { return members }
    repeat {
      let name = String(decoding: try scanner.string(), as: UTF8.self)
      // Compared as bytes: Swift's own equality would take é for e and an accent.
      guard names.insert(name.utf8.map { String($0) }.joined(separator: " ")).inserted else {
        throw Problem.nameTwice(name)
      }
      try scanner.require(UInt8(ascii: ":"), "a colon")
      members.append(Member(name: name, value: try value(&scanner, depth: depth + 1)))
    } while scanner.take(UInt8(ascii: ","))
    try scanner.require(UInt8(ascii: "}"), "a comma or '}'")
    return members.sorted { $0.name.utf16.lexicographicallyPrecedes($1.name.utf16) }
  }

  private static func value(_ scanner: inout JSONScanner, depth: Int) throws -> [UInt8] {
    switch scanner.peek() {
    case UInt8(ascii: "{"): return object(try members(&scanner, depth: depth))
    case UInt8(ascii: "["): return try array(&scanner, depth: depth)
    case UInt8(ascii: "\""):
      var bytes: [UInt8] = []
      append(String(decoding: try scanner.string(), as: UTF8.self), to: &bytes)
      return bytes
    default:
      let range = try scanner.skipValue()
      let text = Array(scanner.bytes[range])
      guard let first = text.first, first == UInt8(ascii: "-") || first <= UInt8(ascii: "9") else { return text }
      let number = String(decoding: text, as: UTF8.self)
      guard let integer = Int(number), abs(integer) < integerMax, String(integer) == number else { throw Problem.number }
      return text
    }
  }

  private static func array(_ scanner: inout JSONScanner, depth: Int) throws -> [UInt8] {
    guard depth < depthMax else { throw Problem.tooDeep }
    try scanner.require(UInt8(ascii: "["), "an array")
    var bytes: [UInt8] = [UInt8(ascii: "[")]
    if scanner.take(UInt8(ascii: "]")) { return bytes + [UInt8(ascii: "]")] }
    repeat {
      if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
      bytes += try value(&scanner, depth: depth + 1)
    } while scanner.take(UInt8(ascii: ","))
    try scanner.require(UInt8(ascii: "]"), "a comma or ']'")
    return bytes + [UInt8(ascii: "]")]
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0x08: bytes += Array("\\b".utf8)
      case 0x09: bytes += Array("\\t".utf8)
      case 0x0A: bytes += Array("\\n".utf8)
      case 0x0C: bytes += Array("\\f".utf8)
      case 0x0D: bytes += Array("\\r".utf8)
      case 0..<0x20:
        let digits = Array("0123456789abcdef".utf8)
        bytes += Array("\\u00".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
