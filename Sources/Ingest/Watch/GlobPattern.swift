/// A pattern for names of files, as shells have them, without expansion of anything.
///
///     *       any bytes but /            ?       one byte but /
///     **      any bytes, / too           [a-z]   one of these, [!a-z] none of these
///
/// A pattern without / is compared with the name alone, at whatever depth; one with / with the path below the watched
/// folder. `drafts/` and `drafts/**` mean the folder with all that is in it. Bytes are compared as they are.
public struct GlobPattern: Sendable, Equatable {
  private enum Part: Sendable, Equatable {
    case byte(UInt8)
    case any
    case star
    case doubleStar
    /// `**/` at the start of a name: no folder, or any with their slashes.
    case folders
    case set(ranges: [ClosedRange<UInt8>], isNegated: Bool)
  }

  public let text: String
  private let parts: [Part]
  private let isForNames: Bool

  /// Nil where a bracket is not closed or nothing is left.
  public init?(_ text: String) {
    self.text = text
    var bytes = ArraySlice(text.utf8)
    if bytes.first == UInt8(ascii: "/") { bytes = bytes.dropFirst() }
    if bytes.last == UInt8(ascii: "/") { bytes = bytes.dropLast() }
    if bytes.count > 3, bytes.suffix(3).elementsEqual("/**".utf8) { bytes = bytes.dropLast(3) }
    guard !bytes.isEmpty, let parts = Self.read(bytes) else { return nil }
    self.parts = parts
    isForNames = !text.utf8.dropLast().contains(UInt8(ascii: "/"))
  }

  /// Whether a file or folder fits: its path below the watched folder, without a leading slash.
  public func matches(_ path: String) -> Bool {
    var bytes = ArraySlice([UInt8](path.utf8))
    if isForNames, let slash = bytes.lastIndex(of: UInt8(ascii: "/")) { bytes = bytes[(slash + 1)...] }
    return Self.matches(parts[...], bytes)
  }

  private static func read(_ bytes: ArraySlice<UInt8>) -> [Part]? {
    var parts: [Part] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "?"): parts.append(.any)
      case UInt8(ascii: "*"):
        if rest.first == byte {
          rest.removeFirst()
          if rest.first == UInt8(ascii: "/"), parts.isEmpty || parts.last == .byte(UInt8(ascii: "/")) {
            rest.removeFirst()
            parts.append(.folders)
          } else {
            parts.append(.doubleStar)
          }
        } else {
          parts.append(.star)
        }
      case UInt8(ascii: "["):
        guard let set = readSet(&rest) else { return nil }
        parts.append(set)
      default: parts.append(.byte(byte))
      }
    }
    return parts
  }

  private static func readSet(_ rest: inout ArraySlice<UInt8>) -> Part? {
    var ranges: [ClosedRange<UInt8>] = []
    let isNegated = rest.first == UInt8(ascii: "!")
    if isNegated { rest.removeFirst() }
    while let low = rest.popFirst() {
      if low == UInt8(ascii: "]"), !ranges.isEmpty { return .set(ranges: ranges, isNegated: isNegated) }
      var high = low
      if rest.first == UInt8(ascii: "-"), let end = rest.dropFirst().first, end != UInt8(ascii: "]") {
        rest.removeFirst(2)
        high = end
      }
      ranges.append(min(low, high)...max(low, high))
    }
    return nil
  }

  /// - Complexity: the product of the lengths, whatever the pattern.
  private static func matches(_ parts: ArraySlice<Part>, _ bytes: ArraySlice<UInt8>) -> Bool {
    // Places in `bytes` that the parts so far can end at.
    let text = Array(bytes)
    var reachable = [Bool](repeating: false, count: text.count + 1)
    reachable[0] = true
    for part in parts {
      var next = [Bool](repeating: false, count: text.count + 1)
      switch part {
      case .star, .doubleStar:
        var isRunning = false
        for place in 0...text.count {
          if reachable[place] { isRunning = true }
          if isRunning { next[place] = true }
          if place < text.count, part == .star, text[place] == UInt8(ascii: "/") { isRunning = false }
        }
      case .folders:
        var isRunning = false
        for place in 0...text.count {
          if reachable[place] || (isRunning && text[place - 1] == UInt8(ascii: "/")) { next[place] = true }
          if reachable[place] { isRunning = true }
        }
      default:
        for place in 0..<text.count where reachable[place] && fits(part, text[place]) { next[place + 1] = true }
      }
      reachable = next
    }
    return reachable[text.count]
  }

  private static func fits(_ part: Part, _ byte: UInt8) -> Bool {
    switch part {
    case .byte(let wanted): byte == wanted
    case .any: byte != UInt8(ascii: "/")
    case .set(let ranges, let isNegated):
      byte != UInt8(ascii: "/") && ranges.contains { $0.contains(byte) } != isNegated
    case .star, .doubleStar, .folders: true
    }
  }
}
