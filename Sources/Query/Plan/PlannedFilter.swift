internal import Base
internal import Index
internal import ScoringCore

/// A filter as the documents that pass it, a set for each segment of the snapshot.
struct PlannedFilter: Sendable {
  let sets: [DocumentSet]

  var complement: PlannedFilter { PlannedFilter(sets: sets.map(\.complement)) }
  var isEmpty: Bool { sets.allSatisfy { $0.count == 0 } }
}

/// Reads filters off the columns of a snapshot.
struct FilterResolver {
  let snapshot: Snapshot
  /// Values of a keyword field that are looked at for suggestions, a segment.
  private static let suggestedFromMax = 1 << 16

  init(_ snapshot: Snapshot) { self.snapshot = snapshot }

  /// Complexity: one column of every segment.
  func resolve(_ filter: QueryFilter) throws(IndexError) -> PlannedFilter {
    var sets: [DocumentSet] = []
    for segment in snapshot.segments {
      switch filter {
      case .keyword(let field, let value):
        sets.append(try segment.documents(whose: field, is: Array(value.utf8)))
      case .number(let field, let minimum, let maximum):
        sets.append(try segment.documents(whose: field, isFrom: minimum, to: maximum))
      case .date(let field, let range):
        sets.append(try segment.documents(dated: field, in: range.epochSeconds))
      }
    }
    return PlannedFilter(sets: sets)
  }

  /// What the index has no field for, in words; nil where the filter can be answered.
  func refusal(of filter: QueryFilter) -> String? {
    let schema = snapshot.schema
    switch filter {
    case .keyword(let field, _):
      return schema.names(.keyword).contains(field) ? nil : "The index has no keyword field `\(field)`."
    case .number(let field, _, _):
      return schema.names(.number).contains(field) ? nil : "The index has no number field `\(field)`."
    case .date(let field, _):
      return field == "date" || schema.names(.date).contains(field) ? nil : "The index has no date field `\(field)`."
    }
  }

  /// The values of a keyword field that are most like `value`: equal but for case first, then by edits, at most two.
  func nearestValues(to value: String, in field: String, limit: Int) throws(IndexError) -> [String] {
    let wanted = Array(value.lowercased().unicodeScalars)
    let editsMax = min(2, max(1, wanted.count / 3))
    var near: [String: Int] = [:]
    for segment in snapshot.segments {
      var left = Self.suggestedFromMax
      try segment.forEachKeyword(of: field) { bytes in
        left -= 1
        // A scalar has one to four bytes: most values are out by their length.
        guard bytes.count <= 4 * (wanted.count + editsMax), bytes.count + editsMax >= wanted.count else {
          return left > 0
        }
        let known = String(decoding: bytes, as: UTF8.self)
        let scalars = Array(known.lowercased().unicodeScalars)
        if let distance = EditDistance.between(wanted, scalars, atMost: editsMax), distance < max(1, wanted.count) {
          near[known] = distance
        }
        return left > 0
      }
    }
    return near.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.prefix(limit).map(\.key)
  }
}

extension DateRange {
  /// From the first second of the first day to the last of the last, in UTC.
  var epochSeconds: ClosedRange<Int64> {
    let first = from.map { Int64($0.firstDay) * 86_400 } ?? .min
    let last = to.map { Int64($0.lastDay) * 86_400 + 86_399 } ?? .max
    return first...max(first, last)
  }
}
