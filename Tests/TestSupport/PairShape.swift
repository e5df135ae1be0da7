/// What a run of random documents and queries looks like.
public struct PairShape: Sendable {
  /// Spellings of words in queries.
  public enum WordKind: Sendable { case stem, exact, spelled, wildcard, fuzzy, choice }
  public enum OperatorKind: Sendable, CaseIterable {
    case near, nearRange, bare, pre, preRange, before, notNear, window, sentence, paragraph
  }
  public enum PhraseKind: Sendable { case plain, stems, gap, choice, loose }

  public var name: String
  /// Numbers of the surfaces that documents are made of.
  public var surfaces: [Int]
  public var words: ClosedRange<Int> = 4...24
  /// Values a document: title or body, some of one field.
  public var values: ClosedRange<Int> = 1...2
  public var depth: ClosedRange<Int> = 1...3
  public var wordKinds: [WordKind] = [.stem, .exact]
  public var operators: [OperatorKind] = OperatorKind.allCases
  public var phrases: [PhraseKind] = [.plain, .gap, .choice, .loose, .stems]
  /// Of ten queries: how many are Boolean above, how many name a field.
  public var booleans = 3
  public var fields = 1

  public init(name: String, surfaces: [Int]) {
    self.name = name
    self.surfaces = surfaces
  }

  private init(_ name: String, _ surfaces: [Int], _ change: (inout PairShape) -> Void) {
    self.init(name: name, surfaces: surfaces)
    change(&self)
  }

  private static let few = [15, 17, 12, 25, 27]
  private static let many = Array(Surfaces.all.indices)

  public static let all: [PairShape] = [
    PairShape("dense", [15, 17, 12]) { $0.words = 6...20 },
    PairShape("long values", few + [28, 31, 26]) {
      $0.words = 40...60
      $0.depth = 1...2
    },
    PairShape("many values and fields", few) {
      $0.values = 3...6
      $0.words = 1...9
      $0.fields = 5
    },
    PairShape("repeated words", [15, 17]) {
      $0.words = 3...12
      $0.operators = [.near, .pre, .window, .notNear]
    },
    PairShape("wildcards and words", many) {
      $0.wordKinds = [.wildcard, .exact, .stem, .choice]
      $0.words = 8...30
    },
    PairShape("fuzzy words", [12, 13, 14, 15, 16, 17, 25, 27]) { $0.wordKinds = [.fuzzy, .exact, .stem] },
    PairShape("stems", [0, 1, 2, 3, 15, 16, 19, 20, 21, 7, 6]) { $0.wordKinds = [.stem, .stem, .exact, .choice] },
    PairShape("case and diacritics", [0, 1, 4, 5, 6, 7, 9, 10, 11, 22, 23, 24]) {
      $0.wordKinds = [.spelled, .spelled, .exact, .stem]
    },
    PairShape("Boolean operators above", few) {
      $0.booleans = 10
      $0.depth = 0...2
    },
    PairShape("NOT NEAR", few) { $0.operators = [.notNear, .notNear, .near, .pre] },
    PairShape("ranges of distances", few) { $0.operators = [.nearRange, .preRange, .near] },
    PairShape("sentences and paragraphs", few) { $0.operators = [.sentence, .paragraph, .before, .near] },
    PairShape("n-ary NEAR", few) {
      $0.operators = [.window, .window, .near]
      $0.words = 4...16
    },
    PairShape("phrases", few) {
      $0.depth = 0...1
      $0.booleans = 1
    },
    PairShape("numbers and everything", many) {
      $0.wordKinds = [.stem, .exact, .spelled, .wildcard, .fuzzy, .choice]
      $0.values = 1...4
      $0.fields = 3
    },
  ]
}
