import Analysis
import Base
@testable import Index
import ScoringCore
import TestSupport
import Testing

extension DocumentOrdering {
  /// Orders whatever is merged, down to single documents, and reads long lists in several goes.
  static let always = {
    var ordering = DocumentOrdering(batchDocumentsMin: 1, documentsMin: 1)
    ordering.rangeMin = 1
    ordering.wordDocumentsMin = 1
    ordering.takesLoneSegments = true
    ordering.sortedOccurrencesMax = 64
    return ordering
  }()
}

/// Merges that put documents into another order, beside those that do not.
@Suite struct OrderedMergeTests {
  /// Everything that a segment knows of one document.
  private struct Content: Equatable {
    var stored: [UInt8]
    var layout: [UInt8]
    var date: Int64?
    var fingerprint: Fingerprint?
    var sources: Set<String> = []
    var positions: [String: [UInt32]] = [:]
    var classFrequencies: [String: UInt32] = [:]
  }

  private static func open(_ ordering: DocumentOrdering) throws -> IndexFixture {
    try IndexFixture { options in
      options.ordering = ordering
      options.schema = IndexSchema(
        keywordFields: ["source"], numberFields: [], dateFields: [], keepsFingerprints: true)
      options.phraseLayer = PhraseLayer(words: 4, segmentWordsMin: 100)
    }
  }

  private static func contents(_ snapshot: Snapshot) throws -> [String: Content] {
    var all: [String: Content] = [:]
    for segment in snapshot.segments {
      let ids = try (0..<DocID(segment.documentCount)).map { try segment.identifier($0) }
      func live(_ document: DocID) -> String? { segment.isDeleted(document) ? nil : ids[Int(document)] }
      for document in 0..<DocID(segment.documentCount) {
        guard let id = live(document) else { continue }
        all[id] = Content(
          stored: try segment.body.storedRecord(Int(document)), layout: try segment.body.layouts.record(document),
          date: segment.date(document), fingerprint: try segment.fingerprint(document))
      }
      for source in ["ap", "afp", "reuters"] {
        let set = try segment.documents(whose: "source", is: Array(source.utf8))
        for document in 0..<DocID(segment.documentCount) where set.contains(document) {
          if let id = live(document) { all[id]?.sources.insert(source) }
        }
      }
      var forms: [([UInt8], PostingListReference)] = []
      try segment.forEachForm(withPrefix: []) { form, list in
        forms.append((form, list))
        return true
      }
      for (form, list) in forms {
        let name = String(decoding: form, as: UTF8.self)
        var walk = try PostingWalk(list, in: segment.view)
        var positions: [UInt32] = []
        var last: DocID?
        while try walk.next() != .terminated {
          let document = walk.document
          try #require(last == nil || last! < document)
          last = document
          try walk.positions(into: &positions)
          if let id = live(document) { all[id]?.positions[name] = positions }
        }
        let stem = segment.analyzer.stem(form)
        guard let classList = try segment.lookupClass(stem)?.classList else { continue }
        try segment.forEachPosting(of: classList) { document, frequency in
          if let id = live(document) { all[id]?.classFrequencies[name] = frequency }
        }
      }
    }
    return all
  }

  /// Documents of some topics, in no order; with dates and sources here and there.
  private static func operations(
    _ count: Int, ids: Int, wordsMax: Int, _ random: inout SplitMix64
  ) -> [IndexOperation] {
    (0..<count).map { _ in
      let id = "d\(Int.random(in: 0..<ids, using: &random))"
      if Int.random(in: 0..<12, using: &random) == 0 { return .delete(id: id) }
      let topic = Int.random(in: 0..<6, using: &random)
      let words = (0..<Int.random(in: 0...wordsMax, using: &random)).map { _ in
        switch Int.random(in: 0..<4, using: &random) {
        case 0: ["the", "of", "and", "in", "running", "runs", "run", "city's"].randomElement(using: &random)!
        case 1: "w\(Int.random(in: 0..<400, using: &random))"
        default: "t\(topic)x\(Int.random(in: 0..<30, using: &random))"
        }
      }
      var document = Document(id: id, title: "About t\(topic)", body: words.joined(separator: " "))
      if Int.random(in: 0..<3, using: &random) == 0 { document.date = "2016-10-\(10 + topic)" }
      if Int.random(in: 0..<2, using: &random) == 0 {
        let source = ["ap", "afp", "reuters"].randomElement(using: &random)!
        document.extras = [.init(name: "source", json: Array("\"\(source)\"".utf8))]
      }
      return .put(document)
    }
  }

  @Test func everyDocumentKeepsWhatItHad() throws {
    try Property.check("ordered merges equal others", seconds: 6) { random in
      let plain = try Self.open(.none)
      let ordered = try Self.open(.always)
      for _ in 0..<Int.random(in: 1...10, using: &random) {
        let operations = Self.operations(Int.random(in: 1...120, using: &random), ids: 300, wordsMax: 60, &random)
        _ = try plain.index.apply(operations)
        _ = try ordered.index.apply(operations)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: for index in [plain.index, ordered.index] { try index.compact() }
        case 1: for index in [plain.index, ordered.index] { while try index.mergeOnce() {} }
        default: break
        }
      }
      for index in [plain.index, ordered.index] { try index.compact() }
      let (expected, found) = (plain.index.snapshot(), ordered.index.snapshot())
      try #require(try Self.contents(found) == Self.contents(expected))
      try #require(found.statistics.words == expected.statistics.words)
      try #require(found.segments.allSatisfy(\.isOrdered) && !expected.segments.contains(where: \.isOrdered))
      for id in try expected.identities() { try #require(try found.locate(id: id) != nil) }
      try #require(ordered.index.verify().damage == [])
    }
  }

  /// With the bounds as they are, a clustered archive takes fewer bytes, and its documents do lie in another order.
  @Test func aLargeMergeMakesListsShorter() throws {
    var random = SplitMix64(seed: 21)
    let operations = Self.operations(6_000, ids: 1 << 40, wordsMax: 120, &random)
    var bytes: [UInt64] = []
    var orders: [[String]] = []
    for ordering in [DocumentOrdering.none, DocumentOrdering()] {
      let fixture = try Self.open(ordering)
      for first in stride(from: 0, to: operations.count, by: 1_000) {
        _ = try fixture.index.apply(Array(operations[first..<first + 1_000]))
      }
      try fixture.index.compact()
      let segment = try #require(fixture.index.snapshot().segments.first)
      bytes.append(fixture.index.status().sections.postings)
      orders.append(try (0..<DocID(segment.documentCount)).map { try segment.identifier($0) })
    }
    #expect(Double(bytes[1]) < 0.97 * Double(bytes[0]), "\(bytes)")
    #expect(orders[0] != orders[1] && Set(orders[0]) == Set(orders[1]))
  }

  @Test func smallMergesAndThoseWithoutMemoryKeepTheirOrder() throws {
    var random = SplitMix64(seed: 22)
    let operations = Self.operations(500, ids: 1 << 40, wordsMax: 30, &random)
    var tight = DocumentOrdering.always
    tight.bytesMax = 10_000
    for ordering in [DocumentOrdering(), tight, DocumentOrdering.none] {
      let fixture = try Self.open(ordering)
      for part in [operations[..<250], operations[250...]] { _ = try fixture.index.apply(Array(part)) }
      let before = fixture.index.snapshot()
      let order = try before.segments.flatMap { segment in
        try (0..<DocID(segment.documentCount)).map { try segment.identifier($0) }
      }
      try fixture.index.compact()
      let segment = try #require(fixture.index.snapshot().segments.first)
      #expect(try (0..<DocID(segment.documentCount)).map { try segment.identifier($0) } == order)
      #expect(!segment.isOrdered)
    }
  }

  /// What is ordered is copied, or keeps its order when its deleted documents go.
  @Test func whatIsOrderedStaysSo() throws {
    var random = SplitMix64(seed: 23)
    let fixture = try Self.open(.always)
    _ = try fixture.index.apply(Self.operations(400, ids: 1 << 40, wordsMax: 30, &random))
    try fixture.index.compact()
    func order() throws -> [String] {
      let segment = try #require(fixture.index.snapshot().segments.first)
      #expect(segment.isOrdered && segment.deletedCount == 0)
      return try (0..<DocID(segment.documentCount)).map { try segment.identifier($0) }
    }
    let first = try order()
    try fixture.index.compact()
    #expect(try order() == first)
    let gone = Set(first.indices.filter { $0 % 5 == 0 }.map { first[$0] })
    _ = try fixture.index.apply(gone.sorted().map { .delete(id: $0) })
    try fixture.index.compact()
    #expect(try order() == first.filter { !gone.contains($0) })
  }

  /// Deletions that come while a merge runs hit the documents' new numbers.
  @Test func deletionsMeanwhileFindTheirDocuments() throws {
    try Property.check("deletions during an ordered merge", seconds: 5) { random in
      let fixture = try Self.open(.always)
      let index = fixture.index
      var operations = Self.operations(400, ids: 350, wordsMax: 40, &random)
      for part in 0..<8 { _ = try index.apply(Array(operations[part * 50..<part * 50 + 50])) }
      let before = try Self.contents(index.snapshot())
      let sources = index.snapshot().segments
      let isCompaction = Bool.random(using: &random)
      let victims = before.keys.sorted().filter { _ in Int.random(in: 0..<4, using: &random) == 0 }
      // What a merge that began before the deletions writes, published after them.
      let merger = SegmentMerger(
        sources: sources, manifest: index.state.withLock { $0.manifest },
        environment: index.state.withLock { $0.environment }, phraseLayer: .none, ordering: .always,
        extentBatchBytes: 2 << 20, isStopped: { false })
      let output = try #require(try merger.merge(into: index.state.withLock { $0.newSegmentID() }))
      operations = victims.map { .delete(id: $0) }
      _ = try index.apply(operations)
      let late = Index.deletedSince(sources, output, index.snapshot())
      var lost: Set<String> = []
      for (segment, map) in zip(sources, output.documentMaps) {
        for (document, new) in map.enumerated() where late.contains(new) {
          lost.insert(try segment.identifier(DocID(document)))
        }
      }
      try #require(late.count == victims.count && lost == Set(victims))
      output.sink.discard()
      // And through the index itself.
      if isCompaction { try index.compact() } else { while try index.mergeOnce() {} }
      let left = before.filter { !victims.contains($0.key) }
      try #require(try Self.contents(index.snapshot()).mapValues(\.stored) == left.mapValues(\.stored))
      try #require(index.verify().damage == [])
    }
  }

  @Test func aMergeThatIsStoppedWhileItOrdersLeavesTheIndexAsItWas() throws {
    var random = SplitMix64(seed: 24)
    let fixture = try Self.open(.always)
    for _ in 0..<8 { _ = try fixture.index.apply(Self.operations(200, ids: 1 << 40, wordsMax: 40, &random)) }
    let before = try Self.contents(fixture.index.snapshot())
    let sources = fixture.index.snapshot().segments
    var stops = 0
    for limit in [0, 1, 2, 10, 100, 1_000] {
      let asked = Counter()
      let merger = SegmentMerger(
        sources: sources, manifest: fixture.index.state.withLock { $0.manifest },
        environment: fixture.index.state.withLock { $0.environment }, phraseLayer: .none, ordering: .always,
        extentBatchBytes: 2 << 20, isStopped: { asked.next() > limit })
      do throws(IndexError) {
        let output = try merger.merge(into: fixture.index.state.withLock { $0.newSegmentID() })
        output?.sink.discard()
      } catch {
        #expect(error == .closed)
        stops += 1
      }
    }
    #expect(stops > 3)
    #expect(try Self.contents(fixture.index.snapshot()) == before)
    try fixture.index.compact()
    #expect(try Self.contents(fixture.index.snapshot()).count == before.count)
  }

  /// Flipped bits of the sources are an error of the merge, or do no harm; never a trap.
  @Test func damagedSourcesAreAnError() throws {
    try Property.check("damage under an ordered merge", seconds: 4) { random in
      var fixture = try Self.open(.always)
      for _ in 0..<3 { _ = try fixture.index.apply(Self.operations(150, ids: 1 << 40, wordsMax: 40, &random)) }
      fixture.index.close()
      let file = fixture.directory.path("index/env-000001/data.mdb")
      var bytes = try FileBytes.read(file)
      let start = try #require(bytes.indices(of: Array("KWICSEG1".utf8)).randomElement(using: &random))
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let bit = Int.random(in: 0..<ExtentSize.small.usableBytes * 8, using: &random)
        bytes[start + bit / 8] ^= 1 << UInt8(bit % 8)
      }
      try FileBytes.write(bytes, to: file)
      guard let damaged = try? IndexFixture.open(fixture.directory, { $0.ordering = .always }) else { return }
      fixture.index = damaged
      do throws(IndexError) { try damaged.compact() } catch {
        guard case .corrupt = error else { throw error }
      }
    }
  }
}

/// Counts calls from any thread.
private final class Counter: Sendable {
  private let count = Guarded(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
