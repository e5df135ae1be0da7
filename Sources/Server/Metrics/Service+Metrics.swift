internal import Base
internal import Index
internal import Ingest
internal import Query
internal import Synchronization

/// `GET /metrics`: the state of the daemon for Prometheus. Costs what a status costs; nothing is computed between.
extension Service {
  func metricsResponse() -> Response {
    let status = status()
    var text = MetricsText()
    describeIndex(status, &text)
    describeWriting(status, &text)
    describeQueries(status, &text)
    describeFiles(status, &text)
    describeClients(status, &text)
    return Response(metrics: text)
  }

  private func describeIndex(_ status: ServiceStatus, _ text: inout MetricsText) {
    text.single("kwic_documents", .gauge, "Documents that can be found.", status.index.documents)
    text.single(
      "kwic_deleted_documents", .gauge, "Documents replaced or removed that no merge has dropped yet.",
      status.index.deletedDocuments)
    text.single("kwic_words", .gauge, "Word occurrences of the index.", status.index.words)
    text.single("kwic_segments", .gauge, "Segments of the index.", status.index.segments)
    text.single("kwic_segment_bytes", .gauge, "Bytes that the segments take.", status.index.segmentBytes)
    text.single(
      "kwic_stem_cache_bytes", .gauge, "Memory of stems that queries asked for and of their merged lists.",
      status.index.stemCacheBytes)
    text.single("kwic_snapshot_generation", .gauge, "Number of the commit that queries read.", status.index.generation)
    text.single("kwic_snapshots_held", .gauge, "Snapshots that are held, the last commit's included.", status.snapshots.held)
    text.family(
      "kwic_oldest_snapshot_age_seconds", .gauge,
      "How long ago a commit replaced the oldest snapshot that is still held; its pages are not reused. 0 where none is.")
    text.sample("kwic_oldest_snapshot_age_seconds", [:], seconds: status.snapshots.oldestAgeNanoseconds)
  }

  private func describeWriting(_ status: ServiceStatus, _ text: inout MetricsText) {
    text.single("kwic_write_queue_operations", .gauge, "Changes that wait for the writer.", status.writer.waitingOperations)
    text.single("kwic_write_queue_bytes", .gauge, "Bytes of documents that wait for the writer.", status.writer.waitingBytes)
    text.single(
      "kwic_upload_bytes", .gauge, "Memory of documents from the socket to their commit.", status.documents.bytes)
    text.single("kwic_uploads_waiting", .gauge, "Uploads that wait for room in memory.", status.documents.waiting)
    text.single("kwic_operations_total", .counter, "Changes that were committed.", status.writer.operations)
    text.single("kwic_failed_commits_total", .counter, "Commits that failed.", status.writer.failedCommits)
    text.family("kwic_commit_duration_seconds", .histogram, "Batches of changes, from the writer's taking them to durable.")
    text.histogram("kwic_commit_duration_seconds", [:], metrics.commits)
    text.family("kwic_merge_duration_seconds", .histogram, "Merges of segments.")
    text.histogram("kwic_merge_duration_seconds", [:], index.mergeDurations)
  }

  private func describeQueries(_ status: ServiceStatus, _ text: inout MetricsText) {
    text.family(
      "kwic_query_duration_seconds", .histogram,
      "Searches that were answered, from the request to the first piece of the answer, by the dearest part of the query.")
    for queryClass in QueryClass.allCases {
      text.histogram("kwic_query_duration_seconds", ["class": queryClass.rawValue], metrics.queries(of: queryClass))
    }
    let searches = status.searches
    text.single("kwic_queries_running", .gauge, "Queries on a thread.", searches.running)
    text.single("kwic_queries_waiting", .gauge, "Queries that wait for a thread.", searches.admitted - searches.running)
    text.single("kwic_query_threads", .gauge, "Threads for queries.", status.searchThreads)
    text.single("kwic_late_queries_total", .counter, "Queries that were ended by their deadline.", searches.late)
    text.single("kwic_quick_queries_total", .counter, "Queries that were answered on the event loop.", searches.quick)
    text.single(
      "kwic_kept_answers_total", .counter, "Queries whose answers were kept from when they were asked before.", searches.kept)
    text.single("kwic_streams", .gauge, "Answers that are being sent piece by piece.", status.streams)
  }

  private func describeFiles(_ status: ServiceStatus, _ text: inout MetricsText) {
    text.family("kwic_files", .gauge, "Files of watched folders by what became of them.")
    for state in FileRecord.State.allCases {
      text.sample("kwic_files", ["state": state.name], status.files[state])
    }
    text.single("kwic_files_waiting", .gauge, "Files that wait to be read or committed.", status.watched.waiting)
    text.single("kwic_refused_documents", .gauge, "Documents of indexed files that were not taken.", status.files.refused)
  }

  private func describeClients(_ status: ServiceStatus, _ text: inout MetricsText) {
    text.single("kwic_connections", .gauge, "Open connections.", metrics.connections.load(ordering: .relaxed))
    text.family("kwic_refused_connections_total", .counter, "Connections that were closed at once.")
    for reason in Metrics.ConnectionRefusal.allCases {
      text.sample("kwic_refused_connections_total", ["reason": reason.rawValue], metrics.refusedConnections(reason))
    }
    text.family("kwic_refused_requests_total", .counter, "Requests that were answered with an error, by its code.")
    for (code, count) in metrics.refusedRequests { text.sample("kwic_refused_requests_total", ["code": code], count) }
    text.single("kwic_uptime_seconds", .gauge, "Seconds since the daemon started.", status.uptimeSeconds)
  }
}
