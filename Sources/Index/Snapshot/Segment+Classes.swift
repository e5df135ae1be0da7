internal import Analysis
internal import Base
public import ScoringCore

extension Segment {
  /// The same as `lookupClass` for a query: what was asked for before is remembered, and of what is asked for again the
  /// forms' lists are merged into one in memory.
  public func stemClass(_ stem: [UInt8]) throws(IndexError) -> StemClass? {
    switch body.stems.find(stem) {
    case .known(let stemClass): return stemClass
    case .refused: throw corrupt(.classes)
    case .wanted(let stemClass):
      guard let merged = try merged(stemClass) else { return stemClass }
      let complete = StemClass(stemClass, merged: merged)
      body.stems.keep(stem, complete)
      return complete
    case .unknown:
      guard let stemClass = try lookupClass(stem) else { return nil }
      body.stems.keep(stem, stemClass)
      return stemClass
    }
  }

  private func merged(_ stemClass: StemClass) throws(IndexError) -> MergedList? {
    var merged: MergedList?
    try walking { () throws(PostingError) in merged = try ListMerger.merge(stemClass.lists, in: view) }
    // An index whose class and whose lists tell different things answers by what it holds of each, as without this.
    return merged?.documentFrequency == stemClass.documentFrequency ? merged : nil
  }

  /// The class of a stem: its exact forms with their postings, and what the segment knows of their union.
  /// A stem that is its own only form is a class of one; nil where the segment holds no form of it.
  public func lookupClass(_ stem: [UInt8]) throws(IndexError) -> StemClass? {
    var decoded: StemClassFormat.Decoded?
    var isIntact = true
    try body.reading(.classes) { () throws(DictionaryReader.Damage) in
      try body.classes.withPayload(of: stem) { payload in
        do { decoded = try StemClassFormat.decode(payload, stem: stem) } catch { isIntact = false }
      }
    }
    guard isIntact else { throw corrupt(.classes) }
    guard let decoded else {
      // `nothing` is the stem of `nothingness`, and as a word it belongs to another class.
      guard analyzer.stem(stem) == stem, let only = try lookup(stem) else { return nil }
      return StemClass(names: FormNames([stem]), lists: [only], classList: nil, documentFrequency: only.documentFrequency)
    }
    let lists = try self.lists(of: decoded.forms)
    if let list = decoded.list { try body.check(list) }
    guard let documentFrequency = decoded.documentFrequency ?? lists.first?.documentFrequency else {
      throw corrupt(.classes)
    }
    return StemClass(
      names: decoded.forms, lists: lists, classList: decoded.list, documentFrequency: documentFrequency)
  }

  /// The postings of the forms of a class, all of which the segment holds.
  private func lists(of forms: FormNames) throws(IndexError) -> [PostingListReference] {
    var lists: [PostingListReference] = []
    lists.reserveCapacity(forms.count)
    var isIntact = true
    let areThere = try body.reading(.dictionary) { () throws(DictionaryReader.Damage) in
      try body.terms.forEachForm(forms) { payload in
        if let list = try? PostingListReference(payload: payload) { lists.append(list) } else { isIntact = false }
      }
    }
    guard areThere else { throw corrupt(.classes) }
    guard isIntact else { throw corrupt(.postings) }
    for list in lists { try body.check(list) }
    return lists
  }
}

/// The exact forms of one stem in one segment.
///
/// Thread-safe: nothing in it changes.
public final class StemClass: Sendable {
  let names: FormNames
  /// The postings of each form.
  public let lists: [PostingListReference]
  /// Documents and frequencies of the union, without positions; kept where a query-time union would be dear.
  public let classList: PostingListReference?
  /// All of the lists as one; nil where it was not asked for often enough to be made.
  public let merged: MergedList?
  /// Documents that hold any of the forms.
  public let documentFrequency: UInt32

  init(
    names: FormNames, lists: [PostingListReference], classList: PostingListReference?, documentFrequency: UInt32,
    merged: MergedList? = nil
  ) {
    self.names = names
    self.lists = lists
    self.classList = classList
    self.merged = merged
    self.documentFrequency = documentFrequency
  }

  convenience init(_ known: StemClass, merged: MergedList) {
    self.init(
      names: known.names, lists: known.lists, classList: known.classList, documentFrequency: known.documentFrequency,
      merged: merged)
  }

  public var forms: [(form: [UInt8], list: PostingListReference)] {
    lists.indices.map { (Array(names[$0]), lists[$0]) }
  }
}
