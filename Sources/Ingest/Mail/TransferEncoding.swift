/// How the bytes of a part are written into a mail (RFC 2045, section 6). What is damaged is read as far as it goes.
enum TransferEncoding {
  /// The bytes that `text` stands for. Names that are not known stand for themselves. Complexity: linear.
  static func decode(_ text: ArraySlice<UInt8>, _ name: String) -> [UInt8] {
    switch name.lowercased().split(separator: " ").first.map(String.init) ?? "" {
    case "base64": base64(text)
    case "quoted-printable": quotedPrintable(text)
    default: Array(text)
    }
  }

  static func base64(_ text: some Sequence<UInt8>) -> [UInt8] {
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    for byte in text {
      guard let value = sextet(byte) else {
        // Padding ends a run; a second run may follow, since some programs encode piece by piece.
        if byte == UInt8(ascii: "=") {
          if count == 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> 4)) }
          if count == 3 {
            bytes.append(UInt8(truncatingIfNeeded: bits >> 10))
            bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
          }
          (bits, count) = (0, 0)
        }
        continue
      }
      bits = bits << 6 | UInt32(value)
      count += 1
      if count == 4 {
        bytes.append(UInt8(truncatingIfNeeded: bits >> 16))
        bytes.append(UInt8(truncatingIfNeeded: bits >> 8))
        bytes.append(UInt8(truncatingIfNeeded: bits))
        (bits, count) = (0, 0)
      }
    }
    if count >= 2 { bytes.append(UInt8(truncatingIfNeeded: bits >> (count == 2 ? 4 : 10))) }
    if count == 3 { bytes.append(UInt8(truncatingIfNeeded: bits >> 2)) }
    return bytes
  }

  private static func sextet(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  /// - Parameter isHeader: the variant of encoded words: `_` is a blank, and there are no lines.
  static func quotedPrintable(_ text: ArraySlice<UInt8>, isHeader: Bool = false) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      if isHeader, byte == UInt8(ascii: "_") {
        bytes.append(0x20)
      } else if byte != UInt8(ascii: "=") {
        bytes.append(byte)
      } else if let high = rest.first.flatMap(CharacterReferences.hexValue), let low = rest.dropFirst().first.flatMap(CharacterReferences.hexValue) {
        bytes.append(high << 4 | low)
        rest = rest.dropFirst(2)
      } else {
        // A soft break: blanks and a line end after `=`. Anything else is a `=` that nobody has encoded.
        let blanks = rest.prefix { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        if blanks.endIndex < text.endIndex, text[blanks.endIndex] == 0x0A {
          rest = text[(blanks.endIndex + 1)...]
        } else if blanks.endIndex == text.endIndex {
          rest = []
        } else {
          bytes.append(byte)
        }
      }
    }
    return bytes
  }
}
