internal import Base
internal import Index
internal import Logging
internal import NIOHTTP1
internal import Query

extension Service {
  /// `POST /v1/backup` with `{"directory": "/…"}`: `{"directory", "snapshot", "documents", "segments", "copied_bytes",
  /// "took_ms"}`. Queries and changes go on.
  func backup(_ parameters: consuming RequestParameters) async throws(APIError) -> Response {
    var parameters = parameters
    guard let directory = parameters.take("directory") else {
      throw .badParameter("directory", "is missing", remedy: "send {\"directory\": \"/path/of/the/backup\"}")
    }
    guard directory.hasPrefix("/") else {
      throw .badParameter("directory", "is no absolute path", remedy: "begin it with /: the daemon has its own folder")
    }
    try SearchParameters.refuseLeftOver(parameters, of: "a backup", ["directory"])
    let start = time.monotonicNanoseconds()
    let report = try await maintenance.run("a backup") { [index] in
      do throws(IndexError) {
        return .success(try index.backup(to: directory))
      } catch {
        return .failure(APIError(backingUpTo: directory, error))
      }
    }
    logger.info(
      "backed up",
      metadata: ["directory": "\(directory)", "snapshot": "\(report.generation)", "documents": "\(report.documents)"])
    var json = JSONWriter()
    json.object {
      $0.member("directory", directory)
      let members: KeyValuePairs<StaticString, Int> = [
        "snapshot": Int(report.generation), "documents": report.documents, "segments": report.segments,
        "copied_bytes": Int(report.copiedBytes), "took_ms": Int((time.monotonicNanoseconds() - start) / 1_000_000),
      ]
      for (name, value) in members {
        $0.key(name)
        $0.integer(value)
      }
    }
    return Response(json: json.bytes)
  }
}

extension APIError {
  /// Why there is no backup: what is about its folder is told apart from what is about the index.
  init(backingUpTo directory: String, _ error: IndexError) {
    switch error {
    case .store where error.meansOccupied:
      self.init(
        .conflict, "already-exists", "there is an index in \(directory)",
        remedy: "name another folder, or remove that index first")
    case .store(let error):
      self.init(
        .insufficientStorage, "backup", "the backup could not be written to \(directory): \(error)",
        remedy: "see that the daemon's user may write there and the disk has room; the index itself is untouched")
    default: self.init(error)
    }
  }
}
