internal import Base

/// One field of all documents of a segment, in memory: what a column is written from and read into.
struct ColumnValues: Equatable {
  let kind: IndexSchema.Kind
  /// The values of a keyword field, ascending.
  var table = KeywordTable()
  /// Where the entries of each document end.
  private(set) var ends: [UInt32] = []
  /// Numbers in `table`, ascending in a document; bits of numbers; or seconds since 1970.
  private(set) var entries: [UInt64] = []

  init(kind: IndexSchema.Kind) { self.kind = kind }

  var documentCount: Int { ends.count }

  func entries(of document: Int) -> ArraySlice<UInt64> {
    entries[Int(document == 0 ? 0 : ends[document - 1])..<Int(ends[document])]
  }

  /// Adds the entries of the next document.
  mutating func append(_ document: some Sequence<UInt64>) {
    entries.append(contentsOf: document)
    ends.append(UInt32(entries.count))
  }

  /// Columns of older segments as one: of each new document its segment and its number there, in the new order.
  /// Values that no document has any more are left out. A source without the column is nil.
  static func merge(
    kind: IndexSchema.Kind, _ sources: [ColumnValues?], origins: [(source: UInt16, document: DocID)]
  ) -> ColumnValues {
    var merged = ColumnValues(kind: kind)
    var used = sources.map { [Bool](repeating: false, count: $0?.table.count ?? 0) }
    if kind == .keyword {
      for origin in origins {
        for entry in sources[Int(origin.source)]?.entries(of: Int(origin.document)) ?? [] {
          used[Int(origin.source)][Int(entry)] = true
        }
      }
    }
    let (table, numbers) = KeywordTable.merge(zip(sources, used).map { ($0?.table ?? KeywordTable(), $1) })
    merged.table = table
    for origin in origins {
      let source = Int(origin.source)
      let entries = sources[source]?.entries(of: Int(origin.document)) ?? []
      if kind == .keyword {
        merged.append(entries.map { numbers[source][Int($0)] })
      } else {
        merged.append(entries)
      }
    }
    return merged
  }
}
