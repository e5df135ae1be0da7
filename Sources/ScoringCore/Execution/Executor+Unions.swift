internal import Base

/// The forms of a word side by side: runs, intersections and frequencies of a union of a few lists.
///
/// Most documents hold one form of a word. Which it is falls out where documents are found, a bit a form, and is kept in
/// the leaf: no other form's cursor is moved for the frequency or the positions there.
extension Executor {
  /// `nextRun` of a union.
  @inline(never)
  mutating func nextUnionRun(_ leaf: Int, from target: DocID) -> PostingRun? {
    let first = leaves[leaf].first
    var last = DocID.terminated
    for list in first..<first + leaves[leaf].count {
      if lists[list].document < target || lists[list].decodedBlock < 0 { lists[list].advance(to: target) }
      guard !lists[list].isExhausted else { continue }
      if !lists[list].hasFrequencies { lists[list].decodeFrequencies() }
      // Who stands at `target` or later has its skip position in the decoded block.
      if !lists[list].isExhausted { last = min(last, lists[list].blockLast) }
    }
    guard last != .terminated else { return nil }
    runBuffers.removeAll()
    // The commonest form comes first in the leaf and last here: what is merged before is short.
    for form in stride(from: leaves[leaf].count - 1, through: 0, by: -1) where lists[first + form].document <= last {
      let place = lists[first + form].index
      let count = lists[first + form].countThrough(last, from: place)
      runBuffers.add(
        lists[first + form].documents.part(from: place, count: count),
        lists[first + form].frequencies.part(from: place, count: count), count: count, form: form)
    }
    return runBuffers.run(through: last)
  }

  /// `intersect` with a union, as far as the first of its forms' blocks reaches: which forms hold each document found is
  /// in `matches` too, in place of where it stands.
  @inline(never)
  mutating func intersectUnion(
    _ leaf: Int, _ candidates: Slots<UInt32>, from first: Int, count: Int, into matches: Matches
  ) -> (found: Int, next: Int) {
    let range = leaves[leaf].first..<leaves[leaf].first + leaves[leaf].count
    var last = DocID.terminated
    for list in range {
      if lists[list].document < candidates[first] || lists[list].decodedBlock < 0 {
        lists[list].advance(to: candidates[first])
      }
      if !lists[list].isExhausted { last = min(last, lists[list].blockLast) }
    }
    guard last != .terminated else { return (0, count) }
    var next = count
    if candidates[count - 1] > last {
      next = first
      while candidates[next] <= last { next &+= 1 }
    }
    let asked = candidates.part(from: first, count: next - first)
    for i in 0..<asked.count { matches.forms[i] = 0 }
    for list in range where lists[list].document <= candidates[next - 1] {
      note(list, asked, UInt32(1) &<< UInt32(list - range.lowerBound), matches)
    }
    var found = 0
    for i in 0..<asked.count {
      let forms = matches.forms[i]
      matches.candidates[found] = UInt32(truncatingIfNeeded: i)
      matches.forms[found] = forms
      found &+= forms == 0 ? 0 : 1
    }
    return (found, next)
  }

  /// Notes which of the candidates a form's block holds. Candidates are looked for in the block, or the block's few
  /// documents among them.
  @inline(__always)
  private mutating func note(_ list: Int, _ asked: Slots<UInt32>, _ form: UInt32, _ matches: Matches) {
    let last = asked[asked.count - 1]
    let few = asked.count / 8
    let index = lists[list].index
    if index &+ few < PostingListFormat.blockCount, lists[list].documents[index &+ few] > last {
      var place = 0
      var i = index
      while lists[list].documents[i] <= last {
        let document = lists[list].documents[i]
        while asked[place] < document { place &+= 1 }
        if asked[place] == document { matches.forms[place] |= form }
        i &+= 1
      }
      return
    }
    let found = asked.intersect(
      count: asked.count, with: lists[list].documents, from: index & ~15, places: matches.candidates,
      documentPlaces: matches.documents)
    for i in 0..<found { matches.forms[Int(matches.candidates[i])] |= form }
  }

  /// `moves` of a union.
  @inline(never)
  mutating func movesUnion(_ leaf: Int, to document: DocID) -> Bool {
    let first = leaves[leaf].first
    var forms: UInt32 = 0
    for form in 0..<leaves[leaf].count where moves(list: first &+ form, to: document) {
      forms |= 1 &<< UInt32(form)
    }
    leaves[leaf].present = forms
    return forms != 0
  }

  /// Notes what a run says of the document that the leaf is asked about next.
  @inline(__always)
  mutating func stand(_ leaf: Int, on document: DocID, forms: UInt32, occurrences: UInt32) {
    leaves[leaf].present = forms
    leaves[leaf].knownDocument = document
    leaves[leaf].occurrences = occurrences
  }

  /// `frequency(of:in:)` of a union.
  @inline(never)
  mutating func unionFrequency(_ leaf: Int, _ document: DocID) -> UInt32 {
    if leaves[leaf].knownDocument == document { return leaves[leaf].occurrences }
    var sum: UInt32 = 0
    var forms = leaves[leaf].present
    while forms != 0 {
      let list = leaves[leaf].first &+ forms.trailingZeroBitCount
      forms &= forms &- 1
      if moves(list: list, to: document) { sum &+= lists[list].frequency() }
    }
    leaves[leaf].knownDocument = document
    leaves[leaf].occurrences = sum & 0x7FFF_FFFF
    return leaves[leaf].occurrences
  }

  /// Whether a list is on `document`; it moves there. Forms of a class are moved only when they are asked for.
  @inline(__always)
  mutating func moves(list: Int, to document: DocID) -> Bool {
    if lists[list].document < document || lists[list].decodedBlock < 0 { lists[list].advance(to: document) }
    return lists[list].document == document
  }
}
