internal import Base
internal import Index

/// A book in EPUB 2 or 3: its chapters in the order of the spine, and what its package says of it.
///
/// The book is one document, and each chapter a value of its field `body`: no phrase and no proximity goes from one chapter
/// into the next, and a hit names the book.
enum EPUBBook {
  /// - Throws: where the package is damaged. A chapter that is, is told beside the document.
  static func items(_ archive: ZipArchive, id: String) throws(FileError) -> [RecordReader.Item] {
    let package = try Package(archive)
    var problems: [LineProblem] = []
    var document = Document(id: id, date: package.texts["date"].flatMap(DateText.iso))
    if let title = package.texts["title"] { document.texts.append(.init(field: "title", text: [UInt8](title.utf8))) }
    var byteCount = 0
    for chapter in package.chapters {
      let decoded = String(decoding: HeaderBlock.percentDecoded([UInt8](chapter.utf8)), as: UTF8.self)
      guard let entry = archive.entry(chapter) ?? archive.entry(decoded) else {
        problems.append(LineProblem(.damagedEntry, "\(chapter): named by the package and not there", id: id))
        continue
      }
      do throws(FileError) {
        let page = HTMLPage(try archive.read(entry), extent: .whole, isXML: true)
        byteCount += page.body.count
        guard byteCount <= Limits.documentBytesMax else { throw .tooLarge(Limits.documentBytesMax) }
        if !page.body.isEmpty { document.texts.append(.init(field: "body", text: page.body)) }
      } catch .bomb {
        throw .bomb
      } catch {
        problems.append(LineProblem(error.entryCode, "\(chapter): \(error.message)", id: id))
      }
    }
    document.append("lang", text: package.texts["language"])
    document.append("author", text: package.texts["creator"])
    document.append("publisher", text: package.texts["publisher"])
    if document.texts.isEmpty, problems.isEmpty { problems.append(LineProblem(.emptyFile, "no text in any chapter", id: id)) }
    let items: [RecordReader.Item] = document.texts.isEmpty ? [] : [.document(document, line: 0, byteCount: byteCount + 256)]
    return items + problems.map { .refused($0) }
  }

  /// What the package document (OPF) says.
  private struct Package {
    private static let chaptersMax = 20_000
    private static let names: Set<String> = ["title", "language", "creator", "date", "publisher"]
    private static let mediaTypes: Set<String> = ["application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/xml", "text/xml"]

    var texts: [String: String] = [:]
    /// Names of entries, in the order they are to be read.
    var chapters: [String] = []

    init(_ archive: ZipArchive) throws(FileError) {
      let place = try Self.place(archive)
      guard let entry = archive.entry(place) else { throw .damagedArchive("no EPUB: its package \(place) is not there") }
      let bytes = try archive.read(entry, max: 16 << 20)
      texts = XMLText.firstTexts(bytes, of: Self.names)
      let folder = place.lastIndex(of: "/").map { String(place[...$0]) } ?? ""
      var manifest: [String: (href: String, isText: Bool)] = [:]
      var spine: [String] = []
      XMLText.forEach(bytes) { token in
        guard case .start(let name, let attributes, _) = token else { return true }
        if name == "item", let id = attributes["id"], let href = attributes["href"] {
          let isNavigation = attributes["properties"]?.split(separator: " ").contains("nav") ?? false
          manifest[id] = (href, Self.mediaTypes.contains(attributes["media-type"]?.lowercased() ?? "") && !isNavigation)
        } else if name == "itemref", let id = attributes["idref"], spine.count < Self.chaptersMax {
          spine.append(id)
        }
        return true
      }
      chapters = spine.compactMap { manifest[$0] }.filter(\.isText).map { EPUBBook.resolve($0.href, in: folder) }
      if spine.isEmpty { throw .damagedArchive("no EPUB: its package names no chapters") }
    }

    /// Where `META-INF/container.xml` says that the package is; without it, the first `.opf`.
    private static func place(_ archive: ZipArchive) throws(FileError) -> String {
      if let container = archive.entry("META-INF/container.xml") {
        var path: String?
        XMLText.forEach(try archive.read(container, max: 1 << 20)) { token in
          if case .start("rootfile", let attributes, _) = token { path = path ?? attributes["full-path"] }
          return path == nil
        }
        if let path { return path }
      }
      guard let entry = archive.entries.first(where: { $0.name.hasSuffix(".opf") }) else {
        throw .damagedArchive("no EPUB: there is no package in it")
      }
      return entry.name
    }
  }

  /// An address inside of the book as the name of an entry; `..` goes up.
  static func resolve(_ href: String, in folder: String) -> String {
    let path = folder + href.prefix { $0 != "#" }
    guard path.contains("./") else { return path }
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return parts.joined(separator: "/")
  }
}
