internal import ArgumentParser
internal import Foundation
internal import Server

/// Standard output and standard error, and the way from an error to an exit status.
enum Terminal {
  static func write(_ text: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
  }

  static func write(_ bytes: [UInt8]) throws {
    try FileHandle.standardOutput.write(contentsOf: Data(bytes))
  }

  /// Errors of writing errors have nowhere to go.
  static func writeError(_ text: String) {
    try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
  }

  /// Runs `body`; what it throws becomes a message on standard error and the exit status of interfaces.md.
  static func reporting(_ body: () async throws -> Void) async throws {
    do {
      try await body()
    } catch let error as ClientError {
      writeError("kwic: \(error)\n")
      throw ExitCode(CommandStatus.notReachable.rawValue)
    } catch let error as OfflineIndex.Problem {
      writeError("kwic: \(error)\n")
      throw ExitCode(CommandStatus.notReachable.rawValue)
    } catch let error as RefusedRequest {
      writeError("kwic: \(error)\n")
      throw ExitCode(error.exitStatus.rawValue)
    }
  }

  /// The body of a success on standard output; a refusal is thrown.
  static func print(_ answer: Client.Answer) throws {
    guard answer.isSuccess else { throw RefusedRequest(body: answer.body, status: answer.status) }
    try write(answer.body)
  }
}
