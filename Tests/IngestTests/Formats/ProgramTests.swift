import Foundation
import Glibc
import Index
@testable import Ingest
import TestSupport
import Testing

@Suite("Other programs")
struct ProgramTests {
  private static let shell = ExternalProgram(name: "sh", package: "dash")

  private func run(
    _ script: String, input: [UInt8] = [], _ limits: ChildProcess.Limits = .init(), isCancelled: @escaping @Sendable () -> Bool = { false }
  ) throws(FileError) -> [UInt8] {
    let file = try TemporaryFile(input)
    _ = lseek(file.descriptor, 0, SEEK_SET)
    var process = try ChildProcess(Self.shell, ["-c", script], input: file.descriptor, limits: limits, isCancelled: isCancelled)
    return try process.readAll(max: 1 << 20)
  }

  @Test("Output comes through, whatever is written to standard error meanwhile")
  func output() throws {
    #expect(try run("cat", input: [UInt8]("through".utf8)) == [UInt8]("through".utf8))
    #expect(try run("head -c 300000 /dev/zero >&2; echo done") == [UInt8]("done\n".utf8))
    #expect(try run("env | sort | head -1") == [UInt8]("LC_ALL=C.UTF-8\n".utf8))
    // Nothing but the three descriptors is inherited (`ls` opens the folder itself).
    #expect(try String(decoding: run("ls /proc/self/fd | wc -l"), as: UTF8.self).filter(\.isNumber) == "4")
  }

  @Test("Failure, with the first line of what it said; a signal; too much output")
  func failure() {
    #expect(throws: FileError.programFailed("sh", "no good")) { _ = try run("echo no good >&2; echo more >&2; exit 3") }
    #expect(throws: FileError.programFailed("sh", "status 3")) { _ = try run("exit 3") }
    #expect(throws: FileError.programFailed("sh", "killed by signal 9")) { _ = try run("kill -9 $$") }
    #expect(throws: FileError.tooLarge(1 << 20)) { _ = try run("head -c 3000000 /dev/zero") }
    #expect(throws: FileError.noProgram("no-such-program", package: "none")) {
      _ = try ChildProcess(ExternalProgram(name: "no-such-program", package: "none"), [], input: 0)
    }
  }

  @Test("Limits of time, of memory and of the reader's patience; children of the child die with it")
  func limits() throws {
    let folder = try TemporaryDirectory()
    let start = ContinuousClock.now
    #expect(throws: FileError.timedOut("sh", seconds: 1)) {
      _ = try run("(sleep 3; touch \(folder.path("late"))) & sleep 30", .init(seconds: 1))
    }
    // Its output is closed, it itself goes on.
    #expect(throws: FileError.timedOut("sh", seconds: 1)) { _ = try run("exec >&- 2>&-; sleep 30", .init(seconds: 1)) }
    #expect(throws: FileError.programFailed("sh", "stopped")) { _ = try run("sleep 30", isCancelled: { true }) }
    #expect(throws: FileError.self) { _ = try run("dd if=/dev/zero of=/dev/null bs=200M count=1", .init(memoryBytes: 100 << 20)) }
    #expect(ContinuousClock.now - start < .seconds(20))
    usleep(2_500_000)
    #expect(!FileManager.default.fileExists(atPath: folder.path("late")))
  }

  @Test("Zstandard", .enabled(if: ExternalProgram.zstd.path() != nil, "zstd is not installed"))
  func zstd() throws {
    let folder = try TemporaryDirectory()
    let lines = (0..<50_000).map { "{\"id\":\"\($0)\",\"body\":\"word \($0 * 7919)\"}\n" }.joined()
    let packed = try SystemTool.run("/usr/bin/zstd", ["-qc"], input: [UInt8](lines.utf8), in: folder)
    let path = try folder.write(packed, to: "a.jsonl.zst")
    #expect(try Answers(file: path).documents.count == 50_000)
    let cut = try Answers(file: try folder.write(Array(packed[..<(packed.count / 2)]), to: "cut.jsonl.zst"))
    #expect(cut.problems.map(\.code) == [.damagedFile])
    let bomb = try SystemTool.run("/usr/bin/zstd", ["-qc"], input: [UInt8](repeating: 0x78, count: 40 << 20), in: folder)
    #expect(try Answers(file: try folder.write(bomb, to: "b.txt.zst")).summary == ["damaged-file"])
  }

  /// A page of PDF 1.1, small enough to be written by hand; readers mend its missing table of places.
  private static let pdf = """
    %PDF-1.1
    1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj
    2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj
    3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F << /Type /Font
    /Subtype /Type1 /BaseFont /Helvetica >> >> >> >> endobj
    4 0 obj << /Length 50 >> stream
    BT /F 12 Tf 20 100 Td (Less < more & text) Tj ET  
    endstream endobj
    5 0 obj << /Title (A Page) /CreationDate (D:20161028140509Z) >> endobj
    trailer << /Root 1 0 R /Info 5 0 R >>
    %%EOF
    """

  @Test("PDF through pdftotext, from a file and from an archive", .enabled(if: ExternalProgram.pdfToText.path() != nil, "poppler-utils is not installed"))
  func portableDocument() throws {
    let folder = try TemporaryDirectory()
    let path = try folder.write([UInt8](Self.pdf.utf8), to: "a.pdf")
    for answers in [try Answers(file: path), Answers(Self.pdf, .pdf)] {
      let document = try #require(answers.documents.first, "\(answers.problems)")
      #expect((document.title, document.body, document.date) == ("A Page", "Less < more & text", "2016-10-28T14:05:09Z"))
    }
    #expect(Answers("%PDF-1.4 nothing", .pdf).summary == ["extractor-failed"])
  }

  @Test("Older office formats through LibreOffice", .enabled(if: ExternalProgram.libreOffice.path() != nil, "LibreOffice is not installed"))
  func office() throws {
    let rtf = #"{\rtf1\ansi{\info{\title A Letter}}{\b First} paragraph.\par Second.\par}"#
    let folder = try TemporaryDirectory()
    let answers = try Answers(file: try folder.write([UInt8](rtf.utf8), to: "a.rtf"))
    let document = try #require(answers.documents.first, "\(answers.problems)")
    #expect((document.title, document.body) == ("A Letter", "First paragraph.\n\nSecond."))
  }

  @Test("Without the program a file is skipped and says which package to install")
  func absent() {
    let error = FileError.noProgram("pdftotext", package: "poppler-utils")
    #expect((error.code, error.state) == (.noExtractor, .skipped))
    #expect(error.message.contains("apt-get install poppler-utils"))
  }
}
