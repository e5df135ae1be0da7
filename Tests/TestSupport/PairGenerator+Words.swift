/// Words and phrases of random queries.
extension PairGenerator {
  /// Surfaces in both fields, or in one.
  private func spread(_ surfaces: Bits, _ field: Int?) -> Bits {
    let shift = Bits(Self.surfacesMax)
    guard let field else { return surfaces | surfaces << shift }
    return field == 0 ? surfaces : surfaces << shift
  }

  mutating func word(_ scope: Scope) -> TypedQuery {
    let (text, surfaces) = wordform(pick(shape.wordKinds))
    if let field = scope.field, !scope.isWhole, chance(5) {
      return TypedQuery(text: "\(Self.fields[field]):\(text)", meaning: .word(spread(surfaces, field)), isAtom: false)
    }
    return TypedQuery(text: text, meaning: .word(spread(surfaces, scope.isWhole ? scope.field : nil)), isAtom: true)
  }

  /// A word as it is typed outside quotes, and the surfaces that it accepts.
  private mutating func wordform(_ kind: PairShape.WordKind) -> (text: String, surfaces: Bits) {
    let used = shape.surfaces
    let surface = Surfaces.all[pick(used)]
    let form = surface.forms[number(0...surface.forms.count - 1)]
    switch kind {
    // Outside quotes a comma divides the operands of NEAR/N( ).
    case .stem: return (form.contains(",") ? "~\"\(form)\"" : form, Surfaces.stemmed(form, of: used))
    case .exact: return (form.contains(",") || chance(5) ? "\"\(form)\"" : "=\(form)", Surfaces.exact(form, of: used))
    case .spelled:
      let spelling = surface.spelled[number(0...surface.spelled.count - 1)]
      return (!spelling.contains(",") && chance(5) ? "==\(spelling)" : "==\"\(spelling)\"", Surfaces.spelled(spelling, of: used))
    case .wildcard:
      let pattern = pattern()
      return (pattern, Surfaces.wildcard(pattern, of: used))
    case .fuzzy:
      let edits = number(1...2)
      // A fuzzy word is one word without punctuation of its own.
      let plain = form.contains { !$0.isLetter } ? "air" : form
      return ("\(plain)~\(edits)", Surfaces.fuzzy(plain, edits: edits, of: used))
    case .choice:
      let parts = (0..<number(2...3)).map { _ in wordform(pick([.stem, .exact, .spelled, .wildcard])) }
      return ("(\(parts.map(\.text).joined(separator: "|")))", parts.reduce(0) { $0 | $1.surfaces })
    }
  }

  private mutating func pattern() -> String {
    pick(["stri*", "*ike", "s*ke", "ira*", "a?r", "ai*", "*ac*", "al*po", "att*ed", "c?fe", "*ppo", "st?ike*", "*he"])
  }

  // MARK: Phrases

  mutating func phrase(_ scope: Scope) -> TypedQuery {
    let kind = pick(shape.phrases)
    let field = scope.isWhole ? scope.field : nil
    var items: [(text: String, surfaces: Bits?)] = (0..<number(2...3)).map { _ in item(kind, field) }
    if kind == .gap {
      for _ in 0..<number(1...2) { items.insert(("*", nil), at: number(0...items.count)) }
    }
    let words = items.map(\.text).joined(separator: " ")
    if kind == .loose {
      let extra = number(0...4)
      return TypedQuery(
        text: "\"\(words)\"~\(extra)", meaning: .loosePhrase(extra: extra, items.compactMap(\.surfaces)), isAtom: true)
    }
    return TypedQuery(
      text: (kind == .stems ? "~" : "") + "\"\(words)\"", meaning: .phrase(items.map(\.surfaces)), isAtom: true)
  }

  private mutating func item(_ kind: PairShape.PhraseKind, _ field: Int?) -> (text: String, surfaces: Bits?) {
    if kind == .choice, chance(5) {
      let parts = (0..<number(2...3)).map { _ in single(kind) }
      return ("(\(parts.map(\.text).joined(separator: "|")))", spread(parts.reduce(0) { $0 | $1.surfaces }, field))
    }
    let (text, surfaces) = single(kind)
    return (text, spread(surfaces, field))
  }

  /// One word inside quotes.
  private mutating func single(_ kind: PairShape.PhraseKind) -> (text: String, surfaces: Bits) {
    let used = shape.surfaces
    let form = Surfaces.all[pick(used)].forms[0]
    if shape.wordKinds.contains(.wildcard), chance(2) {
      let pattern = pattern()
      return (pattern, Surfaces.wildcard(pattern, of: used))
    }
    if shape.wordKinds.contains(.spelled), chance(3) {
      let spelling = Surfaces.all[pick(used)].spelled[0]
      return ("==\(spelling)", Surfaces.spelled(spelling, of: used))
    }
    return (form, kind == .stems ? Surfaces.stemmed(form, of: used) : Surfaces.exact(form, of: used))
  }
}
