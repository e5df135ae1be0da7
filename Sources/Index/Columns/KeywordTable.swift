/// Different byte strings end to end, addressed by their number. In a column they ascend.
struct KeywordTable: Equatable {
  private(set) var bytes: [UInt8] = []
  private(set) var ends: [Int] = []

  var count: Int { ends.count }

  subscript(number: Int) -> ArraySlice<UInt8> { bytes[(number == 0 ? 0 : ends[number - 1])..<ends[number]] }

  mutating func append(_ value: some Collection<UInt8>) {
    bytes.append(contentsOf: value)
    ends.append(bytes.count)
  }

  /// The table of what several tables hold of `used`, ascending, and for each table the new number of each of its
  /// values. The tables ascend, so a linear look for the least value does: merges have some ten sources.
  static func merge(_ tables: [(table: KeywordTable, used: [Bool])]) -> (table: KeywordTable, numbers: [[UInt64]]) {
    var merged = KeywordTable()
    var numbers = tables.map { [UInt64](repeating: .max, count: $0.table.count) }
    var places = tables.map { _ in 0 }
    while true {
      var holders: [Int] = []
      for (source, entry) in tables.enumerated() {
        while places[source] < entry.table.count, !entry.used[places[source]] { places[source] += 1 }
        guard places[source] < entry.table.count else { continue }
        let value = entry.table[places[source]]
        guard let first = holders.first else {
          holders = [source]
          continue
        }
        let least = tables[first].table[places[first]]
        if value == least {
          holders.append(source)
        } else if value.lexicographicallyPrecedes(least) {
          holders = [source]
        }
      }
      guard let first = holders.first else { return (merged, numbers) }
      merged.append(tables[first].table[places[first]])
      for source in holders {
        numbers[source][places[source]] = UInt64(merged.count - 1)
        places[source] += 1
      }
    }
  }
}
