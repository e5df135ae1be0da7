@testable import Analysis

/// Whole-text segmentations, as the conformance files give them.
enum Segments {
  static func words(_ text: [UInt8], _ tailoring: WordSegmenter.Tailoring = .none) -> [[UInt8]] {
    let segmenter = WordSegmenter(text.span, tailoring: tailoring)
    var segments: [[UInt8]] = []
    var start = 0
    while start < text.count {
      let end = segmenter.segment(from: start).end
      segments.append(Array(text[start..<end]))
      start = end
    }
    return segments
  }

  static func sentences(_ text: [UInt8], _ tailoring: SentenceSegmenter.Tailoring = .none) -> [[UInt8]] {
    let segmenter = SentenceSegmenter(text.span, tailoring: tailoring)
    var segments: [[UInt8]] = []
    var start = 0
    while start < text.count {
      let end = segmenter.sentence(from: start).end
      segments.append(Array(text[start..<end]))
      start = end
    }
    return segments
  }
}

/// One line of WordBreakTest.txt or SentenceBreakTest.txt: `÷ 0061 × 0027 ÷	# comment`.
struct BreakTestCase {
  var segments: [[UInt8]]
  var text: [UInt8] { segments.flatMap { $0 } }

  /// Nil for a line without a case.
  init?(_ line: [UInt8]) {
    let content = String(decoding: line, as: UTF8.self).split(separator: "#", omittingEmptySubsequences: false)[0]
    segments = []
    for part in content.split(whereSeparator: \.isWhitespace) {
      switch part {
      case "÷": segments.append([])
      case "×": continue
      default:
        guard let code = UInt32(part, radix: 16), let scalar = Unicode.Scalar(code) else { return nil }
        segments[segments.count - 1].append(contentsOf: Array(String(Character(scalar)).utf8))
      }
    }
    guard segments.count > 1, segments.removeLast().isEmpty else { return nil }
  }
}
