/// Which stemmer makes one class of the forms of a word.
public enum Stemming: UInt8, Sendable {
  /// A form is its own stem.
  case none
  /// Snowball English (Porter 2).
  case english
}
