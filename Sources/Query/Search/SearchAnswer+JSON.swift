extension SearchAnswer {
  /// Appends the answer as one JSON object, in the shape of interfaces.md.
  public func json(into bytes: inout [UInt8]) {
    bytes.append(contentsOf: jsonHead())
    var list = JSONWriter(after: bytes)
    for result in results { result.write(to: &list) }
    bytes = list.bytes
    bytes.append(contentsOf: jsonTail())
  }

  /// The answer as one JSON object.
  public func json() -> [UInt8] {
    var bytes: [UInt8] = []
    json(into: &bytes)
    return bytes
  }

  /// The object up to and with `"results":[`, for answers that are sent piece by piece: after it the results, joined
  /// by commas, and `jsonTail`.
  public func jsonHead() -> [UInt8] {
    var json = JSONWriter()
    json.object { answer in
      answer.member("query", query)
      answer.member("parsed", parsed)
      answer.key("total")
      writeTotal(to: &answer)
      answer.key("took_us")
      answer.integer(tookMicroseconds)
      answer.key("snapshot")
      answer.integer(snapshot)
      answer.key("warnings")
      answer.array { list in for warning in warnings { warning.write(to: &list) } }
      if let groups { groups.write(to: &answer) }
      if let receipt {
        answer.key("receipt")
        receipt.write(to: &answer)
      }
      answer.key("results")
      answer.array { _ in }
    }
    // Without the two closing brackets.
    return Array(json.bytes.dropLast(2))
  }

  /// The rest of the object, from the bracket that closes the results.
  public func jsonTail() -> [UInt8] {
    guard let cursor else { return Array("]}".utf8) }
    var json = JSONWriter()
    json.object { $0.member("cursor", cursor) }
    return Array("],".utf8) + json.bytes.dropFirst()
  }

  private func writeTotal(to json: inout JSONWriter) {
    json.object {
      if let totalDocuments {
        $0.key("documents")
        $0.integer(totalDocuments)
      }
      if let totalHits {
        $0.key("hits")
        $0.integer(totalHits)
      }
      if let totalStories {
        $0.key("stories")
        $0.integer(totalStories)
      }
      if isPartial {
        $0.key("partial")
        $0.boolean(true)
      }
    }
  }
}

extension GroupCounts {
  /// `"groups": [{"value", "documents"}, …], "groups_missing": n`, as members of an object.
  func write(to json: inout JSONWriter) {
    json.key("groups")
    json.array { list in
      for group in groups {
        list.object {
          $0.member("value", group.value)
          $0.key("documents")
          $0.integer(group.documents)
        }
      }
    }
    json.key("groups_missing")
    json.integer(missing)
  }
}

extension DocumentResult {
  /// Appends the document as a JSON object.
  public func write(to json: inout JSONWriter) {
    json.object { result in
      result.member("id", id)
      Self.writeScore(score, to: &result)
      result.member("title", title)
      if let date { result.member("date", date) }
      Self.writeCounts(hitCount: hitCount, copies: copies, firstDate: firstDate, to: &result)
      result.key("hits")
      result.array { list in for hit in hits { hit.write(to: &list) } }
      explanation?.write(to: &result)
    }
  }

  static func writeScore(_ score: Float, to result: inout JSONWriter) {
    result.key("score")
    result.number(score)
  }

  /// The members between `date` and `hits`.
  static func writeCounts(hitCount: Int, copies: Int?, firstDate: String?, to result: inout JSONWriter) {
    result.key("hit_count")
    result.integer(hitCount)
    if let copies {
      result.key("copies")
      result.integer(copies)
    }
    if let firstDate { result.member("first_date", firstDate) }
  }
}

extension ResultExplanation {
  func write(to result: inout JSONWriter) {
    result.key("explanation")
    switch self {
    case .tree(let tree): result.object { tree.writeDetails(to: &$0) }
    case .text(let text): result.string(text)
    }
  }
}

extension HitResult {
  /// Appends the hit as a JSON object.
  public func write(to json: inout JSONWriter) {
    json.object { writeMembers(to: &$0) }
  }

  func writeMembers(to hit: inout JSONWriter) {
    Self.writePlace(field: field, lo: lo, hi: hi, bytes: bytes, to: &hit)
    hit.key("words")
    hit.array { list in for word in words { word.write(to: &list) } }
    hit.member("left", left)
    hit.member("match", match)
    hit.member("right", right)
  }

  static func writePlace(field: String, lo: Int, hi: Int, bytes: Range<Int>, to hit: inout JSONWriter) {
    hit.member("field", field)
    hit.key("lo")
    hit.integer(lo)
    hit.key("hi")
    hit.integer(hi)
    hit.key("bytes")
    hit.pair(bytes.lowerBound, bytes.upperBound)
  }
}

extension HitWord {
  func write(to json: inout JSONWriter) {
    Self.write(form: form.utf8.span, position: position, bytes: bytes, to: &json)
  }

  static func write(form: Span<UInt8>, position: Int, bytes: Range<Int>, to json: inout JSONWriter) {
    json.object {
      $0.member("form", utf8: form)
      $0.key("position")
      $0.integer(position)
      $0.key("bytes")
      $0.pair(bytes.lowerBound, bytes.upperBound)
    }
  }
}
