internal import Base
internal import Index
internal import Logging
internal import Query

/// Work on the whole index: one at a time, on a thread of its own, without a deadline.
extension Service {
  /// `POST /v1/verify`: `{"sound", "segments", "extents", "damage": ["…"], "took_ms"}`.
  func verify() async throws(APIError) -> Response {
    let start = time.monotonicNanoseconds()
    let report = try await maintenance.run("a check of the index") { [index] in .success(index.verify()) }
    logger.log(
      level: report.isSound ? .info : .error, report.isSound ? "the index is sound" : "the index is damaged",
      metadata: [
        "segments": "\(report.segments)", "damage": "\(report.damage.count)", "took_ms": "\(milliseconds(since: start))",
      ])
    return Response(json: report.json(tookMilliseconds: milliseconds(since: start)))
  }

  /// `POST /v1/compact`: `{"snapshot", "documents", "segments", "segment_bytes", "took_ms"}`. Queries and changes go on.
  func compact() async throws(APIError) -> Response {
    let start = time.monotonicNanoseconds()
    let status = try await maintenance.run("a compaction") { [index] in
      do throws(IndexError) {
        try index.compact()
        return .success(index.status())
      } catch {
        return .failure(APIError(error))
      }
    }
    logger.info(
      "compacted",
      metadata: ["snapshot": "\(status.generation)", "documents": "\(status.documents)", "took_ms": "\(milliseconds(since: start))"])
    var json = JSONWriter()
    json.object {
      let members: KeyValuePairs<StaticString, Int> = [
        "snapshot": Int(status.generation), "documents": status.documents, "segments": status.segments,
        "segment_bytes": Int(status.segmentBytes), "took_ms": milliseconds(since: start),
      ]
      for (name, value) in members {
        $0.key(name)
        $0.integer(value)
      }
    }
    return Response(json: json.bytes)
  }

  private func milliseconds(since start: UInt64) -> Int { Int((time.monotonicNanoseconds() - start) / 1_000_000) }
}

extension VerifyReport {
  func json(tookMilliseconds: Int) -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.key("sound")
      $0.boolean(isSound)
      $0.key("segments")
      $0.integer(segments)
      $0.key("extents")
      $0.integer(extents)
      $0.key("damage")
      $0.array { list in for text in damage { list.string(text) } }
      $0.key("took_ms")
      $0.integer(tookMilliseconds)
    }
    return json.bytes
  }
}
