public import Logging
internal import Base
internal import Foundation
internal import Index

/// How the daemon runs: every setting with a value that was checked.
public struct Configuration: Sendable, Equatable {
  public var index = DefaultPaths.index
  public var socket = DefaultPaths.socket
  /// The group of the socket's folder may connect, not this user alone.
  public var isOpenToGroup = false
  public var watch: [String] = []
  /// Globs of files that are read, all where there are none, and of files and folders that are not.
  public var include: [String] = []
  public var exclude: [String] = []
  public var followsSymlinks = false
  /// How often folders are scanned that the kernel tells nothing about.
  public var rescanMilliseconds = 60_000
  public var textFields = ["title", "body"]
  /// Members of documents to filter and count by.
  public var keywordFields = ["lang", "source", "author", "tags"]
  public var numberFields: [String] = []
  public var dateFields: [String] = []
  /// Columns of tables that are fields of documents, `field=column`, beyond the names that are known.
  public var csvColumns: [String] = []
  /// Commonest words of a large segment whose neighbourhoods have lists of their own.
  public var phraseWords = PhraseLayer().words
  /// Whether large merges put documents that share words side by side.
  public var reorders = true
  /// Parameters of BM25.
  public var k1: Float = 1.2
  public var b: Float = 0.75
  public var searchThreads = max(2, ProcessInfo.processInfo.activeProcessorCount)
  public var searchWaitingMax = 256
  /// Positions that one search may visit.
  public var searchPositionsMax = Limits.positionsPerQueryMax
  /// Bytes of answers that a snapshot keeps for those who ask again; 0 for none.
  public var keptAnswersBytesMax = 512 << 10
  public var searchTimeoutMilliseconds = 10_000
  public var searchTimeoutMillisecondsMax = 60_000
  /// How long an answer that is sent piece by piece may take, and so hold its snapshot.
  public var streamTimeoutMilliseconds = 600_000
  /// How long a snapshot is kept for the next page.
  public var cursorLifeMilliseconds = 60_000
  public var connectionsMax = 1_024
  /// How long a connection may be quiet: before the whole head of a request, or in the middle of an answer.
  public var idleTimeoutMilliseconds = 60_000
  /// Anonymous memory that the process keeps below while it takes documents in, files it reads and caches apart: what
  /// waits, and the buffers in which it is indexed, are shares of it.
  public var memoryCeilingBytes = 256 << 20
  /// Cores that read and index documents; while queries run, one fewer.
  public var indexingThreads = ProcessInfo.processInfo.activeProcessorCount
  /// Memory of documents that wait for the writer, and so the largest batch of one commit; nil for a share of the ceiling.
  public var batchBytesLimit: Int?
  public var stopGraceMilliseconds = 10_000
  public var logLevel = Logger.Level.info

  public init() {}

  /// The settings of all layers; where two have the same, the first wins.
  public init(layers: [ConfigurationLayer]) throws(ConfigurationError) {
    for key in ConfigurationKey.allCases {
      guard let setting = layers.lazy.compactMap({ $0.settings[key] }).first else { continue }
      try apply(key, SettingReader(setting: setting))
    }
    try checkFields(areKeywordsNamed: layers.contains { $0.settings[.keywordFields] != nil })
    guard searchTimeoutMilliseconds <= searchTimeoutMillisecondsMax else {
      throw ConfigurationError(source: "search_timeout", message: "is longer than search_timeout_max")
    }
  }

  /// A field is of one kind. The built-in keyword fields give way to whatever is named otherwise.
  private mutating func checkFields(areKeywordsNamed: Bool) throws(ConfigurationError) {
    let others = textFields + numberFields + dateFields
    if !areKeywordsNamed { keywordFields.removeAll { others.contains($0) } }
    var seen: Set<String> = []
    for name in others + keywordFields where !seen.insert(name).inserted {
      throw ConfigurationError(
        source: "keyword_fields", message: "a field is of one kind, and \"\(name)\" is named for two")
    }
  }

  private mutating func apply(_ key: ConfigurationKey, _ setting: SettingReader) throws(ConfigurationError) {
    switch key {
    case .index: index = try setting.path()
    case .socket: socket = try setting.path()
    case .access: isOpenToGroup = try setting.choice(["owner": false, "group": true])
    case .watch: watch = setting.list()
    case .include: include = try setting.globs()
    case .exclude: exclude = try setting.globs()
    case .followSymlinks: followsSymlinks = try setting.choice(["true": true, "false": false])
    case .rescanInterval: rescanMilliseconds = try setting.milliseconds()
    case .textFields: textFields = try setting.textFieldNames()
    case .keywordFields: keywordFields = try setting.fieldNames()
    case .numberFields: numberFields = try setting.fieldNames()
    case .dateFields: dateFields = try setting.fieldNames()
    case .csvColumns: csvColumns = try setting.columns()
    case .phraseWords: phraseWords = try setting.integer(in: 0...255)
    case .reorder: reorders = try setting.choice(["on": true, "off": false])
    case .k1: k1 = try setting.number(in: 0...100)
    case .b: b = try setting.number(in: 0...1)
    case .searchThreads: searchThreads = try setting.integer(in: 1...1_024)
    case .searchWaitingMax: searchWaitingMax = try setting.integer(in: 0...1_000_000)
    case .searchPositionsMax: searchPositionsMax = try setting.integer(in: 1...1_000_000_000_000)
    case .keptAnswersBytesMax: keptAnswersBytesMax = try setting.integer(in: 0...64 << 20)
    case .searchTimeout: searchTimeoutMilliseconds = try setting.milliseconds()
    case .searchTimeoutMax: searchTimeoutMillisecondsMax = try setting.milliseconds()
    case .streamTimeout: streamTimeoutMilliseconds = try setting.milliseconds()
    case .cursorLife: cursorLifeMilliseconds = try setting.milliseconds()
    case .connectionsMax: connectionsMax = try setting.integer(in: 1...100_000)
    case .idleTimeout: idleTimeoutMilliseconds = try setting.milliseconds()
    case .memoryCeiling: memoryCeilingBytes = try setting.integer(in: 64 << 20...1 << 40)
    case .indexingThreads: indexingThreads = try setting.integer(in: 1...256)
    case .batchBytesMax: batchBytesLimit = try setting.integer(in: 1 << 20...1 << 30)
    case .stopGrace: stopGraceMilliseconds = try setting.milliseconds()
    case .logLevel:
      logLevel = try setting.choice([
        "trace": .trace, "debug": .debug, "info": .info, "notice": .notice, "warning": .warning, "error": .error,
      ])
    }
  }
}
