/// Character references of HTML: `&amp;`, `&eacute`, `&#8211;`, `&#x2013;`.
enum CharacterReferences {
  /// Longest name of the table, and longest of those that need no semicolon.
  private static let nameBytesMax = 32
  private static let bareNameBytesMax = 6

  /// What a name stands for, the names with their semicolon where they have one. UTF-8.
  private static let names: [[UInt8]: [UInt8]] = {
    var names: [[UInt8]: [UInt8]] = [:]
    for entry in "\(table)".utf8.split(separator: UInt8(ascii: ",")) {
      let parts = entry.split(separator: 0x20)
      guard parts.count == 2 else { continue }
      let scalars = parts[1].split(separator: UInt8(ascii: "+")).compactMap { digits in
        UInt32(String(Substring(digits)), radix: 16).flatMap(Unicode.Scalar.init)
      }
      var text = String.UnicodeScalarView()
      text.append(contentsOf: scalars)
      names[Array(parts[0])] = [UInt8](String(text).utf8)
    }
    return names
  }()

  /// Appends `text` with its references replaced; what is none stays as it is. Complexity: linear.
  ///
  /// - Parameter isAttribute: then `&copy=1` in an address is no reference.
  static func append(_ text: ArraySlice<UInt8>, isAttribute: Bool, to result: inout [UInt8]) {
    var rest = text
    while let ampersand = rest.firstIndex(of: UInt8(ascii: "&")) {
      result.append(contentsOf: rest[..<ampersand])
      if let (decoded, end) = reference(rest[ampersand...], isAttribute: isAttribute) {
        result.append(contentsOf: decoded)
        rest = rest[end...]
      } else {
        result.append(UInt8(ascii: "&"))
        rest = rest[(ampersand + 1)...]
      }
    }
    result.append(contentsOf: rest)
  }

  /// The reference that `text` begins with, and where it ends.
  private static func reference(_ text: ArraySlice<UInt8>, isAttribute: Bool) -> ([UInt8], Int)? {
    let body = text.dropFirst()
    if body.first == UInt8(ascii: "#") { return numeric(body.dropFirst()) }
    let name = body.prefix(nameBytesMax).prefix { isAlphanumeric($0) }
    guard !name.isEmpty else { return nil }
    if name.endIndex < text.endIndex, text[name.endIndex] == UInt8(ascii: ";") {
      if let decoded = names[Array(text[name.startIndex...name.endIndex])] { return (decoded, name.endIndex + 1) }
    }
    for length in stride(from: min(name.count, bareNameBytesMax), to: 1, by: -1) {
      guard let decoded = names[Array(name.prefix(length))] else { continue }
      let end = name.startIndex + length
      if isAttribute, end < text.endIndex, isAlphanumeric(text[end]) || text[end] == UInt8(ascii: "=") { return nil }
      return (decoded, end)
    }
    return nil
  }

  private static func numeric(_ digits: ArraySlice<UInt8>) -> ([UInt8], Int)? {
    var rest = digits
    var value: UInt32 = 0
    let isHex = rest.first == UInt8(ascii: "x") || rest.first == UInt8(ascii: "X")
    if isHex { rest = rest.dropFirst() }
    let start = rest.startIndex
    while let byte = rest.first, let digit = hexValue(byte), isHex || digit < 10 {
      value = min(0x110000, value * (isHex ? 16 : 10) + UInt32(digit))
      rest = rest.dropFirst()
    }
    guard rest.startIndex > start else { return nil }
    let end = rest.first == UInt8(ascii: ";") ? rest.startIndex + 1 : rest.startIndex
    return ([UInt8](String(scalar(value)).utf8), end)
  }

  /// Numbers 80 to 9F are meant as Windows-1252; what is no character is U+FFFD.
  private static func scalar(_ value: UInt32) -> Unicode.Scalar {
    if (0x80...0x9F).contains(value) { return TextEncoding.scalar(windows1252: UInt8(value)) }
    guard value >= 0x20 || value == 0x09 || value == 0x0A || value == 0x0D else { return "\u{FFFD}" }
    return Unicode.Scalar(value) ?? "\u{FFFD}"
  }

  static func hexValue(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x41 + 10
    case 0x61...0x66: byte - 0x61 + 10
    default: nil
    }
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }
}
