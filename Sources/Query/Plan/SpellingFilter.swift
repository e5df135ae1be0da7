internal import Analysis
internal import Base
internal import Index
internal import ScoringCore

/// Keeps the occurrences of a word that are spelled as asked, by analysing the stored text around each of them again.
///
/// - Complexity: a document's text is read once a word and document, of its words those between the checkpoint before a
///   candidate (one every 128 words) and the candidate are analysed.
struct SpellingFilter: OccurrenceFilter {
  let spelling: Spelling
  let segment: Segment
  let analyzer: Analyzer

  private static let checkpointWords = 128

  func keep(
    _ document: DocID, _ layout: DocumentLayout, in positions: inout [UInt32], from start: Int
  ) throws(ExecutionError) {
    guard start < positions.count else { return }
    let stored: StoredDocument
    do {
      stored = try segment.storedDocument(document)
    } catch {
      throw .corruptDocument(document)
    }
    var window = Window()
    var kept = start
    for index in start..<positions.count {
      guard let place = layout.locate(positions[index]), place.value < stored.values.count,
        window.load(place.value, Int(place.relative), stored.values[place.value], analyzer)
      else { throw .corruptDocument(document) }
      if window.accepts(spelling, stored.values[place.value].text, analyzer) {
        positions[kept] = positions[index]
        kept += 1
      }
    }
    positions.removeLast(positions.count - kept)
  }

  /// Words of one value from a checkpoint on, and the one looked at.
  private struct Window {
    private var batch = TokenBatch()
    private var value = -1
    private var words = 0..<0
    private var token = 0

    /// Goes to a word, which is behind the one before in its value; false if the text does not have it.
    mutating func load(_ value: Int, _ word: Int, _ stored: StoredDocument.Value, _ analyzer: Analyzer) -> Bool {
      if self.value != value || !words.contains(word) {
        let checkpoint = min(word / checkpointWords, stored.checkpoints.count)
        let byte = checkpoint == 0 ? 0 : Int(stored.checkpoints[checkpoint - 1])
        guard byte <= stored.text.count else { return false }
        let first = checkpoint * checkpointWords
        let limit = max(checkpointWords, word - first + 1)
        analyzer.analyzeWords(
          stored.text.span, fromByte: byte, position: UInt32(first), limit: limit, into: &batch)
        self.value = value
        words = first..<first + limit
        token = 0
      }
      while token < batch.tokens.count, batch.tokens[token].position < UInt32(word) { token += 1 }
      return token < batch.tokens.count && batch.tokens[token].position == UInt32(word)
    }

    /// Whether a form at the current word counts.
    func accepts(_ spelling: Spelling, _ text: [UInt8], _ analyzer: Analyzer) -> Bool {
      var next = token
      while next < batch.tokens.count, batch.tokens[next].position == batch.tokens[token].position {
        let found = batch.tokens[next]
        let start = Int(found.formOffset)
        let form = Array(batch.formBytes[start..<start + Int(found.formLength)])
        let word = text[Int(found.byteStart)..<Int(found.byteEnd)]
        if spelling.accepts(form: form, found.kind, word: word, analyzer) { return true }
        next += 1
      }
      return false
    }
  }
}
