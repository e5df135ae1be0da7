/// A Swift source taken apart into code and comments, line by line.
///
/// Both have the lines of the source: `code` with comments and the contents of string literals blanked (also what is
/// interpolated in them), `comments` with everything else left out.
struct SwiftText: Sendable {
  let code: [String]
  let comments: [String]

  init(_ source: [UInt8]) {
    var blanker = Blanker(source)
    blanker.run()
    code = Self.lines(blanker.code)
    comments = Self.lines(blanker.comments)
  }

  init(_ source: String) { self.init(Array(source.utf8)) }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  /// The identifiers and keywords of a line of code, in order, `.init` with its dot, `@unsafe` with its sign.
  static func words(of line: String) -> [String] {
    var words: [String] = []
    var word = ""
    for character in line.utf8 {
      let isWord = character == UInt8(ascii: "_") || character | 0x20 >= 0x61 && character | 0x20 <= 0x7A
        || character >= 0x30 && character <= 0x39 || character >= 0x80
      if isWord {
        word.unicodeScalars.append(Unicode.Scalar(character))
      } else {
        if !word.isEmpty, word != ".", word != "@" { words.append(word) }
        word = character == UInt8(ascii: ".") ? "." : character == UInt8(ascii: "@") ? "@" : ""
      }
    }
    if !word.isEmpty, word != ".", word != "@" { words.append(word) }
    return words
  }
}

/// Copies a source into two texts of the same shape: code, and comments.
private struct Blanker {
  let source: [UInt8]
  var code: [UInt8]
  var comments: [UInt8]
  var at = 0

  init(_ source: [UInt8]) {
    self.source = source
    let blank = source.map { $0 == UInt8(ascii: "\n") ? $0 : UInt8(ascii: " ") }
    code = blank
    comments = blank
  }

  mutating func run() {
    while at < source.count {
      if starts("//") {
        while at < source.count, source[at] != UInt8(ascii: "\n") { takeComment() }
      } else if starts("/*") {
        blockComment()
      } else if let hashes = stringOpening() {
        string(hashes: hashes)
      } else {
        code[at] = source[at]
        at += 1
      }
    }
  }

  private func starts(_ text: StaticString, at offset: Int? = nil) -> Bool {
    source[(offset ?? at)...].starts(with: text.description.utf8)
  }

  private mutating func takeComment() {
    comments[at] = source[at]
    at += 1
  }

  private mutating func blockComment() {
    var depth = 0
    repeat {
      if starts("/*") {
        depth += 1
        takeComment()
      } else if starts("*/") {
        depth -= 1
        takeComment()
      }
      takeComment()
    } while depth > 0 && at < source.count
  }

  /// The number of `#` before a quote that opens a string here, or nil where none does.
  private func stringOpening() -> Int? {
    var end = at
    while end < source.count, source[end] == UInt8(ascii: "#") { end += 1 }
    return end < source.count && source[end] == UInt8(ascii: "\"") ? end - at : nil
  }

  /// Passes a string literal; `at` stands on its first `#` or quote.
  private mutating func string(hashes: Int) {
    at += hashes
    let isMultiline = starts("\"\"\"")
    let quotes = isMultiline ? 3 : 1
    at += quotes
    while at < source.count {
      if source[at] == UInt8(ascii: "\\"), hasHashes(hashes, at: at + 1) {
        at += 1 + hashes
        if at < source.count, source[at] == UInt8(ascii: "(") { interpolation() } else { at += 1 }
      } else if starts(isMultiline ? "\"\"\"" : "\""), hasHashes(hashes, at: at + quotes) {
        at += quotes + hashes
        return
      } else if !isMultiline, source[at] == UInt8(ascii: "\n") {
        return
      } else {
        at += 1
      }
    }
  }

  private func hasHashes(_ count: Int, at start: Int) -> Bool {
    start + count <= source.count && source[start..<start + count].allSatisfy { $0 == UInt8(ascii: "#") }
  }

  /// Passes `( … )` inside a string, with the strings in it.
  private mutating func interpolation() {
    var depth = 0
    repeat {
      if let hashes = stringOpening() {
        string(hashes: hashes)
      } else {
        if source[at] == UInt8(ascii: "(") { depth += 1 }
        if source[at] == UInt8(ascii: ")") { depth -= 1 }
        at += 1
      }
    } while depth > 0 && at < source.count
  }
}
