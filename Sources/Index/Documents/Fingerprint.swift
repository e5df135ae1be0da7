/// The text of a document in 64 bits that near-duplicates share: wire copy, updates of one story.
///
/// One-permutation minwise hashing (Li, Owen, Zhang 2012) with optimal densification (Shrivastava 2017), of which four
/// bits a place are kept (b-bit minwise hashing; Li, König 2010). What is compared is Broder's resemblance (1997): of
/// all runs of three words ("shingles") that two texts have, the share that both have.
///
///     bit     63 … 60   59 … 56   …   3 … 0
///     place        15        14           0       lowest 4 bits of the least shingle hash of the place's sixteenth
///
/// Two places agree with about the probability of the resemblance r, and by chance with 1/16. Two documents are *near*
/// when at least `agreementMin` of the 16 places agree: on Reuters-21578 some 93 of 100 pairs with r ≥ 0.7 are, and 98
/// of 100 near pairs have r ≥ 0.5 (measured against all pairs; chapter of Index). Words are runs of ASCII letters, in any
/// case, digits and other bytes above 0x7F; no shingle crosses from one value to the next. Texts with fewer than three
/// words in a value have these as one shingle.
public struct Fingerprint: Sendable, Hashable {
  public static let placeCount = 16
  /// Places that agree in near-duplicates, of 16.
  public static let agreementMin = 12
  static let shingleWords = 3

  /// Never 0, which stands for a document without words.
  public let bits: UInt64

  public init?(bits: UInt64) {
    guard bits != 0 else { return nil }
    self.bits = bits
  }

  /// The fingerprint of some values; nil where they have no word. Complexity: linear in the bytes.
  public init?(_ texts: [[UInt8]]) {
    var sketch = ShingleSketch()
    for text in texts { sketch.add(text) }
    guard let bits = sketch.bits else { return nil }
    self.bits = max(bits, 1)
  }

  /// Places in which the two agree.
  @inline(__always)
  public static func agreement(_ a: UInt64, _ b: UInt64) -> Int {
    var differing = a ^ b
    differing |= differing &>> 1
    differing |= differing &>> 2
    return placeCount - (differing & 0x1111_1111_1111_1111).nonzeroBitCount
  }
}

/// The least hash of a text's shingles in each sixteenth of the hashes.
private struct ShingleSketch {
  private var least = [UInt64](repeating: .max, count: Fingerprint.placeCount)
  private var isEmpty = true

  mutating func add(_ text: [UInt8]) {
    var earlier: (UInt64, UInt64) = (0, 0)
    var wordCount = 0
    var place = 0
    while true {
      while place < text.count, !Self.isWordByte(text[place]) { place += 1 }
      guard place < text.count else { break }
      var word = Self.offsetBasis
      while place < text.count, Self.isWordByte(text[place]) {
        word = (word ^ UInt64(Self.lowerCase(text[place]))) &* Self.prime
        place += 1
      }
      wordCount += 1
      if wordCount >= Fingerprint.shingleWords { add(shingle: earlier.0, earlier.1, word) }
      earlier = (earlier.1, word)
    }
    if wordCount > 0, wordCount < Fingerprint.shingleWords { add(shingle: 0, earlier.0, earlier.1) }
  }

  @inline(__always)
  private mutating func add(shingle a: UInt64, _ b: UInt64, _ c: UInt64) {
    let hash = Self.mix(a &* 0x9E37_79B9_7F4A_7C15 &+ b &* 0xC2B2_AE3D_27D4_EB4F &+ c &* 0x1656_67B1_9E37_79F9)
    let place = Int(hash >> 60)
    least[place] = min(least[place], hash)
    isEmpty = false
  }

  var bits: UInt64? {
    guard !isEmpty else { return nil }
    var bits: UInt64 = 0
    for place in least.indices { bits |= (Self.mix(value(of: place)) & 15) << UInt64(4 * place) }
    return bits
  }

  /// A place that no shingle has fallen into takes the value of another one, chosen by its number alone, so that two
  /// texts choose alike.
  private func value(of place: Int) -> UInt64 {
    var attempt: UInt64 = 0
    var chosen = place
    while least[chosen] == .max {
      attempt += 1
      chosen = Int(Self.mix(UInt64(place) << 32 | attempt) >> 60)
    }
    return least[chosen] &+ attempt
  }

  // FNV-1a (Fowler, Noll, Vo) over the bytes of a word; the finaliser of SplitMix64 over a shingle.
  private static let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let prime: UInt64 = 0x0000_0100_0000_01B3

  @inline(__always)
  private static func mix(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z &>> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z &>> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z &>> 31)
  }

  @inline(__always)
  private static func isWordByte(_ byte: UInt8) -> Bool {
    byte >= 0x80 || (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  @inline(__always)
  private static func lowerCase(_ byte: UInt8) -> UInt8 { (0x41...0x5A).contains(byte) ? byte | 0x20 : byte }
}
