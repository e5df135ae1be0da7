internal import Analysis
internal import Base
internal import Index
internal import ScoringCore

/// Looks up what the words of a query stand for in one snapshot, each distinct word once.
struct WordResolver {
  let snapshot: Snapshot
  let analyzer: Analyzer
  /// Words mean their exact form.
  let exactForms: Bool
  private let documentCount: UInt64
  private var known: [(terms: [QueryTerm], word: PlannedWord)] = []

  init(snapshot: Snapshot, analyzer: Analyzer, exactForms: Bool) {
    self.snapshot = snapshot
    self.analyzer = analyzer
    self.exactForms = exactForms
    documentCount = snapshot.statistics.documents
  }

  /// The word that accepts what any of the terms accepts.
  ///
  /// - Throws: `.tooBroad` for a wildcard or fuzzy word with more than `Limits.expansionFormsMax` forms.
  mutating func resolve(_ terms: [QueryTerm]) throws(PlanError) -> PlannedWord {
    if let word = known.first(where: { $0.terms == terms })?.word { return word }
    var word: PlannedWord
    if terms.count == 1, case .word(let term) = terms[0] {
      word = try term.sense == .stem && !exactForms ? stemClass(term) : exact(term)
    } else {
      word = try union(try forms(of: terms))
    }
    if terms.contains(where: { $0.verbatim != nil }) { try addSpelling(terms, to: &word) }
    known.append((terms, word))
    return word
  }

  /// The lists of a word that is to be spelled as typed hold candidates: the text decides.
  private mutating func addSpelling(_ terms: [QueryTerm], to word: inout PlannedWord) throws(PlanError) {
    var anyForms: Set<[UInt8]> = []
    for term in terms where term.verbatim == nil { anyForms.formUnion(try forms(of: [term])) }
    guard let spelling = Spelling(terms, anyForms: anyForms) else { return }
    for (index, segment) in snapshot.segments.enumerated() {
      word.segments[index].occurrences = SpellingFilter(spelling: spelling, segment: segment, analyzer: analyzer)
    }
  }

  // MARK: Single words

  private func stemClass(_ term: QueryWordTerm) throws(PlanError) -> PlannedWord {
    var word = PlannedWord(segments: [], forms: [], documentFrequency: 0, idf: 0)
    for segment in snapshot.segments {
      var lists = PlannedWord.Lists()
      let found = try indexed { () throws(IndexError) in try segment.stemClass(Array(term.stem.utf8)) }
      if let found {
        lists = PlannedWord.Lists(lists: found.lists, classList: found.classList, merged: found.merged)
        word.forms.formUnion(found.forms.map(\.form))
        word.documentFrequency += UInt64(found.documentFrequency)
      }
      word.segments.append(lists)
    }
    return weighted(word)
  }

  private func exact(_ term: QueryWordTerm) throws(PlanError) -> PlannedWord {
    var word = PlannedWord(segments: [], forms: [], documentFrequency: 0, idf: 0)
    let form = Array(term.form.utf8)
    for segment in snapshot.segments {
      let list = try indexed { () throws(IndexError) in try segment.lookup(form) }
      if let list {
        word.forms.insert(form)
        word.documentFrequency += UInt64(list.documentFrequency)
      }
      word.segments.append(PlannedWord.Lists(lists: list.map { [$0] } ?? []))
    }
    return weighted(word)
  }

  // MARK: Sets of forms

  private mutating func forms(of terms: [QueryTerm]) throws(PlanError) -> Set<[UInt8]> {
    var forms: Set<[UInt8]> = []
    for term in terms {
      switch term {
      case .word: forms.formUnion(try resolve([term]).forms)
      case .wildcard, .fuzzy: forms.formUnion(try expand(term))
      }
    }
    return withoutCompanions(forms)
  }

  private func expand(_ term: QueryTerm) throws(PlanError) -> Set<[UInt8]> {
    let matcher = FormMatcher(term)
    var forms: Set<[UInt8]> = []
    for segment in snapshot.segments {
      try indexed { () throws(IndexError) in
        try segment.forEachForm(withPrefix: matcher.prefix) { form, _ in
          if matcher.accepts(form) { forms.insert(form) }
          return true
        }
      }
    }
    if forms.count > Limits.expansionFormsMax { throw .tooBroad(term, forms) }
    return forms
  }

  /// Where a form always stands beside another one of the set (`iraq's` beside `iraq`), the other's list says all.
  private func withoutCompanions(_ forms: Set<[UInt8]>) -> Set<[UInt8]> {
    forms.filter { form in !Self.companions(of: form, analyzer).contains { forms.contains($0) } }
  }

  /// The forms that stand at every position where `form` does.
  static func companions(of form: [UInt8], _ analyzer: Analyzer) -> [[UInt8]] {
    guard form.contains(UInt8(ascii: "'")) || form.contains(UInt8(ascii: ".")) else { return [] }
    return analyzer.queryWords(form.span).first?.extraForms ?? []
  }

  private func union(_ forms: Set<[UInt8]>) throws(PlanError) -> PlannedWord {
    var word = PlannedWord(segments: [], forms: forms, documentFrequency: 0, idf: 0)
    let ordered = forms.sorted { $0.lexicographicallyPrecedes($1) }
    for segment in snapshot.segments {
      var lists = PlannedWord.Lists()
      for form in ordered {
        let list = try indexed { () throws(IndexError) in try segment.lookup(form) }
        if let list { lists.lists.append(list) }
      }
      do throws(ExecutionError) {
        word.documentFrequency += try Execution.documentFrequency(of: WordLeaf(lists: lists.lists), in: segment.view)
      } catch {
        throw .execution(error, segment: segment.id)
      }
      word.segments.append(lists)
    }
    return weighted(word)
  }

  private func weighted(_ word: PlannedWord) -> PlannedWord {
    var word = word
    word.idf = BM25.idf(documentFrequency: word.documentFrequency, documentCount: documentCount)
    return word
  }

  private func indexed<T>(_ body: () throws(IndexError) -> T) throws(PlanError) -> T {
    do { return try body() } catch { throw .index(error) }
  }

  // MARK: Suggestions

  /// Forms of the index with the same first letter and at most two edits, nearest first and of equals the most
  /// frequent: what a misspelt word may mean.
  func nearestForms(to form: String, limit: Int) throws(PlanError) -> [String] {
    guard let first = form.unicodeScalars.first else { return [] }
    let target = Array(form.unicodeScalars)
    let reach = target.count < 5 ? 1 : 2
    var found: [[UInt8]: (distance: Int, documents: UInt64)] = [:]
    for segment in snapshot.segments {
      try indexed { () throws(IndexError) in
        try segment.forEachForm(withPrefix: Array(String(first).utf8)) { candidate, list in
          let scalars = Array(String(decoding: candidate, as: UTF8.self).unicodeScalars)
          if let distance = EditDistance.between(target, scalars, atMost: reach), distance > 0 {
            found[candidate, default: (distance, 0)].documents += UInt64(list.documentFrequency)
          }
          return true
        }
      }
    }
    let ordered = found.sorted { a, b in
      if a.value.distance != b.value.distance { return a.value.distance < b.value.distance }
      if a.value.documents != b.value.documents { return a.value.documents > b.value.documents }
      return a.key.lexicographicallyPrecedes(b.key)
    }
    return ordered.prefix(limit).map { String(decoding: $0.key, as: UTF8.self) }
  }
}
