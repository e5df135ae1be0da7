internal import Base

/// What a document says in the fields of the schema, ready for its columns.
struct FieldValues {
  enum Cells: Equatable {
    /// Values of a keyword field.
    case keywords([[UInt8]])
    /// Bits of a number, seconds since 1970, or a fingerprint.
    case numbers([UInt64])
  }

  /// Cells by the field's number; fields without a value are left out.
  private(set) var cells: [(field: Int, cells: Cells)] = []

  init() {}

  /// Reads the members of `document` that the schema names. What stands in a keyword field and is no string, number
  /// or boolean (an object, say) gives no value there.
  ///
  /// - Throws: Why the document cannot be taken: a number or date field that holds something else.
  init(_ document: Document, _ schema: IndexSchema) throws(OperationOutcome.Refusal) {
    for extra in document.extras {
      guard let number = schema.number(of: extra.name) else { continue }
      let scalars = JSONScalars.read(extra.json)
      switch schema.fields[number].kind {
      case .keyword:
        let keywords = (scalars ?? []).compactMap(\.keyword)
        if !keywords.isEmpty { cells.append((number, .keywords(keywords))) }
      case .number:
        let values = try Self.bits(scalars, extra, "a number") { scalar in
          scalar.number.map { $0.bitPattern }
        }
        if !values.isEmpty { cells.append((number, .numbers(values))) }
      case .date:
        let values = try Self.bits(scalars, extra, "an ISO 8601 date") { scalar in
          guard case .string(let text) = scalar else { return nil }
          return CalendarDate.epochSeconds(String(decoding: text, as: UTF8.self)).map(UInt64.init(bitPattern:))
        }
        if !values.isEmpty { cells.append((number, .numbers(values))) }
      case .fingerprint: continue
      }
    }
  }

  /// Adds the fingerprint of the texts where the schema keeps one; not in `init`, so that the lanes share the work.
  mutating func addFingerprint(of document: Document, _ schema: IndexSchema) {
    guard let number = schema.fingerprintNumber, let fingerprint = Fingerprint(document.texts.map(\.text)) else { return }
    cells.append((number, .numbers([fingerprint.bits])))
  }

  private static func bits(
    _ scalars: [JSONScalars.Scalar]?, _ extra: Document.Extra, _ expected: String,
    _ convert: (JSONScalars.Scalar) -> UInt64?
  ) throws(OperationOutcome.Refusal) -> [UInt64] {
    var values: [UInt64] = []
    for scalar in scalars ?? [.other] where scalar != .null {
      guard let value = convert(scalar) else { throw .badValue(field: extra.name, expected: expected) }
      values.append(value)
    }
    return values
  }
}

/// The scalars of one JSON value: itself, or the elements of an array. The bytes were checked as JSON by whoever read
/// the document; what is not JSON after all is nil.
enum JSONScalars {
  enum Scalar: Equatable {
    case string([UInt8])
    /// As it was written.
    case number([UInt8])
    case boolean(Bool)
    case null
    /// An object or an array.
    case other

    var keyword: [UInt8]? {
      switch self {
      case .string(let text), .number(let text): text
      case .boolean(let value): Array((value ? "true" : "false").utf8)
      case .null, .other: nil
      }
    }

    /// A finite number, also one in quotes.
    var number: Double? {
      switch self {
      case .string(let text), .number(let text):
        let isPlain = text.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
        guard isPlain, let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else { return nil }
        return value
      case .boolean, .null, .other: return nil
      }
    }
  }

  static func read(_ json: [UInt8]) -> [Scalar]? {
    var reader = Reader(json: json)
    return reader.value()
  }

  private struct Reader {
    let json: [UInt8]
    var at = 0

    mutating func value() -> [Scalar]? {
      guard peek() == UInt8(ascii: "[") else { return scalar().map { [$0] } }
      at += 1
      var scalars: [Scalar] = []
      if peek() == UInt8(ascii: "]") { return [] }
      while true {
        guard let next = scalar() else { return nil }
        scalars.append(next)
        guard let mark = peek() else { return nil }
        at += 1
        if mark == UInt8(ascii: "]") { return scalars }
        guard mark == UInt8(ascii: ",") else { return nil }
      }
    }

    private mutating func peek() -> UInt8? {
      while at < json.count, [0x20, 0x09, 0x0A, 0x0D].contains(json[at]) { at += 1 }
      return at < json.count ? json[at] : nil
    }

    private mutating func scalar() -> Scalar? {
      switch peek() {
      case UInt8(ascii: "\""): return string().map { .string($0) }
      case UInt8(ascii: "{"), UInt8(ascii: "["): return skipNested() ? .other : nil
      case nil: return nil
      default: return word()
      }
    }

    /// `true`, `false`, `null` or a number.
    private mutating func word() -> Scalar? {
      let start = at
      while at < json.count, ![0x20, 0x09, 0x0A, 0x0D, 0x2C, 0x5D, 0x7D].contains(json[at]) { at += 1 }
      let text = Array(json[start..<at])
      switch String(decoding: text, as: UTF8.self) {
      case "": return nil
      case "true": return .boolean(true)
      case "false": return .boolean(false)
      case "null": return .null
      default: return .number(text)
      }
    }

    private mutating func skipNested() -> Bool {
      var depth = 0
      while let byte = peek() {
        switch byte {
        case UInt8(ascii: "\""):
          guard string() != nil else { return false }
          continue
        case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
        case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
        default: break
        }
        at += 1
        if depth == 0 { return true }
      }
      return false
    }

    private mutating func string() -> [UInt8]? {
      at += 1
      var text: [UInt8] = []
      while at < json.count {
        let byte = json[at]
        at += 1
        if byte == UInt8(ascii: "\"") { return text }
        guard byte == UInt8(ascii: "\\") else {
          text.append(byte)
          continue
        }
        guard at < json.count, escape(json[at], into: &text) else { return nil }
      }
      return nil
    }

    /// Decodes the escape whose letter stands at `at`.
    private mutating func escape(_ letter: UInt8, into text: inout [UInt8]) -> Bool {
      at += 1
      switch letter {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case UInt8(ascii: "u"):
        guard var code = hexadecimal() else { return false }
        if code & 0xFC00 == 0xD800, at + 1 < json.count, json[at] == UInt8(ascii: "\\") {
          at += 2
          guard let low = hexadecimal(), low & 0xFC00 == 0xDC00 else { return false }
          code = 0x1_0000 + (code & 0x3FF) << 10 + low & 0x3FF
        }
        guard let scalar = Unicode.Scalar(code) else { return false }
        text.append(contentsOf: Character(scalar).utf8)
      default: text.append(letter)
      }
      return true
    }

    private mutating func hexadecimal() -> UInt32? {
      guard at + 4 <= json.count else { return nil }
      defer { at += 4 }
      return UInt32(String(decoding: json[at..<at + 4], as: UTF8.self), radix: 16)
    }
  }
}
