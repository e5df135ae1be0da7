/// A Boolean condition on leaves that every document with a match meets: which documents are worth their positions.
public indirect enum RequiredLeaves: Sendable, Equatable {
  case leaf(Int)
  /// At least two, none of them `all`.
  case all([RequiredLeaves])
  /// At least two, none of them `any`.
  case any([RequiredLeaves])

  fileprivate static func all(of parts: [RequiredLeaves]) -> RequiredLeaves {
    var flat: [RequiredLeaves] = []
    for part in parts {
      let pieces = if case .all(let inner) = part { inner } else { [part] }
      for piece in pieces where !flat.contains(piece) { flat.append(piece) }
    }
    return flat.count == 1 ? flat[0] : .all(flat)
  }

  fileprivate static func any(of parts: [RequiredLeaves]) -> RequiredLeaves {
    var flat: [RequiredLeaves] = []
    for part in parts {
      let pieces = if case .any(let inner) = part { inner } else { [part] }
      for piece in pieces where !flat.contains(piece) { flat.append(piece) }
    }
    return flat.count == 1 ? flat[0] : .any(flat)
  }
}

extension PositionalExpression {
  /// The leaves a document must have to have a match. The right side of NOT NEAR asks for nothing.
  public var requiredLeaves: RequiredLeaves {
    switch self {
    case .leaf(let leaf): .leaf(leaf)
    case .phrase(let places): .all(of: places.compactMap { $0 }.map { .leaf($0) })
    case .loosePhrase(_, let places): .all(of: places.map { .leaf($0) })
    case .alternatives(let operands): .any(of: operands.map(\.requiredLeaves))
    case .notNear(_, let first, _): first.requiredLeaves
    case .near, .precedes, .within, .window: .all(of: operands.map(\.requiredLeaves))
    }
  }
}
