/// One scalar decoded from bytes that need not be UTF-8.
struct UTF8Scalar: BitwiseCopyable, Equatable {
  /// What a byte that is not part of well-formed UTF-8 decodes to; above every scalar.
  static let invalid: UInt32 = .max

  var value: UInt32
  /// 1 to 4; an ill-formed byte stands alone.
  var byteCount: Int

  /// Decodes the scalar that begins at `offset`, which lies inside `text`.
  ///
  /// Well-formed as in Table 3-7 of the Unicode Standard: no overlong forms, surrogates or values above U+10FFFF.
  @inline(__always)
  init(_ text: Span<UInt8>, at offset: Int) {
    let first = text[offset]
    if first < 0x80 {
      self.init(value: UInt32(first), byteCount: 1)
    } else {
      self = Self.multibyte(text, at: offset, first: first)
    }
  }

  private init(value: UInt32, byteCount: Int) {
    self.value = value
    self.byteCount = byteCount
  }

  private static func multibyte(_ text: Span<UInt8>, at offset: Int, first: UInt8) -> UTF8Scalar {
    let left = text.count - offset
    func continuation(_ index: Int) -> UInt32? {
      guard index < left, text[offset + index] & 0xC0 == 0x80 else { return nil }
      return UInt32(text[offset + index] & 0x3F)
    }
    let invalid = UTF8Scalar(value: UTF8Scalar.invalid, byteCount: 1)
    guard first >= 0xC2, first <= 0xF4, let second = continuation(1) else { return invalid }
    if first < 0xE0 {
      return UTF8Scalar(value: UInt32(first & 0x1F) << 6 | second, byteCount: 2)
    }
    guard let third = continuation(2) else { return invalid }
    if first < 0xF0 {
      let value = UInt32(first & 0x0F) << 12 | second << 6 | third
      return value < 0x800 || (0xD800...0xDFFF).contains(value) ? invalid : UTF8Scalar(value: value, byteCount: 3)
    }
    guard let fourth = continuation(3) else { return invalid }
    let value = UInt32(first & 0x07) << 18 | second << 12 | third << 6 | fourth
    return value < 0x10000 || value > 0x10FFFF ? invalid : UTF8Scalar(value: value, byteCount: 4)
  }

  /// Appends the UTF-8 form of `value`, which is a scalar.
  @inline(__always)
  static func append(_ value: UInt32, to bytes: inout [UInt8]) {
    func trailing(_ shift: UInt32) -> UInt8 { 0x80 | UInt8(truncatingIfNeeded: value >> shift) & 0x3F }
    switch value {
    case 0..<0x80:
      bytes.append(UInt8(truncatingIfNeeded: value))
    case 0x80..<0x800:
      bytes.append(0xC0 | UInt8(truncatingIfNeeded: value >> 6))
      bytes.append(trailing(0))
    case 0x800..<0x10000:
      bytes.append(0xE0 | UInt8(truncatingIfNeeded: value >> 12))
      bytes.append(trailing(6))
      bytes.append(trailing(0))
    default:
      bytes.append(0xF0 | UInt8(truncatingIfNeeded: value >> 18))
      bytes.append(trailing(12))
      bytes.append(trailing(6))
      bytes.append(trailing(0))
    }
  }

  /// Bytes of the UTF-8 form of `value`.
  static func byteCount(of value: UInt32) -> Int {
    value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4
  }
}
