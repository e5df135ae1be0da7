import Base
import ScoringCore
@testable import Index
import TestSupport
import Testing

/// Keyword, number and date fields against the values themselves.
@Suite struct ColumnTests {
  static let schema = IndexSchema(keywordFields: ["lang", "tags"], numberFields: ["pages"], dateFields: ["seen"])

  /// What a document was put with.
  struct Model: Equatable {
    var keywords: [String: Set<String>] = [:]
    var pages: [Double] = []
    var seen: [Int64] = []
    var date: Int64?
  }

  @Test func anyHistoryEqualsADictionary() throws {
    try Property.check("columns equal a dictionary", seconds: 6) { random in
      var fixture = try IndexFixture { $0.schema = Self.schema }
      var model: [String: Model] = [:]
      for _ in 0..<Int.random(in: 1...16, using: &random) {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: try fixture.index.compact()
        case 1: while try fixture.index.mergeOnce() {}
        case 2: try fixture.reopen { $0.schema = Self.schema }
        default: try Self.batch(fixture, &model, &random)
        }
        try Self.compare(fixture.index.snapshot(), model, &random)
      }
      try #require(fixture.index.verify().damage == [])
    }
  }

  @Test func aSegmentWithoutValuesHasNoColumns() throws {
    let fixture = try IndexFixture { $0.schema = Self.schema }
    try fixture.put("a", "x")
    _ = try fixture.index.apply([.put(Self.document("b", [("pages", "null"), ("lang", "[]"), ("tags", "{\"x\": 1}")]))])
    for segment in fixture.index.snapshot().segments {
      #expect(segment.body.columns == [])
      #expect(try segment.documents(whose: "lang", is: Array("en".utf8)).count == 0)
    }
  }

  @Test func aFieldAddedLaterHoldsWhatWasPutSince() throws {
    var fixture = try IndexFixture { $0.schema = IndexSchema(keywordFields: ["lang"]) }
    _ = try fixture.index.apply([.put(Self.document("a", [("lang", "\"en\""), ("pages", "7")]))])
    try fixture.reopen { $0.schema = IndexSchema(numberFields: ["pages"]) }
    _ = try fixture.index.apply([.put(Self.document("b", [("lang", "\"en\""), ("pages", "7")]))])
    try fixture.index.compact()
    try fixture.reopen()
    let snapshot = fixture.index.snapshot()
    #expect(snapshot.schema == IndexSchema(keywordFields: ["lang"], numberFields: ["pages"]))
    let segment = snapshot.segments[0]
    #expect(try segment.documents(whose: "lang", is: Array("en".utf8)).count == 2)
    #expect(try segment.documents(whose: "pages", isFrom: 7, to: 7).count == 1)
  }

  @Test func anotherKindIsRefused() throws {
    var fixture = try IndexFixture { $0.schema = IndexSchema(keywordFields: ["lang"]) }
    try fixture.put("a", "x")
    #expect(throws: IndexError.fieldKind(field: "lang", found: "keyword", asked: "number")) {
      try fixture.reopen { $0.schema = IndexSchema(numberFields: ["lang"]) }
    }
    #expect(throws: IndexError.fieldKind(field: "body", found: "text", asked: "keyword")) {
      fixture.index = try IndexFixture.open(fixture.directory) { $0.schema = IndexSchema(keywordFields: ["body"]) }
    }
  }

  @Test func whatIsNoNumberOrDateIsRefused() throws {
    let fixture = try IndexFixture { $0.schema = Self.schema }
    let outcomes = try fixture.index.apply([
      .put(Self.document("a", [("pages", "\"many\"")])), .put(Self.document("b", [("pages", "[1, {}]")])),
      .put(Self.document("c", [("pages", "1e999")])), .put(Self.document("d", [("seen", "\"yesterday\"")])),
      .put(Self.document("e", [("seen", "2016")])), .put(Self.document("f", [("pages", "\"-1.5\"")])),
    ])
    let noNumber = OperationOutcome.refused(.badValue(field: "pages", expected: "a number"))
    let noDate = OperationOutcome.refused(.badValue(field: "seen", expected: "an ISO 8601 date"))
    #expect(outcomes == [noNumber, noNumber, noNumber, noDate, noDate, .stored])
    #expect(try fixture.index.snapshot().segments[0].documents(whose: "pages", isFrom: -2, to: -1).count == 1)
  }

  @Test func scalarsOfJSON() {
    func read(_ json: String) -> [String?]? {
      JSONScalars.read(Array(json.utf8))?.map { $0.keyword.map { String(decoding: $0, as: UTF8.self) } }
    }
    #expect(read("\"a\\n\\u00e9\\ud83d\\ude00\\/\"") == ["a\né😀/"])
    #expect(read("[ \"a\" , 1.50, true, null, {\"x\": [\"]\"]}, [1] ]") == ["a", "1.50", "true", nil, nil, nil])
    #expect(read("[]") == [])
    for damaged in ["", "[", "[1", "[1,", "\"a", "\"\\u12", "\"\\ud800\"", "{", "[{"] { #expect(read(damaged) == nil) }
  }

  @Test func damagedColumnsAreErrorsAndNeverTraps() throws {
    try Property.check("damaged columns never trap") { random in
      let documentCount = Int.random(in: 1...400, using: &random)
      let values = Self.column(documentCount, &random)
      let segment = MemorySegment(size: .small)
      var columns = ColumnWriter()
      columns.append(values, field: 3, into: &segment.writer)
      let address = columns.finish(into: &segment.writer)
      let isDamaged = Bool.random(using: &random)
      let memory = segment.memory { bytes in
        let end = Int(address) + columns.count * ColumnFormat.byteCount
        guard isDamaged else { return }
        for _ in 0..<Int.random(in: 1...8, using: &random) where end > 0 {
          bytes[Int.random(in: 0..<end, using: &random)] = UInt8.random(in: 0...255, using: &random)
        }
      }
      let bytes = try memory.copyBytes(at: address, count: columns.count * ColumnFormat.byteCount)
      let directory = ColumnFormat.directory(bytes, documentCount: documentCount)
      if !isDamaged { try #require(directory?.count == columns.count) }
      for format in directory ?? [] {
        let reader = ColumnReader(memory: memory, format: format, documentCount: documentCount)
        if isDamaged {
          _ = try? reader.load()
          _ = try? reader.number(of: Array("k3".utf8))
          _ = try? reader.select { $0 == 3 }
        } else {
          try #require(try reader.load() == values)
          let wanted = UInt64.random(in: 0..<300, using: &random)
          let bits = try reader.select { $0 >= wanted }
          for document in 0..<documentCount {
            let holds = values.entries(of: document).contains { $0 >= wanted }
            try #require(bits[document / 64] >> UInt64(document % 64) & 1 == (holds ? 1 : 0))
          }
          for number in 0..<values.table.count {
            try #require(try reader.number(of: Array(values.table[number])) == UInt64(number))
          }
          try #require(try reader.number(of: Array("absent".utf8)) == nil)
        }
      }
    }
  }

  // MARK: Random

  private static func column(_ documentCount: Int, _ random: inout SplitMix64) -> ColumnValues {
    let kind = [IndexSchema.Kind.keyword, .number, .date].randomElement(using: &random)!
    var values = ColumnValues(kind: kind)
    let valueCount = [1, 5, 255, 256, 300].randomElement(using: &random)!
    if kind == .keyword {
      let keys = (0..<valueCount).map { Array("k\($0)".utf8) }.sorted { $0.lexicographicallyPrecedes($1) }
      for key in keys { values.table.append(key) }
    }
    let most = Int.random(in: 0...3, using: &random)
    for _ in 0..<documentCount {
      let entries = (0..<Int.random(in: 0...most, using: &random)).map { _ in
        UInt64.random(in: 0..<UInt64(valueCount), using: &random)
      }
      values.append(kind == .keyword ? Set(entries).sorted() : entries)
    }
    return values
  }

  private static func document(_ id: String, _ members: [(String, String)], date: String? = nil) -> Document {
    var document = Document(id: id, body: "alpha", date: date)
    document.extras = members.map { Document.Extra(name: $0.0, json: Array($0.1.utf8)) }
    return document
  }

  private static func batch(
    _ fixture: IndexFixture, _ model: inout [String: Model], _ random: inout SplitMix64
  ) throws {
    var operations: [IndexOperation] = []
    for _ in 0..<Int.random(in: 1...30, using: &random) {
      let id = "d\(Int.random(in: 0..<50, using: &random))"
      guard Int.random(in: 0..<5, using: &random) > 0 else {
        operations.append(.delete(id: id))
        model[id] = nil
        continue
      }
      var members: [(String, String)] = []
      var known = Model()
      if Bool.random(using: &random) {
        let lang = ["en", "de", "fr", "Ænglisc"].randomElement(using: &random)!
        members.append(("lang", "\"\(lang)\""))
        known.keywords["lang"] = [lang]
      }
      let tags = (0..<Int.random(in: 0...3, using: &random)).map { _ in "t\(Int.random(in: 0..<400, using: &random))" }
      if !tags.isEmpty {
        members.append(("tags", "[\(tags.map { "\"\($0)\"" }.joined(separator: ", "))]"))
        known.keywords["tags"] = Set(tags)
      }
      known.pages = (0..<[0, 1, 1, 2].randomElement(using: &random)!).map { _ in
        Double(Int.random(in: -40...40, using: &random)) / 4
      }
      if known.pages.count == 1 { members.append(("pages", "\(known.pages[0])")) }
      if known.pages.count > 1 { members.append(("pages", "\(known.pages)")) }
      if Bool.random(using: &random) {
        known.seen = [Int64(Int.random(in: 1...28, using: &random) - 1) * 86_400]
        members.append(("seen", "\"1970-01-\(pad(Int(known.seen[0] / 86_400) + 1))\""))
      }
      let day = Bool.random(using: &random) ? Int.random(in: 1...28, using: &random) : nil
      known.date = day.map { Int64($0 - 1) * 86_400 }
      operations.append(.put(document(id, members, date: day.map { "1970-01-\(pad($0))" })))
      model[id] = known
    }
    _ = try fixture.index.apply(operations)
  }

  private static func pad(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

  // MARK: Twins

  private static func compare(_ snapshot: Snapshot, _ model: [String: Model], _ random: inout SplitMix64) throws {
    for (field, value) in [("lang", "en"), ("lang", "e"), ("tags", "t\(Int.random(in: 0..<400, using: &random))")] {
      let found = try identities(snapshot) { try $0.documents(whose: field, is: Array(value.utf8)) }
      try #require(found == Set(model.filter { $0.value.keywords[field]?.contains(value) == true }.keys))
    }
    let from = Double(Int.random(in: -12...12, using: &random))
    for (minimum, maximum) in [(from, from + 4), (from, nil), (nil, from), (from, from)] as [(Double?, Double?)] {
      let found = try identities(snapshot) { try $0.documents(whose: "pages", isFrom: minimum, to: maximum) }
      let expected = model.filter { entry in
        entry.value.pages.contains { $0 >= minimum ?? -.infinity && $0 <= maximum ?? .infinity }
      }
      try #require(found == Set(expected.keys))
    }
    let days = Int64(Int.random(in: 0..<20, using: &random)) * 86_400...Int64(20 * 86_400)
    try #require(
      try identities(snapshot) { try $0.documents(dated: "date", in: days) }
        == Set(model.filter { $0.value.date.map(days.contains) ?? false }.keys))
    try #require(
      try identities(snapshot) { try $0.documents(dated: "seen", in: days) }
        == Set(model.filter { $0.value.seen.contains(where: days.contains) }.keys))
    try compareGroups(snapshot, model)
  }

  private static func compareGroups(_ snapshot: Snapshot, _ model: [String: Model]) throws {
    var counts: [String: Int] = [:]
    var valued = 0
    var dates: [Int64: Int] = [:]
    for segment in snapshot.segments {
      let live = live(segment)
      valued += try segment.forEachGroup(of: live, by: "tags") { value, documents in
        counts[String(decoding: value, as: UTF8.self), default: 0] += documents
      }
      _ = try segment.forEachDate(of: live, in: "date") { _, seconds in dates[seconds, default: 0] += 1 }
    }
    let tags = model.values.compactMap { $0.keywords["tags"] }
    try #require(valued == tags.count)
    try #require(counts == Dictionary(tags.flatMap { $0 }.map { ($0, 1) }, uniquingKeysWith: +))
    try #require(dates == Dictionary(model.values.compactMap(\.date).map { ($0, 1) }, uniquingKeysWith: +))
  }

  private static func live(_ segment: Segment) -> DocumentSet {
    var bits = [UInt64](repeating: 0, count: segment.documentCount / 64 + 1)
    for document in 0..<segment.documentCount where !segment.isDeleted(DocID(document)) {
      bits[document / 64] |= 1 << UInt64(document % 64)
    }
    return DocumentSet(documentCount: UInt32(segment.documentCount), bits: bits)
  }

  private static func identities(_ snapshot: Snapshot, _ find: (Segment) throws -> DocumentSet) throws -> Set<String> {
    var found: Set<String> = []
    for segment in snapshot.segments {
      try find(segment).forEach { document in
        if !segment.isDeleted(document) { found.insert(try segment.identifier(document)) }
      }
    }
    return found
  }
}
