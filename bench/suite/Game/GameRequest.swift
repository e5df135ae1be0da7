/// One line that the client of the search-benchmark-game sends: a command, a tab, a query.
struct GameRequest {
  /// Documents to rank; nil for COUNT.
  let limit: Int?
  /// Whether the number of matching documents is asked for.
  let counts: Bool
  let query: GameQuery

  /// Nil for commands and queries outside the protocol.
  init?(line: String) {
    let columns = line.split(separator: "\t", maxSplits: 1)
    guard columns.count == 2, let query = GameQuery(String(columns[1])) else { return nil }
    self.query = query
    let parts = columns[0].split(separator: "_")
    switch (parts.first, parts.count) {
    case ("COUNT", 1):
      limit = nil
      counts = true
    case ("TOP", 2), ("TOP", 3):
      guard let number = Int(parts[1]), number > 0, parts.count == 2 || parts[2] == "COUNT" else { return nil }
      limit = number
      counts = parts.count == 3
    default: return nil
    }
  }
}
