internal import Base

/// Folds case and diacritics of scalars and puts what remains in canonical order.
///
/// A folded form is what the generated tables say of each scalar (config/unicode/generate.py), with marks that stay in
/// canonical order (UAX #15) and pairs composed again, so that canonically equivalent words have one form. Folding is
/// idempotent. Marks are put in order inside runs of `marksMax` only, as UAX #15 (Stream-Safe Text Format) has it, so
/// that no input costs more than linear time.
///
/// Kept and reused: the scalars of the form in the making live in one buffer.
struct Folder {
  private static let marksMax = 30

  private let tables: UnicodeTables
  private var scalars: [UInt32] = []

  init(tables: UnicodeTables = .shared) {
    self.tables = tables
  }

  /// Appends the folded form of `text[range]` to `bytes`, cut to at most `limit` bytes between two scalars.
  ///
  /// Ill-formed bytes become U+FFFD.
  mutating func append(_ text: Span<UInt8>, _ range: Range<Int>, limit: Int, to bytes: inout [UInt8]) {
    scalars.removeAll(keepingCapacity: true)
    var offset = range.lowerBound
    // Scalars beyond the limit matter only as long as marks among them could still move in front of it.
    while offset < range.upperBound, limit == .max || scalars.count <= limit + Self.marksMax {
      let scalar = UTF8Scalar(text, at: offset)
      offset += scalar.byteCount
      add(scalar.value == UTF8Scalar.invalid ? 0xFFFD : scalar.value)
    }
    var left = limit
    for scalar in scalars {
      left -= UTF8Scalar.byteCount(of: scalar)
      guard left >= 0 else { return }
      UTF8Scalar.append(scalar, to: &bytes)
    }
  }

  private mutating func add(_ scalar: UInt32) {
    if scalar < 0x80 {
      let isUpper = scalar &- 0x41 < 26
      scalars.append(isUpper ? scalar | 0x20 : scalar)
      return
    }
    // A mark that makes another letter with the one it stands on (breve on и) is not dropped.
    if tables.properties(of: scalar).wordBreak == .extend, let base = baseIndex(before: scalars.count),
      let composite = tables.composite(scalars[base], scalar), !isKept(scalar)
    {
      scalars[base] = composite
      return
    }
    guard let range = tables.foldRange(of: scalar) else {
      place(scalar)
      return
    }
    for index in range { place(tables.foldScalar(index)) }
  }

  /// Puts a folded scalar behind the others, or, if it is a mark, behind those of its class and lower ones; composes it
  /// with its base where no mark of the same class stands between.
  private mutating func place(_ scalar: UInt32) {
    guard tables.properties(of: scalar).wordBreak == .extend || UnicodeTables.conjoiningJamo.contains(scalar) else {
      scalars.append(scalar)
      return
    }
    let rank = rank(of: scalar)
    var index = scalars.count
    let stop = max(0, index - Self.marksMax)
    if rank > 0 {
      while index > stop, self.rank(of: scalars[index - 1]) > rank { index -= 1 }
    }
    if let base = baseIndex(before: index), base == index - 1 || self.rank(of: scalars[index - 1]) < rank,
      let composite = tables.composite(scalars[base], scalar)
    {
      scalars[base] = composite
    } else {
      scalars.insert(scalar, at: index)
    }
  }

  /// Index of the scalar that the marks just before `end` stand on.
  private func baseIndex(before end: Int) -> Int? {
    var index = end - 1
    let stop = end - Self.marksMax
    while index > stop, index > 0, rank(of: scalars[index]) > 0 { index -= 1 }
    return index >= 0 ? index : nil
  }

  private func isKept(_ scalar: UInt32) -> Bool { tables.foldRange(of: scalar) == nil }

  private func rank(of scalar: UInt32) -> UInt16 { tables.properties(of: scalar).reorderRank }
}
