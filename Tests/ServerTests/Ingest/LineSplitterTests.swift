import Base
import Ingest
import TestSupport
import Testing

/// Lines out of pieces, however the pieces are cut.
@Suite("Line splitter")
struct LineSplitterTests {
  static func lines(_ bytes: [UInt8], pieces: [Int], lineBytesMax: Int = 1 << 20) -> [LineSplitter.Line] {
    var splitter = LineSplitter(lineBytesMax: lineBytesMax)
    var lines: [LineSplitter.Line] = []
    var start = 0
    for size in pieces where start < bytes.count {
      let end = min(bytes.count, start + size)
      splitter.append(bytes[start..<end])
      start = end
      while let line = splitter.next() { lines.append(line) }
    }
    splitter.append(bytes[start...])
    splitter.finish()
    while let line = splitter.next() { lines.append(line) }
    return lines
  }

  static func texts(_ lines: [LineSplitter.Line]) -> [String] {
    lines.map { line in
      switch line {
      case .bytes(let number, let bytes): "\(number):" + String(decoding: bytes, as: UTF8.self)
      case .tooLong(let number, let count): "\(number)!\(count)"
      }
    }
  }

  @Test("Endings, marks and missing endings", arguments: [
    ("", []), ("\n", ["1:"]), ("a", ["1:a"]), ("a\n", ["1:a"]), ("a\nb", ["1:a", "2:b"]), ("a\r\nb\r\n", ["1:a", "2:b"]),
    ("a\rb\n", ["1:a\rb"]), ("\r\n\r\n", ["1:", "2:"]), ("\u{FEFF}a\n\u{FEFF}b", ["1:a", "2:\u{FEFF}b"]),
    ("\u{FEFF}", []), ("a\0b\n", ["1:a\0b"]),
  ])
  func endings(text: String, expected: [String]) {
    #expect(Self.texts(Self.lines(Array(text.utf8), pieces: [])) == expected)
    #expect(Self.texts(Self.lines(Array(text.utf8), pieces: [Int](repeating: 1, count: 100))) == expected)
  }

  @Test("Long lines among short ones, which are given out without a copy", arguments: [64 << 10, 1 << 20, 3 << 20])
  func longLines(pieceBytes: Int) {
    let lengths = [3, 1 << 20, 0, (1 << 20) - 1, 5, (2 << 20) + 17, (1 << 20) + 1, 9]
    let texts = lengths.enumerated().map { number, length in String(repeating: "\(number)", count: length) }
    for ending in ["\n", "\r\n"] {
      let bytes = Array(texts.joined(separator: ending).utf8)
      let lines = Self.lines(bytes, pieces: [Int](repeating: pieceBytes, count: 200), lineBytesMax: 4 << 20)
      #expect(Self.texts(lines) == texts.enumerated().map { "\($0 + 1):\($1)" })
    }
  }

  @Test("A line at the limit is taken, one byte more is dropped and told, and the rest goes on")
  func limit() {
    let text = Array("12345\r\n123456\nab\n1234567890".utf8)
    for size in 1...8 {
      let lines = Self.lines(text, pieces: [Int](repeating: size, count: 40), lineBytesMax: 5)
      #expect(Self.texts(lines) == ["1:12345", "2!6", "3:ab", "4!10"])
    }
  }

  @Test("Random cuts change nothing")
  func cuts() throws {
    try Property.check("the same lines for every way to cut the stream", seconds: 1) { random in
      let alphabet = Array("ab\n\r\u{FEFF}".utf8)
      let count = Int(random.next(upperBound: UInt64(40)))
      let text = (0..<count).map { _ in alphabet[Int(random.next(upperBound: UInt64(alphabet.count)))] }
      let whole = Self.lines(text, pieces: [], lineBytesMax: 6)
      let pieces = (0..<40).map { _ in 1 + Int(random.next(upperBound: UInt64(5))) }
      try #require(Self.lines(text, pieces: pieces, lineBytesMax: 6) == whole, "\(text)")
    }
  }

  @Test("A line far above the limit takes no memory of its size")
  func bounded() {
    var splitter = LineSplitter(lineBytesMax: 1 << 16)
    let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 16)
    for _ in 0..<3_200 {
      splitter.append(piece)
      #expect(splitter.next() == nil)
    }
    splitter.append([0x0A, 0x61, 0x0A])
    #expect(splitter.next() == .tooLong(number: 1, count: 3_200 << 16))
    #expect(splitter.next() == .bytes(number: 2, [0x61]))
  }
}
