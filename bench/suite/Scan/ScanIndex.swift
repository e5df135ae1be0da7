internal import Analysis

/// For every form of a corpus the places where it stands: arrays, uncompressed, in the order of the text.
struct ScanIndex {
  /// The places of one operand, document by document.
  struct Places {
    /// Documents ascending.
    var documents: [Int] = []
    /// positions[starts[i]..<starts[i + 1]] are those in documents[i], ascending.
    var starts: [Int] = []
    var positions: [Int] = []

    func positions(ofEntry entry: Int) -> ArraySlice<Int> {
      let end = entry + 1 < starts.count ? starts[entry + 1] : positions.count
      return positions[starts[entry]..<end]
    }

    mutating func append(document: Int, position: Int) {
      if documents.last != document {
        documents.append(document)
        starts.append(positions.count)
      }
      positions.append(position)
    }
  }

  let documentCount: Int
  /// Words of each document.
  let lengths: [Int]
  let averageLength: Double
  private let places: [Places]
  private let stemOfForm: [Int]
  private let formsOfStem: [[Int]]

  /// Positions of different values of one document lie this far apart, so that no distance reaches across.
  private static let valueStride = 1 << 32

  init(_ corpus: TokenCorpus, analyzer: Analyzer) {
    documentCount = corpus.documentCount
    lengths = (0..<corpus.documentCount).map { corpus.documentStarts[$0 + 1] - corpus.documentStarts[$0] }
    averageLength = max(1, Double(corpus.wordCount) / Double(max(1, corpus.documentCount)))
    places = Self.places(of: corpus)
    var numbers: [[UInt8]: Int] = [:]
    var classes: [[Int]] = []
    var stems: [Int] = []
    for (form, bytes) in corpus.forms.enumerated() {
      let stem = analyzer.stem(bytes)
      let number = numbers[stem] ?? classes.count
      if number == classes.count {
        numbers[stem] = number
        classes.append([])
      }
      classes[number].append(form)
      stems.append(number)
    }
    stemOfForm = stems
    formsOfStem = classes
  }

  func documentFrequency(ofForm form: Int) -> Int { places[form].documents.count }

  /// Where one form stands.
  func exact(_ form: Int) -> Places { places[form] }

  /// Where any form of the stem of a form stands, each position once.
  func stemmed(_ form: Int) -> Places {
    let forms = formsOfStem[stemOfForm[form]]
    guard forms.count > 1 else { return places[form] }
    var all: [(document: Int, position: Int)] = []
    for form in forms {
      for entry in places[form].documents.indices {
        for position in places[form].positions(ofEntry: entry) { all.append((places[form].documents[entry], position)) }
      }
    }
    all.sort { $0 < $1 }
    var union = Places()
    var last: (Int, Int) = (-1, -1)
    for place in all where place != last {
      union.append(document: place.document, position: place.position)
      last = place
    }
    return union
  }

  private static func places(of corpus: TokenCorpus) -> [Places] {
    var places = [Places](repeating: Places(), count: corpus.forms.count)
    var value = 0
    var companion = 0
    for document in 0..<corpus.documentCount {
      var valueInDocument = -1
      for word in corpus.documentStarts[document]..<corpus.documentStarts[document + 1] {
        while value < corpus.valueStarts.count, corpus.valueStarts[value] <= word {
          valueInDocument += 1
          value += 1
        }
        // The last value begun so far is the one that holds the word.
        let position = valueInDocument * valueStride + word - corpus.valueStarts[value - 1]
        places[Int(corpus.words[word])].append(document: document, position: position)
        while companion < corpus.companions.count, corpus.companions[companion].word == word {
          places[corpus.companions[companion].form].append(document: document, position: position)
          companion += 1
        }
      }
      while value < corpus.valueStarts.count, corpus.valueStarts[value] < corpus.documentStarts[document + 1] {
        value += 1
      }
    }
    return places
  }
}
