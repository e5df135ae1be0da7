internal import ArgumentParser
internal import Foundation
internal import Server

/// `kwic verify-receipt`: says whether a receipt is as the daemon gave it.
struct VerifyReceiptCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify-receipt", abstract: "Check the digest of a receipt of kwic search --receipt --format json.",
    discussion: """
      FILE holds the answer, or the object under "receipt" alone; - is standard input. No daemon is asked.

      Exit status: 0 intact, 1 altered, 2 no receipt.
      """)

  @Argument(help: ArgumentHelp("The answer or receipt, as JSON.", valueName: "file"))
  var file: String

  func run() throws {
    let bytes: [UInt8]
    do {
      bytes = [UInt8](
        file == "-" ? try FileHandle.standardInput.readToEnd() ?? Data() : try Data(contentsOf: URL(fileURLWithPath: file)))
    } catch {
      throw ValidationError("cannot read \(file): \(error.localizedDescription)")
    }
    let check = ReceiptCheck(bytes)
    switch check.verdict {
    case .intact: try Terminal.write(check.text + "The receipt is intact.\n")
    case .altered(let computed):
      try Terminal.write(check.text)
      Terminal.writeError("kwic: the receipt was altered: what it says has the digest \(computed)\n")
      throw ExitCode(CommandStatus.none.rawValue)
    case .none(let reason):
      Terminal.writeError("kwic: no receipt to check: \(reason)\n")
      throw ExitCode(CommandStatus.queryError.rawValue)
    }
  }
}
