/// Puts the paragraphs of an office document together.
struct OfficeTextBuilder {
  /// Elements whose text is none of the document's.
  private static let silent: Set<String> = ["del", "instrtext", "deltext", "tracked-changes", "fallback", "rt", "ruby-text"]

  private let isOpenDocument: Bool
  private var values: [[UInt8]] = []
  private var value: [UInt8] = []
  private var paragraph: [UInt8] = []
  private var silentDepth = 0
  private var silentName = ""
  private var isText = false
  /// What goes before the next paragraph: cells of a row stand behind tabs.
  private var separator: [UInt8] = [0x0A, 0x0A]
  private var isInRow = false
  /// Paragraphs inside each other.
  private var depth = 0
  /// A paragraph inside another one (a note, a text box) stands behind it.
  private var outer: [[UInt8]] = []

  init(isOpenDocument: Bool) { self.isOpenDocument = isOpenDocument }

  mutating func take(_ token: MarkupTokenizer.Token) {
    switch token {
    case .text(let text): if silentDepth == 0, isText || isOpenDocument && isInParagraph { append(text) }
    case .start(let name, let attributes, _): begin(name, attributes)
    case .end(let name): end(name)
    }
  }

  mutating func finish() -> [[UInt8]] {
    while isInParagraph { endParagraph() }
    endValue()
    return values
  }

  private var isInParagraph: Bool { depth > 0 }

  private mutating func begin(_ name: String, _ attributes: [MarkupTokenizer.Attribute]) {
    if silentDepth > 0 {
      if name == silentName { silentDepth += 1 }
      return
    }
    if Self.silent.contains(name) {
      silentName = name
      silentDepth = 1
      return
    }
    switch name {
    case "p", "h":
      guard depth < 64 else { return }
      if depth > 0 {
        outer.append(paragraph)
        paragraph = []
      }
      depth += 1
    case "tr", "table-row":
      isInRow = true
      separator = [0x0A, 0x0A]
    case "tc", "table-cell", "covered-table-cell": if isInRow, separator.first != 0x0A || separator.count == 1 { separator = [0x09] }
    case "t": isText = !isOpenDocument
    case "tab": if !isInTabs(attributes) { append([0x09]) }
    case "br", "line-break", "cr": append([0x0A])
    case "s":
      if isOpenDocument { append([UInt8](repeating: 0x20, count: min(100, XMLText.value("c", attributes).flatMap { Int($0) } ?? 1))) }
    case "nobreakhyphen": append([0x2D])
    default: break
    }
  }

  /// `<w:tab w:val="left" w:pos="…"/>` is a place where tabs stop, not a tab.
  private func isInTabs(_ attributes: [MarkupTokenizer.Attribute]) -> Bool { XMLText.value("pos", attributes) != nil }

  private mutating func end(_ name: String) {
    if silentDepth > 0 {
      if name == silentName { silentDepth -= 1 }
      return
    }
    switch name {
    case "p", "h": if isInParagraph { endParagraph() }
    case "t": isText = false
    case "tr", "table-row":
      isInRow = false
      separator = [0x0A, 0x0A]
    case "page": if isOpenDocument, depth == 0 { endValue() }
    default: break
    }
  }

  private mutating func append(_ text: [UInt8]) {
    guard isInParagraph else { return }
    paragraph += isOpenDocument ? collapsed(text) : text
  }

  /// OpenDocument writes blanks beyond the first as elements; line ends in its XML are blanks.
  private func collapsed(_ text: [UInt8]) -> [UInt8] {
    guard text.count > 1 || text.first == 0x0D else { return text }
    return text.map { $0 == 0x0A || $0 == 0x0D ? 0x20 : $0 }
  }

  private mutating func endParagraph() {
    depth -= 1
    while let last = paragraph.last, MarkupTokenizer.isBlank(last) { paragraph.removeLast() }
    if !paragraph.isEmpty {
      if !value.isEmpty { value += separator }
      value += paragraph
      if isInRow { separator = [0x0A] }
    }
    paragraph = depth > 0 ? outer.popLast() ?? [] : []
  }

  /// A slide is a value of its own.
  private mutating func endValue() {
    if !value.isEmpty { values.append(value) }
    value = []
  }
}
