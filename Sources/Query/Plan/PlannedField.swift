internal import Base

/// The field that words are looked for in.
struct PlannedField: Equatable {
  /// A field was named; false for any field.
  let isNamed: Bool
  /// Nil where a named field is in no document: nothing matches.
  let id: FieldID?

  static let any = PlannedField(isNamed: false, id: nil)
}
