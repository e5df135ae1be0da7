import Base
@testable import Index
import TestSupport
import Testing

@Suite struct DictionaryTests {
  @Test func lookupsEqualASortedArray() throws {
    try Property.check("dictionary equals a sorted array") { random in
      let keys = Self.keys(&random)
      var writer = DictionaryWriter()
      for (number, key) in keys.enumerated() { writer.append(key, payload: Self.payload(number)) }
      let segment = MemorySegment(size: Bool.random(using: &random) ? .small : .large)
      let location = writer.finish(into: &segment.writer)
      let reader = DictionaryReader(memory: segment.memory(), location: location)
      for (number, key) in keys.enumerated() { try #require(try reader.payload(of: key) == Self.payload(number)) }
      for _ in 0..<50 {
        let probe = Self.key(&random)
        try #require(try reader.payload(of: probe) == keys.firstIndex(of: probe).map(Self.payload))
        var seen: [[UInt8]] = []
        try reader.forEach(from: probe) { key, _ in
          seen.append(key)
          return seen.count < 100
        }
        try #require(seen == Array(keys.drop { $0.lexicographicallyPrecedes(probe) }.prefix(100)))
      }
      // Forms as classes have them, mostly ascending; all that come before one that is not there are handed out.
      var forms = (0..<20).compactMap { _ in keys.randomElement(using: &random) }
      if Bool.random(using: &random) { forms.sort { $0.lexicographicallyPrecedes($1) } }
      if Bool.random(using: &random) { forms.insert(Self.key(&random), at: Int.random(in: 0...forms.count, using: &random)) }
      var together: [[UInt8]] = []
      let areThere = try reader.forEachForm(FormNames(forms)) { payload in
        together.append(unsafe payload.withUnsafeBytes { unsafe [UInt8]($0) })  // SAFETY: copied while it is there.
      }
      let expected = forms.prefix { keys.contains($0) }
      try #require(areThere == (expected.count == forms.count))
      try #require(together == (try expected.map { try #require(try reader.payload(of: $0)) }))
      let asked = forms + (0..<20).map { _ in Self.key(&random) } + keys.shuffled(using: &random).prefix(5)
      try Self.checkPayloads(of: asked.shuffled(using: &random), reader)
      var cursor = DictionaryCursor(reader)
      var walked: [[UInt8]] = []
      while try cursor.next() { walked.append(cursor.key) }
      try #require(walked == keys)
    }
  }

  /// Payloads where they lie are those that are copied.
  private static func checkPayloads(of keys: [[UInt8]], _ reader: DictionaryReader) throws {
    var found = [[UInt8]?](repeating: nil, count: keys.count)
    var places: [Int] = []
    try reader.forEachPayload(of: keys) { place, payload in
      places.append(place)
      found[place] = unsafe payload.withUnsafeBytes { unsafe [UInt8]($0) }  // SAFETY: copied inside.
    }
    for (key, payload) in zip(keys, found) { try #require(try reader.payload(of: key) == payload) }
    try #require(places == found.indices.filter { found[$0] != nil })
  }

  @Test func damagedBytesAreErrorsAndNeverTraps() throws {
    try Property.check("damaged dictionary never traps") { random in
      let keys = Self.keys(&random)
      var writer = DictionaryWriter()
      for (number, key) in keys.enumerated() { writer.append(key, payload: Self.payload(number)) }
      let segment = MemorySegment(size: .small)
      let location = writer.finish(into: &segment.writer)
      let memory = segment.memory { bytes in
        for _ in 0..<Int.random(in: 1...20, using: &random) {
          bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      let reader = DictionaryReader(memory: memory, location: location)
      for key in keys.prefix(200) { _ = try? reader.payload(of: key) }
      try? reader.forEachPayload(of: Array(keys.prefix(200))) { _, _ in }
      _ = try? reader.forEachForm(FormNames(Array(keys.prefix(50)))) { _ in }
      var cursor = DictionaryCursor(reader)
      while (try? cursor.next()) ?? false {}
    }
  }

  private static func payload(_ number: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    Varint.append(UInt64(number) * 7, to: &bytes)
    return bytes + [UInt8](repeating: 9, count: number % 40)
  }

  private static func keys(_ random: inout SplitMix64) -> [[UInt8]] {
    let count = Int.random(in: 0...2_000, using: &random)
    return Set((0..<count).map { _ in key(&random) }).sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Short keys over few letters, so that prefixes and shared heads are common; some long ones.
  private static func key(_ random: inout SplitMix64) -> [UInt8] {
    let length = Int.random(in: 0..<20, using: &random) == 0 ? 255 : Int.random(in: 1...12, using: &random)
    return (0..<length).map { _ in UInt8.random(in: 0x61...0x63, using: &random) }
  }
}
