internal import ScoringCore

/// The commonest forms of a segment, as far as the phrase layer wants them: gathered while terms are written.
struct CommonWords {
  struct Word {
    var form: [UInt8]
    var frequency: UInt64
    /// Address of its list, by which a query's words are recognised.
    var address: UInt64
  }

  private let countMax: Int
  private var words: [Word] = []

  /// - Parameter countMax: 0 keeps none.
  init(countMax: Int) { self.countMax = countMax }

  /// Notes a form with a long list. Forms with an apostrophe or a dot stand where another form stands, too.
  mutating func note(_ form: [UInt8], frequency: UInt64, payload: [UInt8]) {
    guard countMax > 1 else { return }
    if words.count == countMax, let last = words.last, frequency <= last.frequency { return }
    // SAFETY: bytes have no padding that could be uninitialised.
    guard let list = try? PostingListReference(payload: unsafe payload.span.bytes),
      let address = list.longListAddress, !form.contains(where: { $0 == 0x27 || $0 == 0x2E })
    else { return }
    let place = words.firstIndex { $0.frequency < frequency } ?? words.count
    words.insert(Word(form: form, frequency: frequency, address: address), at: place)
    if words.count > countMax { words.removeLast() }
  }

  /// Commonest first; numbered in this order.
  var all: [Word] { words }
}
