internal import Analysis
internal import Base
internal import Store

extension Index {
  /// Opens the index in a directory for writing, and makes it where there is none (`options.creates`).
  ///
  /// Sweeps what a crash left behind: environments that do not count, extents of segments that no table names.
  /// Throws `.store(.locked)` with the pid of the process that has it, and the version errors.
  public static func open(directory path: String, options: IndexOptions = IndexOptions()) throws(IndexError) -> Index {
    let analyzer = Analyzer(stemming: options.stemming)
    let directory = try openDirectory(path, options)
    let environment = try storing { () throws(StoreError) in try directory.openEnvironment(tables: Table.all) }
    let (manifest, records, deletes) = try load(environment, options)  // With the fields that are new.
    try sweepOrphans(environment, records)
    let stems = StemCacheBudget(bytesMax: options.stemCacheBytes)
    let snapshot = try SnapshotReader.snapshot(
      of: environment, manifest: manifest, records: records, deletes: deletes, reusing: nil, stems: stems)
    let index = Index(
      path: path, directory: directory, options: options, analyzer: analyzer, stems: stems, isReadOnly: false,
      state: WriterState(
        environment: environment, manifest: manifest, records: records, snapshot: snapshot,
        lanes: IndexingLanes(analyzer: analyzer, schema: manifest.schema, storesText: options.storesText),
        fileCounts: try FileTables.loadCounts(environment)))
    if options.mergesInBackground { index.startMerging() }
    return index
  }

  /// Opens the index for reading under a shared lock: where no daemon has it.
  ///
  /// - Parameter readsAhead: The kernel reads ahead as it does for any file, and Kwic gives it no advice: to measure
  ///   what the advice is worth.
  /// - Parameter stemCacheBytes: `IndexOptions.stemCacheBytes`.
  public static func openReadOnly(
    directory path: String, readsAhead: Bool = false, stemCacheBytes: Int = IndexOptions().stemCacheBytes
  ) throws(IndexError) -> Index {
    let directory = try storing { () throws(StoreError) in try IndexDirectory.openShared(path: path) }
    var reading = EnvironmentOptions()
    reading.readsAhead = readsAhead
    let environment = try storing { [reading] () throws(StoreError) in
      try directory.openEnvironment(tables: Table.all, options: reading)
    }
    guard let found = try SnapshotReader.load(environment) else {
      throw .corrupt(segment: 0, structure: .manifest, address: 0)
    }
    try check(found.manifest)
    var options = IndexOptions()
    options.stemming = Stemming(rawValue: found.manifest.stemming) ?? .english
    options.schema = found.manifest.schema
    options.mergesInBackground = false
    options.stemCacheBytes = stemCacheBytes
    let analyzer = Analyzer(stemming: options.stemming)
    let stems = StemCacheBudget(bytesMax: options.stemCacheBytes)
    let snapshot = try SnapshotReader.snapshot(
      of: environment, manifest: found.manifest, records: found.records, deletes: found.deletes, reusing: nil,
      stems: stems)
    return Index(
      path: path, directory: directory, options: options, analyzer: analyzer, stems: stems, isReadOnly: true,
      state: WriterState(
        environment: environment, manifest: found.manifest, records: found.records, snapshot: snapshot,
        lanes: IndexingLanes(analyzer: analyzer, schema: found.manifest.schema, storesText: false),
        fileCounts: try FileTables.loadCounts(environment)))
  }

  private static func openDirectory(_ path: String, _ options: IndexOptions) throws(IndexError) -> IndexDirectory {
    do {
      return try IndexDirectory.openExclusive(path: path)
    } catch StoreError.notFound where options.creates {
      var manifest = Manifest(analysisVersion: Analyzer.version, stemming: options.stemming.rawValue)
      manifest.generation = 1
      let bytes = manifest.encoded()
      return try storing { () throws(StoreError) in
        try IndexDirectory.create(path: path, tables: Table.all) { (transaction) throws(StoreError) in
          try transaction.put(.meta, Manifest.key, bytes)
        }
      }
    } catch {
      throw .store(error)
    }
  }

  private static func load(
    _ environment: Environment, _ options: IndexOptions
  ) throws(IndexError) -> (Manifest, [SegmentRecord], [SegmentID: DeleteBitmap]) {
    guard let found = try SnapshotReader.load(environment) else {
      throw .corrupt(segment: 0, structure: .manifest, address: 0)
    }
    try check(found.manifest)
    guard found.manifest.stemming == options.stemming.rawValue else {
      throw .stemming(found: found.manifest.stemming, asked: options.stemming.rawValue)
    }
    var manifest = found.manifest
    try manifest.schema.extend(by: options.schema, textFields: manifest.fields)
    return (manifest, found.records, found.deletes)
  }

  private static func check(_ manifest: Manifest) throws(IndexError) {
    guard manifest.analysisVersion == Analyzer.version else {
      throw .analysisVersion(found: manifest.analysisVersion, known: Analyzer.version)
    }
  }

  /// Removes extents of segments that no table names: of a merge or a large batch that did not end.
  private static func sweepOrphans(_ environment: Environment, _ records: [SegmentRecord]) throws(IndexError) {
    let named = Set(records.map(\.id))
    try storing { () throws(StoreError) in
      let stored = try environment.read { (transaction) throws(StoreError) in try transaction.storedSegments() }
      for orphan in stored where !named.contains(orphan.id) {
        try environment.write { (transaction: inout WriteTransaction) throws(StoreError) in
          _ = try transaction.deleteExtents(of: orphan.id)
        }
      }
    }
  }
}
