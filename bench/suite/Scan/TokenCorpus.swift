internal import Analysis
internal import Index

/// The words of a corpus as plain numbers, document after document: what the brute-force scan goes over.
///
/// Knows nothing of the index. Words come either from the analyser (which has tests of its own against Unicode's) or,
/// for a file of normalised text, from cutting at the blanks.
struct TokenCorpus {
  /// A form that stands at a word beside the word's own: base of a possessive, acronym without dots.
  struct Companion {
    let word: Int
    let form: Int
  }

  private(set) var identifiers: [String] = []
  /// Numbers of documents by identity.
  private(set) var numbers: [String: Int] = [:]
  /// For each word of the corpus the number of its form.
  private(set) var words: [UInt32] = []
  private(set) var companions: [Companion] = []
  /// Where each document begins in `words`; one more than there are documents.
  private(set) var documentStarts: [Int] = [0]
  /// Where each field value begins in `words`, ascending.
  private(set) var valueStarts: [Int] = []
  /// The distinct forms, by number.
  private(set) var forms: [[UInt8]] = []
  private var formNumbers: [[UInt8]: Int] = [:]
  private var batch = TokenBatch()

  var documentCount: Int { identifiers.count }
  var wordCount: Int { words.count }

  func number(of form: [UInt8]) -> Int? { formNumbers[form] }

  /// The document that holds a word.
  func document(ofWord word: Int) -> Int {
    var low = 0
    var high = documentStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if documentStarts[middle] <= word { low = middle } else { high = middle - 1 }
    }
    return low
  }

  mutating func add(_ document: Document, analyzer: Analyzer) {
    for value in document.texts {
      valueStarts.append(words.count)
      analyzer.analyze(value.text.span, into: &batch)
      for token in batch.tokens {
        let start = Int(token.formOffset)
        let form = intern(Array(batch.formBytes[start..<start + Int(token.formLength)]))
        if token.kind == .word {
          words.append(UInt32(form))
        } else {
          companions.append(Companion(word: words.count - 1, form: form))
        }
      }
    }
    endDocument(document.id)
  }

  /// Adds a document whose text is lower-case words with one blank between.
  mutating func addNormalised(_ document: Document) {
    for value in document.texts {
      valueStarts.append(words.count)
      for word in value.text.split(separator: UInt8(ascii: " ")) { words.append(UInt32(intern(Array(word)))) }
    }
    endDocument(document.id)
  }

  private mutating func intern(_ form: [UInt8]) -> Int {
    if let number = formNumbers[form] { return number }
    let number = forms.count
    forms.append(form)
    formNumbers[form] = number
    return number
  }

  private mutating func endDocument(_ id: String) {
    numbers[id] = identifiers.count
    identifiers.append(id)
    documentStarts.append(words.count)
  }
}
