internal import Index

extension Document {
  /// Appends a member that holds a text; nothing where it is nil or empty, or there is one of the name.
  mutating func append(_ name: String, text: String?) {
    guard let text, !text.isEmpty, !extras.contains(where: { $0.name == name }) else { return }
    var json: [UInt8] = []
    JSONText.append(string: text.utf8, to: &json)
    extras.append(Extra(name: name, json: json))
  }

  /// A cell of a table: a number where it is one that keeps its digits, else a text.
  static func json(value: String) -> [UInt8] {
    if isNumber([UInt8](value.utf8)) { return [UInt8](value.utf8) }
    var json: [UInt8] = []
    JSONText.append(string: value.utf8, to: &json)
    return json
  }

  /// `-12.5`, no plus, no zeros before, at most 15 digits: what is a number in JSON and comes out as it went in.
  private static func isNumber(_ text: [UInt8]) -> Bool {
    guard (1...17).contains(text.count) else { return false }
    let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, whole.count == 1 || whole.first != UInt8(ascii: "0") else { return false }
    return parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { (0x30...0x39).contains($0) } } && digits.count <= 16
  }
}
