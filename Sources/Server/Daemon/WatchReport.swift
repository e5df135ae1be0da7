/// What reading the watched folders has brought so far.
struct WatchReport: Sendable, Equatable {
  var files = 0
  var documents = 0
  /// Lines and files that became no document; each was logged with its reason.
  var problems = 0
  var isDone = true
}
