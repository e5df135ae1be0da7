/// Walks the keys of several dictionaries as one ascending sequence without repeats.
///
/// A linear look for the least key: merges have some ten sources. Keys are compared as bytes.
struct KeyMerge {
  private var cursors: [DictionaryCursor] = []
  private let segments: [Segment]
  private let structure: IndexError.Structure
  private var current: [Int] = []

  init(_ sources: [(segment: Segment, reader: DictionaryReader, structure: IndexError.Structure)]) throws(IndexError) {
    segments = sources.map(\.segment)
    structure = sources.first?.structure ?? .dictionary
    cursors = sources.map { DictionaryCursor($0.reader) }
    for number in cursors.indices { try advance(number) }
  }

  /// The next key, or nil after the last.
  mutating func next() throws(IndexError) -> [UInt8]? {
    for number in current { try advance(number) }
    current.removeAll(keepingCapacity: true)
    var least: [UInt8]?
    for (number, cursor) in cursors.enumerated() where !cursor.isAtEnd {
      if let known = least {
        if cursor.key == known {
          current.append(number)
          continue
        }
        guard cursor.key.lexicographicallyPrecedes(known) else { continue }
      }
      least = cursor.key
      current.removeAll(keepingCapacity: true)
      current.append(number)
    }
    return least
  }

  /// Source and payload of every dictionary that holds the current key, in the order of the sources.
  func payloads() -> [(source: Int, payload: [UInt8])] {
    var found: [(source: Int, payload: [UInt8])] = []
    for number in current {
      found.append((number, cursors[number].payload()))
    }
    return found
  }

  private mutating func advance(_ number: Int) throws(IndexError) {
    do { _ = try cursors[number].next() } catch { throw damage(number, error) }
  }

  private func damage(_ number: Int, _ error: DictionaryReader.Damage) -> IndexError {
    segments[number].corrupt(structure, at: error.address)
  }
}
