internal import Index
internal import Ingest
internal import Query

/// What `GET /v1/status` tells.
struct ServiceStatus {
  let index: IndexStatus
  let writer: WriterQueue.Load
  /// Memory of documents on their way from the socket to their commit, and how much they may take.
  let documents: DocumentBudget.Load
  let documentBytesMax: Int
  let answerBytes: Int
  let searches: SearchPool.Load
  let searchThreads: Int
  let watched: WatchReport
  let snapshots: SnapshotReport
  let files: FileCounts
  /// Answers that are being sent piece by piece, and snapshots kept for cursors.
  let streams: Int
  let keptSnapshots: Int
  let uptimeSeconds: Int

  func json() -> [UInt8] {
    var json = JSONWriter()
    json.object {
      $0.member("status", "ok")
      Self.numbers(&$0, ["uptime_s": uptimeSeconds, "snapshot": Int(index.generation), "documents": index.documents])
      $0.key("index")
      $0.object {
        Self.numbers(
          &$0,
          [
            "deleted_documents": index.deletedDocuments, "words": Int(index.words), "segments": index.segments,
            "segment_bytes": Int(index.segmentBytes),
          ])
        $0.key("fields")
        $0.array { list in for field in index.fields { list.string(field) } }
      }
      $0.key("writer")
      $0.object {
        Self.numbers(
          &$0,
          [
            "waiting_operations": writer.waitingOperations, "waiting_bytes": writer.waitingBytes,
            "commits": Int(writer.commits), "operations": Int(writer.operations),
            "failed_commits": Int(writer.failedCommits),
          ])
      }
      $0.key("uploads")
      $0.object {
        Self.numbers(
          &$0,
          [
            "document_bytes": documents.bytes, "document_bytes_max": documentBytesMax,
            "document_bytes_peak": documents.peakBytes, "waiting": documents.waiting, "answer_bytes": answerBytes,
          ])
      }
      $0.key("searches")
      $0.object {
        Self.numbers(
          &$0,
          [
            "threads": searchThreads, "running": searches.running, "waiting": searches.admitted - searches.running,
            "answered": Int(searches.answered), "refused": Int(searches.refused), "late": Int(searches.late),
            "streams": streams, "kept_snapshots": keptSnapshots,
          ])
      }
      $0.key("watched")
      $0.object {
        Self.numbers(
          &$0,
          [
            "files": watched.files, "documents": watched.documents, "problems": watched.problems,
            "unchanged": watched.unchanged, "removed": watched.removed, "waiting": watched.waiting,
            "folders": watched.folders, "unwatched_folders": watched.unwatchedFolders, "rescans": watched.rescans,
          ])
        $0.key("done")
        $0.boolean(watched.isDone)
      }
      $0.key("files")
      $0.object {
        Self.numbers(
          &$0,
          [
            "total": files.total, "indexed": files[.indexed], "skipped": files[.skipped], "failed": files[.failed],
            "reading": files[.reading], "documents": files.documents, "refused_documents": files.refused,
          ])
      }
    }
    return json.bytes
  }

  private static func numbers(_ json: inout JSONWriter, _ members: KeyValuePairs<StaticString, Int>) {
    for (name, value) in members {
      json.key(name)
      json.integer(value)
    }
  }
}
