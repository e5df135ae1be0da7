internal import Analysis
internal import Index

/// Text to words: megabytes of English a second on one thread.
struct AnalysisBenchmarks {
  private static let group = "analysis"
  private static let megabyte = 1e6

  let meter: Meter

  /// - Parameter texts: named texts with the number of words that an analysis must find, where it is known.
  func run(_ texts: [(name: String, text: [UInt8], words: Int?)]) throws -> [Measurement] {
    let analyzer = Analyzer()
    return try texts.map { name, text, words in
      var batch = TokenBatch()
      return try meter.measure(
        group: Self.group, name: "words of \(name)", unit: "MB", units: Double(text.count) / Self.megabyte,
        verify: {
          analyzer.analyze(text.span, into: &batch)
          guard batch.wordCount > 0, words == nil || Int(batch.wordCount) == words else {
            throw WrongAnswer("\(batch.wordCount) words, expected \(words ?? 1)")
          }
          return "\(batch.wordCount) words"
        },
        { analyzer.analyze(text.span, into: &batch) })
    } + [try stems(analyzer)]
  }

  private func stems(_ analyzer: Analyzer) throws -> Measurement {
    let stems = [
      ("attacking", "attack"), ("civilians", "civilian"), ("reported", "report"), ("soldiers", "soldier"),
      ("markets", "market"), ("generalizations", "general"), ("oscillators", "oscil"), ("running", "run"),
    ]
    let forms = stems.map { Array($0.0.utf8) }
    let expected = stems.map { Array($0.1.utf8) }
    var stem: [UInt8] = []
    return try meter.measure(
      group: Self.group, name: "English stem", unit: "word", units: Double(forms.count),
      verify: {
        guard forms.map(analyzer.stem) == expected else { throw WrongAnswer("a stem differs from Snowball's") }
        return "\(forms.count) stems"
      },
      { for form in forms { analyzer.stem(of: form.span, into: &stem) } })
  }
}
