/// Every setting there is. The raw value is its name in the configuration file; `KWIC_` and the same in capitals is its
/// name in the environment.
public enum ConfigurationKey: String, CaseIterable, Sendable {
  case index
  case socket
  case access
  case watch
  case include
  case exclude
  case followSymlinks = "follow_symlinks"
  case rescanInterval = "rescan_interval"
  case textFields = "text_fields"
  case keywordFields = "keyword_fields"
  case numberFields = "number_fields"
  case dateFields = "date_fields"
  case csvColumns = "csv_columns"
  case phraseWords = "phrase_words"
  case reorder
  case k1
  case b
  case searchThreads = "search_threads"
  case searchWaitingMax = "search_waiting_max"
  case searchPositionsMax = "search_positions_max"
  case keptAnswersBytesMax = "kept_answers_bytes_max"
  case searchTimeout = "search_timeout"
  case searchTimeoutMax = "search_timeout_max"
  case streamTimeout = "stream_timeout"
  case cursorLife = "cursor_life"
  case connectionsMax = "connections_max"
  case idleTimeout = "idle_timeout"
  case memoryCeiling = "memory_ceiling"
  case indexingThreads = "indexing_threads"
  case batchBytesMax = "batch_bytes_max"
  case stopGrace = "stop_grace"
  case logLevel = "log_level"

  public var environmentName: String { "KWIC_" + rawValue.uppercased() }

  /// What separates the members of a list in the environment; nil for settings that are no list.
  var listSeparator: Character? {
    switch self {
    case .watch: ":"
    case .include, .exclude: ","
    case .textFields, .keywordFields, .numberFields, .dateFields, .csvColumns: ","
    default: nil
    }
  }
}
