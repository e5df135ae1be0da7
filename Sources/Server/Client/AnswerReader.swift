internal import Foundation

/// Takes the object of an answer apart while it comes: its results one by one, and around them the rest of it.
///
/// So the client needs the memory of one document, however many there are. The bytes must be an object as the daemon
/// writes it; whether it is one is seen when its parts are decoded.
struct AnswerReader {
  /// The object without its results.
  private(set) var envelope: [UInt8] = []
  private var document: [UInt8] = []
  private var depth = 0
  private var isInString = false
  private var isEscaped = false
  private var isInResults = false

  private static let opening = Array(#""results":"#.utf8)

  /// Takes the next bytes; calls `found` with each result that is complete.
  mutating func append(_ piece: [UInt8], _ found: ([UInt8]) throws -> Void) rethrows {
    for byte in piece {
      let isInDocument = isInResults && depth > 2
      switch (isInString, byte) {
      case (true, _):
        isInString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
      case (false, UInt8(ascii: "\"")): isInString = true
      case (false, UInt8(ascii: "{")): depth += 1
      case (false, UInt8(ascii: "[")):
        if depth == 1, envelope.suffix(Self.opening.count).elementsEqual(Self.opening) {
          isInResults = true
          envelope.append(byte)
        }
        depth += 1
      case (false, UInt8(ascii: "}")), (false, UInt8(ascii: "]")):
        depth -= 1
        if isInResults, depth == 1 { isInResults = false }
      default: break
      }
      if isInResults {
        if isInDocument || depth > 2 { document.append(byte) }
        if isInDocument, depth == 2 {
          try found(document)
          document.removeAll(keepingCapacity: true)
        }
      } else {
        envelope.append(byte)
      }
    }
  }
}
