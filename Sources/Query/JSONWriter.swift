/// Writes JSON (RFC 8259) into bytes: commas and escapes are its business, the order of members the caller's.
///
/// Strings come out as valid UTF-8 whatever comes in: bytes that are not UTF-8 become U+FFFD, control characters are
/// escaped. Numbers that JSON cannot say (NaN, infinities) become null.
public struct JSONWriter: Sendable {
  public private(set) var bytes: [UInt8]
  private var needsComma = false

  /// Continues after `bytes`; the first value written follows them without a comma.
  ///
  /// - Parameter byteCount: room to make for what follows.
  public init(after bytes: consuming [UInt8] = [], reserving byteCount: Int = 0) {
    self.bytes = bytes
    if byteCount > 0 { self.bytes.reserveCapacity(self.bytes.count + byteCount) }
  }

  /// What was written, handed over: the writer is empty afterwards.
  public mutating func takeBytes() -> [UInt8] {
    var taken: [UInt8] = []
    swap(&taken, &bytes)
    return taken
  }

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
    let needsComma = needsComma
    name.withUTF8Buffer { text in
      bytes.append(addingCapacity: text.count + 4) { output in
        if needsComma { output.append(0x2C) }
        output.append(0x22)
        for place in text.indices { output.append(unsafe text[place]) }  // SAFETY: an index of the lent buffer.
        output.append(0x22)
        output.append(0x3A)
      }
    }
    self.needsComma = false
  }

  public mutating func member(_ name: StaticString, _ value: String) {
    key(name)
    string(value)
  }

  public mutating func member(_ name: StaticString, utf8 value: Span<UInt8>) {
    key(name)
    string(utf8: value)
  }

  public mutating func string(_ value: String) {
    separate()
    var value = value
    // SAFETY: the buffer is lent for the length of the call, in which it is copied.
    value.withUTF8 { unsafe quote($0) }
  }

  /// A string from bytes that should be UTF-8 and need not be: as `string(String(decoding: value, as: UTF8.self))`.
  public mutating func string(utf8 value: Span<UInt8>) {
    // SAFETY: the buffer is lent for the length of the call, in which it is copied.
    unsafe value.withUnsafeBufferPointer { text in
      // ASCII is UTF-8, and one look at the bytes without a branch among them says so.
      var all: UInt8 = 0
      for place in text.indices { all |= unsafe text[place] }
      guard all < 0x80 else { return string(unsafe String(decoding: text, as: UTF8.self)) }
      separate()
      unsafe quote(text)
    }
  }

  /// Appends valid UTF-8 in quotes.
  private mutating func quote(_ text: UnsafeBufferPointer<UInt8>) {
    // SAFETY (whole function): indices of the buffer, which is copied while it is lent.
    bytes.append(0x22)
    var escapes: UInt8 = 0
    for place in text.indices { escapes |= unsafe Self.isEscaped(text[place]) ? 1 : 0 }
    if escapes == 0 {
      unsafe bytes.append(contentsOf: text)
    } else {
      // Runs without escapes are copied in one piece.
      var start = 0
      for place in text.indices {
        let byte = unsafe text[place]
        guard Self.isEscaped(byte) else { continue }
        unsafe bytes.append(contentsOf: text[start..<place])
        escape(byte)
        start = place + 1
      }
      unsafe bytes.append(contentsOf: text[start...])
    }
    bytes.append(0x22)
  }

  @inline(__always)
  static func isEscaped(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x22 || byte == 0x5C || byte == 0x7F }

  /// A string from bytes that should be UTF-8 and need not be.
  public mutating func string(utf8 value: some Collection<UInt8>) { string(String(decoding: value, as: UTF8.self)) }

  public mutating func integer(_ value: some BinaryInteger) {
    separate()
    if value < 0 { bytes.append(0x2D) }
    guard let rest = UInt64(exactly: value.magnitude) else {
      return bytes.append(contentsOf: String(value.magnitude).utf8)
    }
    digits(rest)
  }

  /// An answer is full of small numbers: their digits are made from the last to the first, then appended in one piece.
  private mutating func digits(_ value: UInt64) {
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var first = 20
    var rest = value
    repeat {
      first -= 1
      digits[first] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    bytes.append(addingCapacity: 20 - first) { output in
      for place in first..<20 { output.append(digits[place]) }
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

  /// A value as its bytes, at most so many of them: for those who write many short pieces, each of which would ask for
  /// room.
  mutating func piece(bytesMax: Int, _ write: (inout JSONPiece) -> Void) {
    separate()
    bytes.append(addingCapacity: bytesMax) { output in
      // SAFETY: the buffer is lent for the length of the call; what is behind its `count` is free, `bytesMax` bytes at
      // least, and the piece writes no more and says how many.
      unsafe output.withUnsafeMutableBufferPointer { buffer, count in
        guard let base = buffer.baseAddress else { return }
        var piece = unsafe JSONPiece(base + count, bytesMax: bytesMax)
        write(&piece)
        count += piece.count
      }
    }
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
