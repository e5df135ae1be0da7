internal import Base

/// The pages of an LMDB 0.9 data file, as far as its trees need them read: little-endian, 64-bit.
///
///     header  |<- number u64 ->|<- pad u16 ->|<- flags u16 ->|<- lower u16 ->|<- upper u16 ->|          16 bytes
///     meta    |<- header ->|<- magic u32 ->|<- version u32 ->|<- address u64 ->|<- map u64 ->|<- free tree ->|
///             |<- main tree ->|<- last page u64 ->|<- transaction u64 ->|                              152 bytes
///     tree    |<- pad u32 ->|<- flags u16 ->|<- depth u16 ->|<- branch, leaf, overflow pages, entries: 4 × u64 ->|
///             |<- root u64, all ones when empty ->|                                                     48 bytes
///     branch, leaf: header, then (lower − 16) / 2 offsets u16 of nodes, which fill the page from its end
///     node    |<- low u16 ->|<- high u16 ->|<- flags u16 ->|<- key length u16 ->|<- key ->|<- data ->|
///             in a branch low, high and flags are the 48 bits of the child's number; in a leaf low and high are the
///             data's length, and the flags say where the data is
///
/// The free tree's pad is the page size. A value too long for a leaf lies in consecutive pages behind one header.
enum PageFormat {
  static let headerBytes = 16
  static let nodeHeaderBytes = 8
  static let treeBytes = 48
  static let magic: UInt32 = 0xBEEF_C0DE
  static let version: UInt32 = 1
  static let emptyRoot = UInt64.max
  static let metaPages = 2
  /// LMDB's own limit on the depth of a tree.
  static let depthMax = 32

  struct Flags: OptionSet {
    let rawValue: UInt16
    static let branch = Flags(rawValue: 0x01)
    static let leaf = Flags(rawValue: 0x02)
    static let meta = Flags(rawValue: 0x08)
  }

  struct NodeFlags: OptionSet {
    let rawValue: UInt16
    /// The data is the number of the first of the pages that hold it.
    static let overflow = NodeFlags(rawValue: 0x01)
    /// The data is a tree: a named table.
    static let tree = NodeFlags(rawValue: 0x02)
  }

  struct Tree {
    /// Zero for a plain table; everything else would make LMDB read its pages in another way.
    let flags: UInt16
    let depth: UInt16
    let root: UInt64

    /// What the free tree's flags are: its keys are integers.
    static let freeTreeFlags: UInt16 = 0x08

    init(_ reader: inout ByteReader) throws(ByteError) {
      try reader.skip(4)
      flags = try reader.integer(UInt16.self)
      depth = try reader.integer(UInt16.self)
      try reader.skip(32)
      root = try reader.integer(UInt64.self)
    }
  }

  struct Meta {
    let magic: UInt32
    let version: UInt32
    let isMeta: Bool
    let pageBytes: UInt32
    let freeTree: Tree
    let mainTree: Tree
    let lastPage: UInt64
    let transaction: UInt64

    static let byteCount = 152

    init(_ bytes: RawSpan) throws(ByteError) {
      var reader = ByteReader(bytes, at: 10)
      isMeta = Flags(rawValue: try reader.integer(UInt16.self)).contains(.meta)
      try reader.skip(4)
      magic = try reader.integer(UInt32.self)
      version = try reader.integer(UInt32.self)
      try reader.skip(16)
      var pad = reader
      pageBytes = try pad.integer(UInt32.self)
      freeTree = try Tree(&reader)
      mainTree = try Tree(&reader)
      lastPage = try reader.integer(UInt64.self)
      transaction = try reader.integer(UInt64.self)
    }
  }

  /// What a node of a branch or leaf leads to.
  enum Link {
    case child(UInt64)
    case value
    case overflow(first: UInt64, byteCount: Int)
    case tree(Tree)
    /// A kind of node that tables of this index do not have.
    case unknown
  }

  /// A branch or leaf page.
  struct TreePage {
    let number: UInt64
    let isLeaf: Bool
    let links: [Link]

    /// Throws where a node does not lie inside the page, and where the page is neither branch nor leaf.
    init(_ page: RawSpan) throws(ByteError) {
      var reader = ByteReader(page)
      number = try reader.integer(UInt64.self)
      try reader.skip(2)
      let flags = Flags(rawValue: try reader.integer(UInt16.self))
      guard flags == .leaf || flags == .branch else { throw .truncated(offset: reader.offset) }
      isLeaf = flags == .leaf
      let lower = Int(try reader.integer(UInt16.self))
      try reader.skip(2)
      guard lower >= headerBytes else { throw .truncated(offset: reader.offset) }
      var links: [Link] = []
      for _ in 0..<(lower - headerBytes) / 2 {
        let offset = Int(try reader.integer(UInt16.self))
        guard offset >= lower else { throw .truncated(offset: offset) }
        links.append(try link(in: page, at: offset, isLeaf: isLeaf))
      }
      self.links = links
    }
  }

  /// The node that lies at `offset` of a page.
  static func link(in page: RawSpan, at offset: Int, isLeaf: Bool) throws(ByteError) -> Link {
    var reader = ByteReader(page, at: offset)
    let low = try reader.integer(UInt16.self)
    let high = try reader.integer(UInt16.self)
    let flags = try reader.integer(UInt16.self)
    let length = UInt64(low) | UInt64(high) << 16
    try reader.skip(Int(try reader.integer(UInt16.self)))
    guard isLeaf else { return .child(length | UInt64(flags) << 32) }
    switch NodeFlags(rawValue: flags) {
    case []:
      try reader.skip(Int(length))
      return .value
    case .overflow: return .overflow(first: try reader.integer(UInt64.self), byteCount: Int(length))
    case .tree where length == UInt64(treeBytes): return .tree(try Tree(&reader))
    default: return .unknown
    }
  }
}
