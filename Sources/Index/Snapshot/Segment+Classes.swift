internal import Analysis
internal import Base
public import ScoringCore

extension Segment {
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
public struct StemClass: Sendable {
  let names: FormNames
  /// The postings of each form.
  public let lists: [PostingListReference]
  /// Documents and frequencies of the union, without positions; kept where a query-time union would be dear.
  public let classList: PostingListReference?
  /// Documents that hold any of the forms.
  public let documentFrequency: UInt32

  public var forms: [(form: [UInt8], list: PostingListReference)] {
    lists.indices.map { (Array(names[$0]), lists[$0]) }
  }
}
