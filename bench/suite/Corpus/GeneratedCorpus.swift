internal import Base
internal import Index

/// A corpus made up from a seed: words by Zipf's law in sentences and paragraphs, and planted words whose number of
/// documents and distances are known beforehand.
///
/// The same seed and size give the same bytes on every machine.
struct GeneratedCorpus {
  /// Words that occur nowhere else, put into every `every`-th document with `gap` other words between neighbours.
  struct Plant {
    let words: [String]
    let gap: Int
    let every: Int
  }

  let documentCount: Int
  let seed: UInt64
  private let ranks: ZipfSampler

  static let plants = [
    Plant(words: ["quartz", "lantern"], gap: 0, every: 50),
    Plant(words: ["marsh", "violin", "harbour"], gap: 0, every: 200),
    Plant(words: ["glacier", "pepper"], gap: 6, every: 100),
    Plant(words: ["walnut", "comet"], gap: 33, every: 250),
  ]
  private static let vocabularySize = 60_000
  private static let wordsPerDocument = 40...600
  private static let wordsPerSentence = 18
  private static let sentencesPerParagraph = 5

  init(documentCount: Int, seed: UInt64) {
    self.documentCount = documentCount
    self.seed = seed
    ranks = ZipfSampler(count: Self.vocabularySize)
  }

  /// Documents that hold a plant.
  func documents(with plant: Plant) -> Int { (documentCount + plant.every - 1) / plant.every }

  /// Document `number`, from 0; independent of all others.
  func document(_ number: Int) -> Document {
    let words = words(ofDocument: number)
    return Document(
      id: "generated-\(number)",
      texts: [
        Document.TextValue(field: "title", text: Array(words.title.joined(separator: " ").utf8)),
        Document.TextValue(field: "body", text: Self.text(words.body)),
      ])
  }

  /// The words that document `number` is made of.
  func words(ofDocument number: Int) -> (title: [String], body: [String]) {
    var random = SplitMix64(seed: seed ^ UInt64(number) &* 0xD6E8_FEB8_6659_FD93)
    let title = (0..<5).map { _ in word(using: &random) }
    // Lengths are skewed as in real archives: the product of two draws.
    let span = Double(Self.wordsPerDocument.upperBound - Self.wordsPerDocument.lowerBound)
    let skew = Double.random(in: 0..<1, using: &random) * Double.random(in: 0..<1, using: &random)
    var body = (0..<Self.wordsPerDocument.lowerBound + Int(span * skew)).map { _ in word(using: &random) }
    // From the last place to the first, so that no plant is cut by another.
    let planted = Self.plants.filter { number % $0.every == 0 }
    let places = planted.map { _ in Int.random(in: 0...body.count, using: &random) }.sorted(by: >)
    for (plant, place) in zip(planted, places) {
      body.insert(contentsOf: passage(with: plant, using: &random), at: place)
    }
    return (title, body)
  }

  /// The words of a plant with others between them.
  private func passage(with plant: Plant, using random: inout SplitMix64) -> [String] {
    plant.words.enumerated().flatMap { index, planted in
      (0..<(index == 0 ? 0 : plant.gap)).map { _ in word(using: &random) } + [planted]
    }
  }

  private func word(using random: inout SplitMix64) -> String {
    let rank = ranks.sample(using: &random)
    let base = Self.spelling(rank)
    // One word in four is inflected, so that stems are classes of several forms.
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<3 where rank >= Self.functionWords: return base + "s"
    case 3..<5 where rank >= Self.functionWords: return base + "ing"
    default: return base
    }
  }

  private static let functionWords = 100

  /// Syllables of one consonant and one vowel, at least two of them: a number in base 64, closed by a consonant.
  static func spelling(_ rank: Int) -> String {
    let consonants = Array("bdfghklmnprtvzjc")
    let vowels = Array("aiou")
    var rest = rank
    var text = ""
    repeat {
      text.append(consonants[rest % 64 / 4])
      text.append(vowels[rest % 4])
      rest /= 64
    } while rest > 0
    return text + "k"
  }

  private static func text(_ words: [String]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, word) in words.enumerated() {
      if index > 0, index % (wordsPerSentence * sentencesPerParagraph) == 0 {
        bytes += Array(".\n\n".utf8)
      } else if index > 0, index % wordsPerSentence == 0 {
        bytes += Array(". ".utf8)
      } else if index > 0 {
        bytes.append(UInt8(ascii: " "))
      }
      let startsSentence = index % wordsPerSentence == 0
      bytes += startsSentence ? Array((word.prefix(1).uppercased() + word.dropFirst()).utf8) : Array(word.utf8)
    }
    return bytes
  }
}
