internal import Foundation

/// The ledger of files for people: `indexed      12  /archive/a.jsonl  reason`, a line a file, or the lines as they come.
public struct FileListFormat {
  private struct Line: Decodable {
    var path: String
    var state: String
    var code: String?
    var reason: String?
    var documents: Int
    var refused: Int
  }

  private let isText: Bool
  private let output: ([UInt8]) throws -> Void
  private var held: [UInt8] = []

  public init(isText: Bool, output: @escaping ([UInt8]) throws -> Void) {
    self.isText = isText
    self.output = output
  }

  /// Takes the next bytes of the answer.
  public mutating func take(_ piece: [UInt8]) throws {
    guard isText else { return try output(piece) }
    held += piece
    while let end = held.firstIndex(of: 0x0A) {
      try output(Array(Self.text(Array(held[..<end])).utf8))
      held.removeFirst(end + 1)
    }
  }

  public mutating func finish() throws {
    if !held.isEmpty { try output(held) }
    held = []
  }

  static func text(_ line: [UInt8]) throws -> String {
    guard let file = try? JSONDecoder().decode(Line.self, from: Data(line)) else {
      throw ClientError.badAnswer(String(decoding: line.prefix(200), as: UTF8.self))
    }
    let count = String(file.documents)
    var text = TextWidth.padded(file.state, to: 8) + String(repeating: " ", count: max(1, 9 - count.count)) + count
    text += "  " + ConcordanceLine.flat(file.path)
    if file.refused > 0 { text += "  \(file.refused) refused" }
    if let reason = file.reason { text += "  " + ConcordanceLine.flat(reason) }
    return text + "\n"
  }
}
