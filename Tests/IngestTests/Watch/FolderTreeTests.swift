import Index
import Ingest
import TestSupport
import Testing

@Suite("Tree of folders")
struct FolderTreeTests {
  private static let facts = FileFacts(byteCount: 1, modifiedNanoseconds: 1, changedNanoseconds: 1, inode: 1, device: 1)

  private static func entry(_ name: String, _ kind: FolderEntry.Kind) -> FolderEntry {
    FolderEntry(name: name, kind: kind, facts: facts)
  }

  /// A tree of /r with the folder d (watched as 2) and the files a, d/b.
  private static func tree() -> FolderTree {
    var tree = FolderTree(roots: ["/r"])
    tree.noteWatch(1, folder: "/r")
    _ = tree.take(listing: [entry("a", .file), entry("d", .folder)], of: "/r") { $0.kind == .folder }
    tree.noteWatch(2, folder: "/r/d")
    _ = tree.take(listing: [entry("b", .file)], of: "/r/d") { $0.kind == .folder }
    return tree
  }

  @Test("A listing enters folders, looks at files, and at what is no longer there")
  func listing() {
    var tree = Self.tree()
    #expect((tree.fileCount, tree.folderCount, tree.watchCount) == (2, 2, 2))
    let actions = tree.take(listing: [Self.entry("c", .file), Self.entry("e", .folder)], of: "/r") { $0.kind == .folder }
    #expect(
      actions == [
        .unwatch(2), .look(path: "/r/d/b", isSettled: true), .look(path: "/r/a", isSettled: true),
        .look(path: "/r/c", isSettled: true), .enter(folder: "/r/e"),
      ])
    // Another listing that comes too late is of nothing.
    #expect(tree.take(listing: [Self.entry("x", .file)], of: "/r/d") { _ in false } == [])
  }

  @Test("Events become looks; those of unknown watches nothing")
  func events() {
    var tree = Self.tree()
    #expect(tree.take(.settled(watch: 2, name: "b")) == [.look(path: "/r/d/b", isSettled: true)])
    #expect(tree.take(.touched(watch: 1, name: "n")) == [.look(path: "/r/n", isSettled: false)])
    #expect(tree.take(.fileWent(watch: 1, name: "a")) == [.look(path: "/r/a", isSettled: true)])
    #expect(tree.take(.settled(watch: 9, name: "b")) == [])
    #expect(tree.take(.overflow) == [])
    #expect(tree.take(.folderCame(watch: 2, name: "f")) == [.enter(folder: "/r/d/f")])
    #expect(tree.take(.selfWent(watch: 2)) == [])
    #expect(tree.take(.selfWent(watch: 1)) == [.rootWent(folder: "/r")])
  }

  @Test("A folder that goes takes its watches and has its files looked at; its late events are of nothing")
  func leaving() {
    var tree = Self.tree()
    #expect(tree.take(.folderWent(watch: 1, name: "d")) == [.unwatch(2), .look(path: "/r/d/b", isSettled: true)])
    #expect(tree.take(.settled(watch: 2, name: "b")) == [])
    #expect(tree.take(.watchEnded(watch: 2)) == [])
    #expect(tree.unwatched == [])
    // Back under another name, and the kernel gives the number of the inode.
    #expect(tree.take(.folderCame(watch: 1, name: "e")) == [.enter(folder: "/r/e")])
    #expect(tree.unwatched == ["/r/e"])
    tree.noteWatch(2, folder: "/r/e")
    #expect(tree.take(.settled(watch: 2, name: "b")) == [.look(path: "/r/e/b", isSettled: true)])
  }

  @Test("A move of which only the end is known: one inode has one watch")
  func movedWatch() {
    var tree = Self.tree()
    _ = tree.take(listing: [Self.entry("d", .folder), Self.entry("z", .folder)], of: "/r") { $0.kind == .folder }
    tree.noteWatch(2, folder: "/r/z")
    #expect(!tree.isWatched("/r/d"))
    #expect(tree.take(.settled(watch: 2, name: "b")) == [.look(path: "/r/z/b", isSettled: true)])
    #expect(tree.take(.folderWent(watch: 1, name: "d")) == [.look(path: "/r/d/b", isSettled: true)])
  }

  @Test("Files of earlier runs are known by their folders, outside of the roots none")
  func ledger() {
    var tree = FolderTree(roots: ["/r"])
    for path in ["/r/x/y/f", "/r/g", "/rr/h", "/other"] { tree.know(file: path) }
    #expect((tree.fileCount, tree.folderCount) == (2, 3))
    #expect(tree.take(listing: [], of: "/r") { _ in true }
      == [.look(path: "/r/x/y/f", isSettled: true), .look(path: "/r/g", isSettled: true)])
    #expect(tree.folderCount == 1)
  }
}
