internal import Ingest

/// Named options of a request, from the query string or from a JSON object: the same names mean the same in both.
struct RequestParameters {
  private var values: [(name: String, value: String)] = []

  /// From `a=b&c=d`, percent-encoded.
  init(queryString: String) throws(APIError) {
    guard !queryString.isEmpty else { return }
    for pair in queryString.split(separator: "&", omittingEmptySubsequences: true) {
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(parts[0]), let value = parts.count > 1 ? Self.decoded(parts[1]) : "true" else {
        throw .badParameter(String(parts[0]), "is not percent-encoded UTF-8", remedy: "curl -G --data-urlencode does it")
      }
      try append(name, value)
    }
  }

  /// Percent-decoded, with a blank for each plus; nil for what is not percent-encoded UTF-8.
  private static func decoded(_ text: Substring) -> String? {
    func digit(_ byte: UInt8) -> UInt8? {
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
      default: nil
      }
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    var source = text.utf8.makeIterator()
    while let byte = source.next() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(0x20)
      case UInt8(ascii: "%"):
        guard let high = source.next().flatMap(digit), let low = source.next().flatMap(digit) else { return nil }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return String(validating: bytes, as: UTF8.self)
  }

  /// From one JSON object whose members are strings, numbers and booleans.
  init(json: [UInt8]) throws(APIError) {
    let remedy = "send one object: {\"query\": \"…\", \"limit\": 10}"
    guard String(validating: json, as: UTF8.self) != nil else {
      throw .badParameter("the body", "is not UTF-8", remedy: remedy)
    }
    let object: JSONObject?
    do throws(JSONProblem) {
      object = try JSONObject(json, decoding: (SearchParameters.allNames + Service.explainOptions).map { [UInt8]($0.utf8) })
    } catch {
      throw .badParameter("the body", "is not JSON at byte \(error.offset + 1): \(error.message)", remedy: remedy)
    }
    guard let object else { throw .badParameter("the body", "is no JSON object", remedy: remedy) }
    for member in object.members {
      let name = String(decoding: member.name, as: UTF8.self)
      switch member.value {
      case .null: continue
      case .string(let text): try append(name, String(decoding: text, as: UTF8.self))
      case .strings: throw .badParameter(name, "is an array", remedy: remedy)
      case .other: try append(name, String(decoding: json[member.range], as: UTF8.self))
      }
    }
  }

  private mutating func append(_ name: String, _ value: String) throws(APIError) {
    guard !values.contains(where: { $0.name == name }) else {
      throw .badParameter(name, "is given twice", remedy: "keep one")
    }
    values.append((name, value))
  }

  /// Takes a value out, so that what is left over at the end is unknown.
  mutating func take(_ name: String) -> String? {
    guard let place = values.firstIndex(where: { $0.name == name }) else { return nil }
    return values.remove(at: place).value
  }

  func has(_ name: String) -> Bool { values.contains { $0.name == name } }

  /// The name of a parameter that nobody took.
  var leftOver: String? { values.first?.name }
}
