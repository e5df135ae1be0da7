import Foundation

/// A decoded JSON value that tests can walk into; what is not there throws.
struct JSON: Sendable {
  struct Missing: Error, CustomStringConvertible {
    let description: String
  }

  private let bytes: [UInt8]

  init(_ bytes: [UInt8]) throws {
    self.bytes = bytes
    _ = try value()
  }

  private func value() throws -> Any {
    try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
  }

  private func missing(_ what: String) -> Missing {
    Missing(description: "no \(what) in \(String(decoding: bytes, as: UTF8.self))")
  }

  private static func wrap(_ value: Any) throws -> JSON {
    try JSON([UInt8](JSONSerialization.data(withJSONObject: value, options: .fragmentsAllowed)))
  }

  subscript(name: String) -> JSON {
    get throws {
      guard let member = (try value() as? [String: Any])?[name] else { throw missing(name) }
      return try Self.wrap(member)
    }
  }

  /// The value as text with its members in order, for comparisons.
  var text: String {
    get throws {
      let options: JSONSerialization.WritingOptions = [.fragmentsAllowed, .sortedKeys]
      return String(decoding: try JSONSerialization.data(withJSONObject: value(), options: options), as: UTF8.self)
    }
  }

  func has(_ name: String) throws -> Bool { (try value() as? [String: Any])?[name] != nil }

  var string: String {
    get throws {
      guard let text = try value() as? String else { throw missing("string") }
      return text
    }
  }

  var integer: Int {
    get throws {
      guard let number = try value() as? Int else { throw missing("integer") }
      return number
    }
  }

  var array: [JSON] {
    get throws {
      guard let elements = try value() as? [Any] else { throw missing("array") }
      return try elements.map(Self.wrap)
    }
  }
}
