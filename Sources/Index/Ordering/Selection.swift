/// Quickselect (Hoare 1961) with the median of three, and a sort where that is unlucky.
enum Selection {
  /// Rearranges `range` of `keys`, which are all different, so that those before `middle` are below those from there on.
  /// Complexity: linear on average, at worst that of a sort.
  static func partition(_ keys: inout [UInt64], _ range: Range<Int>, at middle: Int) {
    var low = range.lowerBound
    var high = range.upperBound - 1
    guard low < middle, middle <= high else { return }
    var turnsLeft = 2 * (Int.bitWidth - range.count.leadingZeroBitCount)
    while high - low > 24 {
      if turnsLeft == 0 { break }
      turnsLeft -= 1
      let pivot = median(keys[low], keys[(low + high) / 2], keys[high])
      var i = low
      var j = high
      while i <= j {
        while keys[i] < pivot { i += 1 }
        while keys[j] > pivot { j -= 1 }
        if i <= j {
          keys.swapAt(i, j)
          i += 1
          j -= 1
        }
      }
      // Now low…j are at most the pivot, i…high at least, and what is between is the pivot itself.
      if middle <= j { high = j } else if middle >= i { low = i } else { return }
    }
    keys[low...high].sort()
  }

  private static func median(_ a: UInt64, _ b: UInt64, _ c: UInt64) -> UInt64 {
    max(min(a, b), min(max(a, b), c))
  }
}
