public import Analysis

/// Reads the query language. A pure value; safe to use from any thread.
public struct QueryReader: Sendable {
  public let analyzer: Analyzer
  public let schema: QuerySchema

  public init(analyzer: Analyzer = Analyzer(), schema: QuerySchema = QuerySchema()) {
    self.analyzer = analyzer
    self.schema = schema
  }

  /// Parses a query of the whole language. Terminates on every input; reports every problem it finds.
  ///
  /// - Complexity: linear in the query, at most `Limits.queryBytesMax` bytes; corrected queries are parsed again.
  public func parse(_ query: String) -> ParsedQuery {
    let attempt = parseOnce(query)
    let problems = attempt.findings.problems(in: query) { parseOnce($0).findings.isEmpty }
    return ParsedQuery(
      query: query, root: problems.isEmpty ? attempt.root : nil, problems: problems, warnings: attempt.warnings)
  }

  /// As `parse` of a query without problems; nil where it has some, which are not looked into.
  func parseSound(_ query: String) -> ParsedQuery? {
    let attempt = parseOnce(query)
    guard attempt.findings.isEmpty else { return nil }
    return ParsedQuery(query: query, root: attempt.root, problems: [], warnings: attempt.warnings)
  }

  private func parseOnce(_ query: String) -> (root: QueryNode?, findings: [QueryFinding], warnings: [QueryWarning]) {
    var parser = QueryParser(query, reader: self)
    let root = parser.parse()
    return (root, parser.findings, parser.warnings)
  }
}
