public import Base

/// A document as the index gives it back.
public struct StoredDocument: Sendable {
  /// One value of a text field.
  public struct Value: Sendable {
    public var field: FieldID
    public var name: String
    public var text: [UInt8]
    /// The byte at which word 128·(i+1) of the value begins: where analysis may start again.
    public var checkpoints: [UInt32]
  }

  public var id: String
  public var date: String?
  public var values: [Value]
  public var extras: [Document.Extra]

  /// Text of the first value of a field.
  public func text(of field: String) -> [UInt8]? { values.first { $0.name == field }?.text }

  /// The document as it was put.
  public var document: Document {
    Document(
      id: id, texts: values.map { Document.TextValue(field: $0.name, text: $0.text) }, date: date, extras: extras)
  }
}
