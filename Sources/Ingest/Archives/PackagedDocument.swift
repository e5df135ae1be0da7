/// Documents that are zip archives inside: books and office files.
enum PackagedDocument {
  static func items(_ format: SourceFormat, _ bytes: SeekableBytes, id: String) throws(FileError) -> [RecordReader.Item] {
    let archive = try ZipArchive(bytes)
    // Encrypted books and office files keep the directory readable.
    let isProtected = archive.entry("META-INF/encryption.xml") != nil && archive.entries.contains { $0.name.hasSuffix("rights.xml") }
    if format == .epub, isProtected {
      throw .unsupported("protected by its publisher")
    }
    return format == .epub ? try EPUBBook.items(archive, id: id) : try OfficeDocument.items(archive, id: id)
  }
}
