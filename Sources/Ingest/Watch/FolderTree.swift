/// The folders under the watched ones and the files known in them: what events and listings are turned into looks by.
///
/// A value without any system call: events and listings go in, what to do comes out. An event is only a hint that a
/// name is worth a look; what is true is what the look finds. So a lost, late or doubled event costs a look and nothing
/// else. Names are held in memory, some 100 bytes a file.
public struct FolderTree: Sendable {
  public enum Action: Equatable, Sendable {
    /// Watch the folder, then list it: in this order nothing is missed between the two.
    case enter(folder: String)
    /// The kernel may forget this watch.
    case unwatch(Int32)
    /// Compare this file with the ledger, now or when it has been quiet for a while.
    case look(path: String, isSettled: Bool)
    /// The watched folder itself is not there any more.
    case rootWent(folder: String)
  }

  private struct Folder {
    var watch: Int32?
    var folders: Set<String> = []
    var files: Set<String> = []
  }

  public let roots: [String]
  private var folders: [String: Folder] = [:]
  private var paths: [Int32: String] = [:]

  /// - Parameter roots: absolute paths without a slash at the end, none inside another.
  public init(roots: [String]) {
    self.roots = roots
    for root in roots { folders[root] = Folder() }
  }

  public func contains(_ folder: String) -> Bool { folders[folder] != nil }

  /// Some file known at any depth under a folder.
  func anyFile(under path: String) -> String? {
    guard let folder = folders[path] else { return nil }
    if let name = folder.files.first { return path + "/" + name }
    return folder.folders.lazy.compactMap { anyFile(under: path + "/" + $0) }.first
  }

  /// Folders known now, and those of them that the kernel tells about.
  public var folderCount: Int { folders.count }
  public var watchCount: Int { paths.count }
  public func isWatched(_ folder: String) -> Bool { folders[folder]?.watch != nil }
  /// Folders that the kernel does not tell about, in order.
  public var unwatched: [String] { folders.filter { $0.value.watch == nil }.keys.sorted() }
  public var fileCount: Int { folders.values.reduce(0) { $0 + $1.files.count } }

  /// The root that a path lies under.
  public func root(of path: String) -> String? {
    roots.first { path.utf8.starts(with: $0.utf8) && (path.utf8.count == $0.utf8.count || path.hasPrefix($0 + "/")) }
  }

  /// A file that the ledger knows from an earlier run. Ignored outside of the roots.
  public mutating func know(file path: String) {
    guard let root = root(of: path), path != root, let cut = path.lastIndex(of: "/") else { return }
    let folder = String(path[..<cut])
    know(folder: folder, root: root)
    folders[folder]?.files.insert(String(path[path.index(after: cut)...]))
  }

  private mutating func know(folder: String, root: String) {
    guard folders[folder] == nil else { return }
    folders[folder] = Folder()
    guard folder != root, let cut = folder.lastIndex(of: "/") else { return }
    let parent = String(folder[..<cut])
    know(folder: parent, root: root)
    folders[parent]?.folders.insert(String(folder[folder.index(after: cut)...]))
  }

  /// The folder is watched under this number from now on.
  public mutating func noteWatch(_ watch: Int32, folder: String) {
    guard folders[folder] != nil else { return }
    // One inode has one watch: a folder that was moved and made anew may bring the number of another path.
    if let other = paths[watch], other != folder { folders[other]?.watch = nil }
    if let old = folders[folder]?.watch, old != watch, paths[old] == folder { paths[old] = nil }
    folders[folder]?.watch = watch
    paths[watch] = folder
  }

  // MARK: Events

  public mutating func take(_ event: WatchEvent) -> [Action] {
    switch event {
    case .overflow: return []
    case .settled(let watch, let name), .touched(let watch, let name):
      guard let folder = paths[watch] else { return [] }
      folders[folder]?.files.insert(name)
      if case .settled = event { return [.look(path: folder + "/" + name, isSettled: true)] }
      return [.look(path: folder + "/" + name, isSettled: false)]
    case .fileWent(let watch, let name):
      guard let folder = paths[watch] else { return [] }
      return [.look(path: folder + "/" + name, isSettled: true)]
    case .folderCame(let watch, let name):
      guard let folder = paths[watch] else { return [] }
      // Whatever had this name before is another folder.
      let path = folder + "/" + name
      let actions = folders[path] == nil ? [] : leave(path)
      add(folder: name, to: folder)
      return actions + [.enter(folder: path)]
    case .folderWent(let watch, let name):
      guard let folder = paths[watch] else { return [] }
      let path = folder + "/" + name
      // One that was not entered stands for a file.
      return folders[path] == nil ? [.look(path: path, isSettled: true)] : leave(path)
    case .selfWent(let watch):
      // Folders below a root are told of by their parent; only of a root nobody else tells.
      guard let folder = paths[watch], roots.contains(folder) else { return [] }
      return [.rootWent(folder: folder)]
    case .watchEnded(let watch):
      if let folder = paths.removeValue(forKey: watch), folders[folder]?.watch == watch { folders[folder]?.watch = nil }
      return []
    }
  }

  private mutating func add(folder name: String, to parent: String) {
    folders[parent]?.folders.insert(name)
    // A file of this name that was there before has its look, which finds that it is no file.
    let path = parent + "/" + name
    if folders[path] == nil { folders[path] = Folder() }
  }

  /// Forgets a folder with all below it: its files are looked at (and found to be gone), its watches let go.
  private mutating func leave(_ path: String) -> [Action] {
    guard let folder = folders.removeValue(forKey: path) else { return [] }
    var actions: [Action] = []
    if let watch = folder.watch, paths[watch] == path {
      paths[watch] = nil
      actions.append(.unwatch(watch))
    }
    if let cut = path.lastIndex(of: "/") {
      folders[String(path[..<cut])]?.folders.remove(String(path[path.index(after: cut)...]))
    }
    for name in folder.files.sorted() { actions.append(.look(path: path + "/" + name, isSettled: true)) }
    for name in folder.folders.sorted() { actions += leave(path + "/" + name) }
    return actions
  }

  // MARK: Listings

  /// What a folder holds now: new folders are entered, files are looked at, and so is what is no longer there.
  /// Folders that `isEntered` answers false for are named as files, so that the ledger can say why they are not entered.
  public mutating func take(listing entries: [FolderEntry], of path: String, isEntered: (FolderEntry) -> Bool) -> [Action] {
    guard folders[path] != nil else { return [] }
    var actions: [Action] = []
    var present: Set<String> = []
    var presentFolders: Set<String> = []
    for entry in entries {
      if isEntered(entry) { presentFolders.insert(entry.name) } else { present.insert(entry.name) }
    }
    for name in (folders[path]?.folders ?? []).subtracting(presentFolders).sorted() { actions += leave(path + "/" + name) }
    let known = folders[path]?.files ?? []
    for name in known.subtracting(present).sorted() { actions.append(.look(path: path + "/" + name, isSettled: true)) }
    for name in present.sorted() { actions.append(.look(path: path + "/" + name, isSettled: true)) }
    folders[path]?.files = known.union(present)
    for name in presentFolders.sorted() {
      add(folder: name, to: path)
      actions.append(.enter(folder: path + "/" + name))
    }
    return actions
  }

  /// The folder is not to be entered; it stands for a file of its name, which the ledger says the reason of.
  public mutating func exclude(folder path: String) -> [Action] {
    guard let cut = path.lastIndex(of: "/") else { return [] }
    let actions = leave(path)
    folders[String(path[..<cut])]?.files.insert(String(path[path.index(after: cut)...]))
    return actions
  }

  /// The folder could not be listed because it is not there.
  public mutating func takeAbsence(of path: String) -> [Action] {
    if roots.contains(path) { return [.rootWent(folder: path)] }
    return leave(path)
  }

  /// A look has found nothing under this path.
  public mutating func forget(file path: String) {
    guard let cut = path.lastIndex(of: "/") else { return }
    folders[String(path[..<cut])]?.files.remove(String(path[path.index(after: cut)...]))
  }
}
