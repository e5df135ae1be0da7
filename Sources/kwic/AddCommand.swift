internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic add`: sends files to the daemon.
struct AddCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add documents; a known id replaces the document.",
    discussion: """
      Takes .jsonl and .json ({"id": …, "title": …, "body": …, "date": …}), .txt and .md (the path is the id), all of \
      them also as .gz, and JSON Lines on standard input as -. What is said to be stored is durable and can be found.

      Exit status: 0 all stored, 1 some refused (each with its line and reason on standard error), 3 daemon not reachable.
      """)

  @OptionGroup var socket: SocketOptions

  @Argument(help: ArgumentHelp("Files to add; - is standard input.", valueName: "file"))
  var files: [String]

  func run() async throws {
    try await socket.withClient { client in
      let start = ContinuousClock.now
      let bar = Screen.ofStandardError().columns.map {
        ProgressBar(totalBytes: Uploader.byteCount(of: files), columns: $0)
      }
      var uploader = Uploader(
        client: client,
        onProblem: { problem in
          if let bar { Terminal.writeError("\r\(bar.blank)\r") }
          Terminal.writeError("\(problem.place): \(problem.code): \(problem.message)\n")
        },
        onProgress: { progress in
          let seconds = Double((ContinuousClock.now - start) / .milliseconds(1)) / 1_000
          guard let bar else { return }
          let line = bar.line(documents: progress.documents, bytes: progress.sourceBytes, seconds: seconds)
          Terminal.writeError("\r\(line)")
        })
      for file in files {
        if file == "-" {
          try await uploader.addLines("standard input") {
            [UInt8](try FileHandle.standardInput.read(upToCount: 256 << 10) ?? Data())
          }
        } else {
          try await uploader.add(file: file)
        }
      }
      try await uploader.finish()
      if let bar { Terminal.writeError("\r\(bar.blank)\r") }
      let sum = uploader.progress
      try Terminal.write("\(sum.stored) stored, \(sum.replaced) replaced, \(sum.refused) refused\n")
      if sum.refused > 0 { throw ExitCode(CommandStatus.none.rawValue) }
    }
  }
}
