/// The few pieces of JSON that writing a document needs.
enum JSONText {
  /// Appends `"name":`, after a comma unless it is the first member.
  static func append(name: String, isFirst: Bool = false, to text: inout [UInt8]) {
    if !isFirst { text.append(UInt8(ascii: ",")) }
    append(string: name.utf8, to: &text)
    text.append(UInt8(ascii: ":"))
  }

  /// Appends a string in quotes; `bytes` must be UTF-8.
  static func append(string bytes: some Collection<UInt8>, to text: inout [UInt8]) {
    let digits = [UInt8]("0123456789abcdef".utf8)
    text.append(UInt8(ascii: "\""))
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        text.append(UInt8(ascii: "\\"))
        text.append(byte)
      case 0x0A: text.append(contentsOf: "\\n".utf8)
      case 0..<0x20:
        text.append(contentsOf: "\\u00".utf8)
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
