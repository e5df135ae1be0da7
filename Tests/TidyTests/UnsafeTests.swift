import Testing

/// Rules for the word `unsafe`: in few files, and always with the reason why it holds.
@Suite("Unsafe code")
struct UnsafeTests {
  @Test("Only the listed files are unsafe, and all of them are")
  func listedFiles() {
    let found = SourceTree.swift.filter { $0.path.hasPrefix("Sources/") || $0.path.hasPrefix("bench/") }
      .filter { !UnsafeUse.all(in: $0.text, functions: $0.functions).isEmpty }.map(\.path)
    let places = UnsafeFiles.reasons.keys.sorted()
    expectNone(
      found.filter { path in !places.contains { path.hasPrefix($0) } }.map { "\($0): unsafe, but not in UnsafeFiles" }
        + places.filter { place in !found.contains { $0.hasPrefix(place) } }
        .map { "\($0): in UnsafeFiles, but there is no unsafe code" })
  }

  @Test("Every use says why it is safe")
  func safetyComments() {
    expectNone(
      SourceTree.swift.flatMap { file in
        UnsafeUse.all(in: file.text, functions: file.functions).filter { !$0.isExplained }
          .map { "\(file.path):\($0.line + 1): no SAFETY sentence near" }
      })
  }
}

/// One line with unsafe code.
struct UnsafeUse {
  /// From 0.
  let line: Int
  /// A comment with `SAFETY` stands on the line, in its function above it, in the comment over the function, or at most
  /// two lines below (where a closure begins); or the file has one that says `SAFETY (whole type)`, for a type all of
  /// whose methods stand on the same invariant.
  let isExplained: Bool

  /// Lines with the expression marker, with `@unsafe`, `nonisolated(unsafe)` or an unchecked conformance.
  static func all(in text: SwiftText, functions: [FunctionSpan]) -> [UnsafeUse] {
    let coversType = text.comments.contains { $0.contains("SAFETY (whole type)") }
    return text.code.indices.filter { line in
      SwiftText.words(of: text.code[line]).contains { ["unsafe", "@unsafe", "@unchecked"].contains($0) }
    }.map { line in
      let enclosing = functions.filter { $0.lines.contains(line) }.max { $0.lines.lowerBound < $1.lines.lowerBound }
      let top = max(0, (enclosing?.lines.lowerBound ?? line) - commentLinesAbove)
      let bottom = min(text.comments.count - 1, line + 2)
      let isExplained = coversType || text.comments[top...bottom].contains { $0.contains("SAFETY") }
      return UnsafeUse(line: line, isExplained: isExplained)
    }
  }

  private static let commentLinesAbove = 10
}
