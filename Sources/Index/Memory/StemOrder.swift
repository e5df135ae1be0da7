internal import Analysis

/// The words of the buffers by stem and then by form, without possessives: the order of the table of stem classes.
struct StemOrder {
  /// One stem and its forms.
  struct Class {
    let stem: [UInt8]
    fileprivate let members: Range<Int>
    /// Whether it has one form.
    let isAlone: Bool
    /// Whether its first form is the stem.
    let isStem: Bool
  }

  /// A word, and where its stem stands in `bytes`.
  private struct Member: BitwiseCopyable {
    /// The first eight bytes of the stem as a number that sorts as they do.
    var prefix: UInt64
    var start: UInt32
    var length: UInt16
    var isStem: Bool
    var word: UInt32
  }

  private var bytes: [UInt8] = []
  private var members: [Member] = []
  private var at = 0

  init(_ words: MemoryWords, _ parts: [MemorySource.Part], _ analyzer: Analyzer) {
    guard analyzer.stemming != .none else { return }
    members.reserveCapacity(words.count)
    var stem: [UInt8] = []
    for word in 0..<words.count {
      let form = words.key(word, parts)
      if Analyzer.isPossessive(form) { continue }
      analyzer.stem(of: form.span, into: &stem)
      members.append(
        Member(
          prefix: DictionaryFormat.prefix(stem), start: UInt32(bytes.count), length: UInt16(stem.count),
          isStem: stem == form, word: UInt32(word)))
      bytes.append(contentsOf: stem)
    }
    // Words ascend by form, so ties of stems are settled by their number.
    let bytes = self.bytes
    members.sort { a, b in
      if a.prefix != b.prefix { return a.prefix < b.prefix }
      if a.length <= 8, b.length <= 8 { return a.length == b.length ? a.word < b.word : a.length < b.length }
      let left = Self.stem(a, bytes)
      let right = Self.stem(b, bytes)
      if left.elementsEqual(right) { return a.word < b.word }
      return left.lexicographicallyPrecedes(right)
    }
  }

  private static func stem(_ member: Member, _ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes[Int(member.start)..<Int(member.start) + Int(member.length)]
  }

  /// The next class; nil after the last.
  mutating func next() -> Class? {
    guard at < members.count else { return nil }
    let first = at
    at += 1
    while at < members.count, isSame(members[first], members[at]) { at += 1 }
    return Class(
      stem: [UInt8](Self.stem(members[first], bytes)), members: first..<at, isAlone: at == first + 1,
      isStem: members[first].isStem)
  }

  private func isSame(_ a: Member, _ b: Member) -> Bool {
    guard a.prefix == b.prefix, a.length == b.length else { return false }
    return a.length <= 8 || Self.stem(a, bytes).elementsEqual(Self.stem(b, bytes))
  }

  /// The words of a class, ascending by form.
  func words(of found: Class) -> [Int] { members[found.members].map { Int($0.word) } }
}
