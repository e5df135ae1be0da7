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

  /// Notes a form with a long list by the payload of its dictionary entry.
  mutating func note(_ form: [UInt8], frequency: UInt64, payload: [UInt8]) {
    guard mayTake(frequency) else { return }
    // SAFETY: bytes have no padding that could be uninitialised.
    guard let list = try? PostingListReference(payload: unsafe payload.span.bytes),
      let address = list.longListAddress
    else { return }
    take(form, frequency, address)
  }

  /// The same before the list is written: it will be a long one if it has the documents of a block.
  mutating func note(_ form: [UInt8], frequency: UInt64, documentFrequency: UInt32, address: UInt64) {
    guard mayTake(frequency), PostingListReference.isLong(documentFrequency: documentFrequency) else { return }
    take(form, frequency, address)
  }

  private func mayTake(_ frequency: UInt64) -> Bool {
    guard countMax > 1 else { return false }
    guard words.count == countMax, let last = words.last else { return true }
    return frequency > last.frequency
  }

  /// Forms with an apostrophe or a dot stand where another form stands, too.
  private mutating func take(_ form: [UInt8], _ frequency: UInt64, _ address: UInt64) {
    guard !form.contains(where: { $0 == 0x27 || $0 == 0x2E }) else { return }
    let place = words.firstIndex { $0.frequency < frequency } ?? words.count
    words.insert(Word(form: form, frequency: frequency, address: address), at: place)
    if words.count > countMax { words.removeLast() }
  }

  /// Commonest first; numbered in this order.
  var all: [Word] { words }
}
