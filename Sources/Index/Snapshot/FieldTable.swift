public import Base

/// Names of the text fields that the index has met, in the order of their ids. Ids are never given twice.
public struct FieldTable: Sendable, Equatable {
  public private(set) var names: [String] = []

  init(names: [String] = []) { self.names = names }

  public func id(of name: String) -> FieldID? {
    names.firstIndex(of: name).map { FieldID(rawValue: UInt8($0)) }
  }

  public func name(of id: FieldID) -> String? {
    Int(id.rawValue) < names.count ? names[Int(id.rawValue)] : nil
  }

  /// The id of a name, a new one where it is not known; nil where the table is full.
  mutating func intern(_ name: String) -> FieldID? {
    if let known = id(of: name) { return known }
    guard names.count < Limits.fieldsMax else { return nil }
    names.append(name)
    return FieldID(rawValue: UInt8(names.count - 1))
  }
}
