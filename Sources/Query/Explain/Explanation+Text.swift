extension Explanation {
  /// For a terminal: the answer, one indented line an operator, and the parts of the score.
  ///
  ///     putin-aleppo-mosul does not match
  ///     no   NEAR/10  closest: 34 words apart, you asked at most 10
  ///     yes    "raqqa"  2 hits
  ///     yes    "civilians"  1 hit
  public func text() -> String {
    "\(id) \(matches ? "matches" : "does not match")\n" + details()
  }

  /// The lines without the first.
  public func details() -> String {
    var lines: [String] = []
    root.appendLines(indent: 0, to: &lines)
    guard matches else { return lines.joined(separator: "\n") + "\n" }
    lines.append("score \(score)\(parts.isEmpty ? "" : " is the sum of")")
    for part in parts { lines.append("  \(part.line(of: documentCount))") }
    if !parts.isEmpty { lines.append("  (\(length) words; the mean is \(averageLength))") }
    return lines.joined(separator: "\n") + "\n"
  }
}

extension ExplanationNode {
  fileprivate func appendLines(indent: Int, to lines: inout [String]) {
    var line = (matches ? "yes  " : "no   ") + String(repeating: "  ", count: indent) + label
    if let hits, hits > 0 { line += "  \(hits) \(hits == 1 ? "hit" : "hits")" }
    if let note { line += "  \(note)" }
    lines.append(line)
    for child in children { child.appendLines(indent: indent + 1, to: &lines) }
  }
}

extension ScorePart {
  fileprivate func line(of documentCount: UInt64) -> String {
    let frequencies = words.map { "\($0.text) in \($0.documentFrequency)" }.joined(separator: ", ")
    return "\(score)  \(text): f \(frequency), idf \(weight) (\(frequencies) of \(documentCount) documents), "
      + "tf \(saturation)"
  }
}
