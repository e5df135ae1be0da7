/// Cuts HTML or XML into tags and text, whatever is wrong with it.
///
/// It follows the tokenizer of the HTML Living Standard (section 13.2.5) where a choice makes a difference for text; in XML
/// names of elements have no raw text and `<a/>` closes itself. Comments, processing instructions and declarations are
/// left out. Every byte is looked at a bounded number of times: linear.
struct MarkupTokenizer {
  struct Attribute: Equatable {
    /// Lower case.
    let name: String
    let value: String
  }

  enum Token: Equatable {
    /// Names are in lower case.
    case start(name: String, attributes: [Attribute], isClosed: Bool)
    case end(name: String)
    /// UTF-8, references replaced.
    case text([UInt8])
  }

  /// Attributes of one tag that are kept.
  private static let attributesMax = 64
  private static let rawElements: Set<String> = ["script", "style", "xmp", "iframe", "noembed", "noframes"]
  private static let escapableElements: Set<String> = ["title", "textarea"]

  private let bytes: [UInt8]
  private let isXML: Bool
  private var at = 0
  /// An element whose content is no markup, which began just now.
  private var rawElement: String?

  /// - Parameter bytes: UTF-8.
  init(_ bytes: [UInt8], isXML: Bool = false) {
    self.bytes = bytes
    self.isXML = isXML
  }

  /// The next tag or piece of text; nil at the end.
  mutating func next() -> Token? {
    if let name = rawElement {
      rawElement = nil
      if let token = rawText(name) { return token }
    }
    while at < bytes.count {
      guard bytes[at] == UInt8(ascii: "<") else { return text() }
      if let token = markup() { return token }
    }
    return nil
  }

  private mutating func text() -> Token {
    let end = bytes[at...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
    var text: [UInt8] = []
    CharacterReferences.append(bytes[at..<end], isAttribute: false, to: &text)
    at = end
    return .text(text)
  }

  /// What begins with `<` here; nil where it is left out.
  private mutating func markup() -> Token? {
    let next = at + 1 < bytes.count ? bytes[at + 1] : 0
    switch next {
    case UInt8(ascii: "!"): return declaration()
    case UInt8(ascii: "?"):
      at = (bytes[at...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
      return nil
    case UInt8(ascii: "/"):
      guard at + 2 < bytes.count, Self.isLetter(bytes[at + 2]) else {
        at = (bytes[at...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
        return nil
      }
      at += 2
      let name = name()
      skipToEndOfTag()
      return .end(name: name)
    default:
      guard Self.isLetter(next) else {
        at += 1
        return .text([UInt8(ascii: "<")])
      }
      at += 1
      return startTag()
    }
  }

  private mutating func declaration() -> Token? {
    let rest = bytes[at...]
    if rest.starts(with: "<!--".utf8) {
      at = find("-->", from: at + 4) ?? bytes.count
      return nil
    }
    if isXML, rest.starts(with: "<![CDATA[".utf8) {
      let start = at + 9
      let end = find("]]>", from: start)
      at = end ?? bytes.count
      return .text(Array(bytes[min(start, bytes.count)..<(end.map { $0 - 3 } ?? bytes.count)]))
    }
    at = (rest.firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
    return nil
  }

  /// Where the text after `mark` begins.
  private func find(_ mark: StaticString, from start: Int) -> Int? {
    let mark = [UInt8]("\(mark)".utf8)
    var place = start
    while place < bytes.count, let first = bytes[place...].firstIndex(of: mark[0]) {
      if bytes[first...].starts(with: mark) { return first + mark.count }
      place = first + 1
    }
    return nil
  }

  private mutating func startTag() -> Token {
    let name = name()
    var attributes: [Attribute] = []
    var isClosed = false
    while at < bytes.count, bytes[at] != UInt8(ascii: ">") {
      let byte = bytes[at]
      if byte == UInt8(ascii: "/") {
        isClosed = at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: ">")
        at += 1
      } else if Self.isBlank(byte) {
        at += 1
      } else if let attribute = attribute(), attributes.count < Self.attributesMax {
        if !attributes.contains(where: { $0.name == attribute.name }) { attributes.append(attribute) }
      }
    }
    at = min(bytes.count, at + 1)
    if !isXML, Self.rawElements.contains(name) || Self.escapableElements.contains(name) { rawElement = name }
    return .start(name: name, attributes: attributes, isClosed: isClosed)
  }

  /// One attribute, at least one byte long.
  private mutating func attribute() -> Attribute? {
    let start = at
    at += 1
    while at < bytes.count, !Self.isBlank(bytes[at]), !"=/>".utf8.contains(bytes[at]) { at += 1 }
    let name = String(decoding: bytes[start..<at], as: UTF8.self).lowercased()
    var ahead = at
    while ahead < bytes.count, Self.isBlank(bytes[ahead]) { ahead += 1 }
    guard ahead < bytes.count, bytes[ahead] == UInt8(ascii: "=") else { return Attribute(name: name, value: "") }
    at = ahead + 1
    while at < bytes.count, Self.isBlank(bytes[at]) { at += 1 }
    guard at < bytes.count else { return nil }
    let quote = bytes[at]
    let valueStart: Int
    let valueEnd: Int
    if quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
      valueStart = at + 1
      valueEnd = bytes[valueStart...].firstIndex(of: quote) ?? bytes.count
      at = min(bytes.count, valueEnd + 1)
    } else {
      valueStart = at
      valueEnd = bytes[at...].firstIndex { Self.isBlank($0) || $0 == UInt8(ascii: ">") } ?? bytes.count
      at = valueEnd
    }
    var value: [UInt8] = []
    CharacterReferences.append(bytes[valueStart..<valueEnd], isAttribute: true, to: &value)
    return Attribute(name: name, value: String(decoding: value, as: UTF8.self))
  }

  private mutating func name() -> String {
    let end = bytes[at...].firstIndex { Self.isBlank($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: ">") } ?? bytes.count
    let name = String(decoding: bytes[at..<end], as: UTF8.self).lowercased()
    at = end
    return name
  }

  private mutating func skipToEndOfTag() {
    at = (bytes[at...].firstIndex(of: UInt8(ascii: ">")) ?? bytes.count - 1) + 1
  }

  /// The content of an element that holds no tags, up to its end tag.
  private mutating func rawText(_ name: String) -> Token? {
    let mark = [UInt8](name.utf8)
    var place = at
    var end = bytes.count
    while let slash = bytes[place...].firstIndex(of: UInt8(ascii: "<")) {
      let rest = bytes[slash...].dropFirst()
      if rest.first == UInt8(ascii: "/"), rest.dropFirst().prefix(mark.count).elementsEqual(mark, by: { $0 | 0x20 == $1 }) {
        end = slash
        break
      }
      place = slash + 1
    }
    let content = bytes[at..<end]
    at = end
    if content.isEmpty { return nil }
    guard Self.escapableElements.contains(name) else { return .text(Array(content)) }
    var text: [UInt8] = []
    CharacterReferences.append(content, isAttribute: false, to: &text)
    return .text(text)
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

  private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}

extension [MarkupTokenizer.Attribute] {
  /// The value of an attribute; nil where it is not there.
  subscript(name: String) -> String? { first { $0.name == name }?.value }
}
