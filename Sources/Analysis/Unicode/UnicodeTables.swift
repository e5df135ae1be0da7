/// The Unicode tables, expanded once per process from the generated strings (grammar: config/unicode/generate.py).
final class UnicodeTables: Sendable {
  static let shared = UnicodeTables()

  private let properties: ScalarTrie
  /// 0: folds to itself; otherwise 1 + the index in `foldStarts`.
  private let foldIndices: ScalarTrie
  private let foldStarts: [UInt32]
  private let foldScalars: [UInt32]
  /// first << 32 | second, ascending; `composites` in the same order.
  private let compositionKeys: [UInt64]
  private let composites: [UInt32]

  /// Memory of all tables.
  var byteCount: Int {
    properties.byteCount + foldIndices.byteCount
      + 4 * (foldStarts.count + foldScalars.count + 3 * composites.count)
  }

  private init() {
    var runs: [(length: Int, value: UInt16)] = []
    var numbers = VarintText(UnicodeData.properties)
    while let length = numbers.next(), let record = numbers.next() {
      runs.append((Int(length), UInt16(record)))
    }
    properties = ScalarTrie(runs: runs)

    (foldIndices, foldStarts, foldScalars) = Self.folds()

    var keys: [UInt64] = []
    var results: [UInt32] = []
    numbers = VarintText(UnicodeData.compositions)
    while let first = numbers.next(), let second = numbers.next(), let composite = numbers.next() {
      keys.append(first << 32 | second)
      results.append(UInt32(composite))
    }
    compositionKeys = keys
    composites = results
  }

  private static func folds() -> (indices: ScalarTrie, starts: [UInt32], scalars: [UInt32]) {
    var runs: [(length: Int, value: UInt16)] = []
    var starts: [UInt32] = []
    var scalars: [UInt32] = []
    var numbers = VarintText(UnicodeData.folds)
    var code = -1
    var gapFrom = 0
    while let gap = numbers.next(), let count = numbers.next() {
      let previous = code
      code = gapFrom + Int(gap)
      gapFrom = code
      runs.append((code - previous - 1, 0))
      starts.append(UInt32(scalars.count))
      runs.append((1, UInt16(starts.count)))
      for _ in 0..<count {
        let zigzag = Int(numbers.next() ?? 0)
        scalars.append(UInt32(code + (zigzag >> 1 ^ -(zigzag & 1))))
      }
    }
    starts.append(UInt32(scalars.count))
    return (ScalarTrie(runs: runs), starts, scalars)
  }

  /// - Parameter scalar: a scalar or `UTF8Scalar.invalid`.
  @inline(__always)
  func properties(of scalar: UInt32) -> ScalarProperties {
    scalar == UTF8Scalar.invalid ? .invalid : ScalarProperties(record: properties[scalar])
  }

  /// Where in `foldScalar` the folding of `scalar` stands; nil where it is the scalar itself.
  @inline(__always)
  func foldRange(of scalar: UInt32) -> Range<Int>? {
    let index = Int(foldIndices[scalar])
    return index == 0 ? nil : Int(foldStarts[index - 1])..<Int(foldStarts[index])
  }

  @inline(__always)
  func foldScalar(_ index: Int) -> UInt32 { foldScalars[index] }

  /// The scalar that `first` and `second` make together in a folded form.
  func composite(_ first: UInt32, _ second: UInt32) -> UInt32? {
    if let syllable = Self.hangulSyllable(first, second) { return syllable }
    let key = UInt64(first) << 32 | UInt64(second)
    var low = 0
    var high = compositionKeys.count
    while low < high {
      let middle = (low + high) / 2
      if compositionKeys[middle] < key { low = middle + 1 } else { high = middle }
    }
    return low < compositionKeys.count && compositionKeys[low] == key ? composites[low] : nil
  }

  /// Vowels and trailing consonants that make a Hangul syllable with what stands before them.
  static let conjoiningJamo: ClosedRange<UInt32> = 0x1161...0x11C2

  /// Conjoining jamo to syllables (Unicode Standard, section 3.12).
  private static func hangulSyllable(_ first: UInt32, _ second: UInt32) -> UInt32? {
    let syllables: UInt32 = 0xAC00
    let trailingCount: UInt32 = 28
    if (0x1100..<0x1113).contains(first), (0x1161..<0x1176).contains(second) {
      return syllables + ((first - 0x1100) * 21 + second - 0x1161) * trailingCount
    }
    guard (syllables..<0xD7A4).contains(first), (first - syllables) % trailingCount == 0,
      (0x11A8..<0x11C3).contains(second)
    else { return nil }
    return first + second - 0x11A7
  }
}
