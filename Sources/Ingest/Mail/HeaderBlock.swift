/// The head of a mail, of a part of one, of an HTTP message or of a WARC record: lines `name: value`, long ones folded.
struct HeaderBlock: Equatable, Sendable {
  /// Fields that are kept of one head.
  private static let fieldsMax = 1_000
  /// Bytes of one value that are kept.
  private static let valueBytesMax = 64 << 10

  struct Field: Equatable, Sendable {
    /// Lower case.
    let name: String
    var value: [UInt8]
  }

  private(set) var fields: [Field] = []

  init() {}

  /// Reads a head up to the blank line that ends it. `end` is where the body begins.
  ///
  /// A line that is no field ends the head where none came before it, and is passed over else.
  static func read(_ bytes: ArraySlice<UInt8>) -> (head: HeaderBlock, end: Int) {
    var head = HeaderBlock()
    var place = bytes.startIndex
    while place < bytes.endIndex {
      let lineEnd = bytes[place...].firstIndex(of: 0x0A) ?? bytes.endIndex
      var line = bytes[place..<lineEnd]
      let next = min(bytes.endIndex, lineEnd + 1)
      if line.last == 0x0D { line = line.dropLast() }
      if line.isEmpty { return (head, next) }
      if let first = line.first, first == 0x20 || first == 0x09 {
        if let last = head.fields.indices.last, head.fields[last].value.count + line.count < valueBytesMax {
          head.fields[last].value.append(0x20)
          head.fields[last].value.append(contentsOf: trimmed(line))
        }
      } else if let colon = line.firstIndex(of: UInt8(ascii: ":")), isName(line[..<colon]) {
        if head.fields.count < fieldsMax {
          let name = String(decoding: line[..<colon], as: UTF8.self).lowercased()
          head.fields.append(Field(name: name.filter { $0 != " " }, value: trimmed(line[(colon + 1)...].prefix(valueBytesMax))))
        }
      } else if head.fields.isEmpty {
        return (head, place)
      }
      place = next
    }
    return (head, bytes.endIndex)
  }

  private static func isName(_ name: ArraySlice<UInt8>) -> Bool {
    !name.isEmpty && name.count <= 128 && name.allSatisfy { $0 > 0x20 && $0 < 0x7F || $0 == 0x20 && $0 != name.first }
  }

  private static func trimmed(_ value: ArraySlice<UInt8>) -> [UInt8] {
    var value = value.drop { $0 == 0x20 || $0 == 0x09 }
    while let last = value.last, last == 0x20 || last == 0x09 { value = value.dropLast() }
    return Array(value)
  }

  /// The first value of a field as it stands; nil where there is none.
  subscript(name: String) -> String? {
    fields.first { $0.name == name }.map { String(decoding: $0.value, as: UTF8.self) }
  }

  /// The first value of a field as people read it; nil where there is none or nothing in it.
  func text(_ name: String) -> String? {
    let text = fields.first { $0.name == name }.map { EncodedWord.decode($0.value) }
    return text?.isEmpty ?? true ? nil : text
  }

  /// `text/plain; charset=…` taken apart: the value in lower case, without what follows the first semicolon.
  func kind(_ name: String) -> String? {
    self[name].map { $0.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased() }
  }

  /// A parameter behind the value of a field, in any of the forms of RFC 2231: `name=`, `name*=`, `name*0=`, `name*0*=`.
  func parameter(_ parameter: String, of name: String) -> String? {
    guard let value = self[name] else { return nil }
    var parts: [String: String] = [:]
    for (key, text) in Self.parameters(value) where parts[key] == nil { parts[key] = text }
    if let text = parts[parameter] { return EncodedWord.decode([UInt8](text.utf8)) }
    if let text = parts["\(parameter)*"] { return Self.extended([(text, true)]) }
    var pieces: [(String, Bool)] = []
    while pieces.count < 100 {
      if let text = parts["\(parameter)*\(pieces.count)*"] {
        pieces.append((text, true))
      } else if let text = parts["\(parameter)*\(pieces.count)"] {
        pieces.append((text, false))
      } else {
        break
      }
    }
    return pieces.isEmpty ? nil : Self.extended(pieces)
  }

  /// `charset'language'text` with `%E9` in it, in pieces of which some are so encoded.
  private static func extended(_ pieces: [(text: String, isEncoded: Bool)]) -> String {
    var charset: Charset?
    var bytes: [UInt8] = []
    for (number, piece) in pieces.enumerated() {
      var text = piece.text.utf8[...]
      if number == 0, piece.isEncoded {
        let parts = piece.text.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
        if parts.count == 3 {
          charset = Charset(label: String(parts[0]))
          text = parts[2].utf8[...]
        }
      }
      bytes += piece.isEncoded ? percentDecoded(Array(text)) : Array(text)
    }
    return String(decoding: TextEncoding.decodeLeniently(bytes, declared: charset).text, as: UTF8.self)
  }

  static func percentDecoded(_ text: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var place = 0
    while place < text.count {
      if text[place] == UInt8(ascii: "%"), place + 2 < text.count, let high = CharacterReferences.hexValue(text[place + 1]),
        let low = CharacterReferences.hexValue(text[place + 2])
      {
        bytes.append(high << 4 | low)
        place += 3
      } else {
        bytes.append(text[place])
        place += 1
      }
    }
    return bytes
  }

  /// Names in lower case with their values, quotes taken off.
  private static func parameters(_ value: String) -> [(String, String)] {
    var parameters: [(String, String)] = []
    var rest = value.utf8.drop { $0 != UInt8(ascii: ";") }
    while rest.first == UInt8(ascii: ";"), parameters.count < 200 {
      rest = rest.dropFirst().drop(while: MarkupTokenizer.isBlank)
      let name = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
      rest = rest[name.endIndex...]
      guard rest.first == UInt8(ascii: "=") else { continue }
      rest = rest.dropFirst().drop(while: MarkupTokenizer.isBlank)
      var text: [UInt8] = []
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
          text.append(byte == UInt8(ascii: "\\") ? rest.popFirst() ?? byte : byte)
        }
        rest = rest.drop { $0 != UInt8(ascii: ";") }
      } else {
        text = Array(rest.prefix { $0 != UInt8(ascii: ";") && !MarkupTokenizer.isBlank($0) })
        rest = rest.drop { $0 != UInt8(ascii: ";") }
      }
      let key = String(decoding: name, as: UTF8.self).lowercased().filter { !$0.isWhitespace }
      parameters.append((key, String(decoding: text, as: UTF8.self)))
    }
    return parameters
  }
}
