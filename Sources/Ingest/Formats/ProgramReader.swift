internal import Base
internal import Foundation
internal import Index

/// Reads formats through programs of this machine: PDF through pdftotext, older office formats through LibreOffice.
///
/// Each run has limits (`ChildProcess`); without the program the file is told as `no-extractor` with the package to install.
struct ProgramReader: Sendable {
  typealias Item = RecordReader.Item

  let isCancelled: @Sendable () -> Bool

  // MARK: PDF

  func pdf(_ bytes: SeekableBytes, id: String) throws(FileError) -> [Item] {
    switch bytes {
    case .file(let descriptor, _): return try pdf(descriptor, id: id)
    case .memory(let bytes):
      let file = try TemporaryFile(bytes)
      return try pdf(file.descriptor, id: id)
    }
  }

  private func pdf(_ descriptor: CInt, id: String) throws(FileError) -> [Item] {
    let limits = ChildProcess.Limits(seconds: 120, memoryBytes: 2 << 30, processorSeconds: 120)
    var process = try ChildProcess(
      .pdfToText, ["-q", "-enc", "UTF-8", "-htmlmeta", "/dev/stdin", "-"], input: descriptor, limits: limits, isCancelled: isCancelled)
    let output = try process.readAll(max: Limits.documentBytesMax)
    return [Self.document(output, id: id)]
  }

  /// The head of the page that pdftotext writes has the metadata; in its `pre` stands the text as it is.
  private static func document(_ output: [UInt8], id: String) -> Item {
    let (head, text) = split(output)
    var metadata = HTMLMetadata()
    var tokenizer = MarkupTokenizer(head)
    while let token = tokenizer.next() { metadata.take(token) }
    guard text.contains(where: { !MarkupTokenizer.isBlank($0) }) else {
      return .refused(LineProblem(.emptyFile, "no text in it: pictures of pages need recognition of characters first", id: id))
    }
    var document = Document(id: id, date: metadata.date)
    let title = metadata.title(headings: [])
    if let title { document.texts.append(.init(field: "title", text: [UInt8](title.utf8))) }
    document.texts.append(.init(field: "body", text: text))
    document.append("author", text: metadata.author)
    return .document(document, line: 0, byteCount: text.count + 256)
  }

  /// A new page is a new paragraph.
  private static func split(_ output: [UInt8]) -> (head: [UInt8], text: [UInt8]) {
    let open = [UInt8]("<pre>\n".utf8)
    let close = [UInt8]("</pre>".utf8)
    guard let start = output.firstRange(of: open) else { return ([], output) }
    var end = output.count
    if let last = output.indices.suffix(64).last(where: { output[$0...].starts(with: close) }) { end = last }
    var text: [UInt8] = []
    for byte in output[start.upperBound..<max(start.upperBound, end)] {
      if byte == 0x0C { text += [0x0A, 0x0A] } else if byte != 0 { text.append(byte) }
    }
    while let last = text.last, MarkupTokenizer.isBlank(last) { text.removeLast() }
    return (Array(output[..<start.lowerBound]), Array(text.drop(while: MarkupTokenizer.isBlank)))
  }

  // MARK: Office

  /// What LibreOffice makes of each ending.
  private static let targets = ["doc": "odt", "rtf": "odt", "xls": "ods", "ppt": "odp"]

  /// LibreOffice turns it into its own format, in a folder of its own; that is read as such files are.
  func office(_ bytes: [UInt8], id: String, name: String) throws(FileError) -> [Item] {
    let said = name.split(separator: ".").last.map { $0.lowercased() } ?? ""
    let ending = Self.targets[said] == nil ? "doc" : said
    let target = Self.targets[ending] ?? "odt"
    guard ExternalProgram.libreOffice.path() != nil else {
      throw .noProgram(ExternalProgram.libreOffice.name, package: ExternalProgram.libreOffice.package)
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "kwic-office-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(bytes).write(to: folder.appending(path: "input.\(ending)"))
    } catch {
      throw .programFailed("soffice", "no room for its files: \(error.localizedDescription)")
    }
    let limits = ChildProcess.Limits(seconds: 180, memoryBytes: 6 << 30, processorSeconds: 180)
    let arguments = [
      "--headless", "--norestore", "--nolockcheck", "-env:UserInstallation=file://\(folder.path)/profile", "--convert-to", target,
      "--outdir", "\(folder.path)/out", "\(folder.path)/input.\(ending)",
    ]
    let input = try TemporaryFile([])
    var process = try ChildProcess(
      .libreOffice, arguments, input: input.descriptor, limits: limits, environment: ["HOME=\(folder.path)"], isCancelled: isCancelled)
    _ = try process.readAll(max: 1 << 20)
    guard let converted = FileManager.default.contents(atPath: "\(folder.path)/out/input.\(target)") else {
      throw .programFailed("soffice", "it is no such document")
    }
    return try PackagedDocument.items(.openDocument, .memory([UInt8](converted)), id: id)
  }
}
