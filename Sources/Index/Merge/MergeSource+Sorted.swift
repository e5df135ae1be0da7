internal import Base
internal import ScoringCore

/// Lists of documents that change their order: gathered from all sources, sorted by their new numbers.
extension MergeSource {
  /// Appends the live documents of all lists, renumbered, with their positions.
  mutating func encodeSorted(
    _ lists: [(source: Int, list: PostingListReference)], into encoder: inout PostingListEncoder
  ) throws(IndexError) {
    let occurrences = lists.reduce(UInt64(0)) { $0 + $1.list.totalFrequency }
    let windows = Int(occurrences / sortedOccurrencesMax) + 1
    let windowCount = (documentCount + windows - 1) / windows
    for start in stride(from: 0, to: documentCount, by: windowCount) {
      try gather(lists, in: DocID(start)..<DocID(min(start + windowCount, documentCount)))
      for place in sorter.order {
        let document = sorter.document(place)
        let positions = sorter.allPositions.extracting(sorter.positions(place))
        encoder.add(document, frequency: UInt32(positions.count), norm: norm(Int(document)), positions: positions)
      }
    }
  }

  /// Calls `visit` with the documents of a range that hold a form, ascending, and its positions in each.
  mutating func visitSorted(
    _ form: [UInt8], in documents: Range<DocID>, _ visit: (DocID, Span<UInt32>) -> Void
  ) throws(IndexError) {
    var lists: [(source: Int, list: PostingListReference)] = []
    for (number, segment) in sources.enumerated() {
      if let list = try segment.lookup(form) { lists.append((number, list)) }
    }
    try gather(lists, in: documents)
    for place in sorter.order {
      visit(sorter.document(place), sorter.allPositions.extracting(sorter.positions(place)))
    }
  }

  /// Sorts the postings of `form` by their documents.
  mutating func sortForm() {
    sorter.removeAll()
    for (document, frequency) in zip(form.documents, form.frequencies) { sorter.append(document, frequency: frequency) }
    sorter.sort()
    form.removeAll()
    for place in sorter.order { form.append(sorter.document(place), sorter.frequencies[Int(place)]) }
  }

  /// Fills the sorter with the postings of documents whose new numbers are in a range.
  private mutating func gather(
    _ lists: [(source: Int, list: PostingListReference)], in documents: Range<DocID>
  ) throws(IndexError) {
    sorter.removeAll()
    for (number, list) in lists {
      let segment = sources[number]
      let map = renumbering.maps[number]
      try segment.walking { () throws(PostingError) in
        var walk = try PostingWalk(list, in: segment.view)
        while true {
          let document = try walk.next()
          if document == .terminated { return }
          let new = map[Int(document)]
          // `terminated`, for what is deleted, is in no range.
          guard documents.contains(new) else { continue }
          try walk.positions(into: &positions)
          sorter.append(new, positions: positions)
        }
      }
    }
    sorter.sort()
  }
}
