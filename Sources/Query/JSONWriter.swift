/// Writes JSON (RFC 8259) into bytes: commas and escapes are its business, the order of members the caller's.
///
/// Strings come out as valid UTF-8 whatever comes in: bytes that are not UTF-8 become U+FFFD, control characters are
/// escaped. Numbers that JSON cannot say (NaN, infinities) become null.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8]
  private var needsComma = false

  /// Continues after `bytes`; the first value written follows them without a comma.
  public init(after bytes: consuming [UInt8] = []) { self.bytes = bytes }

  public mutating func object(_ body: (inout JSONWriter) -> Void) { nest(0x7B, 0x7D, body) }
  public mutating func array(_ body: (inout JSONWriter) -> Void) { nest(0x5B, 0x5D, body) }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONWriter) -> Void) {
    separate()
    bytes.append(open)
    needsComma = false
    body(&self)
    bytes.append(close)
    needsComma = true
  }

  /// The name of the next value written.
  public mutating func key(_ name: StaticString) {
    separate()
    bytes.append(0x22)
    name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }  // SAFETY: copied while the literal's buffer is lent.
    bytes.append(0x22)
    bytes.append(0x3A)
    needsComma = false
  }

  public mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  public mutating func string(_ value: String) {
    separate()
    bytes.append(0x22)
    var value = value
    value.withUTF8 { text in
      // Runs without escapes are copied in one piece.
      var start = 0
      for place in text.indices {
        let byte = unsafe text[place]  // SAFETY: an index of the lent buffer.
        guard byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F else { continue }
        unsafe bytes.append(contentsOf: text[start..<place])  // SAFETY: copied while the buffer is lent.
        escape(byte)
        start = place + 1
      }
      unsafe bytes.append(contentsOf: text[start...])  // SAFETY: copied while the buffer is lent.
    }
    bytes.append(0x22)
  }

  /// A string from bytes that should be UTF-8 and need not be.
  public mutating func string(utf8 value: some Collection<UInt8>) { string(String(decoding: value, as: UTF8.self)) }

  public mutating func integer(_ value: some BinaryInteger) {
    separate()
    if value < 0 { bytes.append(0x2D) }
    guard var rest = UInt64(exactly: value.magnitude) else {
      return bytes.append(contentsOf: String(value.magnitude).utf8)
    }
    // Digits from the last to the first, then turned round: an answer is full of small numbers.
    var first = bytes.count
    repeat {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    var last = bytes.count - 1
    while first < last {
      bytes.swapAt(first, last)
      first += 1
      last -= 1
    }
  }

  /// The shortest decimal that reads back as the same number.
  public mutating func number(_ value: Float) {
    separate()
    bytes.append(contentsOf: (value.isFinite ? value.description : "null").utf8)
  }

  public mutating func boolean(_ value: Bool) {
    separate()
    bytes.append(contentsOf: (value ? "true" : "false").utf8)
  }

  public mutating func null() {
    separate()
    bytes.append(contentsOf: "null".utf8)
  }

  /// `[a, b]`.
  public mutating func pair(_ first: Int, _ second: Int) {
    array {
      $0.integer(first)
      $0.integer(second)
    }
  }

  private mutating func separate() {
    if needsComma { bytes.append(0x2C) }
    needsComma = true
  }

  private mutating func escape(_ byte: UInt8) {
    switch byte {
    case 0x22, 0x5C:
      bytes.append(0x5C)
      bytes.append(byte)
    case 0x0A: bytes.append(contentsOf: "\\n".utf8)
    case 0x0D: bytes.append(contentsOf: "\\r".utf8)
    case 0x09: bytes.append(contentsOf: "\\t".utf8)
    case 0..<0x20, 0x7F:
      let digits = Array("0123456789abcdef".utf8)
      bytes.append(contentsOf: "\\u00".utf8)
      bytes.append(digits[Int(byte >> 4)])
      bytes.append(digits[Int(byte & 15)])
    default: bytes.append(byte)
    }
  }
}
