/// The lists of the phrase layer's words, by their addresses: which number a word has, if any.
struct CommonLists: Sendable {
  /// By number.
  let addresses: [UInt64]
  /// A bit for each hash of an address: nearly all lists are told from these by one load.
  private var filter = InlineArray<16, UInt64>(repeating: 0)

  init(addresses: [UInt64]) {
    self.addresses = addresses
    for address in addresses {
      let hash = Self.hash(address)
      filter[hash >> 6] |= 1 << UInt64(hash & 63)
    }
  }

  var isEmpty: Bool { addresses.isEmpty }

  func number(of address: UInt64) -> Int? {
    let hash = Self.hash(address)
    guard filter[hash >> 6] >> UInt64(hash & 63) & 1 == 1 else { return nil }
    return addresses.firstIndex(of: address)
  }

  /// Ten bits (Fibonacci hashing: Knuth, TAOCP 3, 6.4).
  private static func hash(_ address: UInt64) -> Int { Int((address &* 0x9E37_79B9_7F4A_7C15) >> 54) }
}
