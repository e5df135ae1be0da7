internal import ScoringCore

/// A set of accepted forms, looked up in every segment of a snapshot.
struct PlannedWord: Sendable {
  /// The lists of one segment.
  struct Lists {
    var lists: [PostingListReference] = []
    var classList: PostingListReference?
    var merged: MergedList?
    var occurrences: (any OccurrenceFilter)?
  }

  /// One for each segment of the snapshot, in its order.
  var segments: [Lists]
  /// Accepted forms that some segment holds. No two of them stand at one position of a text.
  var forms: Set<[UInt8]>
  /// Documents of the snapshot with any of them, deleted ones included, fields and spellings not regarded.
  var documentFrequency: UInt64
  var idf: Float

  func leaf(segment: Int, weight: Float, scored: Bool, field: PlannedField) -> WordLeaf {
    let found = segments[segment]
    guard let id = field.id else {
      let lists = field.isNamed ? [] : found.lists
      return WordLeaf(
        lists: lists, classList: field.isNamed ? nil : found.classList, merged: field.isNamed ? nil : found.merged,
        weight: weight, scored: scored,
        occurrences: found.occurrences)
    }
    return WordLeaf(
      lists: found.lists, classList: found.classList, merged: found.merged, weight: weight, scored: scored, fieldFilter: id,
      occurrences: found.occurrences)
  }
}
