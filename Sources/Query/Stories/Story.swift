internal import Base
internal import Index
internal import ScoringCore

/// Near-duplicates among the documents that match, of which one is shown.
struct Story: Sendable, Equatable {
  /// The best of them in the order of the answer.
  var document: RankedDocument
  /// How many match, this one included.
  var copies = 1
  /// Seconds since 1970: the earliest date of any of them; nil where none has one.
  var firstDate: Int64?
}

extension Story {
  /// The stories of some documents, in the order of the answer, and how many of the documents have no fingerprint.
  ///
  /// Complexity: `NearDuplicates`, and a look into a column a document.
  static func collapse(
    _ ranked: [RankedDocument], in snapshot: Snapshot, checkTime: () throws(SearchError) -> Void
  ) throws(SearchError) -> (stories: [Story], unknown: Int) {
    var fingerprints: [UInt64] = []
    fingerprints.reserveCapacity(ranked.count)
    for (count, found) in ranked.enumerated() {
      if count % 4_096 == 4_095 { try checkTime() }
      do throws(IndexError) {
        fingerprints.append(try snapshot.segments[Int(found.segment)].fingerprint(found.document)?.bits ?? 0)
      } catch {
        throw .index(error)
      }
    }
    let firsts = try NearDuplicates.firstOfStory(fingerprints, checkTime: checkTime)
    var stories: [Story] = []
    var places = [Int](repeating: 0, count: ranked.count)
    for (place, first) in firsts.enumerated() {
      let date = snapshot.segments[Int(ranked[place].segment)].date(ranked[place].document)
      if first == place {
        places[place] = stories.count
        stories.append(Story(document: ranked[place], firstDate: date))
      } else {
        stories[places[first]].add(date)
      }
    }
    return (stories, fingerprints.count { $0 == 0 })
  }

  private mutating func add(_ date: Int64?) {
    copies += 1
    guard let date else { return }
    firstDate = min(firstDate ?? date, date)
  }
}
