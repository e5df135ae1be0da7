extension Explanation {
  /// Appends the explanation as one JSON object.
  public func json(into bytes: inout [UInt8]) {
    var json = JSONWriter(after: bytes)
    json.object {
      $0.member("query", query)
      $0.member("parsed", parsed)
      $0.member("id", id)
      $0.key("matches")
      $0.boolean(matches)
      $0.key("score")
      $0.number(score)
      writeDetails(to: &$0)
    }
    bytes = json.bytes
  }

  /// What stands beside a result, which says the rest itself: lengths, the tree and the score's parts.
  func writeDetails(to json: inout JSONWriter) {
    json.key("length")
    json.integer(length)
    json.key("average_length")
    json.number(averageLength)
    json.key("documents")
    json.integer(documentCount)
    json.key("tree")
    root.write(to: &json)
    json.key("score_parts")
    json.array { list in for part in parts { part.write(to: &list) } }
  }

  /// The explanation as one JSON object.
  public func json() -> [UInt8] {
    var bytes: [UInt8] = []
    json(into: &bytes)
    return bytes
  }
}

extension ExplanationNode {
  func write(to json: inout JSONWriter) {
    json.object { node in
      node.member("part", label)
      node.key("bytes")
      node.pair(range.lowerBound, range.upperBound)
      node.key("matches")
      node.boolean(matches)
      if let hits {
        node.key("hits")
        node.integer(hits)
      }
      if let note { node.member("note", note) }
      if let closest {
        node.key("closest")
        node.object {
          $0.key("distance")
          $0.integer(closest.distance)
          $0.member("unit", closest.unit.rawValue)
        }
      }
      guard !children.isEmpty else { return }
      node.key("parts")
      node.array { list in for child in children { child.write(to: &list) } }
    }
  }
}

extension ScorePart {
  func write(to json: inout JSONWriter) {
    json.object { part in
      part.member("part", text)
      part.key("bytes")
      part.pair(range.lowerBound, range.upperBound)
      part.key("score")
      part.number(score)
      part.key("f")
      part.number(frequency)
      part.key("weight")
      part.number(weight)
      part.key("tf")
      part.number(saturation)
      part.key("words")
      part.array { list in
        for word in words {
          list.object {
            $0.member("word", word.text)
            $0.key("df")
            $0.integer(word.documentFrequency)
            $0.key("idf")
            $0.number(word.idf)
          }
        }
      }
    }
  }
}
