public import Index

extension Document {
  /// The document as one line of JSON, without a line end: what `DocumentParser` reads back to an equal value.
  ///
  /// Several values of one field become an array at the place of the first.
  public func jsonLine() -> [UInt8] {
    var line: [UInt8] = [UInt8(ascii: "{")]
    JSONText.append(name: "id", isFirst: true, to: &line)
    JSONText.append(string: id.utf8, to: &line)
    var written: [String] = []
    for value in texts where !written.contains(value.field) {
      written.append(value.field)
      let values = texts.filter { $0.field == value.field }
      JSONText.append(name: value.field, to: &line)
      if values.count > 1 { line.append(UInt8(ascii: "[")) }
      for (index, value) in values.enumerated() {
        if index > 0 { line.append(UInt8(ascii: ",")) }
        JSONText.append(string: value.text, to: &line)
      }
      if values.count > 1 { line.append(UInt8(ascii: "]")) }
    }
    if let date {
      JSONText.append(name: "date", to: &line)
      JSONText.append(string: date.utf8, to: &line)
    }
    for extra in extras {
      JSONText.append(name: extra.name, to: &line)
      line.append(contentsOf: extra.json)
    }
    line.append(UInt8(ascii: "}"))
    return line
  }
}
