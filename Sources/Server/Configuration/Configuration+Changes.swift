/// What a new configuration changes of the one that runs.
struct ConfigurationChange: Equatable {
  enum Effect: Equatable {
    /// At once.
    case now
    /// When the daemon is started again.
    case restart
    /// As `restart`, and documents that are there already are not as the new setting would have them.
    case reindex(String)
  }

  let key: ConfigurationKey
  let old: String
  let new: String
  let effect: Effect
}

extension Configuration {
  func changes(to new: Configuration) -> [ConfigurationChange] {
    ConfigurationKey.allCases.compactMap { key in
      let (old, new) = (text(of: key), new.text(of: key))
      return old == new ? nil : ConfigurationChange(key: key, old: old, new: new, effect: Self.effect(of: key))
    }
  }

  private static func effect(of key: ConfigurationKey) -> ConfigurationChange.Effect {
    switch key {
    case .watch, .include, .exclude, .followSymlinks, .rescanInterval: .now
    case .textFields:
      .reindex("files of watched folders are then read again; documents that were sent have to be sent again")
    case .csvColumns: .reindex("tables in watched folders are then read again")
    case .keywordFields, .numberFields, .dateFields:
      .reindex("a new field has values in documents added after that; send or touch the others again to fill it")
    default: .restart
    }
  }

  /// A setting as the log shows it.
  private func text(of key: ConfigurationKey) -> String {
    switch key {
    case .index: index
    case .socket: socket
    case .access: isOpenToGroup ? "group" : "owner"
    case .watch: watch.joined(separator: ", ")
    case .include: include.joined(separator: ", ")
    case .exclude: exclude.joined(separator: ", ")
    case .followSymlinks: "\(followsSymlinks)"
    case .rescanInterval: "\(rescanMilliseconds) ms"
    case .textFields: textFields.joined(separator: ", ")
    case .keywordFields: keywordFields.joined(separator: ", ")
    case .numberFields: numberFields.joined(separator: ", ")
    case .dateFields: dateFields.joined(separator: ", ")
    case .csvColumns: csvColumns.joined(separator: ", ")
    case .k1: "\(k1)"
    case .b: "\(b)"
    case .searchThreads: "\(searchThreads)"
    case .searchWaitingMax: "\(searchWaitingMax)"
    case .searchPositionsMax: "\(searchPositionsMax)"
    case .keptAnswersBytesMax: "\(keptAnswersBytesMax)"
    case .searchTimeout: "\(searchTimeoutMilliseconds) ms"
    case .searchTimeoutMax: "\(searchTimeoutMillisecondsMax) ms"
    case .streamTimeout: "\(streamTimeoutMilliseconds) ms"
    case .cursorLife: "\(cursorLifeMilliseconds) ms"
    case .connectionsMax: "\(connectionsMax)"
    case .idleTimeout: "\(idleTimeoutMilliseconds) ms"
    case .memoryCeiling: "\(memoryCeilingBytes)"
    case .indexingThreads: "\(indexingThreads)"
    case .batchBytesMax: "\(batchBytesMax)"
    case .stopGrace: "\(stopGraceMilliseconds) ms"
    case .logLevel: "\(logLevel)"
    case .phraseWords: "\(phraseWords)"
    case .reorder: reorders ? "on" : "off"
    }
  }
}
