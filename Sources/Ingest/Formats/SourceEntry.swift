/// A text in memory that is to become documents: a small file, an entry of an archive, an attachment, a page of an archive.
struct SourceEntry {
  /// Id of its document, or what ids of its documents begin with.
  var id: String
  var bytes: [UInt8]
  var format: SourceFormat
  /// What the container says of its encoding.
  var charset: Charset?
  /// Name of the file, for those that have no title.
  var name: String?
  /// Containers around it: 0 for a file of its own.
  var depth: Int
}
