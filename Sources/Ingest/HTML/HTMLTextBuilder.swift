/// Makes blocks of text of a stream of tags. Elements that are not closed, or closed twice, do no harm.
struct HTMLTextBuilder {
  /// Elements inside each other that are told apart; deeper ones count as their parent.
  private static let depthMax = 256

  private struct Element {
    let name: String
    var isSilent: Bool
    var isLink: Bool
    var isPreformatted: Bool
    /// The zone of blocks inside it: a block without text.
    var zone: TextBlock
  }

  private(set) var blocks: [TextBlock] = []
  private var open: [Element] = []
  /// How many elements of a name are open, so that an end tag without a start is known at once.
  private var openCounts: [String: Int] = [:]
  private var block = TextBlock()
  private var linkedText: [UInt8] = []
  private var needsBlank = false
  private var breakCount = 0
  /// Silent elements that are open.
  var isSilent: Bool { open.last?.isSilent ?? false }

  mutating func take(_ token: MarkupTokenizer.Token) {
    switch token {
    case .text(let text): if !isSilent { append(text) }
    case .start(let name, let attributes, let isClosed): begin(name, attributes, isClosed: isClosed)
    case .end(let name): end(name)
    }
  }

  mutating func finish() { endBlock() }

  // MARK: Elements

  private mutating func begin(_ name: String, _ attributes: [MarkupTokenizer.Attribute], isClosed: Bool) {
    let isBlock = HTMLElement.block.contains(name)
    // A head whose end tag is missing ends where something begins that cannot be in it.
    if isBlock, openCounts["head", default: 0] > 0 { end("head") }
    if HTMLElement.selfEnding.contains(name), open.last?.name == name { pop() }
    if isBlock {
      if open.last?.name == "p" { pop() }
      endBlock()
    }
    switch name {
    case "br": if !isSilent { lineBreak() }
    case "td", "th": if !isSilent, !block.text.isEmpty { separateCell() }
    case "img": if !isSilent { needsBlank = true }
    default: break
    }
    guard !HTMLElement.void.contains(name), !isClosed, open.count < Self.depthMax else { return }
    push(name, attributes)
  }

  private mutating func push(_ name: String, _ attributes: [MarkupTokenizer.Attribute]) {
    var zone = open.last?.zone ?? TextBlock()
    let role = attributes["role"]?.lowercased() ?? ""
    if HTMLElement.furniture.contains(name) || HTMLElement.furnitureRoles.contains(role) { zone.isFurniture = true }
    let isNamed = HTMLElement.isFurnitureName(attributes["class"]) || HTMLElement.isFurnitureName(attributes["id"])
    if isNamed, !HTMLElement.unnamed.contains(name) { zone.isNamedFurniture = true }
    if name == "article" || role == "article" || attributes["itemprop"]?.lowercased() == "articlebody" { zone.isInArticle = true }
    if name == "main" || role == "main" { zone.isInMain = true }
    zone.heading = 0
    if name.utf8.count == 2, name.first == "h", let level = Int(name.dropFirst()), (1...6).contains(level) { zone.heading = level }
    let isHidden =
      attributes["hidden"] != nil
      || attributes["style"]?.lowercased().filter { $0 != " " }.contains("display:none") ?? false
    open.append(
      Element(
        name: name, isSilent: isSilent || isHidden || HTMLElement.silent.contains(name),
        isLink: open.last?.isLink ?? false || name == "a" && attributes["href"] != nil,
        isPreformatted: open.last?.isPreformatted ?? false || name == "pre" || name == "listing", zone: zone))
    openCounts[name, default: 0] += 1
    if block.text.isEmpty { block = zone }
  }

  private mutating func end(_ name: String) {
    if HTMLElement.block.contains(name) { endBlock() }
    guard openCounts[name, default: 0] > 0 else { return }
    while let last = open.last {
      pop()
      if last.name == name { break }
    }
    if block.text.isEmpty { block = open.last?.zone ?? TextBlock() }
  }

  private mutating func pop() {
    guard let last = open.popLast() else { return }
    openCounts[last.name, default: 1] -= 1
  }

  // MARK: Text

  private mutating func append(_ text: [UInt8]) {
    let isPreformatted = open.last?.isPreformatted ?? false
    let isLink = open.last?.isLink ?? false
    let start = block.text.count
    for byte in text {
      if isPreformatted, byte == 0x0A {
        lineBreak()
      } else if MarkupTokenizer.isBlank(byte) || byte == 0 {
        needsBlank = true
      } else {
        if needsBlank, !block.text.isEmpty, block.text.last != 0x0A { block.text.append(0x20) }
        needsBlank = false
        breakCount = 0
        block.text.append(byte)
      }
    }
    if isLink, block.text.count > start {
      linkedText.append(0x20)
      linkedText.append(contentsOf: block.text[start...])
    }
  }

  /// One break is a line of its own, two are a paragraph.
  private mutating func lineBreak() {
    breakCount += 1
    needsBlank = false
    if breakCount > 1 {
      endBlock()
    } else if !block.text.isEmpty, block.text.last != 0x0A {
      block.text.append(0x0A)
    }
  }

  private mutating func separateCell() {
    needsBlank = false
    if block.text.last != 0x09 { block.text.append(0x09) }
  }

  private mutating func endBlock() {
    while let last = block.text.last, MarkupTokenizer.isBlank(last) { block.text.removeLast() }
    if !block.text.isEmpty {
      block.wordCount = TextBlock.countWords(block.text)
      block.linkedWordCount = min(block.wordCount, TextBlock.countWords(linkedText))
      if block.wordCount > 0 { blocks.append(block) }
    }
    block = open.last?.zone ?? TextBlock()
    linkedText = []
    needsBlank = false
    breakCount = 0
  }
}
