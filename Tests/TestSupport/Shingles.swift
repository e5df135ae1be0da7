/// The runs of three words of some texts, as sets: the naive twin of what fingerprints estimate.
public struct Shingles: Sendable {
  public let all: Set<String>

  public init(_ texts: [[UInt8]], width: Int = 3) {
    var all: Set<String> = []
    for text in texts {
      let words = Self.words(text)
      guard words.count >= width else {
        if !words.isEmpty { all.insert(words.joined(separator: " ")) }
        continue
      }
      for first in 0...(words.count - width) { all.insert(words[first..<first + width].joined(separator: " ")) }
    }
    self.all = all
  }

  private static func words(_ text: [UInt8]) -> [String] {
    text.split { byte in
      let isLetter = (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
      return !isLetter && !(0x30...0x39).contains(byte) && byte < 0x80
    }.map { word in String(decoding: word.map { (0x41...0x5A).contains($0) ? $0 + 32 : $0 }, as: UTF8.self) }
  }

  /// The share of all shingles of two texts that both have (Broder 1997).
  public func resemblance(_ other: Shingles) -> Double {
    let common = all.intersection(other.all).count
    let union = all.count + other.all.count - common
    return union == 0 ? 0 : Double(common) / Double(union)
  }
}
