/// A unit of text that an operator keeps its operands inside.
public enum Scope: Sendable, Equatable, BitwiseCopyable {
  case sentence
  case paragraph
}

/// What a positional query asks of the positions of one document: an operator tree over leaves.
///
/// A **match** is a non-empty finite set of positions; every expression stands for a set of matches, and no match
/// crosses a field value. `lo` and `hi` are the ends of a match, its hull is `lo...hi`, and the distance d of two
/// matches is 0 if their hulls overlap, else the difference of the facing ends, so that adjacent words have d = 1.
/// Operands of one match never share a position.
///
/// A **leaf** is a set of accepted forms: its positions are those where at least one of them stands. Expressions name
/// leaves by index; several places may name the same leaf (`a NEAR a`).
public indirect enum PositionalExpression: Sendable, Equatable {
  /// One match {p} for every position p of the leaf.
  case leaf(Int)
  /// The matches of every alternative.
  case alternatives([PositionalExpression])
  /// Either order, d in `min...max`. Distances here and below are not negative.
  case near(min: Int, max: Int, PositionalExpression, PositionalExpression)
  /// The first ends before the second begins, d in `min...max`; `max: .max` is BEFORE.
  case precedes(min: Int, max: Int, PositionalExpression, PositionalExpression)
  /// The matches of the first that have no disjoint match of the second within d ≤ `max`.
  case notNear(max: Int, PositionalExpression, PositionalExpression)
  /// Either order, any distance, the whole hull inside one sentence or paragraph.
  case within(Scope, PositionalExpression, PositionalExpression)
  /// Consecutive positions, a leaf for each place; nil is exactly one arbitrary word. At least one place has a leaf.
  case phrase([Int?])
  /// One position of each leaf, distinct, in any order, with at most `extra` other positions inside the hull.
  case loosePhrase(extra: Int, [Int])
  /// n-ary NEAR: pairwise disjoint, any order, hi − lo ≤ N + Σ(length of the operand's hull − 1).
  case window(N: Int, [PositionalExpression])
}

/// The operators of ``PositionalExpression``, for messages.
public enum PositionalOperator: Sendable, Equatable, BitwiseCopyable {
  case word, alternatives, near, precedes, notNear, within, phrase, loosePhrase, window
}
