internal import Foundation

/// Writes a document for people: its texts, with exactly the words of the hits marked.
public struct HighlightFormat {
  private struct Object: Decodable {
    struct Value: Decodable {
      var field: String
      var text: String
      var ranges: [[Int]]
    }

    var hit_count: Int
    var values: [Value]
  }

  private let screen: Screen

  public init(screen: Screen) { self.screen = screen }

  /// The text of an answer to `?highlight=`, and whether the document has hits.
  public func text(_ body: [UInt8]) throws -> (text: String, hasHits: Bool) {
    let object: Object
    do {
      object = try JSONDecoder().decode(Object.self, from: Data(body))
    } catch {
      throw ClientError.badAnswer("\(error)")
    }
    let texts = object.values.map { value in
      var text = ""
      let bytes = Array(value.text.utf8)
      var at = 0
      for range in value.ranges where range.count == 2 && at <= range[0] && range[0] <= range[1] && range[1] <= bytes.count {
        text += Self.shown(bytes[at..<range[0]]) + marked(Self.shown(bytes[range[0]..<range[1]]))
        at = range[1]
      }
      return text + Self.shown(bytes[at...])
    }
    return (texts.joined(separator: "\n\n") + "\n", object.hit_count > 0)
  }

  private func marked(_ word: String) -> String {
    screen.hasColours ? "\u{1B}[1;31m\(word)\u{1B}[0m" : "[\(word)]"
  }

  /// Line ends and tabs stay; every other control character becomes U+FFFD, controls of direction are left out.
  private static func shown(_ bytes: ArraySlice<UInt8>) -> String {
    var shown = String.UnicodeScalarView()
    for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars where !ConcordanceLine.isDirectionControl(scalar) {
      let isControl = scalar.properties.generalCategory == .control && scalar != "\n" && scalar != "\t" && scalar != "\r"
      shown.append(isControl ? "\u{FFFD}" : scalar)
    }
    return String(shown)
  }
}
