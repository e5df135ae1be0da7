internal import Base
import Glibc

/// Reads a data file's meta pages and trees with plain reads before LMDB maps it.
///
/// LMDB trusts its file: a page that a tree names and the file lacks is a SIGBUS, a damaged one a crash or an endless
/// walk. Here every page that is in use is found to lie inside the file, every tree page to be what its parent says,
/// and every node to lie inside its page. What the pages of values hold is not read; the extents' own checksums stand
/// for that.
///
/// A healthy file may be shorter than its last page number says, when a transaction freed again what it had appended;
/// so the length is compared with the pages in use. One read a tree page, of which there is one for 70 to 130 extents.
struct DatabaseCheck: ~Copyable {
  private let file: FileDescriptor
  private let path: String
  private let pageBytes: Int
  /// Pages that the file has whole.
  private let filePages: UInt64
  /// The last page that LMDB has ever given out; those behind it are new to it.
  private let lastPage: UInt64
  private var visits: UInt64 = 0

  /// The tree of free pages, the tree whose values are the tables' trees, or one of these.
  private enum TreeKind {
    case free, main, table
  }

  /// Throws `.notADatabase`, `.versionMismatch` or `.corrupted`. Nobody may write to the file meanwhile.
  static func run(path: String) throws(StoreError) {
    let file = try FileDescriptor.open(path, O_RDONLY)
    let first = try meta(of: file, at: 0, path: path)
    let pageBytes = Int(first.pageBytes)
    guard pageBytes.nonzeroBitCount == 1, 512...65_536 ~= pageBytes else { throw .notADatabase(path: path) }
    let second = try meta(of: file, at: pageBytes, path: path)
    // As LMDB chooses: the newer of the two.
    let newest = second.transaction > first.transaction ? second : first
    let filePages = UInt64((FileSystem.status(of: path)?.byteCount ?? 0) / pageBytes)
    var check = DatabaseCheck(
      file: file, path: path, pageBytes: pageBytes, filePages: filePages, lastPage: newest.lastPage)
    guard first.pageBytes == second.pageBytes else {
      throw check.damage("its meta pages differ in page size")
    }
    try check.walk(newest.freeTree, kind: .free)
    try check.walk(newest.mainTree, kind: .main)
  }

  private init(
    file: consuming FileDescriptor, path: String, pageBytes: Int, filePages: UInt64, lastPage: UInt64
  ) {
    self.file = file
    self.path = path
    self.pageBytes = pageBytes
    self.filePages = filePages
    self.lastPage = lastPage
  }

  private static func meta(
    of file: borrowing FileDescriptor, at offset: Int, path: String
  ) throws(StoreError) -> PageFormat.Meta {
    let bytes = try file.read(at: offset, count: PageFormat.Meta.byteCount)
    // SAFETY: UInt8 has no padding.
    guard let meta = try? unsafe PageFormat.Meta(bytes.span.bytes), meta.isMeta, meta.magic == PageFormat.magic else {
      throw .notADatabase(path: path)
    }
    guard meta.version == PageFormat.version else { throw .versionMismatch(path: path) }
    return meta
  }

  private mutating func walk(_ tree: PageFormat.Tree, kind: TreeKind) throws(StoreError) {
    let flags = kind == .free ? PageFormat.Tree.freeTreeFlags : 0
    guard tree.flags == flags else { throw damage("a table of another kind") }
    if tree.root == PageFormat.emptyRoot { return }
    guard 1...PageFormat.depthMax ~= Int(tree.depth) else { throw damage("a tree of depth \(tree.depth)") }
    try visit(tree.root, level: Int(tree.depth), kind: kind)
  }

  /// `level` counts down to 1 for the leaves.
  private mutating func visit(_ number: UInt64, level: Int, kind: TreeKind) throws(StoreError) {
    try require(number, count: 1)
    visits += 1
    if visits > filePages { throw damage("trees that share pages") }
    let bytes = try file.read(at: Int(number) * pageBytes, count: pageBytes)
    let page: PageFormat.TreePage
    do {
      page = try unsafe PageFormat.TreePage(bytes.span.bytes)  // SAFETY: UInt8 has no padding.
    } catch {
      throw damage("page \(number) has a node outside itself")
    }
    guard page.number == number, page.isLeaf == (level == 1) else {
      throw damage("page \(number) is not the one its tree expects")
    }
    // LMDB ends the process when a branch of a table has a single child, and loses its way in an empty page.
    guard page.links.count > (page.isLeaf || kind == .free ? 0 : 1) else { throw damage("page \(number) is too empty") }
    for link in page.links { try follow(link, level: level, kind: kind) }
  }

  private mutating func follow(_ link: PageFormat.Link, level: Int, kind: TreeKind) throws(StoreError) {
    switch link {
    case .child(let number): try visit(number, level: level - 1, kind: kind)
    case .value: break
    case .overflow(let first, let byteCount):
      try require(first, count: UInt64((PageFormat.headerBytes + byteCount + pageBytes - 1) / pageBytes))
    case .tree(let tree):
      guard kind == .main else { throw damage("a table inside a table") }
      try walk(tree, kind: .table)
    case .unknown: throw damage("a node of an unknown kind")
    }
  }

  /// Throws unless `count` pages from `number` on are data pages that the file has.
  private func require(_ number: UInt64, count: UInt64) throws(StoreError) {
    guard number >= UInt64(PageFormat.metaPages) else { throw damage("a tree leads to a meta page") }
    guard number <= lastPage, count <= lastPage - number + 1 else {
      throw damage("page \(number) is in use, behind the last one")
    }
    guard number < filePages, count <= filePages - number else {
      throw damage("it ends at page \(filePages), but page \(number) is in use: the file was cut")
    }
  }

  private func damage(_ what: String) -> StoreError { .corrupted("\(path): \(what)") }
}
