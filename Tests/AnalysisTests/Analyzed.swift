@testable import Analysis

/// A batch in a shape that tests can print and compare.
struct Analyzed: Equatable {
  struct Word: Equatable, CustomStringConvertible {
    var position: UInt32
    var bytes: Range<Int>
    /// The form of the word, then the further ones, each with its kind.
    var forms: [String]
    var kinds: [Token.Kind]

    var description: String { "\(position):\(forms.joined(separator: "|"))@\(bytes.lowerBound)-\(bytes.upperBound)" }
  }

  var words: [Word] = []
  var sentenceStarts: [UInt32]
  var paragraphStarts: [UInt32]

  init(_ batch: TokenBatch) {
    sentenceStarts = batch.sentenceStarts
    paragraphStarts = batch.paragraphStarts
    for token in batch.tokens {
      let start = Int(token.formOffset)
      let form = String(decoding: batch.formBytes[start..<start + Int(token.formLength)], as: UTF8.self)
      if token.kind == .word {
        let bytes = Int(token.byteStart)..<Int(token.byteEnd)
        words.append(Word(position: token.position, bytes: bytes, forms: [form], kinds: [.word]))
      } else {
        words[words.count - 1].forms.append(form)
        words[words.count - 1].kinds.append(token.kind)
      }
    }
  }

  init(_ text: [UInt8], _ analyzer: Analyzer = Analyzer()) {
    var batch = TokenBatch()
    analyzer.analyze(text.span, into: &batch)
    self.init(batch)
  }

  init(_ text: String) { self.init(Array(text.utf8)) }

  /// The forms at each position, as `u.s.|us`.
  var forms: [String] { words.map { $0.forms.joined(separator: "|") } }

  /// The first form of every sentence.
  var sentences: [String] { sentenceStarts.map { words[Int($0)].forms[0] } }
  var paragraphs: [String] { paragraphStarts.map { words[Int($0)].forms[0] } }
}
