internal import Query

/// What `cursor` in an answer says and `after` in the next request brings back: which snapshot, which search, how far.
///
/// Opaque to clients: base64url of 25 bytes. The search is named by a fingerprint of everything that decides its list,
/// so that a cursor is not used with another query by mistake.
struct Cursor: Equatable {
  private static let version: UInt8 = 1

  var generation: UInt64
  var fingerprint: UInt64
  var offset: UInt64

  init(generation: UInt64, fingerprint: UInt64, offset: Int) {
    self.generation = generation
    self.fingerprint = fingerprint
    self.offset = UInt64(offset)
  }

  /// Nil for what is no cursor.
  init?(_ text: String) {
    guard let bytes = Base64URL.decode(text), bytes.count == 25, bytes.first == Self.version else { return nil }
    let numbers = (0..<3).map { place in
      bytes.dropFirst(1 + place * 8).prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    }
    (generation, fingerprint, offset) = (numbers[0], numbers[1], numbers[2])
    guard offset <= UInt64(SearchParameters.offsetMax) else { return nil }
  }

  var text: String {
    var bytes = [Self.version]
    for number in [generation, fingerprint, offset] {
      for place in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(56 - 8 * place))) }
    }
    return Base64URL.encode(bytes)
  }

  /// Stands for all that decides which results there are and in which order; limit, context and hits may change from
  /// page to page. Good for this process, as cursors are.
  static func fingerprint(of request: SearchRequest) -> UInt64 {
    var decisive = request
    decisive.limit = 0
    decisive.offset = 0
    decisive.hitsPerDocument = 0
    decisive.showsAllHits = false
    decisive.total = .none
    decisive.group = nil
    decisive.givesReceipt = false
    decisive.context = .words(0)
    decisive.explaining = .none
    decisive.deadlineNanoseconds = nil
    return UInt64(bitPattern: Int64(decisive.hashValue))
  }
}
