import Index
import Ingest
import TestSupport
import Testing

/// How well fingerprints find near-duplicates in news, against every pair's resemblance: the figures of the chapter.
@Suite("Near-duplicates of Reuters-21578")
struct FingerprintMeasurement {
  private struct Pair: Hashable {
    let first: Int32
    let second: Int32
  }

  @Test(
    "Precision and recall against brute force",
    .enabled(if: Environment.sharedFolder != nil, "needs KWIC_SHARED with data/reuters-21578.jsonl.gz"))
  func reuters() throws {
    let folder = try #require(Environment.sharedFolder)
    var texts: [[[UInt8]]] = []
    var source = FileSource(path: folder + "/data/reuters-21578.jsonl.gz", format: .jsonLines)
    while let item = source.next() {
      if case .document(let document, _, _) = item { texts.append(document.texts.map(\.text)) }
    }
    #expect(texts.count == 21_578)
    let near = Self.near(texts.map { Fingerprint($0)?.bits ?? 0 })
    let resemblances = Self.resemblances(texts, atLeast: 0.3)
    Property.log("fingerprints of Reuters-21578: \(near.count) near pairs")
    var recall: [Double] = []
    var precision: [Double] = []
    for least in [0.5, 0.6, 0.7, 0.8] {
      let wanted = Set(resemblances.filter { $0.value >= least }.keys)
      let found = wanted.intersection(near).count
      precision.append(Double(found) / Double(near.count))
      recall.append(Double(found) / Double(wanted.count))
      Property.log(
        "  resemblance >= \(least): \(wanted.count) pairs, precision \(precision.last ?? 0), recall \(recall.last ?? 0)")
    }
    #expect(precision[0] > 0.95)
    #expect(recall[2] > 0.9)
  }

  private static func near(_ bits: [UInt64]) -> Set<Pair> {
    var pairs: Set<Pair> = []
    for second in bits.indices where bits[second] != 0 {
      for first in 0..<second where Fingerprint.agreement(bits[first], bits[second]) >= Fingerprint.agreementMin {
        if bits[first] != 0 { pairs.insert(Pair(first: Int32(first), second: Int32(second))) }
      }
    }
    return pairs
  }

  /// All pairs with at least some resemblance: what they share is counted shingle by shingle, none left out.
  private static func resemblances(_ texts: [[[UInt8]]], atLeast least: Double) -> [Pair: Double] {
    var numbers: [String: Int] = [:]
    var holders: [[Int32]] = []
    var sizes: [Int] = []
    var resemblances: [Pair: Double] = [:]
    var common = [Int32](repeating: 0, count: texts.count)
    for (document, text) in texts.enumerated() {
      let shingles = Shingles(text).all
      sizes.append(shingles.count)
      var touched: [Int32] = []
      for shingle in shingles {
        let number = numbers[shingle] ?? holders.count
        if number == holders.count {
          numbers[shingle] = number
          holders.append([])
        }
        for other in holders[number] {
          if common[Int(other)] == 0 { touched.append(other) }
          common[Int(other)] += 1
        }
        holders[number].append(Int32(document))
      }
      for other in touched {
        let shared = Int(common[Int(other)])
        common[Int(other)] = 0
        let resemblance = Double(shared) / Double(sizes[Int(other)] + shingles.count - shared)
        if resemblance >= least { resemblances[Pair(first: other, second: Int32(document))] = resemblance }
      }
    }
    return resemblances
  }
}
