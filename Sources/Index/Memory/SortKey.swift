/// A term and the first eight bytes of its word, as a number that sorts as they do.
struct SortKey: BitwiseCopyable, Equatable {
  var prefix: UInt64
  var term: UInt32

  /// Sorts by prefix; what is equal keeps its order. Least significant digit first, 16 bits at a time (Knuth, volume 3,
  /// 5.2.5). Complexity: four times the keys and 65,536 counters.
  static func sortByPrefix(_ keys: inout [SortKey]) {
    var other = keys
    for shift: UInt64 in [0, 16, 32, 48] {
      var starts = [Int](repeating: 0, count: 1 << 16)
      for key in keys { starts[digit(key, shift)] += 1 }
      var next = 0
      for value in starts.indices {
        let count = starts[value]
        starts[value] = next
        next += count
      }
      for key in keys {
        let value = digit(key, shift)
        other[starts[value]] = key
        starts[value] += 1
      }
      swap(&keys, &other)
    }
  }

  @inline(__always)
  private static func digit(_ key: SortKey, _ shift: UInt64) -> Int { Int(key.prefix >> shift & 0xFFFF) }
}
