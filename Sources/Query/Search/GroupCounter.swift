internal import Base
internal import Index
internal import ScoringCore

/// Adds up groups over the segments of a snapshot: counters a value, never a list of documents.
struct GroupCounter: Sendable {
  private let grouping: Grouping
  private var keywords: [[UInt8]: Int] = [:]
  /// By year, month and day as one number, the parts that the unit leaves out 0.
  private var dates: [Int: Int] = [:]
  private var missing = 0

  init(_ grouping: Grouping) { self.grouping = grouping }

  /// What the index has no field for, in words; nil where it can be counted.
  static func refusal(of grouping: Grouping, in snapshot: Snapshot) -> String? {
    let resolver = FilterResolver(snapshot)
    switch grouping {
    case .keyword(let field): return resolver.refusal(of: .keyword(field: field, value: ""))
    case .date(let field, _): return resolver.refusal(of: .date(field: field, DateRange(from: nil, to: nil)))
    }
  }

  /// Counts the matches of one segment. Complexity: one column of it.
  mutating func add(_ matches: DocumentSet, of segment: Segment) throws(IndexError) {
    let valued: Int
    switch grouping {
    case .keyword(let field):
      valued = try segment.forEachGroup(of: matches, by: field) { value, documents in
        keywords[value, default: 0] += documents
      }
    case .date(let field, let unit):
      var last: DocID?
      var seen: [Int] = []
      valued = try segment.forEachDate(of: matches, in: field) { document, seconds in
        let key = Self.key(seconds, unit)
        if document != last { seen.removeAll(keepingCapacity: true) }
        last = document
        guard !seen.contains(key) else { return }
        seen.append(key)
        dates[key, default: 0] += 1
      }
    }
    missing += matches.count - valued
  }

  var counts: GroupCounts {
    let groups: [GroupCount]
    switch grouping {
    case .keyword:
      groups = keywords
        .sorted { a, b in a.value == b.value ? a.key.lexicographicallyPrecedes(b.key) : a.value > b.value }
        .map { GroupCount(value: String(decoding: $0.key, as: UTF8.self), documents: $0.value) }
    case .date(_, let unit):
      groups = dates.sorted { $0.key < $1.key }
        .map { GroupCount(value: Self.text($0.key, unit), documents: $0.value) }
    }
    return GroupCounts(groups: groups, missing: missing)
  }

  private static func key(_ seconds: Int64, _ unit: Grouping.DateUnit) -> Int {
    let (year, month, day) = CalendarDate.components(epochSeconds: seconds)
    return year * 10_000 + (unit == .year ? 0 : month * 100) + (unit == .day ? day : 0)
  }

  private static func text(_ key: Int, _ unit: Grouping.DateUnit) -> String {
    func padded(_ value: Int, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }
    let year = padded(key / 10_000, 4)
    let month = padded(key / 100 % 100, 2)
    switch unit {
    case .year: return year
    case .month: return "\(year)-\(month)"
    case .day: return "\(year)-\(month)-\(padded(key % 100, 2))"
    }
  }
}
